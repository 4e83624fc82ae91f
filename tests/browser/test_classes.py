"""The classes in the browser: each of the three of 2021 and the sides of 2026, from the check that
the facts come from over proposal, notice and approval to the file. What lies between is done by
operations; everybody comes in once."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .test_casework import (
    PASSING,
    Office,
    asked,
    decide,
    hang,
    office,  # noqa: F401 - a fixture
    open_case,
    take,
    today,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

COMMON = """
import sys, django; django.setup()
from datetime import datetime, timezone
from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account
from shouwang.cases import operations
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import system_actor
village = actor_for(Account.objects.get(username=sys.argv[1]), clock.today())
program = system_actor("测试")
def step(number, action, **given):
    case = Case.objects.get(number=number)
    return operations.take_step(program, case, action, version=case.version, **given)
"""
PREPARING = (
    COMMON
    + """
from shouwang.registry.models import Household
place = Account.objects.get(username=sys.argv[1]).division.path
day = datetime.fromisoformat(sys.argv[2]).replace(tzinfo=timezone.utc)
free = Household.objects.filter(
    village__path__startswith=place, absent_since=None, cases=None, registered_clues=None,
    members__labour="普通劳动力", household_size__gte=2,
).distinct().order_by("household_no")
for poor in sys.argv[3:]:
    home = next(one for one in free.all()
                if one.household_type and (one.household_type == "脱贫户") == (poor == "poor"))
    with clock.telling(day):
        clue = operations.register_clue(
            village, channel="cadre_visit", village=home.village, household=home,
            risks=["illness"], text="住院花费大", received_on=clock.today())
        case = operations.open_case(village, clues=[clue])
        operations.record_application(village, case, applied_on=clock.today(),
            applicant_name=home.head_name, signed_on=clock.today())
        step(case.number, "accept_application")
        for request in operations.request_comparison(program, Case.objects.get(pk=case.pk)):
            operations.answer_comparison(program, request, findings=[], version=request.version)
    print(case.number)
"""
)
TO_NOTICE = (
    COMMON
    + """
number = sys.argv[2]
step(number, "finish_check")
operations.record_appraisal(
    program, Case.objects.get(number=number), held_on=clock.today(), meeting="representatives",
    entitled=24, present=20, votes_for=20, host="村支书", recorder="村文书", place="村委会",
    participants=["甲", "乙"], minutes="同意")
step(number, "pass_appraisal")
"""
)
TO_APPROVAL = (
    COMMON
    + """
number = sys.argv[2]
step(number, "end_notice")
step(number, "pass_review", note="材料齐全")
"""
)
TO_FILING = (
    COMMON
    + """
number = sys.argv[2]
operations.publish_notice(program, [Case.objects.get(number=number)], kind="announcement")
step(number, "end_announcement")
"""
)


def proposed(page: Page, number: str, words: list[str]) -> None:
    """The class that the facts speak for, with its reasons."""
    page.goto(f"/cases/{number}/class/")
    page.get_by_role("button", name="生成类别建议").click()
    expect(page.locator(".messages")).to_contain_text("已生成类别建议")
    open_case(page, number)
    for each in words:
        expect(page.locator(".explanation").first).to_contain_text(each)


def whole_way(
    office: Office,  # noqa: F811
    site: Site,
    number: str,
    label: str,
    names: tuple[str, ...],
) -> None:
    """From the proposal to the file: decide, hang, approve, file."""
    worker = site.accounts["village_worker"]["username"]
    village, county = office("village_worker"), office("county_leader")
    decide(village, number, names=names)
    asked(site, TO_NOTICE, worker, number)
    open_case(village, number)
    village.get_by_role("link", name="张贴公示", exact=True).click()
    expect(village.locator(".poster")).to_contain_text(label)
    hang(village, number, "张贴公示")
    asked(site, PASSING, number)
    asked(site, TO_APPROVAL, worker, number)
    take(county, number, "审定同意", note="同意")
    asked(site, TO_FILING, worker, number)
    clerk = office("town_clerk")
    take(clerk, number, "录入建档", date=today())
    expect(clerk.locator(".page-state")).to_contain_text("帮扶中")
    expect(clerk.locator(".case-head")).to_contain_text(label)


CLASSES = (
    ("poor", "12000", "0", "脱贫不稳定户", ["不高于监测范围线", "登记为脱贫户"]),
    ("other", "12000", "0", "边缘易致贫户", ["不高于监测范围线", "登记不是脱贫户"]),
    ("other", "300000", "200000", "突发严重困难户", ["高于监测范围线", "达到预警线"]),
)


def test_each_class_of_2021_is_proposed_from_the_facts_and_goes_its_way(
    office: Office,  # noqa: F811
    site: Site,
) -> None:
    worker = site.accounts["village_worker"]["username"]
    numbers = asked(site, PREPARING, worker, "2025-11-20T03:00", *(row[0] for row in CLASSES))
    village = office("village_worker")
    for number, (_, wages, self_paid, label, words) in zip(numbers, CLASSES, strict=True):
        visit(village, number, wages=wages, self_paid=self_paid)
        proposed(village, number, [f"建议认定为{label}", *words])
        whole_way(office, site, number, label, ("class",))


def test_the_sides_of_2026_are_proposed_and_decided_one_by_one(
    office: Office,  # noqa: F811
    site: Site,
) -> None:
    worker = site.accounts["village_worker"]["username"]
    day = f"{today()}T00:30"
    number = asked(site, PREPARING, worker, day, "other")[0]
    village = office("village_worker")
    visit(village, number)
    proposed(village, number, ["建议认定为", "困难程度", "劳动能力"])
    village.goto(f"/cases/{number}/class/")
    chosen = [
        village.locator(f"input[name={name}]:checked") for name in ("difficulty", "type", "labour")
    ]
    for each in chosen:
        expect(each).to_have_count(1)
    labels = [
        (village.locator(f"label[for={each.get_attribute('id')}]").first.inner_text()).strip()
        for each in chosen
    ]
    whole_way(office, site, number, labels[0], ("difficulty", "type", "labour"))


def test_the_map_draws_the_villages_and_its_table_leads_to_a_list(
    office: Office,  # noqa: F811
) -> None:
    county = office("county_leader")
    county.goto("/cases/map/")
    expect(county.locator("#village-map canvas")).to_be_visible(timeout=15_000)
    cell = county.locator("td[data-label=在办和监测中] a").first
    count = cell.inner_text()
    cell.click()
    expect(county.locator("main")).to_contain_text(f"共 {count} 户")
