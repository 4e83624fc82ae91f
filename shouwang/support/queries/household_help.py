"""一户得到的帮扶 (help of a household): measures, money, registers and contact in one look.

Other rooms show it on their pages by its address; every part is one question, however long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.registry.models import Household

from ..facts import household_facts, open_case, present_members
from ..models import (
    HouseholdNeed,
    Industry,
    InsurancePolicy,
    Loan,
    Measure,
    Pairing,
    ReliefApplication,
    Visit,
)
from ..proposals import Demand
from ..states import OPEN, relief_table
from .matching import needs_of
from .plans import Received, demand_of, received

MOST_LINES = 8
"""How many receipts are shown before the page of help is opened."""


@dataclass(frozen=True)
class HouseholdHelp:
    """What one household receives, as of today."""

    household: Household
    case: Case | None
    demand: Demand | None
    measures: Sequence[Measure]
    ended: int
    contacts: Sequence[Pairing]
    visited_on: date | None
    received: Sequence[Received]
    year: int
    loans: Sequence[Loan]
    policies: Sequence[InsurancePolicy]
    reliefs: Sequence[ReliefApplication]
    industries: Sequence[Industry]
    needs: Sequence[HouseholdNeed]

    @property
    def of_this_year(self) -> Decimal:
        own = (line.amount for line in self.received if line.on.year == self.year)
        return sum(own, Decimal(0))

    @property
    def in_all(self) -> Decimal:
        return sum((line.amount for line in self.received), Decimal(0))

    @property
    def newest(self) -> Sequence[Received]:
        return self.received[:MOST_LINES]

    @property
    def unshown(self) -> int:
        return max(0, len(self.received) - MOST_LINES)


def help_of(household: Household) -> HouseholdHelp:
    today = clock.today()
    case = open_case(household)
    measures = list(
        Measure.objects.filter(household=household)
        .select_related("member", "case", "industry")
        .annotate(paid=Sum("payments__amount", filter=Q(payments__cancelled_at=None)))
    )
    facts = household_facts(household, case, present_members(household))
    last = Visit.objects.filter(household=household).order_by("-visited_on").first()
    ends = [key for key, state in relief_table().states.items() if state.is_end]
    return HouseholdHelp(
        household=household,
        case=case,
        demand=demand_of(case, facts, measures),
        measures=[one for one in measures if one.state in OPEN],
        ended=sum(one.state not in OPEN for one in measures),
        contacts=list(Pairing.objects.filter(household=household, valid_to=None)),
        visited_on=last.visited_on if last else None,
        received=received(household),
        year=today.year,
        loans=list(household.loans.filter(state="running").select_related("borrower")),
        policies=list(household.policies.filter(ends_on__gte=today)),
        reliefs=list(household.reliefs.exclude(state__in=ends)),
        industries=list(household.industries.filter(ended_on=None)),
        needs=needs_of(household),
    )
