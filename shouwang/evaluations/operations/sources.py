"""取数: the figure of an item for every object of a round, from the rooms that know it.

No figure means that it cannot be told, which is not zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from shouwang.campaigns.models import Dossier
from shouwang.core import clock
from shouwang.core.figures import get_figure
from shouwang.indicators.evaluation import written
from shouwang.indicators.models import Definition
from shouwang.indicators.queries import Book, Period
from shouwang.inspections.models import Problem
from shouwang.workplans.models import Task

from ..models import Item, Round, Sheet
from ..states import Source

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Found:
    """A figure with what it was made of and where the list behind it is."""

    value: Decimal | None
    label: str
    parts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    """What to mind: a figure that knows only the present, counted for a day that is past."""


def find(item: Item, round_: Round, sheets: Sequence[Sheet]) -> dict[int, Found]:
    """The figures of one automatic item, by sheet."""
    return _FINDERS[Source(item.source)](item, round_, sheets)


def _figure(item: Item, round_: Round, sheets: Sequence[Sheet]) -> dict[int, Found]:
    """A figure, or with a/b the share of one in another."""
    figures = [get_figure(key) for key in item.source_key.split("/")]
    paths = [sheet.division.path for sheet in sheets if sheet.division is not None]
    on = min(round_.ends_on, clock.today())
    counted = [figure.count(paths, on) for figure in figures]
    label = figures[0].title
    found = {}
    for sheet in sheets:
        path = sheet.division.path if sheet.division else ""
        values = [each.get(path) for each in counted]
        parts = tuple(
            (f"{figure.title}（{figure.unit}）", f"{value:,.4f}".rstrip("0").rstrip("."))
            for figure, value in zip(figures, values, strict=True)
            if value is not None
        )
        value = values[0]
        if len(values) > 1:
            top, base = values[0], values[1]
            value = None if top is None or not base else (HUNDRED * top / base).quantize(CENT)
        name = f"{item.name}（%）" if len(values) > 1 else label
        found[sheet.pk] = Found(value, name, parts, past_note(item, round_))
    return found


def past_note(item: Item, round_: Round) -> str:
    """Why the figure is not that of the round's last day, or nothing."""
    if item.source != Source.FIGURE or round_.ends_on >= clock.today():
        return ""
    titles = [
        figure.title
        for figure in map(get_figure, item.source_key.split("/"))
        if not figure.has_past
    ]
    if not titles:
        return ""
    return (
        f"“{'”“'.join(titles)}”只有现在的数：按 {clock.today():%Y-%m-%d} 计，"
        f"不是 {round_.ends_on:%Y-%m-%d} 的数。"
    )


def _indicator(item: Item, round_: Round, sheets: Sequence[Sheet]) -> dict[int, Found]:
    definition = Definition.objects.filter(division=round_.division, code=item.source_key).first()
    if definition is None:
        return {sheet.pk: Found(None, item.source_key) for sheet in sheets}
    places = [sheet.division for sheet in sheets if sheet.division is not None]
    period = Period.read(round_.period)
    book = Book([definition], places, since=period.year - 1)
    found = {}
    for sheet in sheets:
        assessed = None
        if sheet.division is not None:
            assessed = book.assess(definition, sheet.division, period)
        value = assessed.attainment if assessed else None
        parts: tuple[tuple[str, str], ...] = ()
        if assessed is not None:
            now = "没有数" if assessed.value is None else written(assessed.value, definition.unit)
            parts = (("目标", assessed.asked.words), ("现值", now))
        found[sheet.pk] = Found(value, f"{definition.name}完成率（%）", parts)
    return found


def tasks_of(round_: Round) -> QuerySet[Task]:
    """Tasks of the county that ran or ended in the period."""
    return (
        Task.objects.filter(division__path__startswith=round_.division.path, parts=None)
        .exclude(state="cancelled")
        .filter(Q(begins_on=None) | Q(begins_on__lte=round_.ends_on))
        .filter(Q(ends_on=None) | Q(ends_on__gte=round_.begins_on))
    )


def _tasks(item: Item, round_: Round, sheets: Sequence[Sheet]) -> dict[int, Found]:
    """The mean share done of the unit's own tasks that ended or ran in the period."""
    done: dict[tuple[str, int], dict[int, Decimal]] = {}
    for pk, share, division, department in tasks_of(round_).values_list(
        "pk", "share", "units__division", "units__department"
    ):
        counted = min(share or Decimal(0), Decimal(1))
        for key in (("division", division), ("department", department)):
            if key[1] is not None:
                done.setdefault((key[0], key[1]), {})[pk] = counted
    found = {}
    for sheet in sheets:
        mine = done.get(_key(sheet), {})
        value = None
        if mine:
            value = (HUNDRED * sum(mine.values(), Decimal(0)) / len(mine)).quantize(CENT)
        parts = (("任务", f"{len(mine)} 项"),)
        found[sheet.pk] = Found(value, "任务平均完成率（%）", parts)
    return found


def _key(sheet: Sheet) -> tuple[str, int]:
    if sheet.department_id is not None:
        return ("department", sheet.department_id)
    return ("division", sheet.division_id or 0)


def dossiers_of(round_: Round) -> QuerySet[Dossier]:
    """Problems of 三保障 and water due by the end of the period."""
    rows = Dossier.objects.filter(
        village__path__startswith=round_.division.path, due_on__lte=round_.ends_on
    )
    return rows.exclude(state="mistaken")


def problems_of(round_: Round) -> QuerySet[Problem]:
    """Problems of rectification due by the end of the period."""
    return Problem.objects.counted().filter(
        division__path__startswith=round_.division.path, due_on__lte=round_.ends_on
    )


def _problems(item: Item, round_: Round, sheets: Sequence[Sheet]) -> dict[int, Found]:
    """Problems due by the end of the period: how many of them were signed off by then.

    Those of the registers of 三保障 and of rectification; each counts once for a unit.
    """
    ends = round_.ends_on
    told = [
        (path, state == "closed" and (closed is None or closed <= ends))
        for path, state, closed in dossiers_of(round_).values_list(
            "village__path", "state", "closed_on"
        )
    ]
    by_unit: dict[tuple[str, int], dict[int, bool]] = {}
    for pk, signed, division, department in problems_of(round_).values_list(
        "pk", "signed_on", "units__division", "units__department"
    ):
        is_signed = signed is not None and signed <= ends
        for key in (("division", division), ("department", department)):
            if key[1] is not None:
                by_unit.setdefault((key[0], key[1]), {})[pk] = is_signed
    found = {}
    for sheet in sheets:
        path = sheet.division.path if sheet.division else None
        mine = [solved for place, solved in told if path is not None and place.startswith(path)]
        mine += by_unit.get(_key(sheet), {}).values()
        value = (HUNDRED * sum(mine) / Decimal(len(mine))).quantize(CENT) if mine else None
        parts = (("到期问题", f"{len(mine)} 个"), ("已销号", f"{sum(mine)} 个"))
        found[sheet.pk] = Found(value, "问题销号率（%）", parts)
    return found


_FINDERS: dict[Source, Callable[[Item, Round, Sequence[Sheet]], dict[int, Found]]] = {
    Source.FIGURE: _figure,
    Source.INDICATOR: _indicator,
    Source.TASKS: _tasks,
    Source.PROBLEMS: _problems,
}
