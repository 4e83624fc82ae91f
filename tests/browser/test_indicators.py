"""指标和考核 in the browser: a paper's table ends in a red line, a score in its report."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from shouwang.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

YEAR = clock.today().year
PAPER = f"""<html><body><h1>示例县耕地和水环境保护规划</h1><h2>一、主要指标</h2>
<p>到{YEAR}年，主要指标达到下表的要求。</p><p>表1 示例县耕地和水环境主要指标</p><table>
<tr><td>序号</td><td>指标名称</td><td>{YEAR}年目标</td><td>属性</td></tr>
<tr><td>1</td><td>永久基本农田面积（亩）</td><td>21000</td><td>约束性</td></tr>
<tr><td>2</td><td>农村黑臭水体整治率（%）</td><td>95</td><td>预期性</td></tr>
</table></body></html>"""


def press(page: Page, label: str) -> None:
    """A button, and yes where it asks."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).first.click()
        confirm = page.locator("dialog[open]")
        if confirm.count():
            confirm.get_by_role("button", name="确定").click()


def test_a_table_of_a_paper_becomes_an_alarm_and_a_round_becomes_a_report(
    enter: Callable[..., Page], tmp_path: Path
) -> None:
    clerk, officer, leader = (
        enter(role) for role in ("town_clerk", "county_officer", "county_leader")
    )
    red_line(clerk, officer, leader, tmp_path)
    sheet = assessed_and_marked(clerk, leader)
    round_ = scored(officer, sheet)
    appealed(clerk, officer, sheet, round_)
    published(clerk, officer, leader, round_, tmp_path)


def red_line(clerk: Page, officer: Page, leader: Page, tmp_path: Path) -> None:
    """Confirmed by two, aimed at, reported too low by a town, corrected, alarmed, handled."""
    indicator = confirmed_by_two(officer, leader, tmp_path)
    officer.goto(f"{indicator}edit/")
    officer.select_option("select[name=reporter]", "place")
    press(officer, "保存")
    officer.goto(f"{indicator}targets/")
    town = officer.locator("[data-matrix] tbody tr", has=officer.locator("td a")).first
    town.locator("input").first.fill("22000")
    press(officer, "保存目标")
    expect(officer.locator("[data-matrix]")).to_contain_text("22,000")

    clerk.goto(indicator)
    clerk.get_by_role("link", name="报送", exact=True).first.click()
    clerk.fill("input[name=period]", f"{YEAR}")
    clerk.fill("input[name=value]", "21800")
    press(clerk, "报送")
    clerk.get_by_role("link", name="更正").first.click()
    clerk.fill("input[name=value]", "21900")
    clerk.fill("[name=reason]", "漏报一块地，已核实。")
    press(clerk, "更正")
    newest = clerk.locator(".value-card", has_text=f"{YEAR}年").first
    expect(newest).to_contain_text("以前的数（1）")
    expect(newest).to_contain_text("21,800")

    officer.goto("/indicators/alarms/")
    alarm = officer.locator(".value-card", has_text="永久基本农田面积").first
    expect(alarm).to_contain_text("青禾镇")
    alarm.locator("input[name=handling]").fill("责成青禾镇月底前补划。")
    alarm.get_by_role("button", name="登记处置").click()
    expect(officer.locator("main")).to_contain_text("责成青禾镇月底前补划。")
    officer.goto(indicator)
    expect(officer.locator(".page-aside mark")).to_contain_text("永久基本农田面积")


