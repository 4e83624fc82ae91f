"""征求意见的清点 (queries): lists, what waits, the sums of a result."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shouwang.cases.querysets import places_with
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import NotFound

from .models import Comment, Consultation, ConsultedUnit
from .states import DECIDED, Decision, State


def consultations_of(actor: Actor) -> QuerySet[Any]:
    """With how many comments came and how many are still to be decided."""
    mine = Consultation.objects.visible_to(actor).values("pk")
    left = Q(comments__decision=Decision.PENDING, comments__same_as=None)
    return (
        Consultation.objects.filter(pk__in=mine)
        .select_related("division")
        .annotate(
            said=Count("comments", distinct=True),
            left=Count("comments", filter=left, distinct=True),
        )
    )


def one_of(actor: Actor, pk: int) -> Consultation:
    found: Consultation | None = consultations_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这次征求意见，或不在您的管辖范围内。")
    return found


def comment_of(actor: Actor, pk: int) -> Comment:
    rows = Comment.objects.visible_to(actor).select_related("consultation__division", "same_as")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这条意见，或不在您的管辖范围内。")
    return found


def waiting_for(actor: Actor) -> QuerySet[Consultation]:
    """What this person has to do something about: answer for a unit, close, decide, publish."""
    today = clock.today()
    manage = places_with(actor, "consultations.manage", "division")
    over = Q(state=State.OPEN, closes_on__lt=today) | Q(state=State.SORTING)
    units = ConsultedUnit.objects.filter(answered_on=None)
    asked = Q(pk__in=[])
    for scope in actor.scopes_with("consultations.answer"):
        if scope.department:
            own = units.filter(
                department__name=scope.department,
                consultation__division__path__startswith=scope.division_path,
            )
        else:
            own = units.filter(division__path=scope.division_path)
        asked |= Q(pk__in=own.values("consultation"))
    open_now = Q(state=State.OPEN, opens_on__lte=today, closes_on__gte=today)
    return Consultation.objects.filter((manage & over) | (asked & open_now))


def badge(actor: Actor) -> int:
    return waiting_for(actor).count()


@dataclass(frozen=True)
class Result:
    """采纳情况: how many comments, by whom, and what became of them."""

    total: int
    by_decision: dict[str, int]
    units: int
    answered: int

    @property
    def share(self) -> float | None:
        """Of those decided: wholly or partly adopted."""
        decided = sum(self.by_decision.get(one, 0) for one in DECIDED)
        taken = sum(self.by_decision.get(one, 0) for one in (Decision.ADOPTED, Decision.PARTLY))
        return taken / decided if decided else None


def result_of(found: Consultation) -> Result:
    rows = found.comments.order_by().values_list("decision").annotate(Count("pk"))
    counted = dict(rows)
    units = found.units.all()
    return Result(
        sum(counted.values()), counted, len(units),
        sum(one.answered_on is not None for one in units),
    )  # fmt: skip


def told_of(found: Consultation) -> QuerySet[Any]:
    """The comments to be told, with `also`: how many more say the same; no names."""
    rows = found.comments.filter(same_as=None).exclude(decision=Decision.NOTED)
    return rows.annotate(also=Count("same")).order_by("pk")
