"""凭记 (workbook mark): which batch a workbook of rejected rows belongs to, hidden inside it.

Written twice, because programs that save a workbook again keep one or the other: as a custom
property of the document, and in a sheet that no menu shows. The file's name plays no part.
"""

import re
import zipfile
import zlib
from pathlib import Path

import xlsxwriter

from shouwang.engine.errors import FileRejected
from shouwang.engine.reading import OpenFile

PROPERTY, SHEET = "ShouwangMark", "_shouwang"
PROPERTIES_PART = "docProps/custom.xml"
MOST_BYTES = 64 * 1024
FORM = re.compile(r"shouwang:[0-9a-f:-]{1,100}")
IN_PROPERTIES = re.compile(
    rb"""name\s*=\s*["']ShouwangMark["'][^>]*>\s*<(?:\w+:)?lpwstr[^>]*>\s*(shouwang:[0-9a-f:-]{1,100})"""
)


def put_mark(book: xlsxwriter.Workbook, mark: str) -> None:
    """After the sheets that people see: the first sheet is the one that is read."""
    if not FORM.fullmatch(mark):
        raise ValueError(mark)
    book.set_custom_property(PROPERTY, mark, "text")
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, mark)
    sheet.very_hidden()


def read_mark(source: Path, opened: OpenFile | None = None) -> str:
    """The mark, or nothing. `opened` also looks at the hidden sheet, in xls as well."""
    return _in_properties(source) or (_in_sheet(opened) if opened is not None else "")


def _in_properties(source: Path) -> str:
    try:
        with zipfile.ZipFile(source) as archive, archive.open(PROPERTIES_PART) as stream:
            found = IN_PROPERTIES.search(stream.read(MOST_BYTES))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        return ""  # no workbook of the new format, or none that says anything about itself
    return found[1].decode("ascii") if found else ""


def _in_sheet(opened: OpenFile) -> str:
    if SHEET not in opened.sheet_names:
        return ""
    try:
        top = opened.sheet(SHEET).top
    except FileRejected:
        return ""
    cells = [cell.strip() for row in top for cell in row]
    return next((cell for cell in cells if FORM.fullmatch(cell)), "")