def confirmed_by_two(officer: Page, leader: Page, folder: Path) -> str:
    """The first row corrected to a red line of the towns, the other accepted; then the leader."""
    file = folder / "耕地和水环境保护规划.html"
    file.write_text(PAPER, encoding="utf-8")
    officer.goto("/workplans/papers/upload/")
    officer.set_input_files("input[name=file]", file)
    press(officer, "上传并阅读")
    officer.goto("/indicators/papers/")
    officer.locator("form", has_text="耕地和水环境保护规划").get_by_role("button").click()
    officer.wait_for_url(re.compile(r"/indicators/readings/\d+/$"))
    reading = officer.url
    officer.get_by_role("link", name="改正").first.click()
    officer.wait_for_url(re.compile(r"/indicators/proposals/\d+/$"))
    officer.select_option("select[name=level]", "town")
    officer.select_option("select[name=source]", "reported")
    officer.select_option("select[name=rhythm]", "year")
    officer.select_option("select[name=spread]", "same")
    officer.fill("textarea[name=formula]", "")
    officer.check("input[name=is_red_line]")
    press(officer, "保存")
    officer.goto(reading)
    press(officer, "看过了，余下的都采用")
    press(officer, "提交确认")
    leader.goto(reading)
    press(leader, "确认成为指标")
    officer.goto(reading)
    officer.get_by_role("link", name="永久基本农田面积").click()
    officer.wait_for_url(re.compile(r"/indicators/\d+/$"))
    return officer.url


def assessed_and_marked(clerk: Page, leader: Page) -> str:
    """The town assesses itself, the expert marks; the address of the town's sheet."""
    clerk.goto("/evaluations/mine/")
    clerk.locator("[data-waiting] li a").first.click()
    clerk.wait_for_url(re.compile(r"/evaluations/sheets/\d+/$"))
    sheet = clerk.url
    clerk.locator("input[name^='points-']").first.fill("13")
    clerk.locator("input[name^='note-']").first.fill("会议纪要 12 份，走访记录齐全")
    press(clerk, "报送自评")
    expect(clerk.locator("input[name^='note-']").first).to_have_value(re.compile("会议纪要"))

    leader.goto("/evaluations/mine/")
    leader.locator("a[href*='/evaluations/marks/']").first.click()
    leader.wait_for_url(re.compile(r"/evaluations/marks/\d+/$"))
    leader.locator("input[name^='mark-']").first.fill("93.5")
    press(leader, "保存打分")
    return sheet


def scored(officer: Page, sheet: str) -> str:
    """The county reviews one score, counts and settles; the address of the round."""
    officer.goto(sheet)
    score = officer.locator("form[action$='/review/']").first
    score.locator("input[name=value]").fill("12")
    score.locator("input[name=note]").fill("佐证 2 份与台账不符")
    with officer.expect_navigation():
        score.get_by_role("button", name="核定").click()
    officer.locator("a[href*='/evaluations/rounds/']").first.click()
    officer.wait_for_url(re.compile(r"/evaluations/rounds/\d+/$"))
    round_ = officer.url
    press(officer, "计数并评分")
    press(officer, "核定得分")
    return round_


def appealed(clerk: Page, officer: Page, sheet: str, round_: str) -> None:
    """The town appeals against one score and is heard."""
    clerk.goto(sheet)
    clerk.locator("summary", has_text="对这一项申诉").first.click()
    asked = clerk.locator("form[action$='/appeal/']").first
    asked.locator("input[name=asked]").fill("10")
    asked.locator("input[name=reason]").fill("台账已补齐，请复核")
    with clerk.expect_navigation():
        asked.get_by_role("button", name="提出申诉").click()
    officer.goto(f"{round_}appeals/")
    officer.locator("input[name=text]").first.fill("复核属实")
    press(officer, "采纳并更正")


def published(clerk: Page, officer: Page, leader: Page, round_: str, tmp_path: Path) -> None:
    """The leader publishes; the town sees its place, the county has its report as Word."""
    leader.goto(round_)
    press(leader, "公布结果")

    clerk.goto(round_)
    expect(clerk.locator("main")).to_contain_text("已公布")
    expect(clerk.locator("main table").first).to_contain_text("青禾镇")
    expect(clerk.locator("main")).to_contain_text("结果运用")
    clerk.goto(f"{round_}trend/")
    expect(clerk.locator("main")).to_contain_text("青禾镇")
    officer.goto(round_)
    with officer.expect_download() as download:
        officer.get_by_role("link", name="总结报告").click()
    file = tmp_path / "总结报告.docx"
    download.value.save_as(file)
    told = Document(str(file))
    cells = [cell.text for table in told.tables for row in table.rows for cell in row.cells]
    assert any("青禾镇" in text for text in cells)
