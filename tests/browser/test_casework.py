"""Casework in the browser, by the real roles: a household's whole way in, the green way, a refusal,
an objection, many approved at once, a resolution taken back."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

PASSING = """
import sys, django; django.setup()
from datetime import timedelta
from shouwang.cases.models import Notice
from shouwang.core.clock import today
gone = timedelta(days=8)
for notice in Notice.objects.filter(entries__case__number=sys.argv[1], kind="publicity"):
    notice.published_on, notice.last_day = today() - gone, today() - timedelta(days=1)
    notice.save()
"""
FINDING = """
import sys, django; django.setup()
from shouwang.accounts.models import Account
from shouwang.cases.models import Case, RegisteredClue
from shouwang.registry.models import Household
place = Account.objects.get(username=sys.argv[1]).division.path
inside = {"village__path__startswith": place}
state = sys.argv[2]
if state == "free":
    taken = Case.objects.values("household")
    told = RegisteredClue.objects.exclude(household=None).values("household")
    free = Household.objects.filter(**inside, absent_since=None, members__labour="普通劳动力")
    found = free.exclude(pk__in=taken).exclude(pk__in=told).distinct().order_by("pk")
    print("\\n".join(found.values_list("household_no", flat=True)[:5]))
else:
    cases = Case.objects.filter(**inside, state=state, origin="worked").order_by("pk")
    print("\\n".join(cases.values_list("number", flat=True)))
"""


def today() -> str:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def asked(site: Site, script: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=site.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


class Office:
    """Who works on a case; each comes in once and keeps the page."""

    def __init__(self, enter: Callable[..., Page]) -> None:
        self._enter = enter
        self._pages: dict[str, Page] = {}

    def __call__(self, role: str) -> Page:
        if role not in self._pages:
            self._pages[role] = self._enter(role)
        return self._pages[role]


@pytest.fixture
def office(enter: Callable[..., Page]) -> Office:
    return Office(enter)


@pytest.fixture(scope="module")
def free(site: Site) -> list[str]:
    """Households of the village worker's village about whom nobody has said anything."""
    return asked(site, FINDING, site.accounts["village_worker"]["username"], "free")


def yes(page: Page) -> None:
    """Answer the question that a serious button asks."""
    page.locator("dialog[open]").get_by_role("button", name="确定").click()


def open_case(page: Page, number: str, tab: str = "") -> None:
    page.goto(f"/cases/{number}/{f'?tab={tab}' if tab else ''}")


def take(page: Page, number: str, label: str, *, asks: bool = False, **fields: str) -> None:
    """Press a step of the case and fill in what it asks for."""
    open_case(page, number)
    page.locator(".offers").get_by_role("link", name=label, exact=True).click()
    for name, value in fields.items():
        one = page.locator(f"form.form [name={name}]")
        if one.first.get_attribute("type") == "radio":
            page.locator(f"form.form [name={name}][value={value}]").check()
        else:
            one.fill(value)
    page.locator("form.form").get_by_role("button", name=label, exact=True).click()
    if asks:
        yes(page)
    expect(page.locator(".messages")).to_contain_text(f"已办理“{label}”")


