"""考核问题列入台账: weak items and vetoes become problems that are rectified and signed off."""

from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.inspections.models import Batch
from shouwang.inspections.operations import ProblemDraft, register_batch

from ..models import Round, Score, Sheet
from ..scoring import words
from .rounds import record

HUNDRED = Decimal(100)
MOST = 500


def weak_scores(round_: Round) -> list[Score]:
    """Scores under the line of the scheme, and what is a veto."""
    line = Decimal(str(round_.scheme.grading["problem_line"]))
    rows = Score.objects.filter(sheet__round=round_).select_related(
        "item", "sheet__division", "sheet__department"
    )
    return [score for score in rows if _is_weak(score, line)]


def _is_weak(score: Score, line: Decimal) -> bool:
    item = score.item
    if item.is_veto:
        return bool(score.value)
    if item.is_bonus or score.points is None or not item.weight:
        return False
    return score.points * HUNDRED < item.weight * line


def file_problems(actor: Actor, round_: Round) -> Batch:
    """One batch a round; asked again, only what is new is added."""
    require_here(actor, "evaluations.manage", round_.division.path)
    if round_.state == "running":
        raise Conflict("核定得分以后才能把问题列入台账。")
    weak = weak_scores(round_)
    if not weak:
        raise DomainError("没有得分偏低的项目，也没有颠覆性问题。", code="none")
    if len(weak) > MOST:
        raise DomainError(f"问题超过 {MOST} 个，请先核对评分规则。", code="most")
    with transaction.atomic():
        batch = register_batch(
            actor, name=round_.title, source="evaluation", received_on=clock.today(),
            division=round_.division, problems=[_draft(score) for score in weak],
            level="县", key=f"evaluation:{round_.pk}",
        )  # fmt: skip
        record(actor, round_, "filed", f"问题列入台账：{round_.title}，{len(weak)} 个")
    return batch


def _draft(score: Score) -> ProblemDraft:
    sheet, item = score.sheet, score.item
    last = (score.told.get("steps") or [""])[-1]
    got = "颠覆性问题" if item.is_veto else f"得 {score.points} 分（分值 {words(item.weight)}）"
    return ProblemDraft(
        text=f"{sheet.name}：{item.name}，{got}。{last}"[:1000], number=f"{sheet.pk}-{item.number}",
        severity="grave" if item.is_veto else "normal", lead=[unit_name(sheet)],
        places=[sheet.division] if sheet.division is not None else [],
    )  # fmt: skip


def unit_name(sheet: Sheet) -> str:
    """Who answers for an object: the department, the town, or the town of a village."""
    if sheet.department is not None:
        return sheet.department.name
    place = sheet.division
    if place is None:
        return sheet.name
    return place.parent.name if place.level == "village" and place.parent else place.name
