"""A table of divisions: what is new and changed, errors with row and column, all or nothing."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.actor import Actor, Scope, system_actor
from shouwang.core.errors import DomainError
from shouwang.core.rights import rights_of_role
from shouwang.divisions.levels import Level, level_of
from shouwang.divisions.models import Division
from shouwang.divisions.operations import apply_table, preview_table
from shouwang.divisions.reading import read_table
from tests.four_people import SINCE, Places

SYSTEM = system_actor("命令行")
HEAD = ["区划代码", "名称"]


def csv_file(folder: Path, *rows: list[str], encoding: str = "utf-8-sig") -> Path:
    path = folder / "区划.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding=encoding)
    return path


def test_the_preview_tells_new_changed_and_unchanged(places: Places, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, HEAD, ["999901101201", "柳湾村"], ["999901101202", "大桥村"],
        ["999901103", "云顶乡"], ["999901103201", "云顶村"],
    )  # fmt: skip
    preview = preview_table(SYSTEM, path, path.name)
    assert [row.name for _, row in preview.new] == ["云顶乡", "云顶村"]
    assert [(change.division.name, change.name) for change in preview.renamed] == [
        ("石桥村", "大桥村")
    ]
    assert (preview.unchanged, preview.errors) == (1, [])
    assert Division.objects.filter(name="云顶村").count() == 0


def test_applying_makes_and_renames_and_leaves_the_rest(places: Places, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, ["999901103201", "云顶村"], ["999901103", "云顶乡"])
    apply_table(SYSTEM, path, path.name, on=SINCE)
    assert Division.objects.get(name="云顶村").parent == Division.objects.get(name="云顶乡")
    assert Division.objects.get(pk=places.village.pk).is_current
    assert not preview_table(SYSTEM, path, path.name).can_apply, "the same table again does nothing"


def test_every_error_names_row_and_column(places: Places, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [*HEAD, "级别", "上级代码", "生效日期"],
        ["9999011", "短码村", "", "", ""],
        ["999901101205", "", "", "", ""],
        ["999901101206", "甲村", "大级", "", ""],
        ["999901101207", "乙村", "", "", "昨天"],
        ["999901101208", "丙村", "", "888888888", ""],
        ["999901101209", "丁村", "", "", ""],
        ["999901101209", "丁二村", "", "", ""],
    )
    errors = [(error.row, error.column) for error in preview_table(SYSTEM, path, "x.csv").errors]
    assert errors == [
        (2, "区划代码"), (3, "名称"), (4, "级别"),
        (5, "生效日期"), (6, "上级代码"), (8, "区划代码"),
    ]  # fmt: skip


def test_a_table_with_an_error_is_not_applied_at_all(places: Places, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, ["999901103", "云顶乡"], ["99", ""])
    with pytest.raises(DomainError, match="1 处错误"):
        apply_table(SYSTEM, path, "x.csv", on=SINCE)
    assert not Division.objects.filter(name="云顶乡").exists()


def test_an_officer_adds_and_renames_in_his_county_only(places: Places, tmp_path: Path) -> None:
    scope = Scope(places.county.path, "county_officer", rights_of_role("county_officer"))
    path = csv_file(
        tmp_path, HEAD, ["999902101", "外镇"], ["999902", "改名县"], ["999901103", "内镇"]
    )
    preview = preview_table(Actor(1, "县", (scope,)), path, path.name)
    assert [error.row for error in preview.errors] == [2, 3]
    assert [row.name for _, row in preview.new] == ["内镇"]


def test_a_workbook_with_title_rows_and_numbers_as_codes_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["示例县区划表"], [], ["代码", "区划名称", "级别"], [999901101201, "柳湾村", "村"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx", "a.xlsx")
    assert [(number, row.code, row.name) for number, row in table.rows] == [
        (4, "999901101201", "柳湾村")
    ]


def test_a_chinese_encoding_is_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, ["999901101201", "㙍头村"], encoding="gb18030")
    assert read_table(path, path.name).rows[0][1].name == "㙍头村"


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00\x00", b"a,b\n1,2\n"])
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, name, content) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DomainError) as refusal:
        read_table(tmp_path / name, name)
    assert not refusal.value.message.isascii()


def test_a_division_of_a_village_group_is_read_by_its_longer_code(places, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, ["999901101201001", "一组"])
    apply_table(SYSTEM, path, path.name, on=SINCE)
    assert Division.objects.get(name="一组").parent == places.village


@pytest.mark.parametrize(
    ("code", "level"),
    [("99", Level.PROVINCE), ("999900000000", Level.PREFECTURE), ("999901", Level.COUNTY),
     ("999901101000", Level.TOWN), ("999901101201", Level.VILLAGE),
     ("999901101201001", Level.GROUP), ("9", None), ("", None), ("99990110120a", None),
     ("００００", None), ("000000000000", None)],
)  # fmt: skip
def test_a_code_says_its_level(code: str, level: Level | None) -> None:
    assert level_of(code) == level


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_codes(text: str) -> None:
    assert level_of(text) is None or text.isdigit()
