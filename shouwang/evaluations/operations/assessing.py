"""自评、打分、审核、申诉: what people put into a round, and every change of points kept."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound

from ..models import Appeal, Mark, PointChange, Reviewer, Score, Sheet
from ..scoring import words
from ..states import AppealState, Source
from .rounds import record, running, score_item
from .settling import settle

BY_HAND = (Source.MANUAL, Source.SELF)
MOST_VALUE = Decimal(10) ** 12


def is_own(actor: Actor, sheet: Sheet, right: str) -> bool:
    """Whether a post with this right is of the very unit: its department or its place."""
    for scope in actor.scopes_with(right):
        if scope.department is not None:
            if sheet.department is not None and sheet.department.name == scope.department:
                return True
        elif sheet.division is not None and scope.division_path == sheet.division.path:
            return True
    return False


def may_assess(actor: Actor, sheet: Sheet) -> bool:
    return is_own(actor, sheet, "evaluations.assess")


def assess(actor: Actor, sheet: Sheet, given: Mapping[int, tuple[Decimal | None, str]]) -> Sheet:
    """自评: the unit's own points and words by score; evidence is attached to the sheet."""
    if not may_assess(actor, sheet):
        raise NotAllowed("只能填报本单位的自评。")
    scores = {score.pk: score for score in sheet.scores.select_related("item")}
    changed = []
    for pk, (points, note) in given.items():
        if (score := scores.get(pk)) is None:
            raise NotFound
        if points is not None and not 0 <= points <= score.item.weight:
            raise DomainError(
                f"“{score.item}”的自评分应在 0 到 {words(score.item.weight)} 之间。", code="points"
            )
        score.self_points, score.self_note = points, note.strip()[:500]
        changed.append(score)
    with transaction.atomic():
        running(sheet.round)
        Score.objects.bulk_update(changed, ["self_points", "self_note"])
        sheet.assessed_at, sheet.assessed_by_label = clock.now(), actor.label[:120]
        sheet.save(update_fields=["assessed_at", "assessed_by_label"])
        record(actor, sheet.round, "assessed", f"报送自评：{sheet.name}，{sheet.round.title}")
    return sheet


def review(actor: Actor, score: Score, *, value: Decimal | None, note: str) -> Score:
    """核定: the county settles the figure of an item by hand, with its reason; kept as a change."""
    sheet, item = score.sheet, score.item
    require_here(actor, "evaluations.manage", sheet.round.division.path)
    if item.source not in BY_HAND:
        raise DomainError("这一项由系统计数或评委打分，不能手工核定。", code="source")
    if not note.strip():
        raise DomainError("请写明核定依据：扣分和加分都要有佐证。", code="note")
    if value is not None and not 0 <= value < MOST_VALUE:
        raise DomainError("数值不能是负数，也不能大得不合理。", code="value")
    if item.rule.get("kind") == "direct" and not item.is_veto and (value or 0) > item.weight:
        raise DomainError(f"得分不能超过分值 {words(item.weight)}。", code="value")
    with transaction.atomic():
        running(sheet.round)
        before = score.points
        score.value, score.note = value, note.strip()[:500]
        score.save(update_fields=["value", "note"])
        score_item(sheet.round, item, None)
        score.refresh_from_db()
        _kept(actor, score, before, note)
        settle(sheet.round)
        record(actor, sheet.round, "reviewed", f"核定 {item.number}：{sheet.name}")
    return score


