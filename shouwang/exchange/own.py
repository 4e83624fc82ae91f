"""本平台的情况 (own side): cases and members as the national columns would have them.

Read in a few queries for a whole county, as plain values for the comparison and the workbooks.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import Prefetch, Q, QuerySet

from shouwang.cases.models import Case
from shouwang.cases.regimes import counted_class, regime
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import ID_NO, masked

from .comparing import OwnHousehold, OwnPerson
from .contract import contract

Key = TypeVar("Key", int, str)
MEMBER_FIELDS: Final = (
    "name", "sex", "birth_date", "relation", "education", "school_status", "health", "labour",
)  # fmt: skip


def monitored(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases that the national system should have: identified, and not given up."""
    return cases.filter(identified_on__isnull=False).filter(Q(is_open=True) | ~Q(resolved_on=None))


def latest_cases(cases: QuerySet[Case]) -> dict[int, Case]:
    """Household → its last round."""
    rows = (
        monitored(cases)
        .select_related("household", "village__parent")
        .prefetch_related("risks")
        .order_by("household_id", "round")
    )
    return {case.household_id: case for case in rows}


def class_label(case: Case) -> str:
    """The class under the names that the national system knows: those of 2021."""
    snapshot = case.entry_snapshot or {}
    was_poor = snapshot.get("was_poor")
    if was_poor is None and case.household.household_type:
        was_poor = case.household.household_type in regime("2021").data["facts"]["poor_types"]
    key = counted_class(case.regime, case.decided, was_poor)
    return regime("2021").class_label({"class": key})


def household_values(case: Case) -> dict[str, Any]:
    """The fields of a monitored household."""
    snapshot: Mapping[str, Any] = case.entry_snapshot or {}
    size = snapshot.get("size") or case.household.household_size
    named = contract().risk_names
    risks = dict.fromkeys(named.get(risk.key, risk.label) for risk in case.risks.all())
    values: dict[str, Any] = {
        "household_size": None if size is None else int(size),
        "household_type": case.household.household_type,
        "monitor_class": class_label(case),
        "identified_month": case.identified_on,
        "eliminated": "是" if case.resolved_on else "否",
        "eliminated_month": case.resolved_on,
        "elimination_way": case.get_resolution_way_display() if case.resolved_on else None,
    }
    return values | {f"risk{at}": risk for at, risk in enumerate(list(risks)[:5], 1)}


def person_of(member: Member) -> OwnPerson:
    return OwnPerson(
        name=member.name,
        number=member.person_no,
        hash=bytes(member.id_hash) if member.id_hash is not None else None,
        masked=masked(ID_NO, member.id_enc),
        values={key: getattr(member, key) for key in MEMBER_FIELDS},
    )


def own_side(
    households: QuerySet[Household],
    cases: QuerySet[Case],
    numbers: Iterable[str],
    *,
    step: Callable[[int], None] = lambda done: None,
) -> dict[str, OwnHousehold]:
    """The households of the export that are here, and every monitored household of their towns.

    An export may be of some towns only, so that nothing is said about towns that it does not hold.
    """
    found = latest_cases(cases)
    named: set[int] = set()
    towns: set[int | None] = set()
    for part in _chunks(sorted(set(numbers)), 500):
        rows = households.filter(household_no__in=part).values_list("pk", "village__parent_id")
        for key, town in rows:
            named.add(key)
            towns.add(town)
    keys = named | {key for key, case in found.items() if case.village.parent_id in towns}
    result: dict[str, OwnHousehold] = {}
    for at, chunk in enumerate(_chunks(sorted(keys), 500)):
        for household in _with_members(chunk):
            result[household.household_no] = _own(household, found.get(household.pk))
        step(at * 500 + len(chunk))
    return result


def _chunks(keys: list[Key], size: int) -> Iterable[list[Key]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _with_members(keys: list[int]) -> QuerySet[Household]:
    present = Member.objects.filter(absent_since=None).order_by("pk")
    return (
        Household.objects.filter(pk__in=keys)
        .select_related("village__parent")
        .prefetch_related(Prefetch("members", present, to_attr="present_members"))
        .order_by("pk")
    )


def _own(household: Household, case: Case | None) -> OwnHousehold:
    village = household.village
    return OwnHousehold(
        number=household.household_no,
        head_name=household.head_name or "",
        case=case.number if case else "",
        path=village.path,
        town=village.parent.name if village.parent else "",
        village=village.name,
        values=household_values(case) if case else {},
        people=[person_of(one) for one in household.present_members],  # type: ignore[attr-defined]
    )


def month(day: date | None) -> str:
    """202606, as the national system writes months."""
    return f"{day:%Y%m}" if day else ""
