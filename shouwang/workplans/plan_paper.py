"""方案的文本 (Word): the plan as an official paper with its seven columns."""

import io

from shouwang.documents import personal
from shouwang.documents.papers import Paper

from .models import Plan
from .models.work import plain

HEAD = ["序号", "目标", "任务", "项目", "资金（万元）", "责任单位", "责任人", "完成时限"]
WIDTHS = (12, 42, 50, 38, 20, 27, 18, 18)


def write(plan: Plan) -> bytes:
    paper = Paper(plan.title, landscape=True)
    paper.title(plan.title)
    state = plan.state_label
    if plan.number and plan.filed_on:
        state = f"{plan.number}，{plan.filed_on:%Y-%m-%d} 备案"
    paper.text(f"编制：{plan.made_by_label}　{state}", align=1, indent=False)
    items = list(plan.items.all())
    personal.refuse([(f"第 {one.place} 项", f"{one.goal}{one.task}{one.project}") for one in items])
    rows = [
        [
            str(one.place), one.goal, one.task, one.project,
            f"{one.money:,.2f}" if one.money is not None else "", one.body, one.person,
            f"{one.ends_on:%Y-%m-%d}" if one.ends_on else "",
        ]
        for one in items
    ]  # fmt: skip
    total = sum((one.money for one in items if one.money is not None), start=0)
    paper.table([HEAD, *rows], WIDTHS, head=1).gap()
    paper.text(f"共 {len(items)} 项，资金合计 {total:,.2f} 万元。")
    goals = [one for one in items if one.quantity is not None]
    if goals:
        words = "；".join(f"{one.goal}（{plain(one.quantity)} {one.unit}）" for one in goals)  # type: ignore[arg-type]
        paper.text(f"可以衡量的目标：{words}。")
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()
