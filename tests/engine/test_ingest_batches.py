"""One department file: reasons in order, linking step by step, what is stored and goes back."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouwang.engine import (
    FileRejected,
    Rulebook,
    guess_feed,
    prepare_batch,
    reject_workbook,
    relink_batch,
)
from shouwang.engine.cleaning.identity import check_digit
from shouwang.engine.ingest import BatchReport

from .hashing import TestHasher
from .workbooks import csv_file, xlsx_file

RULEBOOK = Rulebook.load()
PERIOD_END = date(2026, 3, 31)
RELIEF = "姓名,身份证号,所在村,发放日期,救助金额,救助原因"


def number(serial: int, born: str = "19490327") -> str:
    first = f"999901{born}{serial:03d}"
    return first + check_digit(first)


def registry_with(folder: Path, *people: tuple[object, ...]) -> Path:
    """A snapshot of (id or None, name, birth date or None, village), with keys from 1."""
    folder.mkdir(exist_ok=True)
    ids = [person[0] for person in people]
    hashes = [None if i is None else TestHasher().digest_many([str(i)])[0] for i in ids]
    persons = pa.table(
        {
            "person_id": pa.array(range(1, len(people) + 1), pa.int32()),
            "household_id": pa.array(range(101, len(people) + 101), pa.int32()),
            "id_hash": pa.array(hashes, pa.binary()),
            "id_valid": [i is not None for i in ids],
            "name_norm": pa.array([person[1] for person in people], pa.string()),
            "birth_date": pa.array([person[2] for person in people], pa.date32()),
            "village_norm": pa.array([person[3] for person in people], pa.string()),
        }
    )
    pq.write_table(persons, folder / "persons.parquet")
    pq.write_table(pa.table({"town": ["青禾镇", None]}), folder / "households.parquet")
    return folder


def batch(
    tmp_path: Path, source: Path, feed: str = "temp_relief", registry: Path | None = None
) -> BatchReport:
    return prepare_batch(
        source,
        RULEBOOK.feeds[feed],
        rulebook=RULEBOOK,
        period_end=PERIOD_END,
        registry=registry,
        hasher=TestHasher(),
        out=tmp_path / "out",
    )


def reasons(tmp_path: Path, *lines: str, header: str = RELIEF, feed: str = "temp_relief") -> dict:  # type: ignore[type-arg]
    source = csv_file(tmp_path / "a.csv", "\n".join([header, *lines]))
    batch(tmp_path, source, feed)
    rejects = pq.read_table(tmp_path / "out" / "rejects.parquet").to_pylist()
    return {reject["row"]: reject["reason"] for reject in rejects}


def stored(tmp_path: Path) -> list[dict[str, object]]:
    rows = pq.read_table(tmp_path / "out" / "rows.parquet").to_pylist()
    return sorted(rows, key=lambda row: row["row"])


def test_reasons_are_given_in_their_order(tmp_path: Path) -> None:
    good = number(1)
    found = reasons(
        tmp_path,
        f"张三,{good},柳湾村,2026-03-05,500,",
        f"张三,{good},柳湾村,坏,500,{'长' * 2001}",
        f",张三,{good},坏,500,",
        f",{good},柳湾村,坏,坏,",
        f"张三,{good},柳湾村,坏,坏,",
        f"张三,{good},柳湾村,2026-03-05,坏,",
        f"张三,{good},柳湾村,2026-04-01,500,",
        "张三,,柳湾村,2026-03-05,500,",
        f"张　三,{good[:6]} {good[6:]},青禾镇柳湾村,2026/3/5,500.00元,无",
        f"张三,{good},柳湾村,无,500,",
    )
    assert found == {
        3: "cell_too_long",
        4: "row_shifted",
        5: "required_missing",
        6: "bad_date",
        7: "bad_amount",
        8: "date_out_of_period",
        9: "no_identity",
        11: "required_missing",
    }


def test_duplicates_are_found_after_cleaning_and_keep_the_first(tmp_path: Path) -> None:
    good = number(2)
    lines = [
        f"張三,{good},柳湾村民委员会,2026-03-05,500,无",
        f"张三,{good},柳湾村,46086,500元,",
        f"张三,{good},柳湾村,2026-03-05,501,",
        f"张三,{good.lower()},柳湾村,20260305,0.05万元,/",
        f"张三,{good},柳湾村,坏,500,",
        f"张三,{good},柳湾村,坏,500,",
    ]
    found = reasons(tmp_path, *lines)
    assert found == {3: "duplicate_row", 5: "duplicate_row", 6: "bad_date", 7: "bad_date"}


def test_totals_notes_and_blank_rows_are_no_data(tmp_path: Path) -> None:
    lines = [
        "",
        ",,,,,",
        " ,　,,,,",
        "合计,,,,500,",
        ",注：本表,,,,",
        "填 表 人：张某,,,,,",
        "说明:x,,,,,",
        "备注：,,,,,",
        "说好,,,2026-03-05,5,",
    ]
    assert reasons(tmp_path, *lines) == {10: "no_identity"}


def test_a_cell_of_exactly_the_limit_is_accepted(tmp_path: Path) -> None:
    line = f"张三,{number(1)},柳湾村,2026-03-05,5,{'长' * 2000}"
    assert reasons(tmp_path, line) == {}


def test_a_long_cell_in_an_unknown_column_rejects_the_row(tmp_path: Path) -> None:
    line = f"张三,{number(1)},柳湾村,2026-03-05,5,x,{'长' * 2001}"
    assert reasons(tmp_path, line, header=RELIEF + ",电话") == {2: "cell_too_long"}


def test_an_optional_cell_that_cannot_be_read_is_null(tmp_path: Path) -> None:
    header = "姓名,身份证号,所在村,统计月份,就业状态,月工资,就业区域"
    line = f"张三,{number(1)},柳湾村,2026.03,在岗,很多,火星"
    assert reasons(tmp_path, line, header=header, feed="employment") == {}
    assert (stored(tmp_path)[0]["wage"], stored(tmp_path)[0]["area"]) == (None, None)


def test_a_quantity_too_large_to_keep_is_the_last_reason(tmp_path: Path) -> None:
    header = "姓名,身份证号,参保年度,参保类型,参保状态"
    lines = [
        f"张三,{number(1)},{'9' * 18},火星,参保",
        f"张三,{number(1)},{'9' * 1990},居民医保,参保",
    ]
    found = reasons(tmp_path, *lines, header=header, feed="medical_insurance")
    assert found == {2: "bad_code", 3: "bad_number"}


def test_a_birth_month_is_no_birth_date(tmp_path: Path) -> None:
    header = "姓名,身份证号,出生年月,所在村,事件类型,发生日期"
    line = "张三,,1949年3月,柳湾村,死亡,2026-03-05"
    assert reasons(tmp_path, line, header=header, feed="police_event") == {2: "no_identity"}


def test_a_file_with_a_header_only_is_data(tmp_path: Path) -> None:
    assert reasons(tmp_path) == {}
    assert pq.read_metadata(tmp_path / "out" / "rows.parquet").num_rows == 0


def test_a_file_without_a_required_column_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="救助金额") as refusal:
        reasons(tmp_path, "张三,2026-03-05", header="姓名,发放日期")
    assert refusal.value.reason == "file_corrupt"


def test_feed_columns_never_hide_the_columns_of_linking(tmp_path: Path) -> None:
    reasons(tmp_path, f"张三,{number(1)},柳湾村,2026-03-05,5,火灾")
    assert (stored(tmp_path)[0]["reason"], stored(tmp_path)[0]["sent_reason"]) == (
        "outside",
        "火灾",
    )


def test_numbers_are_covered_in_what_is_stored(tmp_path: Path) -> None:
    reasons(tmp_path, f"张三,{number(1)},柳湾村,2026-03-05,5,证件{number(7)}")
    whole = (tmp_path / "out" / "rows.parquet").read_bytes()
    assert number(7).encode() not in whole
    assert str(stored(tmp_path)[0]["sent_reason"]).startswith("证件999901****")


# ---- linking


def linked(
    tmp_path: Path, people: list[tuple[object, ...]], *lines: str
) -> list[tuple[object, ...]]:
    header = "姓名,身份证号,出生日期,所在村,残疾类别,残疾等级,证件状态,残疾证号"
    tail = "视力,一级,有效"
    text = "\n".join([header, *(line.replace("…", tail) for line in lines)])
    registry = registry_with(tmp_path / "registry", *people)
    batch(tmp_path, csv_file(tmp_path / "a.csv", text), "disability_card", registry)
    return [(row["person_id"], row["method"], row["reason"]) for row in stored(tmp_path)]


BORN = date(1949, 3, 27)


def test_a_valid_number_links_if_the_name_agrees(tmp_path: Path) -> None:
    people = [(number(1), "张三", BORN, "柳湾村")]
    rows = [
        f"張 三,{number(1)},,,…,",
        f"李四,{number(1)},1949-03-27,柳湾村,…,",
        f"张三,{number(2)},,,…,",
    ]
    assert linked(tmp_path, people, *rows) == [
        (1, "id", None),
        (None, "none", "name_conflict"),
        (None, "none", "outside"),
    ]


def test_of_several_with_one_number_the_only_agreeing_name_is_linked(tmp_path: Path) -> None:
    people = [(number(1), name, BORN, "柳湾村") for name in ("张三", "李四", "李四")]
    rows = [f"{name},{number(1)},1949-03-27,柳湾村,…," for name in ("张三", "李四", "王五")]
    assert linked(tmp_path, people, *rows) == [
        (1, "id", None),
        (None, "none", "ambiguous"),
        (None, "none", "ambiguous"),
    ]


def test_name_birth_and_village_link_if_exactly_one_fits(tmp_path: Path) -> None:
    people = [
        (None, "张三", BORN, "柳湾村"),
        (number(5), "李四", BORN, "柳湾村"),
        (None, "王五", BORN, "柳湾村"),
        (number(6), "王五", BORN, "柳湾村"),
        (None, "赵六", None, "柳湾村"),
    ]
    rows = [
        "张三,,1949-03-27,青禾镇柳湾村,…,",
        "李四,,1949-03-27,柳湾村,…,",
        f"李四,{number(9)},1949-03-27,柳湾村,…,",
        "王五,123,1949-03-27,柳湾村,…,",
        f"王五,{number(9)},1949-03-27,柳湾村,…,",
        "赵六,123,1949-03-27,柳湾村,…,",
        "孙七,,1949-03-27,柳湾村,…,",
    ]
    assert linked(tmp_path, people, *rows) == [
        (1, "name_birth_village", None),
        (2, "name_birth_village", None),
        (None, "none", "outside"),
        (None, "none", "ambiguous"),
        (3, "name_birth_village", None),
        (None, "none", "id_invalid"),
        (None, "none", "id_missing"),
    ]


def test_the_card_number_stands_in_for_a_missing_number(tmp_path: Path) -> None:
    people = [(number(1), "张三", BORN, "柳湾村")]
    rows = [f"张三,无,,,…,{number(1)}23", f"张三,无,,,…,{number(1)}23B1", "张三,无,,,…,123"]
    assert linked(tmp_path, people, *rows) == [
        (1, "id", None),
        (1, "id", None),
        (None, "none", "id_invalid"),
    ]


def test_the_registry_may_change_and_rows_are_linked_again(tmp_path: Path) -> None:
    people = [(number(1), "张三", BORN, "柳湾村"), (None, "李四", BORN, "柳湾村")]
    rows = [f"张三,{number(1)},,,…,", "李四,,1949-03-27,青禾镇柳湾村,…,"]
    assert [row[0] for row in linked(tmp_path, people, *rows)] == [1, 2]
    out = tmp_path / "out" / "rows.parquet"
    changed = registry_with(tmp_path / "new", *reversed(people))
    counts = relink_batch(out, registry=changed, out=tmp_path / "again.parquet")
    again = pq.read_table(tmp_path / "again.parquet").to_pylist()
    assert {row["row"]: row["person_id"] for row in again} == {2: 2, 3: 1}
    assert {row["row"]: row["household_id"] for row in again} == {2: 102, 3: 101}
    assert (counts.rows, counts.linked) == (2, 2)


def test_a_row_tells_the_household_of_its_person_and_nobodys_row_tells_none(tmp_path: Path) -> None:
    people = [(number(n), f"张{n}", BORN, "柳湾村") for n in range(1, 4)]
    linked(tmp_path, people, f"张3,{number(3)},,,…,", f"王五,{number(9)},,,…,")
    rows = [(row["person_id"], row["household_id"]) for row in stored(tmp_path)]
    assert rows == [(3, 103), (None, None)]


def test_many_rows_are_linked_like_few(tmp_path: Path) -> None:
    people = [(number(n, "19500101"), f"张{n}", BORN, "柳湾村") for n in range(500)]
    lines = [
        f"张{n % 500},{number(n % 500, '19500101')},柳湾村,{BORN + timedelta(days=n)},{n},"
        for n in range(25_000)
    ]
    registry = registry_with(tmp_path / "registry", *people)
    source = csv_file(tmp_path / "a.csv", "\n".join([RELIEF, *lines]))
    report = batch(tmp_path, source, registry=registry)
    rows = stored(tmp_path)
    assert report.rows == 25_000
    assert all(row["person_id"] == (int(str(row["row"])) - 2) % 500 + 1 for row in rows)
    assert all(row["amount"] == (int(str(row["row"])) - 2) * 100 for row in rows)


# ---- what goes back


def sent(tmp_path: Path) -> Path:
    rows = [
        ["示例县临时救助发放"],
        ["人员信息", "", "所在村", "发放日期", "救助金额", "救助原因"],
        ["姓名", "身份证号", "", "", "", ""],
        ["张三", number(1), "柳湾村", date(2026, 3, 5), 500, ""],
        ["=HYPERLINK(1)", number(2), "柳湾村", "坏", 500, "+1"],
        ["", number(3), "柳湾村", "2026-03-05", 1.5, ""],
    ]
    return xlsx_file(tmp_path / "a.xlsx", rows)


def test_rejected_rows_go_back_marked_and_can_be_sent_again(tmp_path: Path) -> None:
    source = sent(tmp_path)
    batch(tmp_path, source)
    back = tmp_path / "back.xlsx"
    contract = RULEBOOK.feeds["temp_relief"]
    assert reject_workbook(source, tmp_path / "out" / "rejects.parquet", contract, back) == 2
    book = openpyxl.load_workbook(back)
    sheet = book.active
    assert sheet.cell(3, 7).value == "退回原因"
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 4)] == [
        "示例县临时救助发放",
        "人员信息",
        "姓名",
        "=HYPERLINK(1)",
    ]
    assert sheet.cell(4, 1).data_type == "s"
    assert sheet.cell(4, 1).quotePrefix
    assert sheet.cell(4, 4).fill.fgColor.rgb == "FFFFC7CE"
    assert "发放日期" in sheet.cell(4, 7).value
    assert "姓名" in sheet.cell(5, 7).value
    sheet.cell(4, 4).value = "2026-03-05"
    sheet.cell(5, 1).value = "李四"
    book.save(back)
    report = batch(tmp_path, back)
    assert (report.rows, report.accepted) == (2, 2)
    assert stored(tmp_path)[1]["amount"] == 150


def test_the_feed_of_a_file_is_recognised(tmp_path: Path) -> None:
    assert guess_feed(sent(tmp_path), RULEBOOK)[0][0] == "temp_relief"
    source = xlsx_file(tmp_path / "b.xlsx", [["x"]], "户", 人口=[["x"]])
    assert guess_feed(source, RULEBOOK) == [("registry", 1.0)]
    assert guess_feed(csv_file(tmp_path / "c.csv", "甲,乙\n1,2\n"), RULEBOOK) == []


def test_each_sample_file_is_recognised(county_dev: Path) -> None:
    import csv

    with (county_dev / "input" / "manifest.csv").open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    wrong = []
    for line in lines:
        try:
            best = guess_feed(county_dev / "input" / line["file"], RULEBOOK)[0][0]
        except FileRejected:
            continue
        if best != line["feed"]:
            wrong.append((line["file"], best))
    assert wrong == []
