"""一户帮扶计划 (plan): everything of one household's help on one page, and its policy card."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from shouwang.assistance.models import TierTag
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.registry.models import Household, Member

from ..calculators import Result, premiums, students
from ..catalogue import catalogue
from ..facts import household_facts, law, open_case, present_members, stage_of
from ..models import Loan, Measure, Pairing, StudentAid
from ..needs import HouseholdFacts
from ..operations.planning import proposals_for
from ..proposals import Demand, Proposal, demand
from ..states import HELPING, OPEN
from .coverage import Link, chain_of
from .helped import development_due
from .receiving import Received, received, receives

__all__ = ["Received", "received", "receives"]


@dataclass(frozen=True)
class Calculated:
    """A calculator's answer for one member."""

    member: Member
    result: Result


@dataclass(frozen=True)
class Plan:
    """The household with all of its help."""

    household: Household
    case: Case | None
    facts: HouseholdFacts
    demand: Demand | None
    measures: Sequence[Measure]
    proposals: Sequence[Proposal]
    pairings: Sequence[Pairing]
    chain: Sequence[Link]
    members: Sequence[Member]

    @property
    def active(self) -> list[Measure]:
        return [one for one in self.measures if one.state in OPEN]

    @property
    def ended(self) -> list[Measure]:
        return [one for one in self.measures if one.state not in OPEN]

    @property
    def contacts(self) -> list[Pairing]:
        return [one for one in self.pairings if one.valid_to is None]

    @property
    def former(self) -> list[Pairing]:
        return [one for one in self.pairings if one.valid_to is not None]


def plan_of(household: Household) -> Plan:
    case = open_case(household)
    members = present_members(household)
    facts = household_facts(household, case, members)
    measures = list(
        Measure.objects.filter(household=household)
        .select_related("member", "case", "industry")
        .annotate(paid=Sum("payments__amount", filter=Q(payments__cancelled_at=None)))
    )
    pairings = list(Pairing.objects.filter(household=household))
    return Plan(
        household=household,
        case=case,
        facts=facts,
        demand=demand_of(case, facts, measures),
        measures=measures,
        proposals=proposals_for(household),
        pairings=pairings,
        chain=chain_of(household.village, pairings),
        members=members,
    )


def demand_of(
    case: Case | None, facts: HouseholdFacts, measures: Sequence[Measure]
) -> Demand | None:
    """Only for monitored households: others are offered policies, nothing is demanded."""
    if case is None or not case.may_get_help:
        return None
    helping = [one for one in measures if one.state in HELPING and one.case_id == case.pk]
    secured = any(one.kind == "security" for one in helping)
    return demand(
        facts.has_labour,
        has_development=any(one.is_development for one in helping),
        has_security=secured or bool(facts.on_assistance),
        identified_on=case.identified_on,
        due_on=development_due(case),
        today=clock.today(),
    )


def premium_aids(household: Household, case: Case | None) -> list[Calculated]:
    """参保资助 of each member who is to be insured as a resident."""
    known = law()
    tags = _tags(household)
    return [
        Calculated(member, premiums.aid(insured_facts(member, case, tags), known))
        for member in present_members(household)
        if member.employee_medical != "是"
    ]


def _tags(household: Household) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    current = TierTag.objects.current().filter(household=household)
    for member, tier in current.values_list("member_id", "tier"):
        found.setdefault(member, set()).add(tier)
    return found


def insured_facts(member: Member, case: Case | None, tags: dict[int, set[str]]) -> premiums.Insured:
    """What the registry and civil affairs' lists tell; grades of disability it does not tell."""
    own = tags.get(member.pk, set())
    health = (member.health or "").strip()
    return premiums.Insured(
        is_tekun=True if "tekun" in own else _enjoys(member.tekun),
        is_severely_disabled=None if "残疾" in health or not health else False,
        is_orphan=False,
        is_dibao=True if "dibao" in own else _enjoys(member.dibao),
        is_monitored=case is not None and case.identified_on is not None,
    )


