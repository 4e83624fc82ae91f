"""退回工作簿 (reject workbook): the rows a department must correct, as it sent them.

Titles and captions stay, wrong cells are coloured, a last column says in words what is wrong. The
corrected workbook can be sent again as it is: the added column is unknown to the contract, and a
hidden mark says which batch the rows belong to.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwang.engine.contracts import RegistryContract, SheetContract
from shouwang.engine.ingest import require_header
from shouwang.engine.reading import OpenFile, open_file
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.workbook_mark import put_mark

CAPTION = "退回原因"
LONGEST_CELL = 32_767
WIDTH, REASON_WIDTH = 16, 60
WRONG_COLOUR = "#FFC7CE"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _Formats:
    """Cell formats. Every cell is text; `quote_prefix` keeps formula text from ever running."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"num_format": "@", "font_name": "SimSun", "font_size": 11}
        self.plain = book.add_format(base)
        self.quoted = book.add_format(base | {"quote_prefix": True})
        self.wrong = book.add_format(base | {"bg_color": WRONG_COLOUR, "quote_prefix": True})
        self.header = book.add_format(base | {"bold": True, "quote_prefix": True})
        self.reason = book.add_format(base | {"font_color": "#9C0006"})

    def of(self, text: str, *, wrong: bool) -> Format:
        if wrong:
            return self.wrong
        return self.quoted if text.startswith(FORMULA_SIGNS) else self.plain


def reject_workbook(
    source: Path,
    rejects: Path,
    contract: SheetContract | RegistryContract,
    out: Path,
    *,
    rulebook: Rulebook | None = None,
    mark: str = "",
) -> int:
    """Write the rejected rows of `source` to `out` (xlsx); return how many there are.

    `mark` names the batch; `workbook_mark.read_mark` finds it again.
    """
    rulebook = rulebook or Rulebook.load()
    opened = open_file(source, rulebook.conventions.limits)
    table = pq.read_table(rejects)
    contracts = (
        (contract.persons, contract.households)
        if isinstance(contract, RegistryContract)
        else (contract,)
    )
    written = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        formats = _Formats(book)
        for part in contracts:
            lines = _lines(table, part)
            if lines or len(contracts) == 1:
                worksheet = book.add_worksheet(part.sheet or "退回数据")
                written += _write_sheet(worksheet, formats, opened, part, lines, rulebook)
        if mark:
            put_mark(book, mark)
    return written


def _lines(table: pa.Table, contract: SheetContract) -> list[dict[str, object]]:
    wanted = [
        line
        for line in table.select(["sheet", "row", "column_index", "detail"]).to_pylist()
        if line["row"] is not None and line["sheet"] == contract.sheet
    ]
    return sorted(wanted, key=lambda line: line["row"])


def _write_sheet(
    worksheet: Worksheet,
    formats: _Formats,
    opened: OpenFile,
    contract: SheetContract,
    lines: list[dict[str, object]],
    rulebook: Rulebook,
) -> int:
    sheet = opened.sheet(contract.sheet) if contract.sheet else opened.first()
    header = require_header(sheet, contract, rulebook.conventions)
    first = header.last_row + 1
    body = sheet.body(first)
    captions = sheet.top[header.last_row]
    # a workbook that came back still wrong has the column already: its words are written anew
    before = [at for at, text in enumerate(captions) if text.strip() == CAPTION]
    width = max(len(body.columns), max(len(row) for row in sheet.top[:first]))
    reason_at = before[-1] if before else width
    worksheet.set_column(0, max(width - 1, 0), WIDTH)
    worksheet.set_column(reason_at, reason_at, REASON_WIDTH)
    for number, cells in enumerate(sheet.top[:first]):
        for at, text in enumerate(cells):
            if text and at != reason_at:
                worksheet.write_string(number, at, text[:LONGEST_CELL], formats.header)
        if number == header.last_row:
            worksheet.write_string(number, reason_at, CAPTION, formats.header)
    rows = pa.array([int(str(line["row"])) - first - 1 for line in lines], pa.int64())
    chosen = [column.take(rows).to_pylist() for column in body.columns]
    for number, line in enumerate(lines):
        for at, column in enumerate(chosen):
            text, wrong = column[number], line["column_index"] == at
            if at != reason_at and (text or wrong):
                worksheet.write_string(
                    first + number, at, text[:LONGEST_CELL], formats.of(text, wrong=wrong)
                )
        worksheet.write_string(first + number, reason_at, str(line["detail"]), formats.reason)
    worksheet.freeze_panes(first, 0)
    return len(lines)
