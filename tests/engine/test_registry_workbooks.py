"""The registry: several workbooks are one registry; code texts stay; nothing clear is written."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shouwang.engine import (
    FileRejected,
    Rulebook,
    prepare_registry,
    reject_workbook,
    write_registry_snapshot,
)
from shouwang.engine.cleaning.identity import check_digit
from shouwang.engine.registry_in import PreparedRegistry, number_rows

from .hashing import TestHasher
from .workbooks import Row, xlsx_file

RULEBOOK = Rulebook.load()
PERSON = [
    "乡(镇)",
    "村",
    "户编号",
    "人编号",
    "姓名",
    "性别",
    "出生日期",
    "证件号码",
    "健康状况",
    "成员联系电话",
]
HOUSEHOLD = [
    "乡(镇)",
    "行政村",
    "行政村代码",
    "户编号",
    "户主证件号码",
    "户联系电话",
    "户类型",
    "工资性收入",
]
FIRST = "99990119490327001"
NUMBER = FIRST + check_digit(FIRST)


def person(household: str, number: int, **cells: object) -> Row:
    row = {
        "乡(镇)": "青禾镇",
        "村": "青禾镇柳湾村3组",
        "户编号": household,
        "人编号": f"{household}{number:02d}",
        "姓名": "張 三",
    }
    return [(row | cells).get(caption, "") for caption in PERSON]


def household(number: str, **cells: object) -> Row:
    row = {
        "乡(镇)": "青禾镇",
        "行政村": "柳湾村委会",
        "行政村代码": "999901101201",
        "户编号": number,
    }
    return [(row | cells).get(caption, "") for caption in HOUSEHOLD]


def workbook(path: Path, persons: list[Row], households: list[Row]) -> tuple[Path, str]:
    title = ["系统导出"]
    file = xlsx_file(
        path, [title, PERSON, *persons], "人口", 户=[title, HOUSEHOLD, *households, ["注：略"]]
    )
    return file, path.name


def prepare(*sources: tuple[Path, str]) -> PreparedRegistry:
    return prepare_registry(
        sources, rulebook=RULEBOOK, export_date=date(2025, 12, 31), hasher=TestHasher()
    )


def rejected(prepared: PreparedRegistry) -> set[tuple[str, str, int | None, str]]:
    return {
        (line["file"], line["sheet"], line["row"], line["reason"])
        for line in prepared.rejects.to_pylist()
    }


def test_a_household_may_stand_in_another_workbook(tmp_path: Path) -> None:
    first = workbook(tmp_path / "1.xlsx", [person("A1", 1), person("C1", 1)], [household("B1")])
    second = workbook(tmp_path / "2.xlsx", [person("B1", 1)], [household("A1")])
    prepared = prepare(first, second)
    assert rejected(prepared) == {("1.xlsx", "人口", 4, "unknown_household")}
    assert prepared.persons["person_no"].to_pylist() == ["A101", "B101"]


def test_a_person_of_a_rejected_household_is_unknown(tmp_path: Path) -> None:
    source = workbook(
        tmp_path / "1.xlsx",
        [person("A1", 1), person("A1", 1), person("A1", 2)],
        [household("A1", 行政村代码="")],
    )
    assert rejected(prepare(source)) == {
        ("1.xlsx", "户", 3, "required_missing"),
        ("1.xlsx", "人口", 3, "unknown_household"),
        ("1.xlsx", "人口", 4, "duplicate_row"),
        ("1.xlsx", "人口", 5, "unknown_household"),
    }


def test_duplicates_are_searched_in_one_sheet_of_one_file(tmp_path: Path) -> None:
    rows = ([person("A1", 1)], [household("A1")])
    prepared = prepare(workbook(tmp_path / "1.xlsx", *rows), workbook(tmp_path / "2.xlsx", *rows))
    assert rejected(prepared) == set()
    assert len(prepared.persons) == 2


def test_values_outside_a_list_are_kept_as_text(tmp_path: Path) -> None:
    cells = {
        "性别": "未知 ",
        "健康状况": "患有大病+残疾",
        "证件号码": f"'{NUMBER}",
        "出生日期": "1949年3月",
    }
    prepared = prepare(workbook(tmp_path / "1.xlsx", [person("A1", 1, **cells)], [household("A1")]))
    row = prepared.persons.to_pylist()[0]
    assert (row["sex"], row["health"]) == ("未知", "患有大病+残疾")
    assert (row["name"], row["name_norm"], row["village_norm"]) == ("張三", "张三", "柳湾村")
    assert (row["birth_date"], row["birth"]) == (None, date(1949, 3, 27))
    assert (row["id_no"], row["id_shape"], row["id_sex"]) == (NUMBER, "valid", "男")


def test_a_snapshot_holds_no_clear_number_and_no_phone(tmp_path: Path) -> None:
    source = workbook(
        tmp_path / "1.xlsx",
        [person("A1", 1, 证件号码=NUMBER, 成员联系电话="19900001234"), person("A1", 2)],
        [household("A1", 户主证件号码=NUMBER, 户联系电话="19900001234", 工资性收入="1,234.5")],
    )
    prepared = prepare(source)
    assert prepared.persons["phone"].to_pylist()[0] == "19900001234"
    write_registry_snapshot(*number_rows(prepared), tmp_path / "out")
    content = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    assert NUMBER.encode() not in content
    assert b"19900001234" not in content
    stored = pq.read_table(tmp_path / "out" / "households.parquet").to_pylist()[0]
    assert (stored["size"], stored["phone_ok"], stored["wage_income"]) == (2, True, 123450)
    people = pq.read_table(tmp_path / "out" / "persons.parquet").to_pylist()
    assert [row["village_code"] for row in people] == ["999901101201"] * 2
    assert [row["id_hash"] is None for row in people] == [False, True]


def test_one_broken_workbook_is_rejected_and_the_others_count(tmp_path: Path) -> None:
    good = workbook(tmp_path / "1.xlsx", [person("A1", 1)], [household("A1")])
    empty = tmp_path / "2.xlsx"
    empty.touch()
    prepared = prepare(good, (empty, "2.xlsx"))
    assert rejected(prepared) == {("2.xlsx", "", None, "file_empty")}
    with pytest.raises(FileRejected):
        prepare((empty, "2.xlsx"))


def test_a_workbook_without_the_two_sheets_is_refused_in_words(tmp_path: Path) -> None:
    other = xlsx_file(tmp_path / "1.xlsx", [["x"]])
    with pytest.raises(FileRejected, match="人口"):
        prepare((other, "1.xlsx"))


def test_rejected_registry_rows_go_back_on_their_sheets(tmp_path: Path) -> None:
    source = workbook(tmp_path / "1.xlsx", [person("A1", 1, 姓名="")], [household("")])
    prepared = prepare(source)
    pq.write_table(prepared.rejects, tmp_path / "rejects.parquet")
    back = tmp_path / "back.xlsx"
    rejects = tmp_path / "rejects.parquet"
    assert reject_workbook(source[0], rejects, RULEBOOK.registry, back) == 2
    again = prepare((back, "back.xlsx"))
    assert rejected(again) == {
        ("back.xlsx", "人口", 3, "required_missing"),
        ("back.xlsx", "户", 3, "required_missing"),
    }
