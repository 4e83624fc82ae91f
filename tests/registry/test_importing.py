"""Importing an export of the national system: what comes in, what changes, what stays."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from shouwang.core import crypto
from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division
from shouwang.registry import snapshots
from shouwang.registry.models import (
    Household,
    IncomeStatement,
    Member,
    RecordChange,
    RegistryImport,
    RegistrySnapshot,
)
from shouwang.registry.operations import (
    apply_import,
    discard_import,
    preview_import,
    receive_import,
)
from shouwang.registry.operations import importing as operations
from shouwang.registry.secrets import ID_NO, MEMBER_PHONE, reveal
from tests.registry import workbooks
from tests.registry.conftest import EXPORTED, Importing

pytestmark = pytest.mark.django_db


def received(actor: Actor, folder: Path, people: list, households: list, name: str = "a.xlsx"):
    path = workbooks.write(folder / name, people, households)
    return receive_import(actor, [(path, name)], EXPORTED)


def test_every_column_arrives_typed(importing: Importing) -> None:
    importing(*workbooks.county(1))
    household = Household.objects.get()
    assert household.village.code == workbooks.VILLAGE
    assert household.group.name == "3组"
    assert household.house_area == Decimal("90.5")
    assert household.eliminated is None
    statement = household.statements.get()
    assert (statement.year, statement.business_income) == (2025, Decimal("8000.50"))
    member = household.members.get(relation="户主")
    assert member.birth_date == date(1980, 5, 6)
    assert member.work_months == 6
    assert (member.source_file.name, member.source_row) == ("导出.xlsx", 2)


def test_numbers_are_ciphertext_and_found_by_hash(importing: Importing) -> None:
    people, households = workbooks.county(1)
    importing(people, households)
    member = Member.objects.get(id_hash=crypto.provider().digest(people[0]["id_no"]))
    assert people[0]["id_no"].encode() not in bytes(member.id_enc)
    assert reveal(ID_NO, member.id_enc) == people[0]["id_no"]
    assert reveal(MEMBER_PHONE, member.phone_enc) == people[0]["phone"]


def test_no_number_lies_on_the_disk_in_the_clear(importing: Importing, data_dir: Path) -> None:
    people, households = workbooks.county(2)
    importing(people, households)
    wanted = [str(row[key]).encode() for row in people for key in ("id_no", "phone")]
    for path in [p for p in data_dir.rglob("*") if p.is_file()]:
        content = path.read_bytes()
        assert not [number for number in wanted if number in content], path
    names = pq.read_schema(snapshots.current().path / "persons.parquet").names
    assert not {"id_no", "phone"} & set(names)


def test_the_same_file_twice_changes_nothing(importing: Importing) -> None:
    importing(*workbooks.county())
    before = list(Member.objects.order_by("pk").values())
    again = importing(*workbooks.county())
    assert again.state == RegistryImport.State.UNCHANGED
    assert list(Member.objects.order_by("pk").values()) == before
    assert snapshots.current().number == 1


def test_a_changed_value_is_kept_with_its_source(importing: Importing) -> None:
    people, households = workbooks.county()
    importing(people, households)
    people[1]["labour"] = "无劳动力"
    households[2]["wage_income"] = "2.5万元"
    done = importing(people, households, name="第二次.xlsx")
    assert done.counts["persons_changed"] == done.counts["households_changed"] == 1
    labour = RecordChange.objects.get(column="labour")
    assert (labour.old, labour.new) == ("普通劳动力", "无劳动力")
    assert (labour.source_file.name, labour.source_row) == ("第二次.xlsx", 3)
    wage = RecordChange.objects.get(column="wage_income")
    assert (wage.old, wage.new, wage.year) == ("20000.00", "25000.00", 2025)
    assert IncomeStatement.objects.get(household=wage.household).wage_income == 25000
    assert Member.objects.get(pk=labour.member_id).labour == "无劳动力"
    assert RecordChange.objects.count() == 2


def test_a_corrected_number_is_kept_masked_and_sealed(importing: Importing) -> None:
    people, households = workbooks.county()
    importing(people, households)
    old, new = people[0]["id_no"], workbooks.id_number("19790101", 123)
    people[0] |= {"id_no": new, "phone": None}
    importing(people, households)
    change = RecordChange.objects.get(column="id_no")
    assert old[6:14] not in change.old and new[6:14] not in change.new
    assert (reveal(ID_NO, change.old_enc), reveal(ID_NO, change.new_enc)) == (old, new)
    assert RecordChange.objects.get(column="phone").new_enc is None
    member = Member.objects.get(pk=change.member_id)
    assert bytes(member.id_hash) == crypto.provider().digest(new)
    assert member.phone_enc is None and member.phone_hash is None


def test_a_new_year_adds_a_statement_and_keeps_the_old(importing: Importing) -> None:
    people, households = workbooks.county(1)
    importing(people, households)
    households[0]["wage_income"] = 30000
    importing(people, households, on=date(2026, 12, 31))
    wages = IncomeStatement.objects.order_by("year").values_list("year", "wage_income")
    assert list(wages) == [(2025, Decimal("20000.00")), (2026, Decimal("30000.00"))]
    assert not RecordChange.objects.exists()


def test_income_at_elimination_is_a_statement_of_its_own(importing: Importing) -> None:
    people, households = workbooks.county(1)
    households[0] |= {"after_wage": 15000, "after_per_capita": 8123.45}
    importing(people, households)
    households[0]["after_wage"] = 15500
    importing(people, households)
    after = IncomeStatement.objects.get(kind=IncomeStatement.Kind.AFTER)
    assert (after.wage_income, after.per_capita) == (Decimal("15500.00"), Decimal("8123.45"))
    assert RecordChange.objects.get().column == "after_wage"


def test_what_is_not_in_the_export_stays_and_is_flagged(importing: Importing) -> None:
    people, households = workbooks.county(3)
    importing(people, households)
    done = importing(people[:3], households[:2])
    assert done.counts["households_gone"] == 1
    assert done.counts["persons_gone"] == 3
    assert Household.objects.count() == 3 and Member.objects.count() == 6
    assert Household.objects.get(absent_since=done).household_no == households[2]["household_no"]
    importing(people, households)
    assert not Household.objects.exclude(absent_since=None).exists()
    assert not Member.objects.exclude(absent_since=None).exists()


def test_who_left_a_present_household_is_not_in_the_snapshot(importing: Importing) -> None:
    people, households = workbooks.county(2)
    importing(people, households)
    importing(people[:1], households[:1])
    persons = pq.read_table(snapshots.current().path / "persons.parquet")
    listed = {people[0]["person_no"], people[2]["person_no"], people[3]["person_no"]}
    assert set(persons["person_no"].to_pylist()) == listed
    sizes = pq.read_table(snapshots.current().path / "households.parquet")["size"].to_pylist()
    assert sizes == [1, 2]


def test_a_person_who_moves_house_keeps_the_record(importing: Importing) -> None:
    people, households = workbooks.county(2)
    importing(people, households)
    people[1]["household_no"] = households[1]["household_no"]
    importing(people, households)
    member = Member.objects.get(person_no=people[1]["person_no"])
    assert member.household.household_no == households[1]["household_no"]
    assert RecordChange.objects.get().column == "household_no"


def test_two_people_with_one_number_are_both_kept(importing: Importing) -> None:
    people, households = workbooks.county(1)
    people.append(people[0] | {"name": "李另", "id_no": None})
    importing(people, households)
    assert Member.objects.filter(person_no=people[0]["person_no"]).count() == 2
    again = importing(people, households)
    assert again.state == RegistryImport.State.UNCHANGED


def test_codes_outside_the_lists_are_kept_as_text(importing: Importing) -> None:
    people, households = workbooks.county(1)
    people[0]["labour"] = "半个劳动力"
    importing(people, households)
    assert Member.objects.filter(labour="半个劳动力").exists()


def test_missing_divisions_are_made_from_the_household_sheet(importing: Importing) -> None:
    people, households = workbooks.county(2)
    households[1] |= {"village_code": "999901103201", "village": "梨树村", "town": "云岭镇"}
    importing(people, households)
    village = Division.objects.get(code="999901103201")
    assert (village.name, village.parent.name) == ("梨树村", "云岭镇")
    assert village.parent.parent.code == "999901000000"
    assert Division.objects.get(parent=village).name == "3组"


def test_a_village_code_that_is_none_leaves_the_household_to_the_county(
    importing: Importing,
) -> None:
    people, households = workbooks.county(1)
    households[0]["village_code"] = "不知道"
    importing(people, households)
    assert Household.objects.get().village.level == "county"


def test_rows_that_cannot_be_used_do_not_stop_the_others(importing: Importing) -> None:
    people, households = workbooks.county(1)
    people.append(workbooks.person(9, 1))
    people.append(people[0])
    done = importing(people, households)
    assert done.counts["rejected"] == 2
    assert Member.objects.count() == 2


def test_a_preview_changes_nothing(places: object, officer: Actor, tmp_path: Path) -> None:
    found = preview_import(officer, received(officer, tmp_path, *workbooks.county()))
    assert found.state == RegistryImport.State.READY
    assert found.counts["persons_new"] == 6
    assert not Household.objects.exists() and snapshots.current() is None
    assert pq.read_table(found.folder / "new.parquet").num_rows == 9


def test_the_second_of_two_imports_is_told_and_loses_nothing(
    places: object, officer: Actor, tmp_path: Path
) -> None:
    people, households = workbooks.county()
    first = preview_import(officer, received(officer, tmp_path, people, households, "a.xlsx"))
    people[0]["labour"] = "无劳动力"
    second = preview_import(officer, received(officer, tmp_path, people, households, "b.xlsx"))
    apply_import(officer, first)
    with pytest.raises(Conflict, match="没有丢失"):
        apply_import(officer, second)
    assert Member.objects.get(person_no=people[0]["person_no"]).labour == "普通劳动力"
    apply_import(officer, preview_import(officer, second))
    assert Member.objects.get(person_no=people[0]["person_no"]).labour == "无劳动力"


def test_an_import_is_applied_once(places: object, officer: Actor, tmp_path: Path) -> None:
    found = preview_import(officer, received(officer, tmp_path, *workbooks.county(1)))
    apply_import(officer, found)
    with pytest.raises(Conflict):
        apply_import(officer, found)
    with pytest.raises(Conflict):
        discard_import(officer, found)


def test_an_older_export_does_not_overwrite_a_newer(importing: Importing) -> None:
    importing(*workbooks.county(1))
    with pytest.raises(DomainError, match="早于现有档案"):
        importing(*workbooks.county(1), on=date(2024, 12, 31))


def test_a_broken_workbook_is_refused_with_a_sentence(
    places: object, officer: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    found = preview_import(officer, receive_import(officer, [(path, "坏.xlsx")], EXPORTED))
    assert found.state == RegistryImport.State.FAILED
    assert found.error


def test_who_may_not_import_is_refused(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "a.xlsx", *workbooks.county(1))
    with pytest.raises(NotAllowed):
        receive_import(ANONYMOUS, [(path, "a.xlsx")], EXPORTED)


def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, households = workbooks.county(2)
    importing(people, households)
    people[0]["labour"] = "无劳动力"
    households.append(workbooks.household(3))

    def burst(self: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("shouwang.registry.operations.loading.Loading.absences", burst)
    with pytest.raises(OSError, match="full"):
        importing(people, households)
    assert Household.objects.count() == 2
    assert not Member.objects.filter(labour="无劳动力").exists()
    assert snapshots.current().number == 1
    monkeypatch.undo()
    importing(people, households)
    assert snapshots.current().number == 2


def test_of_two_imports_at_the_same_moment_one_is_told(
    importing: Importing, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    people, households = workbooks.county(1)
    sweep = operations._sweep

    def interrupted(*args: Any) -> None:
        sweep(*args)
        monkeypatch.setattr(operations, "_sweep", sweep)
        importing(*workbooks.county(2), name="别人的.xlsx")

    monkeypatch.setattr(operations, "_sweep", interrupted)
    with pytest.raises(Conflict, match="没有丢失"):
        importing(people, households, name="我的.xlsx")
    assert Household.objects.count() == 2
    assert snapshots.current().number == 1
    importing(people, households, name="再来.xlsx")
    kept = {path.name for path in (data_dir / "registry").iterdir()} - {"imports"}
    assert kept == {each.key for each in RegistrySnapshot.objects.all()}
