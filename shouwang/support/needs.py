"""帮扶需求 (needs): a household as the catalogue looks at it, and whether a measure fits it.

Pure and three-valued: a measure fits, does not fit, or cannot be told because a fact is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .catalogue import Item

FITS, FITS_NOT, CANNOT_TELL = "fits", "fits_not", "cannot_tell"
FULL_LABOUR = ("普通劳动力", "技能劳动力")
WEAK_LABOUR = ("弱劳动力或半劳动力",)
NO_LABOUR = ("丧失劳动力", "无劳动力")
"""劳动技能 as the national code list has it; weak or half counts as labour."""


def has_labour(value: str | None) -> bool | None:
    """Whether a 劳动技能 counts as labour; None where it is empty or outside the list."""
    text = (value or "").strip()
    if text in FULL_LABOUR or text in WEAK_LABOUR:
        return True
    return False if text in NO_LABOUR else None


@dataclass(frozen=True)
class PersonFacts:
    """One member; None is not known."""

    key: int
    name: str
    age: int | None = None
    labour: str | None = None
    stage: str | None = None
    """学段; empty text: known not to be at school."""
    is_dropout: bool | None = None
    is_ill: bool | None = None
    """患有大病 or 长期慢性病."""
    is_disabled: bool | None = None
    is_insured: bool | None = None
    has_pension: bool | None = None


@dataclass(frozen=True)
class HouseholdFacts:
    """A household; None is not known. `risks` are those not resolved, the heaviest first."""

    risks: Sequence[str] = ()
    is_poverty_alleviated: bool | None = None
    danger_house: bool | None = None
    water_unsafe: bool | None = None
    on_assistance: bool | None = None
    members: Sequence[PersonFacts] = field(default_factory=tuple)

    @property
    def has_labour(self) -> bool | None:
        """Any member surely has labour: yes. All surely have none: no. Otherwise not known."""
        found = [has_labour(member.labour) for member in self.members]
        if any(found):
            return True
        return None if None in found or not found else False


@dataclass(frozen=True)
class Fit:
    """Whether a measure fits, for whom, and why or what is missing."""

    state: str
    reasons: tuple[str, ...] = ()
    member: PersonFacts | None = None


def fits(item: Item, household: HouseholdFacts) -> list[Fit]:
    """One answer for the household, or one per member that the measure may fit.

    Where it fits no member for sure, one answer says why it does not or what is not known.
    """
    state, reasons = _judge(_household_tests(item.household, household))
    if state == FITS_NOT or not item.person:
        return [Fit(state, reasons)]
    found = []
    for member in household.members:
        own, words = _judge(_person_tests(item.person, member))
        if own != FITS_NOT:
            together = CANNOT_TELL if CANNOT_TELL in (state, own) else FITS
            found.append(Fit(together, _worded(together, reasons, words), member))
    if not found:
        return [Fit(FITS_NOT, ("家里没有符合条件的成员",))]
    sure = [fit for fit in found if fit.state == FITS]
    return sure or found


def _worded(state: str, household: tuple[str, ...], person: tuple[str, ...]) -> tuple[str, ...]:
    words = (*household, *person)
    if state == FITS:
        return words
    return tuple(word for word in words if word.startswith("不知道")) or words


Test = tuple[bool | None, str, str]
"""(met, words when it is met, what is asked for when it is not known or not met)."""


def _judge(tests: Sequence[Test]) -> tuple[str, tuple[str, ...]]:
    failed = tuple(f"不符合：{asked}" for met, _, asked in tests if met is False)
    if failed:
        return FITS_NOT, failed
    missing = tuple(f"不知道是否{asked}" for met, _, asked in tests if met is None)
    if missing:
        return CANNOT_TELL, missing
    return FITS, tuple(words for _, words, _ in tests if words)


def _household_tests(wanted: Mapping[str, Any], household: HouseholdFacts) -> list[Test]:
    tests: list[Test] = []
    if "labour" in wanted:
        words = "家里有劳动力" if wanted["labour"] else "全家没有劳动力"
        tests.append((_equal(household.has_labour, wanted["labour"]), words, words))
    for key, value, words in (
        ("danger_house", household.danger_house, "住房是危房"),
        ("water_unsafe", household.water_unsafe, "饮水不安全"),
        ("on_assistance", household.on_assistance, "已享受低保或特困供养"),
    ):
        if key in wanted:
            said = words if wanted[key] else words.replace("已享受", "没有享受")
            tests.append((_equal(value, wanted[key]), said, said))
    return tests


def _person_tests(wanted: Mapping[str, Any], member: PersonFacts) -> list[Test]:
    tests: list[Test] = []
    if "labour" in wanted:
        tests.append(_labour_test(wanted["labour"], member))
    if "min_age" in wanted or "max_age" in wanted:
        tests.append(_age_test(wanted.get("min_age"), wanted.get("max_age"), member.age))
    if "in_school" in wanted:
        at_school = None if member.stage is None else member.stage != ""
        words = "在校读书" if wanted["in_school"] else "不在校"
        tests.append((_equal(at_school, wanted["in_school"]), "", words))
    if "stages" in wanted:
        met = None if member.stage is None else member.stage in wanted["stages"]
        tests.append((met, "在读学段符合", "在读的学段符合"))
    for key, value, words in (
        ("dropout", member.is_dropout, "失学辍学"),
        ("ill", member.is_ill, "患大病或长期慢性病"),
        ("disabled", member.is_disabled, "残疾"),
        ("insured", member.is_insured, "参加医保"),
        ("pension", member.has_pension, "参加养老保险"),
    ):
        if key in wanted:
            said = words if wanted[key] else f"没有{words}"
            tests.append((_equal(value, wanted[key]), said, said))
    return tests


def _equal(value: bool | None, wanted: bool) -> bool | None:
    return None if value is None else value == wanted


def _labour_test(wanted: Any, member: PersonFacts) -> Test:
    value = has_labour(member.labour)
    if wanted == "full":
        met = None if value is None else member.labour in FULL_LABOUR
        return met, f"{member.labour}", "普通或技能劳动力"
    return _equal(value, bool(wanted)), f"{member.labour}", "有劳动力" if wanted else "无劳动力"


def _age_test(least: int | None, most: int | None, age: int | None) -> Test:
    span = f"{least if least is not None else 0} 至 {most if most is not None else '—'} 周岁"
    if age is None:
        return None, "", span
    met = (least is None or age >= least) and (most is None or age <= most)
    return met, f"{age} 周岁", span
