"""风险消除户的走访 (resolved): households whose risk is gone are still visited, more seldom."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models import Max as Newest

from shouwang.cases.models import Case
from shouwang.core.actor import Actor

from ..models import Visit
from ..rhythms import RESOLVED, Rhythm, months_after, months_before, rhythms
from .helped import FINE, LATE, NEAR


def rhythm_on(day: date) -> Rhythm | None:
    """How often they are visited, by rulebook/visits.yaml."""
    return rhythms().on(day).get(RESOLVED)


def resolved(actor: Actor) -> QuerySet[Any]:
    """The newest resolved round of each household that has no round under way."""
    if not actor.can("support.view"):
        return Case.objects.none()
    later = Case.objects.filter(household=OuterRef("household")).filter(
        Q(is_open=True) | Q(resolved_on__isnull=False, pk__gt=OuterRef("pk"))
    )
    visits = (
        Visit.objects.filter(
            household=OuterRef("household"), visited_on__gt=OuterRef("resolved_on")
        )
        .order_by()
        .values("household")
        .annotate(newest=Newest("visited_on"))
        .values("newest")
    )
    seen: QuerySet[Any] = Case.objects.visible_to(actor, "support.view")
    found: QuerySet[Any] = (
        seen.filter(resolved_on__isnull=False, is_open=False)
        .filter(~Exists(later))
        .select_related("household", "village__parent")
        .annotate(last_visit=Subquery(visits))
        .order_by("last_visit", "resolved_on", "pk")
    )
    return found


def visit_due_on(case: Any, rhythm: Rhythm | None) -> date | None:
    base = case.last_visit or case.resolved_on
    return months_after(base, rhythm.months) if rhythm and base else None


def resolved_state(case: Any, rhythm: Rhythm | None, today: date) -> str:
    """Of a case from `resolved`; the same bounds as `in_state`."""
    if rhythm is None:
        return FINE
    base = case.last_visit or case.resolved_on
    if base < months_before(today, rhythm.months):
        return LATE
    near = today + timedelta(days=rhythms().near_days)
    return NEAR if base < months_before(near, rhythm.months) else FINE


def late_visits(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Those whose visit is overdue."""
    rhythm = rhythm_on(today)
    if rhythm is None:
        return rows.none()
    bound = months_before(today, rhythm.months)
    return rows.filter(Q(last_visit__lt=bound) | Q(last_visit=None, resolved_on__lt=bound))
