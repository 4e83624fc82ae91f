"""Every way in: one register, one clock, households found, repeated matters recognised."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from shouwang.cases import operations, queries
from shouwang.cases.deadlines import due
from shouwang.cases.models import Case, RegisteredClue
from shouwang.cases.regimes import regime_on
from shouwang.cases.secrets import CLUE_CONTACT, opened, reporter
from shouwang.cases.states import Channel
from shouwang.core import clock, crypto
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.registry.models import Household, Member
from shouwang.screening.models import Clue, Hit, Run
from tests.cases.conftest import Cast, Maker, Way, actor_at
from tests.four_people import Places

ID_NO = "110101199003077598"


def test_the_clock_starts_with_the_first_clue_of_the_household(
    way: Way, household: Household
) -> None:
    way.clue(household, received_on=date(2026, 3, 25))
    later = way.clue(household, risks=["education"])
    case = operations.open_case(way.cast.village, clues=[later])
    assert case.clock_started_on == date(2026, 3, 25)
    assert case.deadline_on == date(2026, 4, 9)
    assert RegisteredClue.objects.filter(case=case, state="attached").count() == 2
    assert {risk.key for risk in case.risks.all()} == {"illness", "education"}


def test_a_repeated_matter_is_recognised_and_another_one_is_not(
    way: Way, household: Household
) -> None:
    first = way.clue(household)
    assert way.clue(household).duplicate_of == first
    assert way.clue(household, risks=["water"]).duplicate_of is None


def test_an_unknown_household_is_found_by_name_or_contact(
    way: Way, household: Household, places: Places
) -> None:
    given = {
        "channel": Channel.SUPERVISION, "village": places.village, "received_on": clock.today(),
        "text": "反映困难，电话13800000001",
    }  # fmt: skip
    first = operations.register_clue(
        way.cast.clerk, subject_name="某人", contact="13800000001", **given
    )
    second = operations.register_clue(
        way.cast.clerk, subject_name="另一写法", contact="13800000001", **given
    )
    assert second.duplicate_of == first
    assert "13800000001" not in first.text
    assert opened(CLUE_CONTACT, first.contact_enc) == "13800000001"
    with pytest.raises(DomainError, match="哪一户"):
        operations.open_case(way.cast.clerk, clues=[first])
    found = operations.find_household(way.cast.clerk, first, household=household, version=1)
    assert operations.open_case(way.cast.clerk, clues=[found]).household == household


def test_a_neighbours_household_cannot_be_named(way: Way, maker: Maker, places: Places) -> None:
    clue = operations.register_clue(
        way.cast.clerk, channel=Channel.SELF_REPORT, village=places.village, subject_name="某人",
        received_on=clock.today(),
    )  # fmt: skip
    with pytest.raises(NotFound):
        operations.find_household(
            way.cast.clerk, clue, household=maker(places.neighbour_village), version=1
        )


def test_who_reported_is_sealed(way: Way, household: Household) -> None:
    clue = way.clue(household, reporter={"name": "报告人", "phone": "13900000002"}, on_behalf=True)
    clue.refresh_from_db()
    assert "报告人".encode() not in bytes(clue.reporter_enc)
    assert reporter(clue.reporter_enc) == {"name": "报告人", "phone": "13900000002"}


def test_a_household_has_one_open_case(way: Way, household: Household) -> None:
    case = way.opened(household)
    with pytest.raises(Conflict, match=case.number):
        operations.open_case(way.cast.village, household=household)
    late = way.clue(household, risks=["water"])
    assert queries.open_case_of(late) == case
    operations.attach_clue(way.cast.village, late, case=case, version=late.version)
    late.refresh_from_db()
    assert (late.state, late.case_id) == ("attached", case.pk)


def test_a_clue_is_closed_with_a_conclusion_and_can_be_verified_again(
    way: Way, household: Household
) -> None:
    clue = way.clue(household)
    with pytest.raises(DomainError, match="理由"):
        operations.close_clue(
            way.cast.clerk, clue, conclusion="no_risk", note="", version=clue.version
        )
    clue = operations.close_clue(
        way.cast.clerk, clue, conclusion="no_risk", note="收入稳定", version=clue.version
    )
    assert (clue.state, clue.due_on) == ("closed", None)
    with pytest.raises(Conflict, match="乡镇干事"):
        operations.close_clue(way.cast.village, clue, conclusion="data_error", note="错", version=1)
    clue = operations.reopen_clue(way.cast.clerk, clue, reason="再次反映", version=clue.version)
    assert (clue.state, clue.conclusion) == ("received", "")


def run_on(as_of: date, number: int = 1) -> Run:
    return Run.objects.create(
        as_of=as_of, number=number, county="999901", registry_key="k", rulebook_version="v",
        started_at=clock.now(), finished_at=clock.now(), started_by_label="x", hits_digest="",
    )  # fmt: skip


def found(run: Run, household: Household, **more: object) -> Clue:
    values = {
        "kind": "clue", "severity": 2, "priority": 2, "rule_id": "medical.x",
        "first_seen": run.as_of, "last_seen": run.as_of, **more,
    }  # fmt: skip
    clue, _ = Clue.objects.update_or_create(
        household=household, risk=values.pop("risk", "illness"), village=household.village,
        defaults=values,
    )  # fmt: skip
    Hit.objects.create(
        run=run, clue=clue, rule_id="medical.x", risk=clue.risk, kind="clue",
        severity=clue.severity, level="household", village=household.village, household=household,
        value="1",
    )  # fmt: skip
    return clue


def test_what_a_screening_found_comes_in_once(cast: Cast, maker: Maker, places: Places) -> None:
    run = run_on(date(2026, 3, 31))
    for _ in range(3):
        found(run, maker(places.village))
    found(run, maker(places.village), triage="known", triage_note="已知")
    found(run, maker(places.village), kind="explain")
    found(run, maker(places.village), priority=3)
    first = operations.pull_screening_clues(cast.officer, run.as_of)
    assert (first.new, first.again) == (3, 0)
    assert operations.pull_screening_clues(cast.officer, run.as_of) == operations.Pulled()
    clue = RegisteredClue.objects.first()
    assert (clue.channel, clue.risks, clue.due_on) == ("platform", ["illness"], date(2026, 4, 4))


def test_a_later_screening_counts_and_opens_again_what_became_worse(
    cast: Cast, maker: Maker, places: Places
) -> None:
    run = run_on(date(2026, 2, 28))
    same, worse = maker(places.village), maker(places.village)
    for household in (same, worse):
        found(run, household)
    operations.pull_screening_clues(cast.officer, run.as_of)
    for clue in RegisteredClue.objects.all():
        operations.close_clue(
            cast.clerk, clue, conclusion="no_risk", note="核实无风险", version=clue.version
        )
    run = run_on(date(2026, 3, 31))
    found(run, same)
    found(run, worse, severity=3)
    outcome = operations.pull_screening_clues(cast.officer, run.as_of)
    assert (outcome.new, outcome.again, outcome.reopened) == (0, 2, 1)
    assert RegisteredClue.objects.get(household=worse).state == "received"
    kept = RegisteredClue.objects.get(household=same)
    assert (kept.state, kept.times) == ("closed", 2)


def test_a_clue_that_is_opened_again_has_the_limit_of_its_own_county(
    cast: Cast, maker: Maker, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    household, today = maker(places.village), date(2026, 4, 1)
    run = run_on(date(2026, 2, 28))
    found(run, household)
    operations.pull_screening_clues(cast.officer, run.as_of)
    clue = RegisteredClue.objects.get()
    operations.close_clue(
        cast.clerk, clue, conclusion="no_risk", note="核实无风险", version=clue.version
    )
    rules = regime_on(today)
    national = rules.limit("clue", today, "")
    assert national is not None
    own = replace(national, days=national.days + 7, region=places.county.code[:6])
    monkeypatch.setitem(vars(rules), "limits", (*rules.limits, own))
    run = run_on(date(2026, 3, 31))
    found(run, household, severity=3)
    assert operations.pull_screening_clues(cast.officer, run.as_of).reopened == 1
    clue.refresh_from_db()
    assert clue.due_on == due(rules.key, "clue", today, own.region)
    assert clue.due_on != due(rules.key, "clue", today, "")


def test_a_clue_of_a_household_in_work_is_laid_into_its_case(
    way: Way, maker: Maker, places: Places
) -> None:
    run = run_on(date(2026, 3, 31))
    household = maker(places.village)
    case = way.opened(household)
    found(run, household, risk="water")
    assert operations.pull_screening_clues(way.cast.officer, run.as_of).attached == 1
    assert RegisteredClue.objects.get(channel="platform").case == case


def sheet(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["救助平台受理清单"])
    page.append(["受理编号", "申请人", "身份证号", "手机号", "所在村", "申请事由", "申请日期"])
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_a_list_of_the_rescue_platform_comes_in_row_by_row(
    cast: Cast, maker: Maker, places: Places, tmp_path: Path
) -> None:
    household = maker(places.village)
    member = Member.objects.filter(household=household).first()
    member.id_hash = crypto.provider().digest(ID_NO)
    member.save()
    path = sheet(
        tmp_path / "清单.xlsx",
        [
            ["R1", member.name, ID_NO, "13800000001", "柳湾村", "住院自付大", date(2026, 3, 30)],
            ["R2", "外人", "", "", "石桥村", "房屋漏雨", "2026/03/29"],
            ["R3", "某人", "", "", "没有的村", "失业", "2026-03-29"],
            ["R4", "某人", "", "", "柳湾村", "失业", "三月"],
            ["R5", "", "", "", "柳湾村", "失业", "2026-03-29"],
            ["R6", "某人", "", "", "竹园村", "失业", "2026-03-29"],
        ],
    )  # fmt: skip
    file = operations.import_rescue_file(cast.clerk, path, name="清单.xlsx")
    assert (file.accepted, file.known) == (2, 0)
    places_of = [(each["row"], each["column"]) for each in file.rejects]
    assert places_of == [(5, "行政村"), (6, "申请日期"), (7, "姓名"), (8, "行政村")]
    clue = RegisteredClue.objects.get(outside_no="R1")
    assert (clue.household, clue.risks, clue.source_row) == (household, ["illness"], 3)
    assert ID_NO not in str(RegisteredClue.objects.filter(outside_no="R1").values())
    with pytest.raises(Conflict, match="已经导入过"):
        operations.import_rescue_file(cast.clerk, path, name="清单.xlsx")
    again = sheet(tmp_path / "again.xlsx", [["R1", "x", "", "", "柳湾村", "病", "2026-03-30"]])
    assert operations.import_rescue_file(cast.clerk, again, name="again.xlsx").known == 1


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_said_so(cast: Cast, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(DomainError, match=r"另存为|重新导出|缺少栏目"):
        operations.import_rescue_file(cast.clerk, path, name="x.xlsx")


def test_what_the_registry_marks_already_gets_its_case_once(
    cast: Cast, maker: Maker, places: Places
) -> None:
    month = date(2025, 6, 1)
    marked = {"monitor_class": "边缘易致贫户", "identified_month": month, "risk1": "因病"}
    maker(places.village, **marked)
    maker(
        places.village, **marked, eliminated="是", eliminated_month=date(2026, 1, 1),
        elimination_way="帮扶消除",
    )  # fmt: skip
    maker(places.village)
    assert operations.adopt_from_registry(cast.approver) == 2
    assert operations.adopt_from_registry(cast.approver) == 0
    monitored, resolved = Case.objects.order_by("pk")
    assert (monitored.state, monitored.regime, monitored.class_label) == (
        "monitored", "2021", "边缘易致贫户",
    )  # fmt: skip
    assert [risk.key for risk in monitored.risks.all()] == ["illness"]
    assert (resolved.state, resolved.resolution_way, resolved.is_open) == (
        "resolved", "helped", False,
    )  # fmt: skip
    assert queries.long_monitored(cast.officer, 9).get() == monitored
    assert not queries.long_monitored(cast.officer, 12).exists()


def test_a_clue_without_the_right_is_not_registered(cast: Cast, places: Places) -> None:
    given = {
        "channel": Channel.SELF_REPORT, "village": places.village, "subject_name": "某人",
        "received_on": clock.today(),
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        operations.register_clue(cast.approver, **given)
    stranger = actor_at("邻镇", "town_clerk", places.neighbour_town)
    with pytest.raises(NotFound):
        operations.register_clue(stranger, **given)
    with pytest.raises(DomainError, match="不能晚于今天"):
        operations.register_clue(
            cast.clerk, **{**given, "received_on": clock.today() + timedelta(days=1)}
        )
