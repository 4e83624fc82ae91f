"""What the pages of the evaluations room show: the league with its trend, heat, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shouwang.core.actor import Actor, require

from .models import Appeal, Item, Reviewer, Round, Scheme, Score, Sheet, Survey
from .operations.assessing import is_own, may_assess
from .operations.rounds import leaves_of
from .querysets import own_sheets

HUNDRED = Decimal(100)
HEAT_STEPS = (60, 75, 85, 95)
MOST_ROUNDS = 8


def schemes_visible_to(actor: Actor) -> QuerySet[Scheme]:
    require(actor, "evaluations.view")
    return Scheme.objects.visible_to(actor).select_related("division")


def rounds_visible_to(actor: Actor) -> QuerySet[Round]:
    require(actor, "evaluations.view")
    return Round.objects.visible_to(actor).select_related("scheme", "division")


def scheme_visible_to(actor: Actor, pk: int) -> Scheme:
    return get_object_or_404(schemes_visible_to(actor), pk=pk)


def round_visible_to(actor: Actor, pk: int) -> Round:
    return get_object_or_404(rounds_visible_to(actor), pk=pk)


def sheet_visible_to(actor: Actor, pk: int) -> Sheet:
    require(actor, "evaluations.view")
    seen = Sheet.objects.visible_to(actor)
    return get_object_or_404(
        seen.select_related("round__scheme", "round__division", "division", "department"), pk=pk
    )


def score_visible_to(actor: Actor, pk: int) -> Score:
    seen = Sheet.objects.visible_to(actor).values("pk")
    rows = Score.objects.filter(sheet__in=seen).select_related(
        "item", "sheet__round__division", "sheet__round__scheme", "sheet__division",
        "sheet__department",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def appeal_visible_to(actor: Actor, pk: int) -> Appeal:
    seen = Appeal.objects.visible_to(actor).select_related("score__sheet__round__division")
    return get_object_or_404(seen.select_related("score__item"), pk=pk)


def survey_visible_to(actor: Actor, pk: int) -> Survey:
    require(actor, "evaluations.whole")
    return get_object_or_404(Survey.objects.visible_to(actor).select_related("division"), pk=pk)


def sees_whole(actor: Actor, round_: Round) -> bool:
    return actor.can_at("evaluations.whole", round_.division.path)


@dataclass(frozen=True)
class Row:
    """One object in the league; `rise` is places won since the round before."""

    sheet: Sheet
    rise: int | None
    former_total: Decimal | None
    may_open: bool

    @property
    def trend(self) -> str:
        if self.rise is None:
            return "—"
        if self.rise == 0:
            return "持平"
        return f"升 {self.rise} 位" if self.rise > 0 else f"降 {-self.rise} 位"

    @property
    def part_list(self) -> list[str]:
        return ["—" if points is None else str(points) for points in self.sheet.parts.values()]


def league(actor: Actor, round_: Round) -> list[Row]:
    """Rows by place; those who cannot be scored are last."""
    seen = Sheet.objects.in_league_of(actor).filter(round=round_)
    sheets = sorted(seen, key=lambda one: (one.rank is None, one.rank or 0, one.name))
    open_ = set(Sheet.objects.visible_to(actor).filter(round=round_).values_list("pk", flat=True))
    former = {}
    if round_.former_id is not None:
        told = Sheet.objects.in_league_of(actor).filter(round=round_.former_id)
        former = {one.name: one for one in told}
    rows = []
    for sheet in sheets:
        before = former.get(sheet.name)
        rise = None
        if before is not None and before.rank and sheet.rank:
            rise = before.rank - sheet.rank
        rows.append(Row(sheet, rise, before.total if before else None, sheet.pk in open_))
    return rows


@dataclass(frozen=True)
class Heat:
    """One cell: the share of an item's points that was got, in five steps; -1 unknown."""

    points: Decimal | None
    step: int


@dataclass(frozen=True)
class HeatMap:
    items: list[Item]
    rows: list[tuple[Sheet, list[Heat]]]


