"""转介与个案: what the room of low-income people asks of casework."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from shouwang.assistance.models import Referral
from shouwang.assistance.states import Direction, ReferralState
from shouwang.core.actor import Actor

from ..models import Case, RegisteredClue
from ..states import Channel


def monitored_households() -> QuerySet[Case, Any]:
    """Keys of the households that are monitored here (settings.SHOUWANG_MONITORED_HOUSEHOLDS),
    also before the national register says so."""
    return Case.objects.monitored().values("household")


def left_households() -> QuerySet[Case, Any]:
    """Keys of the households whose monitoring was resolved or ended here, whatever the national
    register still says of it (settings.SHOUWANG_LEFT_HOUSEHOLDS); an identification that it dates
    later than that is believed. The difference report names those that it has to follow."""
    over = Case.objects.filter(is_open=False, identified_on__isnull=False)
    month = F("household__identified_month")
    known = Q(left_on__gte=month) | Q(household__identified_month=None)
    return (
        over.annotate(left_on=Coalesce("resolved_on", "entered_on"))
        .filter(known)
        .values("household")
    )


def left_on(case: Case) -> date:
    """The day on which a round that is over was resolved or ended, as `left_households` counts."""
    return case.resolved_on or case.entered_on


def number_of(referral: Referral) -> str:
    """The source number under which a referral is registered as a clue, once."""
    return f"转介{referral.pk}"


def traces_of(actor: Actor, referral: Referral) -> list[tuple[str, str]]:
    """The clue that a referral became, and its case (settings.SHOUWANG_REFERRAL_TRACES)."""
    clue = (
        RegisteredClue.objects.visible_to(actor)
        .filter(channel=Channel.DEPARTMENT, outside_no=number_of(referral))
        .select_related("case")
        .first()
    )
    if clue is None:
        return []
    found = [(f"登记线索（{clue.state_label}）", reverse("cases:clue", args=[clue.uuid]))]
    if clue.case is not None:
        url = reverse("cases:case", args=[clue.case.number])
        found.append((f"个案 {clue.case.number}（{clue.case.state_label}）", url))
    return found


def may_be_referred(case: Case) -> bool:
    """Whether civil affairs could be asked: monitored, on none of its lists, not asked already."""
    if not case.is_open or case.identified_on is None:
        return False
    if getattr(case.household, "low_income", None) is not None:
        return False
    asked = Referral.objects.filter(
        household=case.household_id, direction=Direction.TO_CIVIL, state=ReferralState.OPEN
    )
    return not asked.exists()
