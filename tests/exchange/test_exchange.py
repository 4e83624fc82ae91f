"""The national system beside this one: what is read, what differs, what goes out, who sees it."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.cases.models import Case
from shouwang.core import crypto, export_files
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.core.models import Export
from shouwang.engine.cleaning.identity import check_digit
from shouwang.exchange import operations
from shouwang.exchange.contract import BadContract, check_values, contract
from shouwang.exchange.exporting import known_values, write_export
from shouwang.exchange.models import Comparison, Difference
from shouwang.exchange.reading import read_export
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import ID_NO, seal_many
from shouwang.screening.queries import rulebook_in_force
from shouwang.support.models import Measure
from tests.cases.conftest import Cast, Maker, Way
from tests.exchange.conftest import HEADS, Writing
from tests.four_people import FourPeople, Places

EXPORTED = date(2026, 4, 30)


def quiet(done: int, total: int | None = None, message: str = "") -> None:
    """Nobody watches."""


def id_number(serial: int) -> str:
    body = f"99990119800506{serial:03d}"
    return body + check_digit(body)


def numbered(household: Household) -> None:
    """Give the members ID numbers, sealed and hashed as an import does."""
    for at, member in enumerate(household.members.order_by("pk"), 1):
        number = id_number(household.pk % 90 * 10 + at)
        Member.objects.filter(pk=member.pk).update(
            id_enc=seal_many(ID_NO, [number])[0], id_hash=crypto.provider().digest(number),
            relation="户主" if at == 1 else "配偶", sex="男" if at == 1 else "女",
        )  # fmt: skip


def as_exported(case: Case, **changes: Any) -> list[dict[str, Any]]:
    """The rows that the national system would give for a case, one for each member."""
    case = Case.objects.select_related("household").get(pk=case.pk)
    household = case.household
    rows = []
    for at, member in enumerate(household.members.order_by("pk"), 1):
        rows.append({
            "县": "示例县", "乡": "青禾镇", "村": "柳湾村", "户编号": household.household_no,
            "人口编号": member.person_no, "姓名": member.name,
            "证件号码": id_number(household.pk % 90 * 10 + at), "性别": member.sex,
            "与户主关系": member.relation, "劳动技能": member.labour, "人数": 2,
            "户类型": "一般农户", "监测对象类别": "边缘易致贫户",
            "识别监测时间": f"{case.identified_on:%Y%m}", "致贫返贫风险1": "因病",
            "风险是否已消除": "否", **changes,
        })  # fmt: skip
    return rows


@pytest.fixture
def case(way: Way, household: Household) -> Case:
    numbered(household)
    case = way.opened(household)
    way.monitored(case)
    case.refresh_from_db()
    return case


def compared(actor: Actor, *paths: Path) -> Comparison:
    made = operations.receive_export(actor, [(path, path.name) for path in paths], EXPORTED)
    return operations.compare_export(actor, made, quiet)


@pytest.fixture(autouse=True)
def later(way: Way) -> None:
    """The export is made after the cases of a test began."""
    assert way.calendar.day < EXPORTED


def found(made: Comparison, *fields: str) -> list[tuple[Any, ...]]:
    return list(made.differences.values_list(*(fields or ("kind", "field", "national", "own"))))


# ---------------------------------------------------------------- comparing


def test_an_export_that_agrees_gives_no_difference(way: Way, case: Case, writing: Writing) -> None:
    way.calendar.set(EXPORTED)
    made = compared(way.cast.officer, writing(as_exported(case)))
    assert found(made) == []
    assert made.counts["households"] == 1 and made.counts["people"] == 2
    assert made.state == "done" and made.problems.count() == 0


def test_every_field_of_a_household_is_held_against_the_case(
    way: Way, case: Case, writing: Writing
) -> None:
    way.calendar.set(EXPORTED)
    rows = as_exported(
        case, 监测对象类别="突发严重困难户", 识别监测时间="202601", 致贫返贫风险1="因灾",
        致贫返贫风险2="因病", 风险是否已消除="是", 风险消除时间="202603", 风险消除方式="自然消除",
        人数=3,
    )  # fmt: skip
    made = compared(way.cast.officer, writing(rows))
    assert found(made) == [
        ("household", "人数", "3", "2"),
        ("household", "监测对象类别", "突发严重困难户", "边缘易致贫户"),
        ("household", "识别监测时间", "2026-01", f"{case.identified_on:%Y-%m}"),
        ("household", "风险是否已消除", "是", "否"),
        ("household", "风险消除时间", "2026-03", ""),
        ("household", "风险消除方式", "自然消除", ""),
        ("household", "致贫返贫风险1", "因自然灾害、因病", "因病"),
    ]
    line = made.differences.first()
    assert line is not None and (line.file, line.row) == ("监测对象.xlsx", 3)
    assert line.case_number == case.number and line.village == "柳湾村"


def test_people_are_matched_by_number_then_id_then_name(
    way: Way, case: Case, writing: Writing
) -> None:
    way.calendar.set(EXPORTED)
    first, second = as_exported(case)
    first |= {"人口编号": None, "姓名": "改名", "劳动技能": "技能劳动力"}
    second |= {"人口编号": None, "证件号码": id_number(777), "姓名": second["姓名"]}
    third = {**second, "人口编号": "P9", "姓名": "新成员", "证件号码": id_number(778)}
    made = compared(way.cast.officer, writing([first, second, third]))
    rows = found(made, "kind", "field", "person_name", "national")
    name = case.household.head_name
    assert ("person", "姓名", name, "改名") in rows
    assert ("person", "劳动技能", name, "技能劳动力") in rows
    assert ("person_national", "", "新成员", "新成员") in rows
    [number] = [row for row in rows if row[1] == "证件号码"]
    assert number[3].count("*") == 11 and id_number(777) not in str(rows)


def test_a_member_that_only_one_side_has_is_told(way: Way, case: Case, writing: Writing) -> None:
    way.calendar.set(EXPORTED)
    made = compared(way.cast.officer, writing(as_exported(case)[:1]))
    assert [row[0] for row in found(made)] == ["person_here"]


def test_households_of_one_side_only_are_told_but_not_of_towns_the_export_lacks(
    way: Way, case: Case, maker: Maker, places: Places, writing: Writing
) -> None:
    here, unmonitored = maker(places.village), maker(places.village)
    numbered(here)
    way.monitored(way.opened(here))
    elsewhere = maker(places.neighbour_village)
    way.calendar.set(EXPORTED)
    Case.objects.create(
        number="999901-2026-009999", household=elsewhere, village=places.neighbour_village,
        regime="2026", state="monitored", entered_on=EXPORTED, clock_started_on=EXPORTED,
        identified_on=EXPORTED, opened_at="2026-04-30T00:00:00Z", opened_by_label="测试",
    )  # fmt: skip
    strange = {**as_exported(case)[0], "户编号": "404", "姓名": "陌生人", "与户主关系": "户主"}
    known = {**strange, "户编号": unmonitored.household_no, "姓名": unmonitored.head_name}
    made = compared(way.cast.officer, writing([*as_exported(case), strange, known]))
    rows = found(made, "kind", "household_no", "head_name", "own")
    assert ("only_national", "404", "陌生人", "农户档案里没有这一户") in rows
    assert (
        "only_national", unmonitored.household_no, unmonitored.head_name,
        "农户档案里有，没有个案",
    ) in rows  # fmt: skip
    only_here = [row[1] for row in rows if row[0] == "only_here"]
    assert only_here == [here.household_no]


def test_a_column_that_the_export_lacks_is_no_difference(
    way: Way, case: Case, writing: Writing
) -> None:
    way.calendar.set(EXPORTED)
    heads = [head for head in HEADS if "风险" not in head and head != "人数"]
    made = compared(way.cast.officer, writing(as_exported(case), heads=heads))
    assert found(made) == []


def test_a_comparison_done_again_replaces_the_first(way: Way, case: Case, writing: Writing) -> None:
    way.calendar.set(EXPORTED)
    made = compared(way.cast.officer, writing(as_exported(case, 人数=9)))
    operations.compare_export(way.cast.officer, made, quiet)
    assert made.differences.count() == 1


# ---------------------------------------------------------------- rows that cannot be used


def test_bad_rows_are_told_with_file_sheet_row_and_column(
    way: Way, case: Case, writing: Writing
) -> None:
    way.calendar.set(EXPORTED)
    good, other = as_exported(case)
    rows = [good, other, {**other, "户编号": None}, {**other, "识别监测时间": "去年冬天"},
            {**other, "人数": "三口"}, good,
            {**good, "人口编号": "P7", "监测对象类别": "突发严重困难户"}]  # fmt: skip
    made = compared(way.cast.officer, writing(rows))
    told = list(made.problems.values_list("file", "sheet", "row", "column"))
    file, sheet = "监测对象.xlsx", "基础信息"
    assert told == [
        (file, sheet, 5, "户编号"),
        (file, sheet, 6, "识别监测时间"),
        (file, sheet, 7, "人数"),
        (file, sheet, 8, ""),
        (file, sheet, 9, "监测对象类别"),
    ]
    assert all(one.sentence.endswith("。") for one in made.problems.all())


def test_a_file_that_is_no_export_is_told_and_the_others_count(
    way: Way, case: Case, writing: Writing, tmp_path: Path
) -> None:
    way.calendar.set(EXPORTED)
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    other = writing([{"甲": 1}], name="别的表.xlsx", heads=["甲", "乙"])
    made = compared(way.cast.officer, broken, other, writing(as_exported(case)))
    assert made.state == "done" and made.counts["problems"] == 2
    assert {one.file for one in made.problems.all()} == {"坏.xlsx", "别的表.xlsx"}
    alone = compared(way.cast.officer, broken)
    assert alone.state == "failed" and "没有一行" in alone.error


def test_no_number_of_a_person_is_stored_in_the_clear(
    way: Way, case: Case, writing: Writing, data_dir: Path
) -> None:
    way.calendar.set(EXPORTED)
    first, second = as_exported(case)
    second |= {"证件号码": id_number(779), "姓名": f"张{id_number(780)}"}
    rows = [first, second, {**second, "户编号": id_number(781)}]
    made = compared(way.cast.officer, writing(rows))
    stored = str(list(Difference.objects.values())) + str(list(made.problems.values()))
    assert not [n for n in (779, 780, 781) if id_number(n) in stored]
    kept = list((data_dir / "originals").rglob("*.enc"))
    assert kept and all(id_number(779).encode() not in path.read_bytes() for path in kept)


def test_numbers_are_read_without_being_shown(way: Way, case: Case, writing: Writing) -> None:
    export = read_export([(writing(as_exported(case)), "a.xlsx")], rulebook_in_force())
    [household] = export.households.values()
    person = household.people[0]
    assert person.hash is not None and "*" in person.masked
    assert "id_no" not in person.values


# ---------------------------------------------------------------- workbooks to upload


def workbook(actor: Actor, tmp_path: Path, kind: str, **more: Any) -> dict[str, list[list[Any]]]:
    asked = {
        "kind": kind, "start": "2026-01-01", "end": "2026-12-31", "full": False, "reason": "",
        "missing_only": False, **more,
    }  # fmt: skip
    path = tmp_path / "out.xlsx"
    write_export(actor, path, asked, quiet)
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def as_rows(sheet: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


def test_what_was_identified_goes_out_in_national_columns(
    way: Way, case: Case, tmp_path: Path
) -> None:
    book = workbook(way.cast.officer, tmp_path, "identified")
    [row] = as_rows(book["户"])
    assert row["户编号"] == case.household.household_no and row["监测对象类别"] == "边缘易致贫户"
    assert row["识别监测时间"] == f"{case.identified_on:%Y%m}" and row["致贫返贫风险1"] == "因病"
    assert row["工资性收入"] == 12_000 and row["家庭人均纯收入"] == 6_000
    assert row["是否住房出现安全问题"] == "否"
    people = as_rows(book["人口"])
    assert [one["姓名"] for one in people] == [
        m.name for m in case.household.members.order_by("pk")
    ]
    assert all("*" in one["证件号码"] for one in people)
    told = AuditEntry.objects.get(action="exchange.exported")
    assert "1 户" in told.summary and "脱敏" in told.summary


def test_full_numbers_go_out_only_with_a_reason(way: Way, case: Case, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="理由"):
        operations.order_workbook(
            way.cast.officer, "identified", EXPORTED, EXPORTED, full=True, reason="无"
        )
    book = workbook(way.cast.officer, tmp_path, "identified", full=True, reason="录入国家系统")
    numbers = [one["证件号码"] for one in as_rows(book["人口"])]
    assert all(len(number) == 18 and number.isalnum() for number in numbers)
    assert "录入国家系统" in AuditEntry.objects.get(action="exchange.exported").summary


def test_an_exported_workbook_agrees_with_the_cases_it_came_from(
    way: Way, case: Case, tmp_path: Path, writing: Writing
) -> None:
    way.calendar.set(EXPORTED)
    book = workbook(way.cast.officer, tmp_path, "identified", full=True, reason="录入国家系统")
    [row] = as_rows(book["户"])
    shared = {name: value for name, value in row.items() if name in HEADS}
    rows = [{**person, **shared} for person in as_rows(book["人口"])]
    made = compared(way.cast.officer, writing(rows))
    assert found(made) == []


def test_what_was_resolved_goes_out_with_how_it_stood_then(
    way: Way, case: Case, tmp_path: Path
) -> None:
    way.calendar.forward(200)
    way.resolved(case)
    [row] = as_rows(workbook(way.cast.officer, tmp_path, "resolved")["风险消除"])
    assert row["风险消除方式"] == "自然消除" and row["风险是否已消除"] == "是"
    assert row["风险消除后工资性收入"] == 40_000 and row["风险消除后人均纯收入"] == 20_000
    assert row["风险消除后是否饮水出现安全问题"] == "否"
    early = workbook(way.cast.officer, tmp_path, "resolved", end="2026-02-01")
    assert len(early["风险消除"]) == 1


def test_measures_go_out_under_their_national_kinds(way: Way, case: Case, tmp_path: Path) -> None:
    for title, item, state, grows in (
        ("种养生产奖补", "industry.production_award", "done", True),
        ("没有落实的", "industry.production_award", "refused", True),
        ("产业帮扶", "", "under_way", False),
    ):
        Measure.objects.create(
            household=case.household, village=case.village, case=case, item=item, kind="industry",
            title=title, state=state, is_development=grows, starts_on=way.calendar.day,
            created_at="2026-04-10T00:00:00Z", created_by_label="测试",
        )  # fmt: skip
    [row] = as_rows(workbook(way.cast.officer, tmp_path, "measures")["帮扶措施"])
    assert row["产业帮扶"] == "种养生产奖补+产业帮扶"
    assert row["实施开发式帮扶措施情况"] == "已实施" and row["健康帮扶"] is None


def test_only_what_the_national_system_lacks_can_be_asked_for(
    way: Way, case: Case, maker: Maker, places: Places, writing: Writing, tmp_path: Path
) -> None:
    other = maker(places.village)
    numbered(other)
    way.monitored(way.opened(other))
    way.calendar.set(EXPORTED)
    compared(way.cast.officer, writing(as_exported(case)))
    book = workbook(way.cast.officer, tmp_path, "identified", missing_only=True)
    assert [row["户编号"] for row in as_rows(book["户"])] == [other.household_no]


def test_formula_text_does_not_run_in_a_workbook(way: Way, case: Case, tmp_path: Path) -> None:
    Member.objects.filter(household=case.household).update(employer="=1+1")
    [row, _] = as_rows(workbook(way.cast.officer, tmp_path, "identified")["人口"])
    assert row["务工企业名称"] == "\u200b=1+1"


def test_a_column_with_an_unknown_value_is_refused(tmp_path: Path) -> None:
    check_values(contract().exports, known_values())
    text = (contract.__wrapped__.__globals__["PATH"]).read_text(encoding="utf-8")
    changed = tmp_path / "exchange.yaml"
    changed.write_text(text.replace("value: head_name", "value: nothing"), encoding="utf-8")
    with pytest.raises(BadContract, match="nothing"):
        check_values(contract(changed).exports, known_values())


# ---------------------------------------------------------------- people and pages


def test_only_the_county_officer_compares_and_exports(cast: Cast, writing: Writing) -> None:
    path = writing([])
    for actor in (cast.clerk, cast.leader, cast.approver):
        with pytest.raises(NotAllowed):
            operations.receive_export(actor, [(path, path.name)], EXPORTED)
        with pytest.raises(NotAllowed):
            operations.order_workbook(actor, "identified", EXPORTED, EXPORTED)


def test_each_sees_the_differences_of_the_own_place(
    way: Way, case: Case, writing: Writing, four_people: Callable[..., FourPeople]
) -> None:
    way.calendar.set(EXPORTED)
    made = compared(way.cast.officer, writing(as_exported(case, 人数=9)))
    town = four_people("town_clerk")
    page = made.get_absolute_url()
    assert case.household.household_no in town.client("owner").get(page).content.decode()
    other = town.client("neighbour").get(page)
    assert other.status_code == 200
    assert case.household.household_no not in other.content.decode()
    problems = reverse("exchange:problems", args=[made.uuid])
    assert town.statuses(problems) == {
        "owner": 403, "neighbour": 403, "department": 403, "nobody": 302,
    }  # fmt: skip
    county = four_people("county_officer")
    wanted = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    assert county.statuses(page) == wanted
    assert county.statuses(problems) == wanted
    assert county.statuses(reverse("exchange:again", args=[made.uuid]), "post") == {
        "owner": 409, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    overview = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
    assert county.statuses(reverse("exchange:overview")) == overview
    assert county.statuses(reverse("exchange:workbook")) == overview


def test_the_whole_way_over_the_pages(
    way: Way, case: Case, writing: Writing, four_people: Callable[..., FourPeople]
) -> None:
    way.calendar.set(EXPORTED)
    client = four_people("county_officer").client("owner")
    url = reverse("exchange:overview")
    bad = client.post(url, {"export_date": "2030-01-01"})
    assert "请上传工作簿" in bad.content.decode()
    path = writing(as_exported(case, 人数=9))
    sent = client.post(
        url,
        {"files": SimpleUploadedFile(path.name, path.read_bytes()), "export_date": "2026-04-30"},
    )
    made = Comparison.objects.get()
    assert sent["Location"] == made.get_absolute_url()
    page = client.get(made.get_absolute_url(), {"kind": "household"}).content.decode()
    assert "人数" in page and case.number in page
    sheet = client.get(made.get_absolute_url(), {"export": "xlsx"})
    content = b"".join(sheet.streaming_content)
    cells = [c.value for row in openpyxl.load_workbook(io.BytesIO(content)).active for c in row]
    assert "国家系统" in cells and case.household.household_no in cells
    form = {"kind": "identified", "start": "2026-04-01", "end": "2026-04-30"}
    refused = client.post(reverse("exchange:workbook"), {**form, "full": "on"})
    assert refused.status_code == 400 and "理由" in refused.content.decode()
    ordered = client.post(reverse("exchange:workbook"), form)
    assert ordered.status_code == 302
    export = Export.objects.get()
    actor = four_people_actor(export)
    _, handle = export_files.opened(actor, export.uuid)
    assert openpyxl.load_workbook(handle).sheetnames == ["户", "人口"]


def four_people_actor(export: Export) -> Actor:
    return export_files.asker(export)
