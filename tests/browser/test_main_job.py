"""The main job in the browser: a department's file becomes explained clues, by the real roles."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from .conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

LONG = 60_000
"""Milliseconds for a background job of a small county."""


def member_with_id(site: Site) -> tuple[str, str, str]:
    """Name, ID number and household number of a head with a valid number, from the demo's file."""
    book = openpyxl.load_workbook(
        next((site.data / "demo" / "input").rglob("防返贫监测导出-01.xlsx")), read_only=True
    )
    rows = book["人口"].iter_rows(values_only=True)
    head: list[str] = []
    for row in rows:
        if row and "证件号码" in [str(cell) for cell in row]:
            head = [str(cell) for cell in row]
            break
    for row in rows:
        one = dict(zip(head, row, strict=False))
        number = str(one["证件号码"])
        if len(number) == 18 and number.isdecimal() and one["与户主关系"] == "户主":
            return str(one["姓名"]), number, str(one["户编号"])
    raise AssertionError("nobody with a plain number")


def write_relief(path: Path, name: str, number: str) -> None:
    """A relief list of July with one good row and one whose amount cannot be read."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["示例县2026年7月临时救助发放表"])
    sheet.append(["姓名", "身份证号", "所在村", "发放日期", "救助金额", "救助原因"])
    sheet.append([name, number, None, "2026-07-15", 9000, "因病"])
    sheet.append([name, number, None, "2026-07-16", "约三千", "=1+1"])
    book.save(path)


def test_a_file_is_uploaded_rejected_rows_come_back_and_a_run_makes_clues(
    enter: Callable[..., Page], site: Site, tmp_path: Path
) -> None:
    name, number, household = member_with_id(site)
    source = tmp_path / "临时救助_202607.xlsx"
    write_relief(source, name, number)

    page = enter("county_officer")
    page.goto("/feeds/upload/")
    page.set_input_files("input[type=file]", source)
    page.get_by_role("button", name="上传", exact=True).click()
    staged = page.locator(".staged-file")
    expect(staged).to_have_count(1, timeout=LONG)
    expect(staged.locator("select")).to_have_value("temp_relief")
    staged.locator("input[name$=period_start]").fill("2026-07-01")
    staged.locator("input[name$=period_end]").fill("2026-07-31")
    staged.get_by_role("button", name="确认并导入").click()
    page.wait_for_url("**/feeds/batches/*-*/", timeout=LONG)
    expect(page.get_by_text("已采用").first).to_be_visible(timeout=LONG)
    with page.expect_download() as download:
        page.evaluate("location.href += 'rejects.xlsx'")
    download.value.save_as(tmp_path / "back.xlsx")
    back = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    cells = [str(cell.value) for row in back.iter_rows() for cell in row if cell.value is not None]
    assert "约三千" in cells
    assert any("金额" in cell for cell in cells)
    assert not any(cell.data_type == "f" for row in back.iter_rows() for cell in row)

    done = site.shouwang("screen", "--as-of", "2026-07-31", "--json")
    assert done.returncode == 0, done.stderr
    page.goto(f"/registry/households/{household}/")
    expect(page.locator("aside")).to_contain_text("筛查首次发现")
    page.locator(".tabs a", has_text="线索").first.click()
    expect(page.locator("body")).to_contain_text("近12个月临时救助合计", timeout=LONG)


def test_a_run_is_started_in_the_browser_and_its_clues_explain_themselves(
    enter: Callable[..., Page],
) -> None:
    page = enter("county_officer")
    page.goto("/screening/runs/start/")
    boxes = page.locator("input[name=dates]")
    for box in boxes.all():
        box.set_checked(box.get_attribute("value") == "2026-06-30")
    page.get_by_role("button", name="开始筛查").click()
    page.locator("dialog[open]").get_by_role("button", name="确定").click()
    page.wait_for_url("**/jobs/**", timeout=LONG)
    expect(page.locator("body")).to_contain_text("完成", timeout=LONG)

    page.goto("/screening/clues/")
    first = page.locator("table tbody a").first.get_attribute("href")
    page.goto(first)
    expect(page.locator("body")).to_contain_text("为什么有这条线索")
    expect(page.locator("body")).to_contain_text("规则库")


def test_a_full_number_needs_a_reason_and_leaves_a_trace(
    enter: Callable[..., Page], site: Site
) -> None:
    _, number, household = member_with_id(site)
    page = enter("county_officer")
    page.goto(f"/registry/households/{household}/")
    assert number not in page.content()
    page.locator(".masked-button").first.click()
    page.locator("dialog[open] input, dialog[open] textarea").first.fill("核对证件")
    page.locator("dialog[open]").get_by_role("button", name="查看").click()
    expect(page.get_by_text(number).first).to_be_visible(timeout=10_000)

    supervisor = enter("supervisor")
    supervisor.goto("/audit/")
    expect(supervisor.locator("body")).to_contain_text("核对证件")
    assert number not in supervisor.content()
    verified = site.shouwang("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_slash_key_searches_within_the_scope(enter: Callable[..., Page], site: Site) -> None:
    name, number, _ = member_with_id(site)
    page = enter("county_officer")
    page.keyboard.press("/")
    page.keyboard.type(number)
    expect(page.locator("#search-suggestions")).to_contain_text(name, timeout=10_000)
    assert number not in page.url

    other = enter("department_officer")
    other.keyboard.press("/")
    other.keyboard.type(name)
    other.wait_for_timeout(800)
    expect(other.locator("#search-suggestions")).not_to_contain_text("人员")
