"""`shouwang parse-paper`: reads a policy paper and shows what it asks for."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .ending import EXIT_REFUSED, json_option, print_json

if TYPE_CHECKING:
    from shouwang.policydocs.model import Paper, Task

COMPARATORS = {
    "ge": "≥",
    "le": "≤",
    "gt": ">",
    "lt": "<",
    "about": "约",
    "eq": "=",
    "increase": "增加",
    "decrease": "减少",
    "rank": "名次",
}
PERIODS = {
    "day": "天",
    "week": "周",
    "half_month": "半月",
    "ten_days": "旬",
    "month": "月",
    "two_months": "两个月",
    "quarter": "季度",
    "half_year": "半年",
    "year": "年",
}


@click.command("parse-paper")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def parse_paper_command(file: Path, as_json: bool) -> None:
    """读一份政策文件（txt、html、docx、pdf、doc），列出提纲、任务、目标、时限、指标和资金。

    例：shouwang parse-paper 防返贫工作通知.docx
    """
    from shouwang.policydocs import PaperRejected, parse, read_source

    try:
        paper = parse(read_source(file))
    except PaperRejected as refusal:
        click.secho(refusal.message, fg="red", err=True)
        raise SystemExit(EXIT_REFUSED) from refusal
    for note in paper.source.notes:
        click.secho(note, fg="yellow", err=True)
    if as_json:
        print_json(paper.as_json())
    else:
        _show(paper)


def _show(paper: "Paper") -> None:
    click.secho(paper.title or "（没有标题）", bold=True)
    facts = (paper.issuer, paper.doc_number, paper.year_or_period)
    click.echo("　".join(each for each in facts if each))
    click.echo(
        f"标题{len(paper.outline)}个　任务{len(paper.tasks)}条　指标{len(paper.indicators)}项"
        f"　资金{len(paper.funds)}笔"
    )
    for task in paper.tasks:
        _show_task(paper, task)
    for row in paper.indicators:
        click.echo(f"指标 {row.table} {row.no} {row.name}：{row.target_raw}（{row.kind or '—'}）")
    for fund in paper.funds:
        click.echo(f"资金 {fund.beneficiary or '—'}：{fund.raw}")


def _show_task(paper: "Paper", task: "Task") -> None:
    place = paper.source.place(task.span)
    page = f"第{place.page}页 " if place.page else ""
    click.secho(f"\n{task.id}. {task.text[:40].replace(chr(10), ' ')}…", bold=True)
    click.echo(f"   {page}第{place.paragraph}段　{' > '.join(task.path)}")
    if task.lead_units:
        click.echo("   牵头：" + "、".join(each.name for each in task.lead_units))
    if task.responsible_units:
        click.echo("   责任：" + "、".join(each.name for each in task.responsible_units))
    for each in task.targets:
        value = "" if each.value is None else f"{each.value.normalize():f}"
        second = "" if each.value2 is None else f"～{each.value2.normalize():f}"
        click.echo(
            f"   目标：{each.name} {COMPARATORS[each.comparator]} {value}{second}{each.unit}"
            f"　“{each.raw}”"
        )
    for limit in task.deadlines:
        click.echo(f"   时限：{limit.date_from or ''}～{limit.date_to}　“{limit.raw}”")
    for rhythm in task.periodic:
        per = PERIODS.get(rhythm.per, rhythm.per)
        click.echo(f"   定期：每{per}{rhythm.times}次　“{rhythm.raw}”")
