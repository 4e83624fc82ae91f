"""接续国家系统: what the registry marks as monitored already gets its case.

They came through their steps elsewhere; the case says so (`origin`), and from here on every step is
taken in this system.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouwang.audit.operations import digest_of, record_bulk
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.registry.models import Household
from shouwang.screening.states import Risk

from ..deadlines import county_of, due
from ..models import Case, CaseRisk, CaseStep
from ..regimes import counted_class, regime, regime_on
from ..states import Origin, ResolutionWay
from .writing import acting_as, next_numbers

WAYS = {"帮扶消除": ResolutionWay.HELPED, "自然消除": ResolutionWay.NATURAL}
CHUNK = 5_000
REGISTERED_RISKS = {
    **{str(risk.label): risk.value for risk in Risk},
    "因灾": Risk.NATURAL_DISASTER.value,
    "务工就业不稳": Risk.JOB_INSTABILITY.value,
    "安全饮水": Risk.WATER.value,
    "住房": Risk.HOUSING.value,
}


def adopt_from_registry(actor: Actor) -> int:
    """Open the cases of all marked households that have none; returns how many."""
    require(actor, "cases.approve")
    with transaction.atomic():
        waiting = list(
            Household.objects.visible_to(actor, "cases.approve")
            .filter(
                ~Q(monitor_class=None), ~Q(monitor_class=""), identified_month__isnull=False,
                absent_since=None, cases=None,
            )
            .select_related("village")
            .order_by("pk")
        )  # fmt: skip
        fit = [each for each in waiting if _class_of(each)]
        for start in range(0, len(fit), CHUNK):
            _adopt(actor, fit[start : start + CHUNK])
        if fit:
            record_bulk(
                actor, "cases.case.adopted", count=len(fit),
                digest=digest_of(each.household_no for each in fit), what="户编号",
                summary=f"接续国家系统已有监测对象 {len(fit)} 户",
            )  # fmt: skip
    return len(fit)


def adopted_round(actor: Actor, household: Household, round_no: int) -> Case:
    """One household as the national system has it now, as a round of its own; no step is noted."""
    (number,) = _numbers([household])
    copy_rows(Case, CASE_COLUMNS, [_case(actor, household, number, round_no)])
    made = Case.objects.select_related("household", "village").get(number=number)
    columns = ("case", "position", "key", "note", "resolved_on")
    copy_rows(CaseRisk, columns, _risks([household], {household.pk: made.pk}))
    return made


def class_known(household: Household) -> bool:
    """Whether the national class is one that the rules know."""
    return bool(_class_of(household))


def _class_of(household: Household) -> dict[str, str]:
    """The class of 2021 that the national name stands for; nothing for a name nobody knows."""
    names = regime("2021").data["registry_names"]
    found: dict[str, str] = dict(names.get(household.monitor_class or "", {}))
    return found


def _adopt(actor: Actor, households: Sequence[Household]) -> None:
    numbers = _numbers(households)
    copy_rows(
        Case,
        CASE_COLUMNS,
        [_case(actor, each, number) for each, number in zip(households, numbers, strict=True)],
    )
    made = dict(Case.objects.filter(number__in=numbers).values_list("household_id", "pk"))
    copy_rows(
        CaseRisk, ("case", "position", "key", "note", "resolved_on"), _risks(households, made)
    )
    copy_rows(CaseStep, STEP_COLUMNS, [_step(actor, each, made[each.pk]) for each in households])


def _numbers(households: Sequence[Household]) -> list[str]:
    year, numbers = clock.today().year, {}
    by_county: dict[str, list[int]] = {}
    for place, each in enumerate(households):
        by_county.setdefault(county_of(each.village.code), []).append(place)
    for county, places in by_county.items():
        serials = next_numbers(f"{county}-{year}-", len(places))
        for place, serial in zip(places, serials, strict=True):
            numbers[place] = f"{county}-{year}-{serial:06d}"
    return [numbers[place] for place in range(len(households))]


CASE_COLUMNS = (
    "number", "household", "village", "regime", "round", "origin", "state", "is_open",
    "entered_on", "clock_started_on", "emergency", "is_green", "proposed", "proposal_reasons",
    "decided", "class_key", "departure_reason", "refusal_code", "refusal_reason", "identified_on",
    "resolved_on", "resolution_way", "times_taken_back", "follow_up_due_on", "entry_snapshot",
    "exit_snapshot", "opened_at", "opened_by", "opened_by_label", "version",
)  # fmt: skip
STEP_COLUMNS = (
    "case", "action", "label", "from_state", "to_state", "at", "on", "account", "actor_label",
    "acting_as", "note", "reason", "is_back", "was_late", "version",
)  # fmt: skip


def _is_resolved(household: Household) -> bool:
    return household.eliminated == "是" and household.eliminated_month is not None


def _case(actor: Actor, household: Household, number: str, round_no: int = 1) -> tuple[Any, ...]:
    """As the national system has it: monitored, or resolved."""
    identified, resolved = household.identified_month, household.eliminated_month
    assert identified is not None
    rules = regime_on(identified)
    keys = _class_of(household)
    ended = _is_resolved(household)
    way = WAYS.get(household.elimination_way or "", ResolutionWay.NONE) if ended else ""
    following = (
        due(rules.key, "follow_up", clock.today(), household.village.code) if ended else None
    )
    poor = household.household_type in rules.data["facts"]["poor_types"]
    entry = {
        "on": identified.isoformat(), "regime": rules.key, "class": keys,
        "class_label": household.monitor_class, "household_type": household.household_type,
        "risks": _named(household), "source": "国家系统",
    }  # fmt: skip
    return (
        number, household.pk, household.village_id, rules.key, round_no, Origin.ADOPTED.value,
        "resolved" if ended else "monitored", not ended, clock.today(), identified, "", False,
        {}, [], keys, counted_class("2021", keys, poor), "", "", "", identified,
        resolved if ended else None, str(way), 0, following, entry, {}, clock.now(),
        actor.account_id, actor.label[:120], 1,
    )  # fmt: skip


def _named(household: Household) -> list[str]:
    """The registered causes as our keys, each once; a name nobody knows is 其他."""
    found = [REGISTERED_RISKS.get(name, Risk.OTHER.value) for name in household.risks]
    return list(dict.fromkeys(found))


def _risks(households: Sequence[Household], made: dict[int, int]) -> list[tuple[Any, ...]]:
    return [
        (made[each.pk], place, key, "", each.eliminated_month if _is_resolved(each) else None)
        for each in households
        for place, key in enumerate(_named(each), 1)
    ]


def _step(actor: Actor, household: Household, case: int) -> tuple[Any, ...]:
    state = "resolved" if _is_resolved(household) else "monitored"
    return (
        case, "adopted", "接续国家系统", "", state, clock.now(), clock.today(), actor.account_id,
        actor.label[:120], acting_as(actor), household.monitor_class or "", "", False, False, 1,
    )  # fmt: skip
