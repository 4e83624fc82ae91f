"""The household check and the comparison: income, people, lists, what departments found."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.cases import income, operations
from shouwang.cases.answer_sheet import COLUMNS, column_letter
from shouwang.cases.checklists import checklists
from shouwang.cases.models import AssetHit, Case, ComparisonRequest, RegisteredClue
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.registry.models import Household
from tests.cases.conftest import Way

money = st.decimals(min_value=0, max_value=10**8, places=2)
AMOUNTS = st.fixed_dictionaries({item.key: money for item in income.items()})


@given(amounts=AMOUNTS, size=st.integers(1, 20))
def test_income_per_person_is_the_formula_of_the_form(
    amounts: dict[str, Decimal], size: int
) -> None:
    result = income.per_person(amounts, size)
    counted = [item for item in income.items() if item.sign == "+"]
    net = sum(amounts[item.key] for item in counted) - amounts["business_expense"]
    assert result.net == net
    assert abs(result.per_person * size - net) <= Decimal("0.01") * size


@given(amounts=AMOUNTS, missing=st.sampled_from([i.key for i in income.items() if i.sign != "0"]))
def test_a_line_that_nobody_asked_leaves_the_income_open(
    amounts: dict[str, Decimal], missing: str
) -> None:
    result = income.per_person({**amounts, missing: None}, 3)
    assert (result.per_person, len(result.missing)) == (None, 1)


def test_compensation_and_self_paid_costs_are_noted_beside() -> None:
    zero = {item.key: Decimal(0) for item in income.items()}
    beside = {**zero, "claim_income": Decimal(5000), "self_paid": Decimal(9000)}
    assert income.per_person(beside, 2).per_person == 0


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2021, 6, 15), date(2020, 6, 1), date(2021, 5, 31)),
        (date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 3, 31), date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_the_income_is_that_of_the_twelve_full_months_before(
    day: date, first: date, last: date
) -> None:
    assert income.period(day) == (first, last)


@pytest.fixture
def checking(way: Way, household: Household) -> Case:
    case = way.opened(household)
    way.consent(case)
    return way.step(way.cast.village, case, "accept_application")


def test_a_check_needs_two_people_and_every_line(way: Way, checking: Case) -> None:
    with pytest.raises(DomainError, match="至少 2 人"):
        way.check(checking, checkers=[{"name": "甲"}, {"name": "甲"}])
    draft = operations.start_check(way.cast.village, kind="identification", case=checking)
    draft = operations.save_check(
        way.cast.village, draft, version=draft.version, checkers=[{"name": "甲"}, {"name": "乙"}],
        income={"wage_income": None},
    )  # fmt: skip
    with pytest.raises(DomainError, match="没有填完"):
        operations.submit_check(way.cast.village, draft, version=draft.version)


def test_a_draft_begins_with_what_is_known(way: Way, checking: Case) -> None:
    draft = operations.start_check(way.cast.village, kind="identification", case=checking)
    assert (draft.size, draft.housing_ok, draft.water_ok) == (2, True, True)
    assert draft.medical_ok is None
    assert [each["key"] for each in draft.risks] == ["illness"]
    assert operations.start_check(way.cast.village, kind="identification", case=checking) == draft


def test_of_two_who_fill_in_a_form_the_second_is_told(way: Way, checking: Case) -> None:
    draft = operations.start_check(way.cast.village, kind="identification", case=checking)
    operations.save_check(way.cast.clerk, draft, version=draft.version, note="先到")
    with pytest.raises(Conflict, match="乡镇干事刚保存过"):
        operations.save_check(way.cast.village, draft, version=draft.version, note="后到")


def test_risks_are_five_at_most_and_become_those_of_the_case(way: Way, checking: Case) -> None:
    with pytest.raises(DomainError, match="最多登记 5 项"):
        way.check(
            checking, risks=["illness", "education", "disability", "housing", "water", "other"]
        )
    way.check(checking, risks=[{"key": "education", "note": "三人上学"}, "illness"])
    assert [(each.position, each.key, each.note) for each in checking.risks.all()] == [
        (1, "education", "三人上学"), (2, "illness", ""),
    ]  # fmt: skip


def test_a_failing_answer_raises_a_clue_once(way: Way, checking: Case) -> None:
    asked = {"six_looks_six_checks": {"look_house": "有隐患", "look_water": "有保障",
                                      "check_illness": "是"}}  # fmt: skip
    check = way.check(checking, answers=asked)
    failing = check.answers.filter(is_failing=True)
    assert {each.item for each in failing} == {"look_house", "check_illness"}
    raised = RegisteredClue.objects.filter(state="received")
    assert [(clue.channel, clue.risks) for clue in raised] == [("cadre_visit", ["housing"])]


def test_a_county_changes_a_list_and_old_answers_keep_their_questions(
    way: Way, checking: Case
) -> None:
    asked = {"eight_looks": {"house": "否"}}
    check = way.check(checking, answers=asked)
    old = checklists()["eight_looks"]
    items = [{"key": "house", "text": "住房好不好", "type": "choice", "choices": ["好", "不好"],
              "fails": "不好", "risk": "housing"}]  # fmt: skip
    made = operations.save_checklist(
        way.cast.officer, key="eight_looks", title="八看", items=items, version=old.version
    )
    assert (made.version, checklists()["eight_looks"].questions[0].text) == (1, "住房好不好")
    assert check.answers.get().text == "看住房是否安全"
    with pytest.raises(Conflict):
        operations.save_checklist(
            way.cast.officer, key="eight_looks", title="八看", items=items, version=old.version
        )
    with pytest.raises(NotAllowed):
        operations.save_checklist(way.cast.clerk, key="eight_looks", title="八看", items=items)


def test_departments_are_asked_only_on_a_signed_consent(way: Way, household: Household) -> None:
    case = way.opened(household)
    with pytest.raises(DomainError, match="签署授权"):
        operations.request_comparison(way.cast.officer, case)


def test_a_hit_is_explained_and_judged_and_excludes_nobody_by_itself(
    way: Way, checking: Case
) -> None:
    way.check(checking)
    member = checking.household.members.first()
    car = operations.Finding(member.pk, "vehicle", "小型面包车")
    way.compare(checking, {"公安交警车辆管理所": [car]})
    operations.propose_class(way.cast.village, checking)
    with pytest.raises(DomainError, match="1 条资产线索还没有核定"):
        way.step(way.cast.village, checking, "finish_check")
    hit = AssetHit.objects.get()
    with pytest.raises(DomainError, match="说明"):
        operations.judge_hit(
            way.cast.clerk, hit, conclusion="no_effect", explanation=" ", version=hit.version
        )
    with pytest.raises(DomainError, match="理由"):
        operations.judge_hit(
            way.cast.clerk, hit, conclusion="excludes", explanation="自用", version=hit.version
        )
    operations.judge_hit(
        way.cast.clerk, hit, conclusion="explained", explanation="拉货谋生", version=hit.version
    )
    assert way.step(way.cast.village, checking, "finish_check").state == "appraisal"


def test_a_department_sees_and_answers_only_its_own(way: Way, checking: Case) -> None:
    operations.request_comparison(way.cast.officer, checking)
    own, other = way.cast.departments["民政局"], way.cast.departments["自然资源局"]
    request = ComparisonRequest.objects.get(department="民政局")
    assert ComparisonRequest.objects.visible_to(own).get() == request
    with pytest.raises(NotFound):
        operations.answer_comparison(other, request, version=request.version)
    with pytest.raises(DomainError, match="比对项目"):
        operations.answer_comparison(
            own, request, findings=[operations.Finding(None, "vehicle")], version=request.version
        )
    operations.answer_comparison(own, request, version=request.version)
    with pytest.raises(Conflict, match="民政局联络员"):
        operations.answer_comparison(own, request, version=request.version)


def test_an_answer_that_is_not_needed_is_waived_with_a_reason(way: Way, checking: Case) -> None:
    operations.request_comparison(way.cast.officer, checking)
    request = ComparisonRequest.objects.get(department="民政局")
    with pytest.raises(NotAllowed):
        operations.waive_comparison(
            way.cast.departments["民政局"], request, reason="低保户", version=request.version
        )
    done = operations.waive_comparison(
        way.cast.officer, request, reason="低保户已由民政核对", version=request.version
    )
    assert done.state == "waived"


def test_answers_come_as_a_file_and_a_bad_row_leaves_its_own_case_open(
    way: Way, checking: Case, maker: object, tmp_path: Path
) -> None:
    other = way.opened(maker(checking.village))  # type: ignore[operator]
    way.consent(other)
    for case in (checking, other):
        operations.request_comparison(way.cast.officer, case)
    person = checking.household.members.first()
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    book.active.append([checking.number, person.person_no, person.name, "车辆", "有", "面包车"])
    book.active.append([other.number, "", "", "车辆", "不清楚", ""])
    book.active.append(["999901-2020-1", "", "", "车辆", "无", ""])
    path = tmp_path / "答复.xlsx"
    book.save(path)
    name = "公安交警车辆管理所"
    done = operations.import_answers(
        way.cast.departments[name], path, department=name, name="答复.xlsx"
    )
    assert (done.answered, done.found) == (1, 1)
    assert [(each.row, each.column) for each in done.rejects] == [(3, "有无记录"), (4, "个案编号")]
    assert AssetHit.objects.get().member == person
    states = dict(ComparisonRequest.objects.filter(department=name).values_list("case", "state"))
    assert states == {checking.pk: "answered", other.pk: "open"}


def test_every_wrong_cell_of_a_file_of_answers_is_named_with_its_place(
    way: Way, checking: Case, tmp_path: Path
) -> None:
    operations.request_comparison(way.cast.officer, checking)
    book = openpyxl.Workbook()
    book.active.title = "交警"
    book.active.append(list(COLUMNS))
    for person, item, found in (
        ("000001", "车辆", "有"), ("000002", "车辆", "有"), ("000003", "飞机", "也许"),
    ):  # fmt: skip
        book.active.append([checking.number, person, "", item, found, ""])
    book.save(tmp_path / "答复.xlsx")
    name = "公安交警车辆管理所"
    done = operations.import_answers(
        way.cast.departments[name], tmp_path / "答复.xlsx", department=name, name="答复.xlsx"
    )
    assert done.answered == 0
    assert [(one.sheet, one.row, one.letter, one.column) for one in done.rejects] == [
        ("交警", 2, "B", "人编号"), ("交警", 3, "B", "人编号"),
        ("交警", 4, "D", "比对项目"), ("交警", 4, "E", "有无记录"),
    ]  # fmt: skip
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == [
        "A", "Z", "AA", "ZZ", "AAA",
    ]  # fmt: skip


def test_a_feed_that_never_came_answers_nothing(way: Way, checking: Case) -> None:
    operations.request_comparison(way.cast.officer, checking)
    fed = ComparisonRequest.objects.get(department="自然资源局")
    assert operations.can_answer_from_feeds(fed)
    assert not operations.can_answer_from_feeds(ComparisonRequest.objects.get(department="民政局"))
    with pytest.raises(DomainError, match="没有接收过"):
        operations.answer_from_feeds(way.cast.officer, fed, version=fed.version)
