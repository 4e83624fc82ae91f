"""Lists that people upload into a page are opened safely, or refused with what to do."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import (
    Line,
    first_rows,
    lines_of,
    read_whole_list,
    read_worksheets,
    rows_of_text,
)


def _book(*rows: list[object], at: int = 0) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("名单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            style = day if isinstance(cell, date) else None
            sheet.write(number + at, place, cell, style)
    book.close()
    return stream.getvalue()


def test_cells_of_a_workbook_become_words() -> None:
    rows = first_rows(_book(["户数", 12.0, 1.5, date(2026, 6, 30), "  好 "]), rows=10)
    assert rows_of_text(rows) == [["户数", "12", "1.5", "2026-06-30", "好"]]


def test_blank_rows_above_the_head_keep_their_numbers() -> None:
    assert rows_of_text(first_rows(_book(["名称"], ["一组"], at=2), rows=10)) == [
        [""],
        [""],
        ["名称"],
        ["一组"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_use(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes('名称,说明\r\n甲村,"一,二"\r\n'.encode(encoding))
    assert first_rows(path, rows=10) == [["名称", "说明"], ["甲村", "一,二"]]


def test_every_sheet_is_told_with_its_title() -> None:
    (only,) = read_worksheets(_book(["a"]), rows=10)
    assert only.title == "名单"


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for _ in range(320):
                part.write(b" " * (1 << 20))
    return stream.getvalue()


def _wide() -> bytes:
    """A workbook whose two cells span the largest sheet there is."""
    stream = io.BytesIO(_book(["a"]))
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", cell)
            target.writestr(part.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 no archive",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"\x00\x01\x02\x03",
        b"\xff\xfe\xfd",
        _bomb(),
        _wide(),
        b"a" * (11 * 1024 * 1024),
    ],
    ids=["broken zip", "broken xls", "binary", "no encoding", "bomb", "rectangle", "too large"],
)
def test_a_hostile_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(DomainError, match=r"[一-鿿]"):
        first_rows(content, rows=100)


def test_too_many_rows_are_refused_and_not_cut_off() -> None:
    with pytest.raises(DomainError, match="超过 2 行"):
        first_rows(_book(["a"], ["b"], ["c"]), rows=2)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_no_bytes_make_it_fail_otherwise(content: bytes, mark: bytes) -> None:
    with suppress(DomainError):
        read_worksheets(mark + content, rows=50)


LISTED = {"name": ("名称", "项目"), "amount": ("金额",)}


def test_a_list_is_read_below_the_first_row_that_names_its_columns() -> None:
    rows = [["某县台账", ""], ["金 额", "项目"], ["", ""], ["12", "水窖"]]
    lines = lines_of("一", rows, LISTED, {"name"})
    assert lines == [Line("一", 4, {"name": "水窖", "amount": "12"})]
    assert lines_of("一", [["别的"]] * 3 + rows[:1], LISTED, {"name"}) is None


def test_a_whole_list_is_refused_with_every_row_that_is_wrong() -> None:
    def item(values: dict[str, str]) -> str:
        if not values["name"]:
            raise DomainError("缺少名称")
        return values["name"]

    read = partial(read_whole_list, captions=LISTED, needed={"name"}, item=item, rows=9)
    assert read("名称,金额\n水窖,1\n,\n道路,2\n".encode(), no_head="没有表头") == ["水窖", "道路"]
    with pytest.raises(DomainError, match="第 2 行：缺少名称；第 4 行：缺少名称"):
        read("名称,金额\n,1\n道路,2\n,3\n".encode(), no_head="没有表头")
    with pytest.raises(DomainError, match="没有表头"):
        read("甲,乙\n1,2\n".encode(), no_head="没有表头")
