"""The page frame in a real browser: keys, drawer, live filters, mass actions, charts, phone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from shouwang.accounts.models import Post
from shouwang.core import clock
from shouwang.core.models import Job
from tests.browser.conftest import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.core.ui_urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
VENDOR = Path(__file__).resolve().parents[2] / "shouwang" / "core" / "static" / "vendor"


@pytest.fixture
def session(monkeypatch) -> str:
    """A logged-in system administrator who is also county officer, and sixty jobs."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    account = get_user_model().objects.create(
        username="me", name="王样例", must_change_password=False, created_at=clock.now()
    )
    for role in ("county_officer", "system_administrator"):
        Post.objects.create(account=account, role=role, valid_from="2020-01-01")
    Job.objects.bulk_create(
        Job(
            account_id=account.pk,
            title=f"第{number}批",
            state="done" if number % 2 else "failed",
            done=number,
            created_at=clock.now() - timedelta(days=number),
            task_path="x.y",
        )
        for number in range(60)
    )
    client = Client()
    client.force_login(account)
    return client.cookies["sessionid"].value


@pytest.fixture
def page(session: str, live_server, request) -> Iterator[Page]:
    """A page whose every complaint (script error, refused style) fails the test."""
    width = getattr(request, "param", 1440)
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 844}, locale="zh-CN"
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _is_wrong(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
    assert complaints == []


def _is_wrong(said: ConsoleMessage) -> bool:
    """An error, unless a bare answer has no picture for its window, or an answer came when the page
    was already being left and the place for its spoken count was gone."""
    if "htmx:oobErrorNoTarget" in said.text and "#announcer" in said.text:
        return False
    return said.type == "error" and not said.location["url"].endswith("/favicon.ico")


def test_rows_are_walked_opened_and_left_by_keys(page: Page) -> None:
    page.goto("/sample/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h1")).to_have_text("第58批")
    page.keyboard.press("k")
    expect(page.locator("#drawer h1")).to_have_text("第59批")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page.locator("tr.is-current")).to_be_focused()
    expect(page.locator(".list-count")).to_contain_text("60")


def test_search_and_key_help_open_by_key(page: Page) -> None:
    page.goto("/sample/")
    page.keyboard.press("/")
    page.keyboard.type("上坪")
    expect(page.locator("#search-suggestions a")).to_contain_text("找到 上坪")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-suggestions a")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_filters_change_the_list_and_the_address_without_a_reload(page: Page) -> None:
    page.goto("/sample/")
    page.evaluate("window.stays = true")
    page.locator("form.filters select[name=state]").select_option("done")
    expect(page.locator(".list-count")).to_contain_text("30")
    expect(page.locator("#announcer")).to_contain_text("共 30 条")
    assert page.url.endswith("/sample/?state=done")
    page.locator("form.filters input[name=title]").type("第1")
    expect(page.locator(".list-count")).to_contain_text("6")
    page.locator(".chip-clear").click()
    expect(page.locator(".list-count")).to_contain_text("60")
    expect(page.locator("form.filters select[name=state]")).to_have_value("")
    page.locator("th a", has_text="行数").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("行数")
    assert page.evaluate("window.stays") is True


def test_a_mass_action_on_all_that_match_says_how_many(page: Page) -> None:
    page.goto("/sample/?state=done")
    page.locator("[data-tick-page]").check()
    expect(page.locator("[data-mass-count]")).to_have_text("25")
    page.locator("[data-mass-all]").click()
    expect(page.locator("[data-mass-count]")).to_have_text("30")
    page.get_by_role("button", name="批量处理").click()
    expect(page.locator("#ask-text")).to_have_text("处理 30 条？")
    page.locator("#ask").get_by_role("button", name="确定").click()
    expect(page.locator("body")).to_have_text("30")


def test_a_question_that_is_declined_changes_nothing(page: Page) -> None:
    page.goto("/sample/?state=done")
    page.locator("[data-tick]").first.check()
    page.get_by_role("button", name="批量处理").click()
    page.locator("#ask").get_by_role("button", name="取消").click()
    expect(page.locator("#ask")).not_to_be_visible()
    assert "/sample/?state=done" in page.url


@pytest.mark.skipif(not VENDOR.is_dir(), reason="run make install first")
def test_charts_are_drawn_under_the_strict_policy(page: Page) -> None:
    page.goto("/components/")
    page.locator("#chart-1").scroll_into_view_if_needed()
    expect(page.locator("#chart-1 canvas")).to_be_visible()
    page.locator("#chart-1 .chart-table summary").click()
    expect(page.locator("#chart-1 table")).to_contain_text("雨具镇")


@pytest.mark.parametrize("page", [390], indirect=True)
@pytest.mark.parametrize("address", ["/components/", "/sample/?state=done", "/jobs/"])
def test_a_phone_never_scrolls_sideways_and_targets_are_large(page: Page, address: str) -> None:
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll('.topbar a, .topbar button, .topbar summary, .btn')]
        .filter(e => e.checkVisibility() && !e.matches('.menu-list *, .brand'))
        .filter(e => e.getBoundingClientRect().height < 40).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize("page", [390], indirect=True)
def test_a_phone_shows_three_facts_and_the_navigation_as_a_drawer(page: Page) -> None:
    page.goto("/sample/")
    expect(page.locator("tbody tr").first.locator("td:visible:not(.tick)")).to_have_count(3)
    expect(page.locator("#sidenav")).not_to_be_visible()
    page.get_by_role("button", name="打开导航").click()
    expect(page.locator("#sidenav a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sidenav")).not_to_be_visible()
