"""重点任务季度通报: ranking of units and towns, what goes well and what does not, next steps.

The bulletin itself (words, issue, receipts, Word) is of the campaigns room; here are its figures.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from shouwang.campaigns.bulletin_kinds import BulletinKind
from shouwang.campaigns.compiling import Section, section
from shouwang.core import formats
from shouwang.core.actor import Actor
from shouwang.divisions.levels import Level

from .models import Task, TaskRequest
from .operations import recount
from .queries import UnitRow, board, initiatives, tasks_visible_to
from .querysets import OPEN
from .states import RequestState

MOST, SHOWN = 60, 10
VILLAGES = (Level.VILLAGE, Level.GROUP)
GOOD, POOR = Decimal("0.9"), Decimal("0.6")
HEAD = ("名次", "单位", "任务（项）", "办结（项）", "红灯（项）", "平均进度（%）")


def compile_quarter(actor: Actor, day: date) -> list[Section]:
    """Every section that has something to say; what the system counts is counted first."""
    if actor.can("workplans.manage"):
        recount(actor)
    rows = board(actor, day)
    if not rows:
        return [section("overall", "总体进展", "还没有任务。")]
    offices = [row for row in rows if not row.level]
    villages = [row for row in rows if row.level in VILLAGES]
    towns = [row for row in rows if row.level and row.level not in VILLAGES]
    made = [
        _overall(actor, day),
        _ranking("offices", "部门进展排名", offices),
        _ranking("towns", "乡镇进展排名", towns),
        _ranking("villages", "村级进展排名", villages),
        _initiatives(actor, day),
        _good(actor, day),
        _problems(actor, day),
        section("next", "下一步工作", _next(rows)),
    ]
    return [one for one in made if one is not None]


def _overall(actor: Actor, day: date) -> Section:
    seen = tasks_visible_to(actor).exclude(state="cancelled").filter(parts=None)
    total, done = seen.count(), seen.filter(state="done").count()
    late = seen.late(day).count()
    text = (
        f"截至 {formats.day(day)}，共有任务 {total:,} 项，已办结 {done:,} 项，"
        f"办结率 {done / total if total else 0:.1%}，超期 {late:,} 项。"
    )
    rows = [
        (name or "没有文件来源的", whole, ended) for name, whole, ended in _by_paper(actor)[:MOST]
    ]
    chart = {"title": "各文件的任务", "unit": "项", "name": 0, "value": 1} if rows else None
    papers = seen.exclude(paper=None).values_list("paper", "paper__title").order_by().distinct()
    links = [("全部任务", _tasks(state="counted"))]
    links += [(title, _tasks(paper=key, state="counted")) for key, title in papers[:MOST]]
    return section(
        "overall", "总体进展", text, ("政策文件", "任务（项）", "办结（项）"), rows, chart, links
    )


def _tasks(**query: object) -> str:
    """The list of the tasks that a number counts."""
    return f"{reverse('workplans:tasks')}?{urlencode({'level': 'leaf', **query})}"


def _by_paper(actor: Actor) -> list[tuple[str, int, int]]:
    seen = tasks_visible_to(actor).exclude(state="cancelled").filter(parts=None)
    found: dict[str, list[int]] = {}
    for title, state in seen.values_list("paper__title", "state").order_by():
        counts = found.setdefault((title or "")[:30], [0, 0])
        counts[0] += 1
        counts[1] += state == "done"
    return sorted(((name, *counts) for name, counts in found.items()), key=lambda one: -one[1])  # type: ignore[misc]


def _ranking(key: str, title: str, rows: Sequence[UnitRow]) -> Section | None:
    """By mean progress, the best first; equal progress is an equal rank."""
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: (-row.mean, row.red, row.name))
    ranks = [1 + sum(other.mean > row.mean for other in ordered) for row in ordered]
    table = [
        (rank, row.name, row.total, row.done, row.red, float(round(row.mean * 100, 1)))
        for rank, row in zip(ranks, ordered, strict=True)
    ]
    first, last = ordered[0], ordered[-1]
    text = f"平均进度居前的是{_names(ordered[:3])}"
    text += f"，靠后的是{_names(ordered[-3:])}。" if first.mean > last.mean else "。"
    chart = {"title": "平均进度", "unit": "%", "name": 1, "value": 5}
    links = [
        (row.name, _tasks(unit=row.key, duty="lead", state="counted")) for row in ordered[:MOST]
    ]
    return section(key, title, text, HEAD, table[:MOST], chart, links)


def _names(rows: Sequence[UnitRow]) -> str:
    return "、".join(f"{row.name}（{row.mean:.0%}）" for row in rows)


def _initiatives(actor: Actor, day: date) -> Section | None:
    rows = [
        (one.name, one.total, one.done, one.red, float(round(one.mean * 100, 1)))
        for one in initiatives(actor, day)
    ]
    if not rows:
        return None
    words = "；".join(
        f"{name}任务 {total} 项，办结 {done} 项" for name, total, done, _, _ in rows[:5]
    )
    head = ("专项行动", "任务（项）", "办结（项）", "红灯（项）", "平均进度（%）")
    links = [(str(row[0]), _tasks(tag=row[0], state="counted")) for row in rows[:MOST]]
    return section("initiatives", "专项行动进展", f"{words}。", head, rows[:MOST], None, links)


def _good(actor: Actor, day: date) -> Section:
    """Good and poor: those that are far ahead, and those far behind, by name."""
    leaves = tasks_visible_to(actor).filter(parts=None, state__in=(*OPEN, "done"))
    early = leaves.filter(share__gte=GOOD).order_by("-share", "number_key")[:SHOWN]
    slow = leaves.filter(state__in=OPEN, ends_on__lte=day).exclude(share__gte=POOR)
    good = "；".join(f"{_who(one)}“{one.title[:24]}”进度 {one.share:.0%}" for one in early)
    poor = "；".join(
        f"{_who(one)}“{one.title[:24]}”到期进度 {one.share or 0:.0%}"
        for one in slow.order_by("share", "number_key")[:SHOWN]
    )
    text = f"进展好的：{good or '还没有'}。进展慢的：{poor or '没有'}。"
    return section("good", "好的做法和差距", text)


def _who(task: Task) -> str:
    names = [unit.name for unit in task.units.all() if unit.duty == "lead"]
    return names[0] if names else task.place


def _problems(actor: Actor, day: date) -> Section:
    late = tasks_visible_to(actor).late(day).filter(parts=None).order_by("ends_on", "number_key")
    shown = list(late.prefetch_related("units")[:MOST])
    rows = [
        (
            task.number, task.title[:40], _who(task), f"{task.ends_on:%Y-%m-%d}",
            f"{task.share:.0%}" if task.share is not None else "未报送",
        )
        for task in shown
    ]  # fmt: skip
    seen = tasks_visible_to(actor).values("pk")
    asked = TaskRequest.objects.filter(task__in=seen, state=RequestState.WAITING).count()
    never = late.filter(reported_on=None).count()
    text = f"超期未办结 {late.count():,} 项，其中从未报送进展 {never:,} 项；"
    text += f"等待答复的请示 {asked:,} 件。"
    head = ("编号", "任务", "牵头单位", "时限", "进度")
    links = [(f"{task.number} {task.title[:40]}", task.get_absolute_url()) for task in shown]
    return section("problems", "存在问题", text, head, rows, None, links)


def _next(rows: Sequence[UnitRow]) -> str:
    slow = [row.name for row in sorted(rows, key=lambda row: -row.red) if row.red][:5]
    words = f"请{'、'.join(slow)}逐项列出超期任务的原因和补救时间，报县里审看。" if slow else ""
    return f"{words}各牵头单位按月报送进展并附佐证；时限临近的任务提前安排，确需延期的先申请。"


QUARTER = BulletinKind(
    "tasks", "重点任务季度通报", "{place}重点任务进展通报（{period}）", 3, compile_quarter,
    is_for_departments=True,
)  # fmt: skip
BULLETINS = (QUARTER,)
"""Read by the room of campaigns."""