def heat(actor: Actor, round_: Round) -> HeatMap:
    """Items across, objects down; only sheets that the actor may open."""
    items = [item for item in leaves_of(round_.scheme) if item.is_base]
    seen = Sheet.objects.visible_to(actor).filter(round=round_).prefetch_related("scores")
    rows = []
    for sheet in sorted(seen, key=lambda one: (one.rank is None, one.rank or 0, one.name)):
        points = {score.item_id: score.points for score in sheet.scores.all()}
        cells = [Heat(points.get(i.pk), heat_step(points.get(i.pk), i.weight)) for i in items]
        rows.append((sheet, cells))
    return HeatMap(items, rows)


def heat_step(points: Decimal | None, full: Decimal) -> int:
    if points is None or not full:
        return -1
    return sum(1 for line in HEAT_STEPS if points * HUNDRED >= full * line)


def chain(round_: Round) -> list[Round]:
    """The round and those before it, oldest first."""
    found = [round_]
    while found[-1].former is not None and len(found) < MOST_ROUNDS:
        found.append(found[-1].former)
    return found[::-1]


@dataclass
class Node:
    """One item on a score sheet, with what is below it."""

    item: Item
    score: Score | None
    depth: int
    points: Decimal | None = None
    appeals: list[Appeal] = field(default_factory=list)


def sheet_nodes(sheet: Sheet) -> list[Node]:
    """The tree of a sheet in order; headings have the sum of what is below them."""
    scores = {
        score.item_id: score
        for score in sheet.scores.select_related("item").prefetch_related("appeals", "changes")
    }
    nodes: list[Node] = []
    by_item: dict[int, Node] = {}
    for item in sheet.round.scheme.items.all():
        above = by_item.get(item.parent_id) if item.parent_id else None
        score = scores.get(item.pk)
        node = Node(item, score, above.depth + 1 if above else 0)
        if score is not None:
            node.points, node.appeals = score.points, list(score.appeals.all())
        by_item[item.pk] = node
        nodes.append(node)
    for node in reversed(nodes):
        above = by_item.get(node.item.parent_id) if node.item.parent_id else None
        if above is not None and node.points is not None:
            above.points = (above.points or Decimal(0)) + node.points
    return nodes


@dataclass(frozen=True)
class Waiting:
    """What waits for one person."""

    assess: list[Sheet]
    mark: list[tuple[Reviewer, int, int]]
    appeals: list[Appeal]

    @property
    def total(self) -> int:
        left = sum(1 for _, done, many in self.mark if done < many)
        return sum(1 for one in self.assess if one.assessed_at is None) + left + len(self.appeals)


def waiting_for(actor: Actor) -> Waiting:
    return Waiting(_to_assess(actor), _to_mark(actor), _to_answer(actor))


def _to_assess(actor: Actor) -> list[Sheet]:
    if not actor.can("evaluations.assess"):
        return []
    rows = Sheet.objects.filter(own_sheets(actor, "evaluations.assess"), round__state="running")
    rows = rows.select_related("round", "division", "department").order_by("assessed_at", "name")
    return [sheet for sheet in rows[:200] if may_assess(actor, sheet)]


def _to_mark(actor: Actor) -> list[tuple[Reviewer, int, int]]:
    if actor.account_id is None:
        return []
    found = []
    rows = Reviewer.objects.filter(account=actor.account_id, round__state="running")
    for reviewer in rows.select_related("round"):
        scores = to_mark(actor, reviewer)
        done = reviewer.marks.filter(score__in=[score.pk for score in scores]).count()
        found.append((reviewer, done, len(scores)))
    return found


def to_mark(actor: Actor, reviewer: Reviewer) -> list[Score]:
    """Scores that a reviewer marks: the experts' items of all units but the own."""
    rows = Score.objects.filter(sheet__round=reviewer.round_id, item__source="expert")
    rows = rows.select_related("item", "sheet__division", "sheet__department")
    rows = rows.order_by("item__place", "sheet__name")
    return [score for score in rows if not is_own(actor, score.sheet, "evaluations.mark")]


def _to_answer(actor: Actor) -> list[Appeal]:
    if not actor.can("evaluations.manage"):
        return []
    rows = Appeal.objects.visible_to(actor, "evaluations.manage").filter(state="waiting")
    return list(rows.select_related("score__sheet__round", "score__item")[:100])


def badge(actor: Actor) -> int:
    return waiting_for(actor).total


def columns_of(round_: Round) -> Sequence[str]:
    return list(round_.scheme.weights)