def _enjoys(value: str | None) -> bool | None:
    return None if not value else "未享受" not in value


def student_aids(household: Household, case: Case | None) -> list[Calculated]:
    """学生资助 of each member at school."""
    known = law()
    tags = _tags(household)
    boards = _boards(household)
    found = []
    for member in present_members(household):
        stage = stage_of(member)
        if stage not in {*students.VOCATIONAL, *students.BOARDING}:
            continue
        own = tags.get(member.pk, set())
        health = (member.health or "").strip()
        poor = household.household_type == "脱贫户" if household.household_type else None
        monitored = case is not None and case.identified_on is not None
        classes = {
            "脱贫家庭学生": poor,
            "监测对象家庭学生": monitored,
            "低保家庭学生": True if "dibao" in own else _enjoys(member.dibao),
            "特困供养学生": True if "tekun" in own else _enjoys(member.tekun),
            "残疾学生": "残疾" in health if health else None,
        }
        student = students.Student(stage, poor, monitored, classes, boards.get(member.pk))
        found.append(Calculated(member, students.aid(student, known)))
    return found


def _boards(household: Household) -> dict[int, bool | None]:
    """Whether each student boards, as the newest year says that tells it."""
    told = StudentAid.objects.filter(member__household=household).exclude(boards=None)
    return dict(told.order_by("year").values_list("member_id", "boards"))


@dataclass(frozen=True)
class Card:
    """明白纸: what a household is told; no personal number, no state of health."""

    household: Household
    place: str
    measures: Sequence[Measure]
    policies: Sequence[tuple[str, str, str]]
    """(name, why it applies, how much and until when)."""
    contacts: Sequence[Any]
    chain: Sequence[Link]
    received: Sequence[Received]
    loans: Sequence[Loan]
    total: Decimal
    year: int


def card_of(plan: Plan, contacts: Sequence[Any]) -> Card:
    """`contacts` carry the phones, opened by who may."""
    household, today = plan.household, clock.today()
    lines = received(household)
    return Card(
        household=household,
        place=f"{household.village.parent.name if household.village.parent else ''}"
        f"{household.village.name}{household.group_name or ''}",
        measures=[one for one in plan.measures if one.state in ("assigned", *HELPING)],
        policies=_policies(plan),
        contacts=contacts,
        chain=[link for link in plan.chain[:-1] if link.name],
        received=[line for line in lines if line.on.year >= today.year - 1],
        loans=list(Loan.objects.filter(household=household, state="running")),
        total=sum((line.amount for line in lines if line.on.year == today.year), Decimal(0)),
        year=today.year,
    )


def _policies(plan: Plan) -> list[tuple[str, str, str]]:
    """Policies that surely fit and are no measure yet, and what calculators say of members."""
    found = []
    for proposal in plan.proposals:
        if not proposal.is_sure:
            continue
        item, who = proposal.item, proposal.fit.member
        name = f"{item.label}（{who.name}）" if who else item.label
        found.append(
            (name, plain_reasons(proposal), f"{amount_words(item.key)}；{item.ends_label}")
        )
    for one in (
        *student_aids(plan.household, plan.case),
        *premium_aids(plan.household, plan.case),
    ):
        if one.result.amount:
            found.append((f"{one.result.title}（{one.member.name}）", one.result.sentence, ""))
    return found


HEALTH_WORDS = ("病", "残疾")


def plain_reasons(proposal: Proposal) -> str:
    """Why it applies, in words that may lie on a table: nothing of anybody's health."""
    words = [word for word in proposal.reasons if not any(one in word for one in HEALTH_WORDS)]
    return "，".join(words) or proposal.item.who


def amount_words(key: str) -> str:
    """How much the catalogue gives, with the dated value where there is one."""
    item = catalogue().item(key)
    if item is None:
        return ""
    if item.parameter:
        line = law().lines.get(item.parameter)
        return line.words if line else "按当地标准"
    return item.amount_words