def register(page: Page, household: str, *, risk: str = "illness", emergency: str = "") -> str:
    """A clue by the form, and the case that it becomes; returns the number of the case."""
    page.goto("/cases/clues/new/")
    page.fill("#household-q", household)
    option = page.locator(f".picker-option:has(input[value='{household}'])")
    option.click()
    expect(page.locator("#known")).to_contain_text("没有在办的线索和个案")
    page.locator(f"input[name=risks][value={risk}]").check()
    page.fill("textarea[name=text]", "户主住院一个多月，家里没有别的收入。")
    if emergency:
        page.locator(f"input[name=emergency][value={emergency}]").check()
    page.locator(".form-foot").get_by_role("button", name="登记线索").click()
    expect(page.locator(".messages")).to_contain_text("已登记")
    page.get_by_role("button", name="建立个案，启动识别").click()
    expect(page.locator(".messages")).to_contain_text("已建立个案")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def sign(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/application/")
    page.fill("input[name=applied_on]", today())
    page.fill("input[name=signed_on]", today())
    page.get_by_role("button", name="保存申请和授权").click()
    expect(page.locator(".messages")).to_contain_text("申请和授权已登记")


def visit(
    page: Page,
    number: str,
    *,
    wages: str = "12000",
    risk: str = "illness",
    self_paid: str = "",
) -> None:
    """Fill in the form at home, see the result, look it over, submit."""
    open_case(page, number)
    page.get_by_role("link", name="填写入户核查表").click()
    page.get_by_role("button", name="开始填写").click()
    page.fill("input[name=visited_on]", today())
    for place, name in enumerate(("村网格员", "驻村队员")):
        page.fill(f"input[name=checker_{place}]", name)
    page.fill("input[name=income_wage_income]", wages)
    if self_paid:
        page.fill("input[name=income_self_paid]", self_paid)
    page.get_by_role("button", name="其余没有的都填 0").click()
    expect(page.locator("#check-result")).to_contain_text("监测范围线")
    for name in ("education_ok", "medical_ok", "housing_ok", "water_ok"):
        page.locator(f"input[name={name}][value=yes]").check()
    for name in ("sudden_event", "can_cope"):
        page.locator(f"input[name={name}][value=no]").check()
    page.select_option("select[name=risk_0]", risk)
    page.fill("textarea[name=difficulties]", "看病开销大")
    expect(page.locator("#draft-status")).to_contain_text("草稿已保存", timeout=15_000)
    page.reload()
    expect(page.locator("textarea[name=difficulties]")).to_have_value("看病开销大")
    page.get_by_role("button", name="核对并提交").click()
    expect(page.locator("h1")).to_contain_text("核对后提交")
    expect(page.locator("main")).to_contain_text("看病开销大")
    page.get_by_role("button", name="提交核查表").click()
    yes(page)
    expect(page.locator(".messages")).to_contain_text("核查表已提交")


def compare(page: Page, number: str) -> None:
    """The county asks the departments and enters what they answered on paper."""
    page.goto(f"/cases/{number}/compare/")
    page.get_by_role("button", name="发给部门").click()
    expect(page.locator(".messages")).to_contain_text("已发给部门")
    rows = page.locator("main table a[href^='/cases/comparisons/']")
    for url in [link.get_attribute("href") or "" for link in rows.all()]:
        page.goto(url)
        page.locator("input[name=outcome][value=none]").check()
        page.get_by_role("button", name="提交答复").click()
        expect(page.locator(".messages")).to_contain_text("已答复")


def appraise(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/appraisal/")
    answers = {
        "held_on": today(), "host": "村支书", "recorder": "村文书", "participants": "甲、乙、丙",
        "entitled": "24", "present": "20", "votes_for": "20", "votes_against": "0",
        "abstained": "0", "minutes": "同意纳入",
    }  # fmt: skip
    for name, value in answers.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="保存评议记录").click()
    expect(page.locator(".messages")).to_contain_text("评议通过")


def hang(page: Page, number: str, label: str) -> None:
    """See the notice, then hang it; it shows nothing that must not be shown."""
    open_case(page, number)
    page.get_by_role("link", name=label, exact=True).click()
    for box in page.locator("input[name=cases]").all():
        box.set_checked(box.get_attribute("value") == number)
    expect(page.locator(".poster")).to_be_visible()
    page.get_by_role("button", name="看看张贴的内容").click()
    expect(page.locator(".poster tbody tr")).to_have_count(1)
    page.get_by_role("button", name="登记张贴").click()
    yes(page)
    expect(page.locator(".messages")).to_contain_text("请打印后在村里张贴")


def to_notice(office: Office, number: str) -> None:
    """From the submitted check to the notice on the wall."""
    village = office("village_worker")
    compare(office("county_officer"), number)
    open_case(village, number)
    village.get_by_role("link", name="生成类别建议").click()
    village.get_by_role("button", name="生成类别建议").click()
    expect(village.locator(".messages")).to_contain_text("已生成类别建议")
    take(village, number, "提交评议")
    appraise(village, number)
    take(village, number, "评议通过")
    hang(village, number, "张贴公示")


def decide(
    page: Page, number: str, names: tuple[str, ...] = ("difficulty", "type", "labour")
) -> None:
    page.goto(f"/cases/{number}/class/")
    for name in names:
        chosen = page.locator(f"input[name={name}]")
        if not page.locator(f"input[name={name}]:checked").count():
            chosen.first.check()
    page.fill("textarea[name=reason]", "按核查情况认定")
    page.get_by_role("button", name="认定这个类别").click()
    expect(page.locator(".messages")).to_contain_text("类别已认定")


def test_a_household_goes_the_whole_way_in(office: Office, site: Site, free: list[str]) -> None:
    village = office("village_worker")
    number = register(village, free[0])
    expect(village.locator(".offers")).to_contain_text("还没有登记申请及承诺授权书")
    sign(village, number)
    take(village, number, "受理申请")
    visit(village, number)
    to_notice(office, number)

    open_case(village, number)
    expect(village.locator(".offers")).to_contain_text("才满")
    asked(site, PASSING, number)
    take(village, number, "公示期满，报乡镇审核")
    decide(office("town_clerk"), number)
    take(office("town_leader"), number, "审核同意，报县审定", note="材料齐全")
    take(office("county_leader"), number, "审定同意", note="同意")
    hang(village, number, "张贴公告")
    take(village, number, "公告完成")
    take(office("town_clerk"), number, "录入建档", date=today())
    expect(office("town_clerk").locator(".page-state")).to_contain_text("帮扶中")

    supervisor = office("supervisor")
    open_case(supervisor, number, "record")
    expect(supervisor.locator("main")).to_contain_text("审定同意")
    expect(supervisor.locator(".offers")).to_have_count(0)
    supervisor.goto(f"/registry/households/{free[0]}/?tab=cases")
    expect(supervisor.locator("main")).to_contain_text(number)


def test_in_an_emergency_help_comes_first_and_papers_follow(
    office: Office, free: list[str]
) -> None:
    village = office("village_worker")
    number = register(village, free[1], risk="natural_disaster", emergency="natural_disaster")
    expect(village.locator(".page-state")).to_contain_text("绿色通道")
    expect(village.locator("main")).to_contain_text("补齐手续期限")
    take(village, number, "先核实帮扶、后补手续", asks=True, reason="房屋受损，先安置")
    visit(village, number, risk="natural_disaster")
    open_case(village, number)
    expect(village.locator(".offers")).to_contain_text("登记申请和授权")
    expect(village.locator(".procedure")).to_contain_text("待补")
    sign(village, number)


def test_a_case_that_is_refused_answers_its_clue(office: Office, free: list[str]) -> None:
    village = office("village_worker")
    number = register(village, free[2])
    sign(village, number)
    take(village, number, "受理申请")
    visit(village, number, wages="90000")
    take(
        village, number, "核查后不纳入", asks=True, result="no_risk",
        reason="收入稳定，自己能应对",
    )  # fmt: skip
    expect(village.locator(".page-state")).to_contain_text("不予纳入")
    expect(village.locator("main")).to_contain_text("收入稳定，自己能应对")
    village.locator("main a[href^='/cases/clues/']").first.click()
    expect(village.locator("main")).to_contain_text("核实无风险")


def test_an_objection_stops_the_notice_until_it_is_handled(
    office: Office, site: Site, free: list[str]
) -> None:
    village = office("village_worker")
    number = register(village, free[3])
    sign(village, number)
    take(village, number, "受理申请")
    visit(village, number)
    to_notice(office, number)
    village.goto(f"/cases/{number}/objection/")
    village.fill("input[name=objector]", "同村村民")
    village.fill("textarea[name=text]", "他家儿子在外面有生意")
    village.get_by_role("button", name="登记异议").click()
    expect(village.locator(".messages")).to_contain_text("异议已登记")
    asked(site, PASSING, number)
    open_case(village, number)
    expect(village.locator(".offers")).to_contain_text("1 件异议还没有处理")

    clerk = office("town_clerk")
    clerk.goto("/cases/waiting/objections/")
    expect(clerk.locator("main")).to_contain_text("他家儿子在外面有生意")
    open_case(clerk, number)
    clerk.get_by_role("link", name="处理异议").click()
    clerk.locator("input[name=state][value=rejected]").check()
    clerk.fill("textarea[name=answer]", "走访邻居和市场监管部门，没有经营登记")
    clerk.get_by_role("button", name="保存处理结果").click()
    expect(clerk.locator(".messages")).to_contain_text("异议已处理")
    expect(clerk.locator("main")).not_to_contain_text("同村村民")
    take(village, number, "公示期满，报乡镇审核")


def test_many_are_approved_at_once_with_their_differences_in_sight(
    office: Office, site: Site
) -> None:
    county = office("county_leader")
    county.goto("/cases/waiting/approval/")
    county.locator("[data-tick-page]").check()
    county.get_by_role("button", name="成批审定").click()
    expect(county.locator("h1")).to_contain_text("成批审定")
    expect(county.locator("main")).to_contain_text("核查与档案的差异")
    boxes = county.locator("input[name=chosen]:checked")
    count = boxes.count()
    assert count >= 1
    county.get_by_role("button", name="审定同意").click()
    yes(county)
    expect(county.locator("body")).to_contain_text(f"已审定 {count} 户")


def test_a_resolution_that_was_wrong_is_taken_back(office: Office, site: Site) -> None:
    username = site.accounts["county_officer"]["username"]
    number = asked(site, FINDING, username, "resolved")[:1] or asked(
        site, FINDING.replace(', origin="worked"', ""), username, "resolved"
    )
    county = office("county_leader")
    open_case(county, number[0], "exit")
    take(county, number[0], "回退消除标注", asks=True, reason="收入核实有误，没有稳定")
    expect(county.locator(".page-state")).to_contain_text("帮扶中")
    open_case(county, number[0], "exit")
    expect(county.locator("main")).to_contain_text("消除标注回退过 1 次")


@pytest.mark.parametrize("role", ["village_worker", "town_clerk", "county_officer"])
def test_no_page_of_casework_is_wider_than_a_phone(
    role: str, enter: Callable[..., Page], site: Site
) -> None:
    page = enter(role, width=390)
    numbers = asked(site, FINDING, site.accounts["county_officer"]["username"], "approval")
    urls = ["/cases/", "/cases/?all=1", "/cases/clues/", "/cases/clues/new/", "/cases/list/",
            "/cases/board/", "/cases/funnel/", "/cases/load/", "/cases/notices/"]  # fmt: skip
    tabs = ("overview", "check", "compare", "village", "approval", "help", "exit", "files",
            "record")  # fmt: skip
    if role == "county_officer":
        urls += [f"/cases/{number}/?tab={tab}" for number in numbers[:1] for tab in tabs]
        urls += ["/cases/checklists/six_looks_six_checks/", "/cases/clues/pull/"]
    wide = []
    for url in urls:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(url)
    assert wide == []
