"""What the pages of the assistance room show, in one's own scope."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.engine import Rulebook
from shouwang.feeds.queries import effective_batches
from shouwang.feeds.queries.contents import database
from shouwang.registry.models import Household, IncomeStatement, Member
from shouwang.screening.explanations import region_chain

from .conditions import Facts, Finding, Line, Person, all_findings, lines_on
from .models import HouseholdTier, Referral, TierRefresh, TierTag
from .querysets import TierTagQuerySet, on_side
from .states import Side, Tier

HOUSES, VEHICLES = "real_estate", "vehicle"
"""Feeds that tell what a household owns."""


def tags_visible_to(actor: Actor) -> TierTagQuerySet:
    require(actor, "assistance.view")
    return TierTag.objects.visible_to(actor)


def referrals_visible_to(actor: Actor) -> QuerySet[Referral]:
    require(actor, "assistance.view")
    return Referral.objects.visible_to(actor)


def traces_of(actor: Actor, referral: Referral) -> list[tuple[str, str]]:
    """What came of a referral elsewhere, label and address (SHOUWANG_REFERRAL_TRACES)."""
    dotted = getattr(settings, "SHOUWANG_REFERRAL_TRACES", "")
    found: list[tuple[str, str]] = import_string(dotted)(actor, referral) if dotted else []
    return found


def household_visible_to(actor: Actor, household_no: str) -> Household:
    require(actor, "assistance.view")
    seen = Household.objects.visible_to(actor, "assistance.view").select_related("village__parent")
    return get_object_or_404(seen, household_no=household_no)


def newest_refresh() -> TierRefresh | None:
    return TierRefresh.objects.first()


def counts_by_tier(actor: Actor) -> list[tuple[Tier, int, int]]:
    """Tier, persons and households now, in the order of difficulty."""
    rows = (
        tags_visible_to(actor)
        .current()
        .values("tier")
        .annotate(persons=Count("member", distinct=True), homes=Count("household", distinct=True))
        .order_by()
    )
    found = {row["tier"]: (row["persons"], row["homes"]) for row in rows}
    return [(Tier(tier), *found.get(tier, (0, 0))) for tier in Tier.values]


def counts_by_side(actor: Actor) -> dict[str, int]:
    require(actor, "assistance.view")
    return {side: on_side(actor, side).count() for side in Side.values}


def tags_of(actor: Actor, household: Household) -> list[TierTag]:
    return list(
        tags_visible_to(actor)
        .filter(household=household)
        .select_related("member")
        .order_by("-valid_from", "member")
    )


@dataclass(frozen=True)
class Reckoning:
    """The tiers' conditions for one household, and the year that the figures are of."""

    year: int | None
    findings: list[Finding]


def reckon(household: Household, day: date | None = None) -> Reckoning:
    """Every tier's conditions from the registry's newest yearly statement."""
    on = day or clock.today()
    statement = (
        IncomeStatement.objects.filter(household=household, kind=IncomeStatement.Kind.ANNUAL)
        .order_by("-year")
        .first()
    )
    members = list(Member.objects.filter(household=household, absent_since=None).order_by("pk"))
    facts = Facts(
        size=len(members),
        net_income=_net(statement),
        rigid_spending=statement.compliant_self_paid if statement else None,
        houses=_owned(HOUSES, members),
        vehicles=_owned(VEHICLES, members),
        persons=[_person(member) for member in members],
    )
    return Reckoning(statement.year if statement else None, all_findings(facts, lines(on)))


def lines(on: date) -> dict[str, Line]:
    """The rulebook's values on a day in this county."""
    rulebook = Rulebook.load()
    return lines_on(rulebook.parameters, on, region_chain(rulebook, settings.SHOUWANG_COUNTY))


def _net(statement: IncomeStatement | None) -> Decimal | None:
    """Net income of the year; unknown where any of its five amounts is."""
    if statement is None:
        return None
    amounts = (
        statement.wage_income,
        statement.business_income,
        statement.property_income,
        statement.transfer_income,
    )
    if statement.business_expense is None or None in amounts:
        return None
    return sum((one for one in amounts if one is not None), Decimal(0)) - statement.business_expense


def _owned(feed: str, members: list[Member]) -> int | None:
    """Rows of the newest list of a feed that name a member; None where no list has come."""
    newest = [batch for batch in effective_batches() if batch.feed == feed][-1:]
    if not newest:
        return None
    with database() as engine:
        found = engine.execute(
            "SELECT count(*) FROM read_parquet(?) WHERE person_id IN (SELECT unnest(?))",
            [str(newest[0].path / "rows.parquet"), [member.pk for member in members]],
        ).fetchone()
    return int(found[0]) if found else None


def _person(member: Member) -> Person:
    if member.work_months is not None:
        works: bool | None = member.work_months > 0
    else:  # the register gives place and months only for who works; a place alone tells nothing
        works = None if member.work_province or member.work_county else False
    health = member.health or ""
    words = [word for word in ("患有大病",) if word in health]
    if (
        member.disability_kind
        and "残疾" in health
        and member.disability_kind[:2] in ("智力", "精神")
    ):
        words.append(f"{member.disability_kind}残疾，等级待核")
    return Person(member.name, works, bool(words), "、".join(words))


def household_tier(household: Household) -> HouseholdTier | None:
    return HouseholdTier.objects.filter(household=household).first()
