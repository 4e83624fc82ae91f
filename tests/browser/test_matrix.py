"""The decomposition table in the browser: walked by keyboard, a real block pasted, taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]


def new_task(page: Page) -> str:
    """A task of 100 that nobody shares yet; its address."""
    page.goto("/workplans/new/")
    values = {"title": "新建村级仓储点", "target_name": "仓储点", "quantity": "100", "unit": "个"}
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/workplans/\d+/$"))
    return page.url


def paste(page: Page, cell: Locator, text: str) -> None:
    """By way of the clipboard, as from Excel."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    cell.focus()
    page.keyboard.press("Control+V")


def test_a_block_from_excel_is_pasted_checked_taken_back_and_saved(
    enter: Callable[..., Page],
) -> None:
    page = enter("county_officer")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    task = new_task(page)
    page.goto(f"{task}matrix/")
    amounts = page.locator("[data-amount]")
    verdict, told = page.locator("[data-verdict]"), page.locator("[data-told]")
    names = page.locator(".matrix tbody th").all_inner_texts()
    towns = [name.strip() for name in names if name.strip()]
    assert len(towns) >= 2
    undo = page.get_by_role("button", name="撤销")
    expect(undo).to_be_disabled()

    paste(page, amounts.first, "40\t张三\t2027-06-30\r\n五十\t李四\t2027-06-31\r\n")
    expect(told).to_contain_text("已粘贴 2 行")
    assert first_two(amounts) == ["40", "五十"]
    assert page.locator("[name=person-1]").input_value() == "李四"
    expect(verdict).to_contain_text(f"{towns[1]}：仓储点“五十”不是数")
    expect(verdict).to_contain_text(f"{towns[1]}：时限“2027-06-31”应写成")
    expect(verdict).to_contain_text("还差 60")
    expect(amounts.nth(1)).to_have_attribute("aria-invalid", "true")
    verdict.get_by_role("button", name="五十").click()
    expect(amounts.nth(1)).to_be_focused()

    page.keyboard.press("Control+z")
    assert first_two(amounts) == ["", ""]
    expect(told).to_contain_text("已撤销")
    page.keyboard.press("Control+y")
    expect(amounts.nth(1)).to_have_value("五十")
    page.keyboard.press("Control+z")

    # with names, in another order and with a head: each finds its row
    paste(page, amounts.first, f"单位\t数量\n{towns[1]}\t20\n{towns[0]}\t70\n示范合作社\t10")
    expect(told).to_contain_text("按名称对应")
    assert first_two(amounts) == ["70", "20"]
    assert "示范合作社" in page.locator(".matrix tbody th input").evaluate_all(
        "all => all.map(one => one.value)"
    )
    expect(verdict).to_have_text("合计相符")

    walk(page, amounts)
    page.get_by_role("button", name="保存分解表").click()
    page.wait_for_load_state("networkidle")
    assert first_two(amounts) == ["70", "20"]
    page.goto(task)
    expect(page.locator("main")).to_contain_text("示范合作社")


def first_two(amounts: Locator) -> list[str]:
    return [amounts.nth(at).input_value() for at in range(2)]


def walk(page: Page, amounts: Locator) -> None:
    """Arrows, Enter and Escape; a value that is typed and left alone is as before."""
    amounts.first.focus()
    page.keyboard.press("ArrowDown")
    expect(amounts.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(amounts.nth(2)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=person-1]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    expect(amounts.nth(1)).to_have_value("20")
