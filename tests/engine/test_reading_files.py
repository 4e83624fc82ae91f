"""Reading: the content decides about the format; the fast CSV reader never differs from the plain
one; whatever is wrong with a file ends as FileRejected."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.engine import FileRejected, Rulebook
from shouwang.engine.reading import Sheet, find_header, open_file
from shouwang.engine.reading.delimited import decode, read_records, read_slow

from .workbooks import csv_file, xls_file, xlsx_file

RULEBOOK = Rulebook.load()
CONVENTIONS = RULEBOOK.conventions
LIMITS = CONVENTIONS.limits
RELIEF = RULEBOOK.feeds["temp_relief"]
HEADER = ["姓名", "身份证号", "所在村", "发放日期", "救助金额", "救助原因"]


def cells(sheet: Sheet, first: int = 0) -> list[list[str]]:
    body = sheet.body(first)
    return [list(row) for row in zip(*(c.to_pylist() for c in body.columns), strict=True)]


def header_of(path: Path):
    sheet = open_file(path, LIMITS).first()
    return find_header(sheet, RELIEF, CONVENTIONS.header_units, CONVENTIONS.header_rows)


# ---- formats and cells


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_csv_is_read_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path / "a.xlsx", "姓名,村\r\n㙍三,柳湾村\r\n", encoding)
    opened = open_file(path, LIMITS)
    assert opened.format == "csv"
    assert cells(opened.first()) == [["姓名", "村"], ["㙍三", "柳湾村"]]


def test_a_workbook_is_a_workbook_whatever_its_name(tmp_path: Path) -> None:
    rows = [["a", "b"], ["x", 1]]
    assert open_file(xlsx_file(tmp_path / "a.csv", rows), LIMITS).format == "xlsx"
    assert open_file(xls_file(tmp_path / "b.csv", rows), LIMITS).format == "xls"


def test_cells_are_read_as_a_person_reads_them(tmp_path: Path) -> None:
    row = [
        1.0,
        12345678901,
        0.1,
        -2.5,
        1e17,
        1e-7,
        date(2026, 3, 5),
        True,
        "=1+1",
        "",
        999901194903270017,
    ]
    path = xlsx_file(tmp_path / "a.xlsx", [row, row])
    assert cells(open_file(path, LIMITS).first())[1] == [
        "1",
        "12345678901",
        "0.1",
        "-2.5",
        "100000000000000000",
        "0.0000001",
        "2026-03-05",
        "TRUE",
        "=1+1",
        "",
        "999901194903270016",
    ]


def test_whole_number_columns_of_both_workbook_kinds_have_no_decimals(tmp_path: Path) -> None:
    rows = [[202603, 1.5], [202604, 2.25]]
    for path in (xlsx_file(tmp_path / "a.xlsx", rows), xls_file(tmp_path / "a.xls", rows)):
        assert cells(open_file(path, LIMITS).first()) == [["202603", "1.5"], ["202604", "2.25"]]


def test_empty_rows_and_columns_before_the_data_keep_their_numbers(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [[], [], ["", "x"], ["", "y"]])
    sheet = open_file(path, LIMITS).first()
    assert cells(sheet) == [["", ""], ["", ""], ["", "x"], ["", "y"]]
    assert sheet.body(2).rows.tolist() == [3, 4]


def test_macros_are_noted_and_not_run(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["a"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0\1")
    assert "宏" in open_file(path, LIMITS).notes[0]


# ---- headers


def test_the_header_may_stand_in_row_ten_below_titles(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["示例县临时救助"], *[[""]] * 8, HEADER, ["张三"]])
    assert header_of(path).last_row == 9
    path = xlsx_file(tmp_path / "b.xlsx", [["示例县临时救助"], *[["x"]] * 9, HEADER])
    assert header_of(path) is None


def test_captions_are_found_by_alias_unit_and_width(tmp_path: Path) -> None:
    captions = "姓 名,证件号码,村（社区）,救助日期,临时救助金（万元）,序号"
    header = header_of(csv_file(tmp_path / "a.csv", captions + "\n"))
    assert header.positions == {"name": 0, "id_no": 1, "village": 2, "relief_date": 3, "amount": 4}
    assert header.in_ten_thousands("amount")


def test_a_header_of_two_rows_takes_the_lower_caption_or_the_upper(tmp_path: Path) -> None:
    rows = [
        "人员信息,,发放日期,救助信息,",
        "姓名,身份证号,,救助金额,救助原因",
        "张三,,2026-01-02,5,",
    ]
    header = header_of(csv_file(tmp_path / "a.csv", "\n".join(rows)))
    assert (header.first_row, header.last_row) == (0, 1)
    assert sorted(header.positions.values()) == [0, 1, 2, 3, 4]


def test_the_lower_half_belongs_to_the_header_even_if_the_upper_is_complete(tmp_path: Path) -> None:
    rows = ["姓名,发放日期,救助金额,补充信息,", ",,,身份证号,救助原因", "张三,2026-01-02,5,,"]
    header = header_of(csv_file(tmp_path / "a.csv", "\n".join(rows)))
    assert header.last_row == 1
    assert header.positions["id_no"] == 3


def test_the_main_caption_goes_before_an_alias(tmp_path: Path) -> None:
    header = header_of(csv_file(tmp_path / "a.csv", "本人姓名,姓名,发放日期,救助金额\n"))
    assert header.positions["name"] == 1


def test_no_two_columns_of_a_feed_share_a_main_caption() -> None:
    for feed in RULEBOOK.feeds.values():
        headers = [column.header for column in feed.columns]
        assert len(set(headers)) == len(headers)


# ---- CSV: the fast reader against the plain one

FIELD = st.one_of(
    st.sampled_from(
        ["", "a", "村", " x ", '"q"', 'a"b', '"a,b"', '"l1\nl2"', '"a""b"', "㙍", "\u3000"]
    ),
    st.text(st.sampled_from('ab村,"\r\n \t'), max_size=6),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(FIELD, min_size=1, max_size=4).map(",".join), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_the_fast_reader_equals_the_plain_reader(
    lines: list[str], end: str, closed: bool, encoding: str
) -> None:
    text = end.join(lines) + (end if closed else "")
    data = text.encode(encoding)
    fast = read_records(data, 0, encoding, 0, 3, LIMITS)
    slow = read_slow(text, 0, 3, LIMITS)
    assert fast.rows.tolist() == slow.rows.tolist()
    width = max(len(fast.columns), len(slow.columns))
    for at in range(width):
        left = fast.columns[at].to_pylist() if at < len(fast.columns) else [""] * len(fast)
        right = slow.columns[at].to_pylist() if at < len(slow.columns) else [""] * len(slow)
        assert left == right


def test_blank_and_ragged_records_count(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "t\na,b\n\n1,2,3\n4\n5,6\n")
    sheet = open_file(path, LIMITS).first()
    assert cells(sheet, 2) == [["", "", ""], ["1", "2", "3"], ["4", "", ""], ["5", "6", ""]]
    assert sheet.body(2).rows.tolist() == [3, 4, 5, 6]


def test_a_quoted_line_break_is_one_record(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", 'a,b\n"x\ny",1\nz,2\n')
    assert cells(open_file(path, LIMITS).first(), 1) == [["x\ny", "1"], ["z", "2"]]


def test_coded_and_plain_columns_hold_the_same(tmp_path: Path) -> None:
    lines = [f"{'村' if number % 2 else '镇'},{number}" for number in range(5000)]
    sheet = open_file(csv_file(tmp_path / "a.csv", "a,b\n" + "\n".join(lines)), LIMITS).first()
    assert cells(sheet, 1) == [line.split(",") for line in lines]


def test_a_cell_of_many_characters_is_no_error_of_the_reader(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "a,b\n" + "x" * 300_000 + ",1\n")
    assert len(cells(open_file(path, LIMITS).first(), 1)[0][0]) == 300_000


# ---- files that cannot be used


def refused(path: Path, **limits: int) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        opened = open_file(path, replace(LIMITS, **limits))
        cells(opened.first())
    assert str(caught.value).endswith("。") or "。" in str(caught.value)
    return caught.value


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_no_bytes_is_an_empty_file(tmp_path: Path) -> None:
    assert refused(written(tmp_path / "a.xlsx", b"")).reason == "file_empty"


@pytest.mark.parametrize(
    "data", [b"\x80\xff\xfe\x00\x00", b"\xef\xbb\xbf\xff\xfe", "姓名,村\n张".encode()[:-1]]
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes) -> None:
    assert refused(written(tmp_path / "a.csv", data)).reason == "file_corrupt"


def test_a_cut_workbook_is_refused_at_every_length(tmp_path: Path) -> None:
    data = xlsx_file(tmp_path / "a.xlsx", [HEADER, ["张三"]]).read_bytes()
    for length in range(8, len(data) - 1, 97):
        assert refused(written(tmp_path / "b.xlsx", data[:length])).reason == "file_corrupt"


def test_a_cut_old_workbook_is_refused_at_every_length(tmp_path: Path) -> None:
    data = xls_file(tmp_path / "a.xls", [HEADER, *[["张三"]] * 200]).read_bytes()
    for length in range(8, len(data) - 512, 977):
        assert refused(written(tmp_path / "b.xls", data[:length])).reason == "file_corrupt"


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), byte=st.integers(0, 255), kind=st.sampled_from(["xlsx", "xls"]))
def test_a_changed_byte_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, at: float, byte: int, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    make = xlsx_file if kind == "xlsx" else xls_file
    data = bytearray(make(folder / "a", [HEADER, ["张三", 5]]).read_bytes())
    data[min(int(at * len(data)), len(data) - 1)] = byte
    try:
        cells(open_file(written(folder / "b", bytes(data)), LIMITS).first())
    except FileRejected as refusal:
        assert refusal.reason in {"file_corrupt", "file_empty"}


def test_a_password_is_named_as_the_reason(tmp_path: Path) -> None:
    data = xls_file(tmp_path / "a.xls", [["x"]]).read_bytes()
    name = "Workbook".encode("utf-16-le")
    other = "EncryptedPackage".encode("utf-16-le")
    at = data.index(name)
    entry = bytearray(data[at : at + 128])
    entry[: len(other)] = other
    entry[64:66] = (len(other) + 2).to_bytes(2, "little")
    locked = data[:at] + bytes(entry) + data[at + 128 :]
    assert "密码" in refused(written(tmp_path / "b.xlsx", locked)).message


def workbook_with(path: Path, sheet_xml: bytes) -> Path:
    source = xlsx_file(path.with_suffix(".tmp"), [["a"]])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, sheet_xml if is_sheet else old.read(part))
    return path


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)


def test_a_zip_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    bomb = workbook_with(tmp_path / "a.xlsx", SHEET % (b" " * 80_000_000))
    assert "炸弹" in refused(bomb).message
    assert "炸弹" in refused(bomb, unpacked_ratio=10**9, unpacked_bytes=10**7).message


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1"><c r="XFD1"/></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="A9999999"><v>1</v></c></row>',
        b'<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        b"<row r='1'><c r='XFD1'><v>1</v></c><c r='A999999'><v>1</v></c></row>",
    ],
)
def test_a_sheet_that_spans_a_huge_rectangle_is_refused(tmp_path: Path, row: bytes) -> None:
    assert refused(workbook_with(tmp_path / "a.xlsx", SHEET % row)).reason == "file_corrupt"


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + SHEET % b""
    assert "实体" in refused(workbook_with(tmp_path / "a.xlsx", laughs)).message


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    wide = ["x"] * 501
    assert "500" in refused(xlsx_file(tmp_path / "a.xlsx", [wide])).message
    assert "500" in refused(csv_file(tmp_path / "a.csv", ",".join(wide) + "\n")).message
    late = "a,b\n" * 20 + ",".join(wide) + "\n"
    assert "500" in refused(csv_file(tmp_path / "b.csv", late)).message
    assert (
        len(cells(open_file(xlsx_file(tmp_path / "c.xlsx", [["x"] * 500]), LIMITS).first())[0])
        == 500
    )


def test_a_file_beyond_the_size_limit_is_refused(tmp_path: Path) -> None:
    assert "MB" in refused(csv_file(tmp_path / "a.csv", "a,b\n"), file_bytes=3).message


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refused(written(tmp_path / "a.xlsx", buffer.getvalue())).reason == "file_corrupt"


def test_decoding_says_what_to_do() -> None:
    with pytest.raises(FileRejected, match="另存为xlsx"):
        decode(b"\xff", "gb18030")
