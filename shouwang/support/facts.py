"""帮扶事实 (facts): what the catalogue and the calculators ask, read from the registry and cases.

An empty field is not known; it is never taken for no.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from shouwang.assistance.models import TierTag
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.engine import Rulebook
from shouwang.engine.rules.parameters import Region, chain
from shouwang.registry.models import Household, Member

from .calculators import Law, law_on
from .catalogue import catalogue
from .needs import HouseholdFacts, PersonFacts

YES, NO = "是", "否"
POOR = "脱贫户"
NOT_ON = "未享受"
COMPULSORY_AGES = range(6, 17)


@lru_cache(maxsize=64)
def _law(day: date, county: str) -> Law:
    book = Rulebook.load()
    regions = {each["code"]: Region(**each) for each in book.regions.get("regions", ())}
    documents = {key: each["document"] for key, each in book.sources["sources"].items()}
    return law_on(book.parameters, documents, day, chain(county, regions))


def law(day: date | None = None) -> Law:
    """The dated parameters of this county on a day."""
    return _law(day or clock.today(), settings.SHOUWANG_COUNTY)


def source_title(key: str) -> str:
    """The document behind a source key, for people."""
    found = Rulebook.load().sources["sources"].get(key)
    return f"{found['document']}（{found['region']}，{found['year']}）" if found else key


def said(value: str | None) -> bool | None:
    """是 or 否 of the national export; anything else is not known."""
    return {YES: True, NO: False}.get((value or "").strip())


def age_on(birth: date | None, day: date) -> int | None:
    """周岁."""
    if birth is None or birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def present_members(household: Household) -> list[Member]:
    return list(household.members.filter(absent_since=None).order_by("pk"))


def stage_of(member: Member) -> str | None:
    """学段; empty for who surely is not at school: the export fills one of the two fields."""
    if member.school_status:
        return catalogue().stage_of(member.school_status)
    return "" if member.education else None


def person_facts(member: Member, day: date) -> PersonFacts:
    age, stage = age_on(member.birth, day), stage_of(member)
    health = (member.health or "").strip()
    insured = [said(member.resident_medical), said(member.employee_medical)]
    return PersonFacts(
        key=member.pk,
        name=member.name,
        age=age,
        labour=member.labour,
        stage=stage,
        is_dropout=_dropout(member, age, stage),
        is_ill=("大病" in health or "慢性病" in health) if health else None,
        is_disabled="残疾" in health if health else None,
        is_insured=True if True in insured else None if None in insured else False,
        has_pension=said(member.resident_pension),
    )


def _dropout(member: Member, age: int | None, stage: str | None) -> bool | None:
    if member.dropout_reason:
        return True
    if stage or (age is not None and age not in COMPULSORY_AGES):
        return False
    return None


def on_assistance(household: Household, members: Sequence[Member]) -> bool | None:
    """Whether anybody has 低保 or 特困供养, by the register or by civil affairs' lists."""
    if TierTag.objects.current().filter(household=household, tier__in=("dibao", "tekun")).exists():
        return True
    noted = [value for member in members for value in (member.dibao, member.tekun)]
    if any(value and NOT_ON not in value for value in noted):
        return True
    return None if not noted or any(not value for value in noted) else False


def open_case(household: Household) -> Case | None:
    """The household's case that is not at its end, if there is one."""
    return Case.objects.live().filter(household=household).select_related("village").first()


def open_risks(case: Case | None, household: Household) -> list[str]:
    """Risks that are not resolved, the heaviest first; of the case, else what the export names."""
    if case is not None:
        return list(
            case.risks.filter(resolved_on=None).order_by("position").values_list("key", flat=True)
        )
    return []


def household_facts(
    household: Household, case: Case | None, members: Iterable[Member], day: date | None = None
) -> HouseholdFacts:
    day = day or clock.today()
    people = list(members)
    water = said(household.water_ok)
    return HouseholdFacts(
        risks=open_risks(case, household),
        is_poverty_alleviated=household.household_type == POOR
        if household.household_type
        else None,
        danger_house=said(household.danger_house),
        water_unsafe=None if water is None else not water,
        on_assistance=on_assistance(household, people),
        members=[person_facts(member, day) for member in people],
    )


def case_facts(household: Household) -> dict[str, Any]:
    """What the resolution asks of help (settings.SHOUWANG_CASE_FACTS): how many measures really
    helped, and whether the last review of this round saw them work."""
    from .models import EffectReview, Measure
    from .states import Conclusion

    case = open_case(household)
    helped = Measure.objects.helping().filter(household=household)
    if case is not None:
        helped = helped.filter(case=case)
    found: dict[str, Any] = {}
    if count := helped.count():
        found["measures"] = count
    reviews = EffectReview.objects.filter(household=household)
    review = (reviews if case is None else reviews.filter(case=case)).first()
    if review is not None:
        found["effect_review"] = {
            "on": review.reviewed_on,
            "conclusion": review.conclusion,
            "words": review.get_conclusion_display(),
            "is_stable": review.conclusion == Conclusion.STABLE,
        }
    return found


def helped_cases() -> QuerySet[Any, Any]:
    """Keys of the cases for which a measure was accepted, runs or is done
    (settings.SHOUWANG_HELPED_CASES); a query, so that the funnel stays one question."""
    from .models import Measure

    return Measure.objects.helping().filter(case__isnull=False).values("case")
