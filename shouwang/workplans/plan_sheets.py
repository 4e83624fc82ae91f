"""方案的表格: items of a plan from a spreadsheet, read with the place of every mistake."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import read_whole_list

CAPTIONS = {
    "goal": ("目标", "工作目标", "发展目标"),
    "quantity": ("目标值", "目标数量"),
    "unit": ("单位", "计量单位"),
    "task": ("任务", "主要任务", "工作任务", "重点任务"),
    "project": ("项目", "支撑项目", "重点项目"),
    "money": ("资金", "资金(万元)", "资金（万元）", "投资(万元)", "投资（万元）"),
    "body": ("责任单位", "牵头单位"),
    "person": ("责任人", "责任领导"),
    "ends_on": ("完成时限", "时限", "完成时间"),
}
MOST_ROWS = 500


def read_items(content: bytes) -> list[dict[str, Any]]:
    """Items of the first sheet that has them; DomainError names every row that cannot be read."""
    no_head = "表格里没有找到“目标”“任务”等表头，或表头下没有内容。"
    return read_whole_list(
        content, CAPTIONS, {"goal", "task"}, _item, rows=MOST_ROWS, no_head=no_head
    )


def _item(values: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "goal": values.get("goal", "")[:300],
        "unit": values.get("unit", "")[:20],
        "task": values.get("task", "")[:500],
        "project": values.get("project", "")[:300],
        "body": values.get("body", "")[:120],
        "person": values.get("person", "")[:60],
        "quantity": number(values.get("quantity", ""), "目标值", 15),
        "money": number(values.get("money", ""), "资金", 11),
        "ends_on": None,
    }
    if text := values.get("ends_on", ""):
        try:
            item["ends_on"] = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
        except ValueError as error:
            raise DomainError(f"“完成时限”写的是“{text[:20]}”，请写成 2026-06-30 的样子") from error
    return item


def number(text: str, label: str, digits: int) -> Decimal | None:
    """A number of a cell; empty is no value."""
    bare = text.replace(",", "").replace("，", "").strip()
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise DomainError(f"“{label}”写的是“{text[:20]}”，应是数字") from error
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** digits:
        raise DomainError(f"“{label}”写的是“{text[:20]}”，请核对")
    return value
