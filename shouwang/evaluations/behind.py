"""数字后面的清单 (behind a score): the rows that a figure was made of, for the unit and the period.

Each row is one that the reader may see in its own room; what he may not see is only counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from shouwang.campaigns.models import Dossier
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.figures import Figure, get_figure
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.indicators.models import Definition
from shouwang.inspections.models import Problem
from shouwang.workplans.models import Task

from .models import Round, Score, Sheet
from .operations.sources import dossiers_of, past_note, problems_of, tasks_of
from .states import Source

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
MOST_ROWS = 500


@dataclass(frozen=True)
class Behind:
    """A table: its heads, its rows of (text, address), what to mind, where the list is."""

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    title: str
    unseen: int = 0
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


LISTS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "registry.": ("农户档案", "registry:households", {"absent": "no"}, ""),
    "registry.monitored_": (
        "监测户", "registry:households", {"absent": "no", "eliminated": "否"}, "",
    ),
    "registry.alleviated_": (
        "脱贫户", "registry:households", {"absent": "no", "household_type": "脱贫户"}, "",
    ),
    "cases.open": ("办理中的个案", "cases:list", {"phase": "open"}, ""),
    "cases.late": ("超期的个案", "cases:list", {"phase": "open", "timing": "late"}, ""),
    "cases.identified": ("当年识别的个案", "cases:list", {}, "identified_on"),
    "cases.resolved": ("风险消除的个案", "cases:list", {"phase": "resolved"}, ""),
    "cases.clues": ("线索登记簿", "cases:clues", {}, "received_on"),
    "campaigns.unsolved": ("没有解决的问题", "campaigns:dossiers", {"state": "unsolved"}, ""),
    "campaigns.late": ("超期的问题", "campaigns:dossiers", {"state": "late"}, ""),
    "campaigns.closed": ("已销号的问题", "campaigns:dossiers", {"state": "closed"}, ""),
    "support.visit": ("走访记录", "support:visits", {}, "visited_on"),
    "support.paired": ("帮扶联系人", "support:pairings", {}, ""),
}  # fmt: skip
"""By the beginning of a figure's key: title, list, what is chosen there, and its date."""
BY_UNIT: dict[str, tuple[str, str, dict[str, str]]] = {
    "workplans.": ("任务清单", "workplans:tasks", {"level": "leaf"}),
    "workplans.done": ("办结的任务", "workplans:tasks", {"level": "leaf", "state": "done"}),
    "inspections.": ("整改问题", "inspections:problems", {}),
    "inspections.signed": ("已销号的问题", "inspections:problems", {"state": "solved"}),
    "inspections.overdue": ("超期的问题", "inspections:problems", {"state": "late"}),
}


def behind(actor: Actor, score: Score) -> Behind | None:
    """The rows behind a score; nothing where a person entered it."""
    round_, sheet = score.sheet.round, score.sheet
    match score.item.source:
        case Source.FIGURE:
            return _figures(score, round_, sheet)
        case Source.INDICATOR:
            return _indicator(actor, score, sheet)
        case Source.TASKS:
            return _tasks(actor, round_, sheet)
        case Source.PROBLEMS:
            return _problems(actor, round_, sheet)
    return None


def _figures(score: Score, round_: Round, sheet: Sheet) -> Behind:
    """The figure again at every place below, so that the sum can be followed."""
    item, place = score.item, sheet.division
    figures = [get_figure(key) for key in item.source_key.split("/")]
    if place is None:
        return Behind((), (), "部门没有按地方计的数", note=past_note(item, round_))
    on = min(round_.ends_on, clock.today())
    places = [place, *Division.objects.on(on).filter(parent=place).order_by("code")]
    counted = [figure.count([one.path for one in places], on) for figure in figures]
    heads = ["区划", *[f"{figure.title}（{figure.unit}）" for figure in figures]]
    rows = []
    for one in places:
        values = [each.get(one.path) for each in counted]
        cells = [_words(value) for value in values]
        if len(figures) > 1:
            cells.append(_share(values))
        links = lists_of(figures[0], one, round_)
        rows.append(((one.name, links[0][1] if links else ""), *[(cell, "") for cell in cells]))
    if len(figures) > 1:
        heads.append("占比（%）")
    found = tuple(link for figure in figures for link in lists_of(figure, place, round_))
    title = f"{place.name}和下面各地，按 {on:%Y-%m-%d}"
    return Behind(
        tuple(heads), tuple(rows), title, note=past_note(item, round_),
        links=tuple(dict.fromkeys(found)),
    )  # fmt: skip


def _words(value: Decimal | None) -> str:
    return "没有数" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")


