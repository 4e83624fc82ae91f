"""汇总: points of items into totals, places, grades, colours and stars; pure arithmetic inside."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .. import scoring
from ..models import Item, Round, Score, Sheet
from ..scoring import Line
from ..states import Colour, Missing, SchemeKind

HUNDRED = Decimal(100)


def settle(round_: Round) -> None:
    """Bring all sheets of a round up to their scores."""
    sheets = list(round_.sheets.prefetch_related("scores__item"))
    scheme = round_.scheme
    weights, grading = scheme.weights, scheme.grading
    for sheet in sheets:
        scores = list(sheet.scores.all())
        vetoes = [s.item for s in scores if s.item.is_veto and s.value]
        caps = [item.veto_cap for item in vetoes if item.veto_cap is not None]
        total = scoring.total(
            [line_of(score) for score in scores if not score.item.is_veto], weights,
            bonus_cap=Decimal(str(grading["bonus_cap"])), cap=min(caps, default=None),
        )  # fmt: skip
        sheet.total, sheet.steps = total.points, list(total.steps)
        sheet.parts = {
            name: None if points is None else str(points) for name, points in total.parts.items()
        }
        sheet.has_veto = bool(vetoes)
        sheet.stars = _stars(scores, grading) if scheme.kind == SchemeKind.STARS else []
    _places(sheets, grading)
    Sheet.objects.bulk_update(
        sheets, ["total", "steps", "parts", "has_veto", "stars", "rank", "grade", "colour"]
    )


def line_of(score: Score) -> Line:
    item = score.item
    return Line(
        item.part, item.name, item.weight, score.points, item.missing == Missing.EXCLUDED,
        item.is_bonus,
    )  # fmt: skip


def _stars(scores: Sequence[Score], grading: dict[str, Any]) -> list[str]:
    """An item is a star; it is lit when enough of its points were got."""
    line = Decimal(str(grading["star_line"]))
    return [
        score.item.name
        for score in scores
        if score.item.is_base
        and score.points is not None
        and score.item.weight
        and score.points * HUNDRED >= score.item.weight * line
    ]


def _places(sheets: Sequence[Sheet], grading: dict[str, Any]) -> None:
    """Place, grade and colour; equals share all three. Who cannot be scored has none."""
    told = [sheet.total for sheet in sheets if sheet.total is not None]
    lines = [(str(name), Decimal(str(line))) for name, line in grading["lines"]]
    order = [name for name, _ in lines]
    many = len(told)
    green = many * int(grading["green_share"]) // 100
    red = many * int(grading["red_share"]) // 100
    limits = {name: many * int(part) // 100 for name, part in grading.get("shares", {}).items()}
    for sheet in sheets:
        if sheet.total is None:
            sheet.rank, sheet.grade, sheet.colour = None, "", ""
            continue
        sheet.rank = scoring.place_of(sheet.total, told)
        behind = sum(1 for other in told if other < sheet.total)
        sheet.grade = _grade(sheet, lines, order, limits)
        sheet.colour = (
            Colour.GREEN if sheet.rank <= green else Colour.RED if behind < red else Colour.YELLOW
        )


def _grade(
    sheet: Sheet, lines: list[tuple[str, Decimal]], order: list[str], limits: dict[str, int]
) -> str:
    """By lines, and down to the next grade where its share is full."""
    grade = scoring.grade_by_lines(sheet.total, lines)
    while grade in limits and (sheet.rank or 0) > max(limits[grade], 1):
        grade = order[min(order.index(grade) + 1, len(order) - 1)]
    return grade


def explain(item: Item, score: Score, field: dict[str, Decimal] | None, label: str) -> None:
    """Points of one score by its item's rule, with the explanation kept."""
    if item.is_veto:
        score.points = None
        score.told = {
            "steps": [f"{label}：{scoring.words(score.value)} 件" if score.value else "没有发生"],
            "figures": [],
            "formula": f"发生后总分不超过 {scoring.words(item.veto_cap or Decimal(0))} 分",
            "points": None, "full": "0", "rounding": scoring.ROUNDING,
        }  # fmt: skip
        return
    if item.is_bonus and score.value is None:
        score.points, score.told = None, scoring.unknown(item.weight, "没有加分").told()
        return
    marks = [mark.points for mark in score.marks.all()] if item.source == "expert" else []
    given = scoring.Given(score.value, field, marks, label)
    found = scoring.score(item.rule, item.weight, given)
    score.points, score.told = found.points, found.told()
