"""Small files for tests: CSV text and workbooks from lists of rows."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
import xlwt

Row = Sequence[object]


def csv_file(path: Path, text: str, encoding: str = "gb18030") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(
    path: Path, rows: Sequence[Row], sheet: str = "Sheet1", **more: Sequence[Row]
) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in {sheet: rows, **more}.items():
            worksheet = book.add_worksheet(name)
            for number, cells in enumerate(lines):
                for at, cell in enumerate(cells):
                    if hasattr(cell, "isoformat"):
                        worksheet.write_datetime(number, at, cell, days)
                    elif isinstance(cell, str):
                        worksheet.write_string(number, at, cell)
                    else:
                        worksheet.write(number, at, cell)
    return path


def xls_file(path: Path, rows: Sequence[Row]) -> Path:
    book = xlwt.Workbook()
    worksheet = book.add_sheet("Sheet1")
    for number, cells in enumerate(rows):
        for at, cell in enumerate(cells):
            worksheet.write(number, at, cell)
    book.save(str(path))
    return path
