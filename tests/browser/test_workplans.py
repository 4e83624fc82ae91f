"""One paper from upload to the quarterly bulletin by four roles, in the browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

PAPER = """示例县山塘整治工作方案

一、整治任务
（一）整治病险山塘。完成病险山塘整治40座，2027年11月底前完成。
〔牵头单位：县水利局；责任单位：各乡镇〕
（二）核查参保数据。核查移民参保记录300条，2027年10月底前完成。
〔牵头单位：县医疗保障局；责任单位：县水利局〕
"""


def press(page: Page, label: str) -> None:
    """A button, and yes where it asks."""
    page.get_by_role("button", name=label, exact=True).first.click()
    confirm = page.locator("dialog[open]")
    if confirm.count():
        confirm.get_by_role("button", name="确定").click()
    page.wait_for_load_state("networkidle")


def test_a_paper_becomes_finished_work(enter: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "山塘整治.txt"
    file.write_text(PAPER, encoding="utf-8")
    officer = enter("county_officer")
    officer.goto("/workplans/papers/upload/")
    officer.set_input_files("input[name=file]", file)
    officer.get_by_role("button", name="上传并阅读").click()
    officer.wait_for_url(re.compile(r"/workplans/papers/\d+/$"))
    paper = officer.url
    cards = officer.locator("[data-card]")
    expect(cards).to_have_count(2)
    expect(officer.locator("[data-seen]")).to_have_text("0")
    read_by_keyboard(officer)
    press(officer, "提交确认")

    leader = enter("county_leader")
    leader.goto(paper)
    press(leader, "确认成为任务")

    medical = refine(officer, "核查库区移民", evidence_needed="核查记录")
    task = refine(officer, "整治病险山塘")
    town = split_by_keyboard(officer, task)

    clerk = enter("town_clerk")
    clerk.goto("/workplans/mine/?q=整治病险山塘&level=leaf")
    clerk.locator(".table-list tbody td.name a").first.click()
    clerk.wait_for_url(re.compile(r"/workplans/\d+/$"))
    clerk.fill("input[name=value]", "40")
    clerk.fill("textarea[name=text]", "已全部整治，完成验收。")
    press(clerk, "报送")
    part = clerk.url

    office = report_with_evidence(enter("department_officer"), medical, tmp_path)

    officer.goto(part)
    press(officer, "采信")
    officer.goto(task)
    expect(officer.locator(".page-aside")).to_contain_text("100.0%")

    officer.goto(medical)
    expect(officer.locator(".report-files")).to_contain_text("核查现场.png")
    press(officer, "采信")
    officer.goto(medical)
    press(officer, "同意办结")
    expect(officer.locator("main")).to_contain_text("已办结")

    officer.goto("/campaigns/bulletins/")
    officer.locator(".table-list tbody td.name a", has_text="重点任务").first.click()
    officer.wait_for_url(re.compile(r"/campaigns/bulletins/\d+/$"))
    press(officer, "更新数字")
    officer.fill("input[name=number]", "示通〔2026〕9号")
    officer.fill("input[name=distribution]", "各乡镇、县直有关部门")
    press(officer, "保存文字")
    bulletin = officer.url
    expect(officer.locator(".page-content")).to_contain_text(town)
    expect(officer.locator(".page-content")).to_contain_text(office)
    leader.goto(bulletin)
    press(leader, "审定发出")
    clerk.goto(bulletin)
    press(clerk, "我已阅，签收")
    expect(clerk.locator(".page-aside")).to_contain_text("签收（1）")


def read_by_keyboard(page: Page) -> None:
    """Accept, take back, split, take back, mark what was missed, correct in the card."""
    accepted, current = page.locator("[data-card].is-accepted"), page.locator(".piece.is-current")
    page.keyboard.press("n")
    page.keyboard.press("a")
    expect(accepted).to_have_count(1)
    expect(page.locator(".review-count")).to_contain_text("1 / 2 条已核对")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(accepted).to_have_count(0)
    page.keyboard.press("s")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card]")).to_have_count(3)
    page.keyboard.press("u")
    expect(page.locator("[data-card]")).to_have_count(2)
    page.keyboard.press("a")
    expect(accepted).to_have_count(1)
    page.keyboard.press("f")
    expect(page.locator("[data-card]:visible")).to_have_count(1)
    page.keyboard.press("f")
    expect(current).to_have_class(re.compile("is-pending"))
    page.keyboard.press("e")
    text = current.locator("textarea[name=text]")
    expect(text).to_be_focused()
    text.fill("核查库区移民参保记录300条。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-card].is-corrected")).to_have_count(1)
    page.locator(".review-paper p", has_text="一、整治任务").select_text()
    page.keyboard.press("b")
    expect(page.locator("#add-text")).to_have_value(re.compile("一、整治任务"))
    page.evaluate(SELECT_ACROSS_FACTS)
    page.keyboard.press("b")
    text, start, end = page.evaluate(
        "(f => [f.text.value, +f.start.value, +f.end.value])("
        "document.querySelector('[data-add]').elements)"
    )
    assert end - start == len(text) > 4, "what is selected across marked words keeps its place"
    page.locator("#add-text").fill("")


SELECT_ACROSS_FACTS = """() => {
  document.activeElement.blur();
  const fact = document.querySelector(".review-paper .mark .fact");
  const before = fact.previousElementSibling.firstChild;
  const range = document.createRange();
  range.setStart(before, Math.max(0, before.length - 3));
  range.setEnd(fact.firstChild, fact.firstChild.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def refine(page: Page, words: str, **values: str) -> str:
    """Quantity is there from the paper; place and person are added, then work begins."""
    page.goto(f"/workplans/?q={words}&level=top")
    page.locator(".table-list tbody td.name a").first.click()
    page.wait_for_url(re.compile(r"/workplans/\d+/$"))
    task = page.url
    page.goto(f"{task}edit/")
    for name, value in {"place": "全县", "person": "业务责任人", **values}.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(task)
    press(page, "开始推进")
    return task


def report_with_evidence(page: Page, task: str, folder: Path) -> str:
    """The department reports all done: refused without its evidence, taken with a real file."""
    page.goto("/workplans/mine/?q=核查库区移民")
    page.locator(".table-list tbody td.name a").first.click()
    page.wait_for_url(task)
    page.fill("input[name=value]", "300")
    page.fill("textarea[name=text]", "300条全部核查。")
    press(page, "报送")
    expect(page.locator("#id_files_error")).to_contain_text("还没有需要的佐证（核查记录）")
    photo = folder / "核查现场.png"
    Image.new("RGB", (640, 480), "#4a7").save(photo)
    page.set_input_files("form[action$='/report/'] input[name=files]", photo)
    press(page, "报送")
    expect(page.locator(".report-files")).to_contain_text("核查现场.png")
    page.fill("input[name=words]", "300条全部核查，附记录。")
    press(page, "申请办结")
    expect(page.locator("main")).to_contain_text("申请办结")
    return "医疗保障局"


def split_by_keyboard(page: Page, task: str) -> str:
    """All forty to the first town: typed, refused by the live sum, mended, saved."""
    page.goto(f"{task}matrix/")
    first = page.locator("[data-amount]").first
    first.focus()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("还差 10")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("40")
    expect(verdict).to_contain_text("合计相符")
    page.get_by_role("button", name="保存分解表").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-amount]").first).to_have_value("40")
    return page.locator(".matrix tbody th").first.inner_text().strip()


def test_a_number_leads_back_to_its_sentence(enter: Callable[..., Page]) -> None:
    """From the dispatch sheet and from the overview: number, tasks, task, place in the paper."""
    page = enter("county_officer")
    for start in ("/workplans/dispatch/", "/workplans/overview/"):
        page.goto(start)
        number = page.locator("td.num a[href*='/workplans/?']").first
        count = number.inner_text().strip()
        number.click()
        page.wait_for_url(re.compile(r"/workplans/\?"))
        expect(page.locator("main")).to_contain_text(re.compile(rf"共\s*{count}\s*项"))
        page.locator(".table-list tbody td.name a").first.click()
        page.wait_for_url(re.compile(r"/workplans/\d+/$"))
        words = page.locator(".page-aside mark").inner_text()
        page.locator(".page-aside a[href*='#piece-']").click()
        page.wait_for_url(re.compile(r"/workplans/papers/\d+/#piece-\d+"))
        shown = page.locator(".review-paper .mark.is-shown").first
        expect(shown).to_be_in_viewport()
        assert shown.inner_text()[:10] == words[:10]