def _share(values: Sequence[Decimal | None]) -> str:
    top, base = values[0], values[1]
    return "—" if top is None or not base else str((HUNDRED * top / base).quantize(CENT))


def lists_of(figure: Figure, place: Division, round_: Round) -> list[tuple[str, str]]:
    """The list of the figure's own room, narrowed to the place and the period."""
    named = _longest(BY_UNIT, figure.key)
    if named is not None:
        title, name, chosen = BY_UNIT[named]
        unit = {"unit": place.name} if place.level != Level.COUNTY else {}
        return [(title, f"{reverse(name)}?{urlencode({**chosen, **unit})}")]
    known = _longest(LISTS, figure.key)
    if known is None:
        return []
    title, name, chosen, day = LISTS[known]
    narrowed = {**chosen, **_at(place)}
    if day:
        narrowed |= {
            f"{day}_min": f"{date(round_.ends_on.year, 1, 1):%Y-%m-%d}",
            f"{day}_max": f"{round_.ends_on:%Y-%m-%d}",
        }
    return [(title, f"{reverse(name)}?{urlencode(narrowed)}")]


def _longest(table: Mapping[str, object], key: str) -> str | None:
    return max((one for one in table if key.startswith(one)), key=len, default=None)


def _at(place: Division) -> dict[str, str]:
    if place.level == Level.TOWN:
        return {"town": place.code}
    return {"village": place.code} if place.level == Level.VILLAGE else {}


def _indicator(actor: Actor, score: Score, sheet: Sheet) -> Behind | None:
    found = (
        Definition.objects.visible_to(actor)
        .filter(division=sheet.round.division, code=score.item.source_key)
        .first()
    )
    if found is None or sheet.division is None:
        return None
    url = f"{found.get_absolute_url()}?place={sheet.division.code}"
    return Behind((), (), found.name, links=((f"{sheet.name}的“{found.name}”", url),))


def _mine(sheet: Sheet) -> Q:
    """Rows of which the unit is one of those in charge."""
    if sheet.department_id is not None:
        return Q(units__department=sheet.department_id)
    return Q(units__division=sheet.division_id)


def _tasks(actor: Actor, round_: Round, sheet: Sheet) -> Behind:
    counted = tasks_of(round_).filter(_mine(sheet)).distinct()
    seen = Task.objects.visible_to(actor).filter(pk__in=counted.values("pk"))
    rows = tuple(
        (
            (f"{one.number} {one.title}"[:80], reverse("workplans:task", args=[one.pk])),
            (f"{one.ends_on:%Y-%m-%d}" if one.ends_on else "没有期限", ""),
            (f"{min(one.share or Decimal(0), Decimal(1)) * HUNDRED:.1f}%", ""),
        )
        for one in seen.order_by("ends_on", "pk")[:MOST_ROWS]
    )
    return Behind(
        ("任务", "时限", "完成"), rows, f"{round_.begins_on} 至 {round_.ends_on} 的任务",
        unseen=counted.count() - len(rows),
    )  # fmt: skip


def _problems(actor: Actor, round_: Round, sheet: Sheet) -> Behind:
    """What was due: the signed ones and those that were not signed by the end of the period."""
    rows: list[tuple[str, str, date | None, bool]] = []
    counted = 0
    ends = round_.ends_on
    if sheet.division is not None:
        owed = dossiers_of(round_).filter(village__path__startswith=sheet.division.path)
        counted += owed.count()
        seen = Dossier.objects.visible_to(actor).filter(pk__in=owed.values("pk"))
        for one in seen.select_related("household")[:MOST_ROWS]:
            is_closed = one.state == "closed" and (one.closed_on is None or one.closed_on <= ends)
            rows.append((str(one), one.get_absolute_url(), one.due_on, is_closed))
    problems = problems_of(round_).filter(_mine(sheet)).distinct()
    counted += problems.count()
    visible = Problem.objects.visible_to(actor).filter(pk__in=problems.values("pk"))
    for problem in visible[:MOST_ROWS]:
        is_signed = problem.signed_on is not None and problem.signed_on <= ends
        rows.append((problem.text[:80], problem.get_absolute_url(), problem.due_on, is_signed))
    rows.sort(key=lambda row: (row[3], row[2] or ends))
    told = tuple(
        (
            (text, url),
            (f"{due:%Y-%m-%d}" if due else "", ""),
            ("已销号" if done else "没有销号", ""),
        )
        for text, url, due, done in rows
    )
    return Behind(
        ("问题", "时限", f"到 {ends:%Y-%m-%d}"), told, f"{ends:%Y-%m-%d} 以前到期的问题",
        unseen=counted - len(rows),
    )  # fmt: skip
