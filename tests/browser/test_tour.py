"""A tour through the demo by each role: every room of the navigation, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

KNOW = {"农户档案", "国家系统对接", "数据质量", "行政区划"}
SEE = {"风险线索", "低收入人口", "筛查批次", "规则库"}
ACT = {
    "我的待办", "线索登记簿", "监测个案", "公示公告", "办理看板", "帮扶户", "帮扶措施", "走访记录",
    "帮扶台账", "政策测算", "自主申报码", "政策宣传", "饮水工程", "网格和信息员", "吹哨报到",
    "农村公路问题", "灾毁恢复", "医疗空白点", "预警公告", "社会帮扶供需",
    "集中排查", "问题台账", "通报",
}  # fmt: skip
DELIVER = {"我的任务", "任务清单", "镇村方案", "示范经验", "重点项目", "政策文件", "政策登记册"}
ANSWER = {
    "历史基数", "指标", "红线预警", "考核评估", "我的考核", "问题整改", "督查", "专项检查",
    "领导调研", "会议与频次",
}  # fmt: skip
WORK = KNOW | SEE | ACT | DELIVER | ANSWER
ASKED = {"征求意见"}
ROOMS = {
    "village_worker": WORK | {"指标报送"},
    "town_clerk": WORK | ASKED | {"指标报送"},
    "town_leader": WORK | ASKED,
    "county_officer": WORK
    | ASKED
    | {"档案导入", "部门数据", "数据比对", "走访清单", "文书模板", "指标报送"},
    "county_leader": WORK | ASKED | {"部门数据"},
    "department_officer": DELIVER
    | ASKED
    | (ANSWER - {"历史基数"})
    | {"通报", "行政区划", "部门数据", "规则库", "数据比对", "部门办理", "吹哨报到", "指标报送"}
    | {"农村公路问题", "灾毁恢复", "医疗空白点"},
    "supervisor": WORK | ASKED | {"部门数据", "审计日志"},
    "system_administrator": {"行政区划", "审计日志", "账号与岗位"},
}


@pytest.mark.parametrize("role", ROOMS)
def test_a_role_sees_its_rooms_and_every_one_opens(role: str, enter: Callable[..., Page]) -> None:
    page = enter(role)
    entries = page.locator(".sidenav .nav-entry[href]")
    links = {entry.get_attribute("title"): entry.get_attribute("href") for entry in entries.all()}
    assert set(links) - {"首页"} == ROOMS[role]
    for label, url in links.items():
        answer = page.goto(url)
        assert answer is not None and answer.status == 200, label
        expect(page.locator("h1").first).to_be_visible()
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{role}-{label}.png", full_page=True)


@pytest.mark.parametrize("role", ["village_worker", "county_officer"])
def test_no_page_is_wider_than_a_phone(role: str, enter: Callable[..., Page]) -> None:
    page = enter(role, width=390)
    entries = page.locator(".sidenav .nav-entry[href]")
    urls = [entry.get_attribute("href") for entry in entries.all()]
    wide = []
    for url in urls:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(url)
    assert wide == []


def test_who_is_not_logged_in_is_sent_to_the_login(browser, site) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    for url in ("/", "/registry/", "/feeds/", "/screening/clues/", "/audit/", "/accounts/"):
        page.goto(url)
        assert "/accounts/login/" in page.url
    context.close()
