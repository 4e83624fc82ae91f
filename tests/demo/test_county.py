"""The fictitious county: the same each time, complete, messy in every way, and nobody real."""

import csv
import hashlib
import re
from datetime import date
from pathlib import Path

import python_calamine

from shouwang.demo import DemoSummary, demo_accounts, make_county
from shouwang.demo.mess import ID_WRITINGS
from shouwang.demo.numbers import check_digit
from shouwang.demo.places import division_rows, former_division_rows, make_places
from shouwang.engine import Rulebook

MISTAKES = {
    *ID_WRITINGS, "id_lower_x", "id_missing", "identity_missing",
    "name_blanks", "name_dots", "name_variant", "name_of_another", "name_missing", "formula_text",
    "village_committee", "village_address", "code_blanks", "code_unknown",
    "date_other_writing", "date_unreadable", "date_month_only", "date_after_period",
    "amount_separators", "amount_yuan", "amount_sign", "amount_wan", "amount_unreadable",
    "amount_caption_wan", "number_unit", "number_unreadable",
    "row_duplicate", "row_shifted", "row_blank", "cell_too_long", "column_unknown",
    "header_two_rows", "stranger", "reported_late",
    "file_corrupt", "file_empty", "file_sent_twice", "version_corrected",
}  # fmt: skip


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _manifest(county: DemoSummary) -> list[dict[str, str]]:
    with (county.out / "input" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _persons(county: DemoSummary) -> list[dict[str, object]]:
    book = next((county.out / "input" / "乡村振兴局").glob("*.xlsx"))
    rows = python_calamine.CalamineWorkbook.from_path(book).get_sheet_by_name("人口").to_python()
    captions = [str(caption) for caption in rows[1]]
    return [dict(zip(captions, row, strict=False)) for row in rows[2:]]


def test_the_same_seed_gives_the_same_bytes(small_county: DemoSummary, tmp_path: Path) -> None:
    again = make_county(tmp_path / "again", households=300, seed=7)
    assert _digests(again.out) == _digests(small_county.out)


def test_another_seed_gives_another_county(small_county: DemoSummary, tmp_path: Path) -> None:
    other = make_county(tmp_path / "other", households=300, seed=8)
    assert other.persons != small_county.persons


def test_the_manifest_names_every_file_and_every_feed(small_county: DemoSummary) -> None:
    lines = _manifest(small_county)
    folder = small_county.out / "input"
    listed = {line["file"] for line in lines}
    present = {str(p.relative_to(folder)) for p in folder.rglob("*.*") if p.name != "manifest.csv"}
    assert listed == present
    due = {key for key, feed in Rulebook.load().feeds.items() if feed.rhythm != "on demand"}
    assert {line["feed"] for line in lines} == {"registry", *due}


def test_files_reach_from_january_2025_to_june_2026(small_county: DemoSummary) -> None:
    lines = _manifest(small_county)
    assert min(line["period_start"] for line in lines) == "2025-01-01"
    assert max(line["period_end"] for line in lines) == "2026-06-30"
    assert all(line["received_at"] > line["period_end"] for line in lines)
    assert {Path(line["file"]).suffix for line in lines} == {".csv", ".xls", ".xlsx"}


def test_every_kind_of_mess_is_planted(small_county: DemoSummary) -> None:
    assert MISTAKES - set(small_county.mess) == set()


def test_one_file_is_empty_one_broken_one_sent_twice_and_two_corrected(
    small_county: DemoSummary,
) -> None:
    lines, folder = _manifest(small_county), small_county.out / "input"
    data = {line["file"]: (folder / line["file"]).read_bytes() for line in lines}
    assert [name for name, content in data.items() if not content] == [
        "应急局/灾情到户_2026年2月.xlsx"
    ]
    full = [content for content in data.values() if content]
    assert len(full) == len(set(full)) + 1
    assert [line["version"] for line in lines].count("2") == 2
    assert data["人社局/就业月报_202511.xlsx"][:2] == b"PK"


def test_csv_files_are_gb18030_or_utf8_with_a_mark(small_county: DemoSummary) -> None:
    files = list((small_county.out / "input").glob("*/*.csv"))
    marked = [path for path in files if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert marked
    assert len(marked) < len(files)
    for path in files:
        text = path.read_bytes().decode("utf-8-sig" if path in marked else "gb18030")
        assert "99990" in text


def test_id_numbers_have_no_real_region_and_right_check_digits(small_county: DemoSummary) -> None:
    numbers = [str(row["证件号码"]) for row in _persons(small_county)]
    whole = [number for number in numbers if re.fullmatch(r"[0-9]{17}[0-9X]", number)]
    assert len(whole) > 0.9 * len(numbers)
    assert all(number.startswith("9999") for number in whole)
    wrong = [number for number in whole if number[17] != check_digit(number[:17])]
    assert 1 <= len(wrong) < 0.02 * len(whole)


def test_strangers_are_not_in_the_registry_and_not_real_either(small_county: DemoSummary) -> None:
    registered = {str(row["证件号码"]) for row in _persons(small_county)}
    path = small_county.out / "input" / "医保局" / "参保名册_2026_2.csv"
    found = set(re.findall(r"\b[0-9]{17}[0-9X]\b", path.read_bytes().decode("gb18030")))
    assert all(number.startswith("9999") for number in found)
    assert found - registered


def test_phones_are_of_a_fictitious_range(small_county: DemoSummary) -> None:
    phones = {str(row["成员联系电话"]) for row in _persons(small_county)}
    full = [phone for phone in phones if re.fullmatch(r"[0-9]{11}", phone)]
    assert full
    assert all(phone.startswith("199000") for phone in full)


def test_incomes_agree_with_their_five_parts_and_nobody_has_a_negative_one(
    small_county: DemoSummary,
) -> None:
    book = next((small_county.out / "input" / "乡村振兴局").glob("*.xlsx"))
    rows = python_calamine.CalamineWorkbook.from_path(book).get_sheet_by_name("户").to_python()
    at = rows[1].index("工资性收入")
    parts = [
        row[at : at + 5]
        for row in rows[2:-1]
        if all(isinstance(c, float) for c in row[at : at + 5])
    ]  # type: ignore[arg-type]
    assert len(parts) > 250
    assert all(min(p) >= 0 and sum(p[:4]) - p[4] > 0 for p in parts)


def test_divisions_have_unique_villages_in_fourteen_towns() -> None:
    rows = division_rows(make_places(20_000, 2026))
    codes = {row[0] for row in rows}
    assert [row[2] for row in rows].count("乡级") == 14
    villages = [row for row in rows if row[2] == "村级"]
    assert len(villages) > 150
    assert len({row[1] for row in villages}) == len(villages)
    assert all(row[1].endswith("村") and len(row[0]) == 12 for row in villages)
    assert all(row[3] == "" or row[3] in codes for row in rows)


def test_one_village_was_merged_and_one_renamed_since_the_table_of_2023() -> None:
    places = make_places(20_000, 2026)
    now = {row[0]: row[1] for row in division_rows(places)}
    before = {row[0]: row[1] for row in former_division_rows(places)}
    renamed, merged = places.renaming, places.merger
    villages = {code for code in before.keys() - now.keys() if len(code) == 12}
    assert villages == {merged.village.code}
    assert [code for code in now if before[code] != now[code]] == [renamed.village.code]
    assert merged.into.code in now


def test_the_tables_are_what_the_import_of_divisions_reads(small_county: DemoSummary) -> None:
    from shouwang.divisions.reading import read_table

    for name in ("divisions.csv", "divisions-2023.csv"):
        table = read_table(small_county.out / name, name)
        assert table.errors == []
        assert len(table.rows) > 30


def test_each_role_has_one_account_in_a_division_of_the_county() -> None:
    accounts = demo_accounts()
    codes = {row[0] for row in division_rows(make_places(300, 2026))}
    assert len({account.role for account in accounts}) == len(accounts) == 12
    assert len({account.username for account in accounts}) == 12
    assert {account.division_code for account in accounts} <= codes


def test_a_large_county_is_shared_out_over_several_workbooks() -> None:
    from shouwang.demo.batches import plan
    from shouwang.demo.registry_files import books

    assert len(books(100_000, 14)) == 6
    assert {town for book in books(100_000, 14) for town in book.towns} == set(range(14))
    lists = [b.form for b in plan(100_000) if b.feed in ("civil_assist", "disability_card")]
    assert "xls" not in lists
    assert all(b.start <= b.end <= date(2026, 6, 30) for b in plan(100_000))