def mark(actor: Actor, reviewer: Reviewer, given: Mapping[int, Decimal]) -> int:
    """评委打分: marks by score, on the scale of the rule; never of the own unit."""
    if actor.account_id is None or actor.account_id != reviewer.account_id:
        raise NotFound
    require(actor, "evaluations.mark")
    round_ = reviewer.round
    scores = Score.objects.filter(pk__in=given, sheet__round=round_, item__source=Source.EXPERT)
    scores = scores.select_related("item", "sheet__division", "sheet__department")
    if len(scores) != len(given):
        raise NotFound
    with transaction.atomic():
        running(round_)
        for score in scores:
            if is_own(actor, score.sheet, "evaluations.mark"):
                raise NotAllowed(f"{score.sheet.name}是您的本单位，不能给它打分。")
            top = Decimal(str(score.item.rule.get("top", 100)))
            if not 0 <= given[score.pk] <= top:
                raise DomainError(f"打分应在 0 到 {words(top)} 之间。", code="points")
            Mark.objects.update_or_create(
                score=score, reviewer=reviewer,
                defaults={"points": given[score.pk], "marked_at": clock.now()},
            )  # fmt: skip
        for item in {score.item for score in scores}:
            score_item(round_, item, None)
        settle(round_)
        record(actor, round_, "marked", f"评委打分：{round_.title}，{len(given)} 项")
    return len(given)


def appeal(actor: Actor, score: Score, *, reason: str, asked: Decimal | None = None) -> Appeal:
    """申诉: by the unit, between the settling of points and publication."""
    sheet = score.sheet
    if not may_assess(actor, sheet):
        raise NotAllowed("只能对本单位的得分申诉。")
    if sheet.round.state != "scored":
        raise Conflict(f"这一轮考核{sheet.round.state_label}，核定以后、公布以前可以申诉。")
    if not reason.strip():
        raise DomainError("请写明哪里不对、有什么依据。", code="reason")
    if asked is not None and not 0 <= asked <= score.item.weight:
        raise DomainError(f"要求的得分应在 0 到 {words(score.item.weight)} 之间。", code="asked")
    if score.appeals.filter(state=AppealState.WAITING).exists():
        raise Conflict("这一项已经申诉，请等答复。")
    with transaction.atomic():
        made = Appeal.objects.create(
            score=score, asked=asked, reason=reason.strip()[:500], made_at=clock.now(),
            made_by_id=actor.account_id, made_by_label=actor.label[:120],
        )  # fmt: skip
        record(actor, sheet.round, "appealed", f"申诉 {score.item.number}：{sheet.name}")
    return made


def answer(
    actor: Actor, found: Appeal, *, grant: bool, text: str, points: Decimal | None = None
) -> Appeal:
    """答复: points are corrected where the appeal is granted, the former ones are kept."""
    score = found.score
    sheet, item = score.sheet, score.item
    require_here(actor, "evaluations.manage", sheet.round.division.path)
    if actor.account_id is not None and actor.account_id == found.made_by_id:
        raise NotAllowed("不能答复自己提出的申诉。")
    if not text.strip():
        raise DomainError("请写明答复的理由。", code="text")
    if grant and (points is None or not 0 <= points <= item.weight):
        raise DomainError(f"采纳时请填更正后的得分（0 到 {words(item.weight)}）。", code="points")
    state = AppealState.GRANTED if grant else AppealState.REFUSED
    with transaction.atomic():
        waiting = Appeal.objects.filter(pk=found.pk, state=AppealState.WAITING)
        changed = waiting.filter(score__sheet__round__state="scored").update(
            state=state, answer=text.strip()[:500], answered_at=clock.now(),
            answered_by_label=actor.label[:120],
        )  # fmt: skip
        if not changed:
            raise Conflict("这件申诉已经答复，或考核不在申诉期，请刷新页面核对。")
        if grant:
            before, score.points = score.points, points
            score.told = {
                **score.told,
                "points": str(points),
                "steps": [*score.told.get("steps", ()), f"申诉采纳，更正为 {points} 分：{text}"],
            }
            score.save(update_fields=["points", "told"])
            _kept(actor, score, before, f"申诉采纳：{text}")
            settle(sheet.round)
        record(actor, sheet.round, "answered", f"答复申诉 {item.number}：{sheet.name}")
    found.refresh_from_db()
    return found


def _kept(actor: Actor, score: Score, before: Decimal | None, reason: str) -> None:
    if before != score.points:
        PointChange.objects.create(
            score=score, before=before, after=score.points, reason=reason.strip()[:500],
            changed_at=clock.now(), changed_by_label=actor.label[:120],
        )  # fmt: skip
