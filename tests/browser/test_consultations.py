"""Comments on a draft in the browser: sent on a phone without a login, decided by the county."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import SHOTS, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

TEXT = "建议每个村都设交售点，离得远的两个村合设一处。"


def _shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name}: {wide} px wider than the screen"
    page.screenshot(path=SHOTS / f"consultations-{name}.png", full_page=True)


def test_a_comment_from_a_phone_is_received_and_decided(
    browser: Browser, site: Site, enter: Callable[..., Page]
) -> None:
    context = browser.new_context(
        base_url=site.url, viewport={"width": 390, "height": 844}, locale="zh-CN"
    )
    try:
        phone = context.new_page()
        phone.goto("/consultations/public/")
        _shot(phone, "public-list")
        phone.get_by_role("link", name=re.compile("集中交售点")).click()
        _shot(phone, "public-draft")
        phone.get_by_label("针对哪一条").fill("第一条")
        phone.get_by_label("您的意见和理由").fill(TEXT)
        phone.get_by_role("button", name="提交意见").click()
        receipt = phone.locator(".public-receipt").inner_text().strip()
        _shot(phone, "public-received")
        phone.get_by_role("link", name="查我的意见").click()
        phone.get_by_label("受理号").fill(receipt)
        phone.get_by_role("button", name="查询").click()
        expect(phone.get_by_role("status")).to_contain_text("已收到")
        _shot(phone, "public-asked")
        phone.goto("/consultations/public/")
        phone.get_by_role("link", name=re.compile("公益岗位")).click()
        expect(phone.get_by_role("heading", name="采纳情况")).to_be_visible()
        expect(phone.get_by_role("button", name="提交意见")).to_have_count(0)
        _shot(phone, "public-result")
    finally:
        context.close()
    office = enter("county_officer")
    office.goto("/consultations/")
    office.get_by_role("link", name=re.compile("集中交售点")).first.click()
    _shot(office, "county")
    office.get_by_role("link", name=re.compile("建议每个村")).click()
    office.get_by_label("采纳情况").select_option(label="部分采纳")
    office.get_by_label("理由").fill("按人口和距离设点。")
    office.get_by_role("button", name="保存采纳情况").click()
    office.goto("/consultations/")
    office.get_by_role("link", name=re.compile("集中交售点")).first.click()
    expect(office.get_by_role("row", name=re.compile("建议每个村"))).to_contain_text("部分采纳")
