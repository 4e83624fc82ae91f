"""保险汇总 (insurance summary): households' own policies and collective ones, each once."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from shouwang.core.actor import Actor
from shouwang.registry.models import Household

from ..item_lists import insurances
from ..models import ClaimPayout, CollectivePolicy, InsuranceClaim, InsurancePolicy, Insured


@dataclass(frozen=True)
class KindLine:
    """One kind of insurance in one year; the money of a collective policy stands with the place
    that took it out, its households with their villages."""

    key: str
    label: str
    policies: int
    collective: int
    homes: int
    premium: Decimal
    aid: Decimal
    claimed: Decimal
    paid: Decimal


def own_policies(rows: QuerySet[InsurancePolicy]) -> QuerySet[InsurancePolicy]:
    """Without those rows that only repeat a collective policy under its number."""
    same = CollectivePolicy.objects.filter(
        insurer=OuterRef("insurer"), policy_no=OuterRef("policy_no")
    )
    return rows.filter(Q(policy_no="") | ~Exists(same))


def repeated(policy: CollectivePolicy) -> int:
    """Rows of households that carry the number of a collective policy."""
    return InsurancePolicy.objects.filter(
        insurer=policy.insurer, policy_no=policy.policy_no
    ).count()


def insured_homes(own: Q, collective: Q) -> QuerySet[Household]:
    """Households that any policy insures, each once however many insure it."""
    policies = InsurancePolicy.objects.filter(own, household=OuterRef("pk"))
    insured = Insured.objects.filter(collective, household=OuterRef("pk"))
    rows: QuerySet[Household] = Household.objects.filter(Exists(policies) | Exists(insured))
    return rows


def by_kind(actor: Actor, year: int) -> list[KindLine]:
    """Kinds that anybody has in the year in which the policy began."""
    homes: QuerySet[Household] = Household.objects.visible_to(actor, "support.view")
    lines = []
    for key, label in insurances().items():
        own = own_policies(
            InsurancePolicy.objects.visible_to(actor).filter(kind=key, starts_on__year=year)
        )
        seen = CollectivePolicy.objects.visible_to(actor).filter(kind=key, starts_on__year=year)
        inside = seen.filter(division__path__in=_inside(actor, seen))
        money = own.order_by().aggregate(premium=Sum("premium"), aid=Sum("aid"))
        shared = inside.order_by().aggregate(premium=Sum("premium"), aid=Sum("from_state"))
        insured = homes.filter(
            pk__in=insured_homes(
                Q(kind=key, starts_on__year=year),
                Q(policy__kind=key, policy__starts_on__year=year),
            ).values("pk")
        )
        premium, aid = (
            (money[name] or Decimal(0)) + (shared[name] or Decimal(0))
            for name in ("premium", "aid")
        )
        claimed, paid = _claims(actor, key, year)
        line = KindLine(
            key, label, own.count(), seen.count(), insured.count(), premium, aid, claimed, paid
        )
        if line.policies or line.collective:
            lines.append(line)
    return lines


def _inside(actor: Actor, rows: Any) -> list[str]:
    """Paths of policies that were taken out within the actor's places."""
    paths = rows.order_by().values_list("division__path", flat=True).distinct()
    return [path for path in paths if actor.can_at("support.view", path)]


def _claims(actor: Actor, kind: str, year: int) -> tuple[Decimal, Decimal]:
    """Claimed by households, and paid to them of either kind of policy."""
    own = InsuranceClaim.objects.visible_to(actor).filter(
        policy__in=own_policies(InsurancePolicy.objects.filter(kind=kind, starts_on__year=year))
    )
    money = own.order_by().aggregate(claimed=Sum("claimed"), paid=Sum("paid"))
    payouts = ClaimPayout.objects.visible_to(actor).filter(
        claim__policy__kind=kind, claim__policy__starts_on__year=year
    )
    shared = payouts.order_by().aggregate(paid=Sum("amount"))
    zero = Decimal(0)
    return money["claimed"] or zero, (money["paid"] or zero) + (shared["paid"] or zero)
