"""收到的帮扶 (receiving): what a household received, every yuan once, whoever noted it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouwang.registry.models import Household

from ..models import ClaimPayout, InsuranceClaim, Payment, Receipt, StudentAid, Subsidy
from ..overlaps import Line, Origin, counted_once, school_year

WHOLE = "全户"


@dataclass(frozen=True)
class Received:
    """One line of what was received; `source` tells who noted it, and what others say of it."""

    on: date
    title: str
    who: str
    amount: Decimal
    source: str


@dataclass(frozen=True)
class Account:
    """What counts, and what tells of the same money a second time; newest first."""

    lines: Sequence[Received]
    aside: Sequence[Received]


def account_of(household: Household) -> Account:
    found = counted_once(
        [*_payments(household), *_receipts(household), *_aids(household), *_others(household)]
    )
    return Account(_shown(found.lines), _shown(found.aside))


def received(household: Household) -> list[Received]:
    """What the household received, newest first; money that two records tell of stands once."""
    return list(account_of(household).lines)


def receives(household: Household, year: int) -> Decimal:
    return sum((one.amount for one in received(household) if one.on.year == year), Decimal(0))


def _shown(lines: Sequence[Line]) -> list[Received]:
    ordered = sorted(lines, key=lambda one: one.on, reverse=True)
    return [
        Received(
            one.on, one.title, one.who, one.amount,
            f"{one.source}；{one.note}" if one.note else one.source,
        )
        for one in ordered
    ]  # fmt: skip


def _line(
    on: date, title: str, who: str, amount: Decimal, source: str, origin: Origin,
    member: int | None = None, of_school_year: int | None = None,
) -> Line:  # fmt: skip
    year = school_year(on) if of_school_year is None else of_school_year
    return Line(on, title, who, amount, source, origin, member, on.year, year)


def _payments(household: Household) -> Iterator[Line]:
    rows = Payment.objects.filter(household=household, cancelled_at=None)
    for one in rows.select_related("member", "measure"):
        origin = Origin("measures", one.measure.item) if one.measure else Origin(
            "origin", one.origin
        )  # fmt: skip
        yield _line(
            one.paid_on, one.title, one.member.name if one.member else WHOLE, one.amount,
            str(one.get_origin_display()), origin, one.member_id,
        )  # fmt: skip


def _receipts(household: Household) -> Iterator[Line]:
    for one in Receipt.objects.filter(household=household).select_related("member"):
        by_school_year = one.feed == "edu_enrolment"
        words = f"{one.year} 学年" if by_school_year else f"{one.year} 年共 {one.times} 次"
        yield _line(
            one.last_on, one.title, one.member.name, one.amount, f"部门数据，{words}",
            Origin("feed", one.feed), one.member_id, one.year if by_school_year else None,
        )  # fmt: skip


def _aids(household: Household) -> Iterator[Line]:
    for one in StudentAid.objects.filter(household=household).select_related("member"):
        if one.paid_on:
            yield _line(
                one.paid_on, str(one.get_programme_display()), one.member.name, one.amount,
                "助学台账", Origin("aid", one.programme), one.member_id, one.year,
            )  # fmt: skip


def _others(household: Household) -> Iterator[Line]:
    """What no other record tells of."""
    for subsidy in Subsidy.objects.filter(household=household):
        yield _line(
            subsidy.paid_on, subsidy.item_label, WHOLE, subsidy.amount, "到户补贴台账",
            Origin("subsidy", subsidy.item),
        )  # fmt: skip
    claims = InsuranceClaim.objects.filter(household=household).select_related("policy")
    for claim in claims:
        if claim.paid_on and claim.paid:
            yield _line(
                claim.paid_on, f"{claim.policy.kind_label}赔付", WHOLE, claim.paid, "理赔台账",
                Origin("claim", claim.policy.kind),
            )  # fmt: skip
    payouts = ClaimPayout.objects.filter(household=household)
    for payout in payouts.select_related("claim__policy", "insured__member"):
        paid_on, member = payout.claim.paid_on, payout.insured.member
        if paid_on:
            yield _line(
                paid_on, f"{payout.claim.policy.kind_label}赔付", member.name if member else WHOLE,
                payout.amount, "集体保单理赔", Origin("claim", payout.claim.policy.kind),
            )  # fmt: skip
