"""示例底数与保障: years of exit, resettled households, pensions, a collective policy, burdens."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.bulk import copy_rows
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from . import operations
from .facts import POOR
from .models import ExitYear, MedicalBurden, Resettlement
from .queries.pensions import concerned

YEARS = (2016, 2017, 2018, 2019, 2020)
EXIT_COLUMNS = (
    "household", "year", "people", "note", "file_name", "recorded_at", "recorded_by_label",
    "version",
)  # fmt: skip


def make(actor: Actor) -> None:
    """A county that has years of exit already is left alone."""
    if ExitYear.objects.exists():
        return
    _exits(actor)
    _resettled(actor)
    _pensions(actor)
    _collective(actor)
    _burdens(actor)


def _exits(actor: Actor) -> None:
    """The years of all but a few 脱贫户, written in one go."""
    poor = Household.objects.filter(household_type=POOR, absent_since=None).order_by("pk")
    now = clock.now()
    copy_rows(ExitYear, EXIT_COLUMNS, [
        (
            pk, YEARS[place % len(YEARS)], int(size) if size else None, "", "示例名单.xlsx", now,
            actor.label, 1,
        )
        for place, (pk, size) in enumerate(poor.values_list("pk", "household_size"))
        if place % 40
    ])  # fmt: skip


def _resettled(actor: Actor) -> None:
    """Households of two sites and scattered ones; most houses came down, some still stand."""
    poor = Household.objects.filter(household_type=POOR, absent_since=None)
    homes = poor.select_related("village").order_by("village__code", "pk")
    for place, home in enumerate(homes[:130:5]):
        together = place % 4
        common: dict[str, Any] = {
            "way": "together" if together else "scattered",
            "site": ("幸福家园安置点", "清溪安置点")[place % 2] if together else "",
            "origin": f"{home.village.name}", "people": 4,
            "moved_on": date(2018, 11, 1) + timedelta(days=place) if place % 16 else None,
        }  # fmt: skip
        if place % 9 == 8:
            old: dict[str, Any] = {
                "demolition": "exempt",
                "exempt_reason": "与邻居房屋连体，不能单独拆除",
            }
        elif place % 7 == 6 or not place % 16:
            old = {"demolition": "due", "reclaim": "due", "reclaim_area": Decimal("0.35")}
        else:
            old = {
                "demolition": "due", "demolished_on": date(2019, 6, 1), "reclaim": "due",
                "reclaim_area": Decimal("0.35"),
                "reclaimed_on": date(2019, 11, 1) if place % 5 else None,
            }  # fmt: skip
        operations.record_entry(actor, "resettlement", home, **(common | old))
    row = Resettlement.objects.filter(demolition="due", demolished_on=None).last()
    if row is not None:
        kept = ("way", "site", "origin", "people", "moved_on", "reclaim", "reclaim_area")
        operations.correct_entry(
            actor, "resettlement", row, version=row.version, reason="旧房已拆除，补登",
            demolition="due", demolished_on=date(2020, 4, 2),
            **{key: getattr(row, key) for key in kept},
        )  # fmt: skip


def _pensions(actor: Actor) -> None:
    """Some of the hard groups: paid for by the county, not insured, receiving."""
    year = clock.today().year
    people = concerned(actor, year).select_related("household__village").order_by("pk")
    for place, member in enumerate(people[:24]):
        insured = place % 6 != 5
        aided = insured and place % 3 != 2
        operations.record_entry(
            actor, "pensions", member, year=year, insured=insured,
            grade=Decimal(200) if insured else None, aid=Decimal(200) if aided else None,
            aid_by="县财政局" if aided else "",
        )  # fmt: skip


def _collective(actor: Actor) -> None:
    """A town's crop insurance with a claim that is paid and divided, and one that is not."""
    today = clock.today()
    town = Division.objects.filter(level="town", valid_to=None).order_by("code").first()
    if town is None:
        return
    policy = operations.record_collective(
        actor, town, kind="crop", insurer="示例财险公司", policy_no=f"JT{today.year}0001",
        holder=f"{town.name}人民政府", sum_insured=Decimal(180_000), premium=Decimal(5_400),
        from_state=Decimal(4_320), from_village=Decimal(540), from_households=Decimal(540),
        starts_on=today - timedelta(days=150), ends_on=today + timedelta(days=214),
    )  # fmt: skip
    homes = Household.objects.filter(village__parent=town, absent_since=None)
    for place, home in enumerate(homes.select_related("village").order_by("pk")[:16]):
        operations.add_insured(
            actor, policy, home, subject="水稻", quantity=Decimal(2 + place % 5),
            sum_insured=Decimal(6_000), own_premium=Decimal(18),
        )  # fmt: skip
    for days, event, paid in ((60, "暴雨内涝", Decimal("12345.67")), (20, "稻飞虱", None)):
        claim = operations.record_collective_claim(
            actor, policy, happened_on=today - timedelta(days=days), event=event,
            claimed=Decimal(20_000),
        )  # fmt: skip
        if paid:
            claim = operations.settle_claim(
                actor, claim, state="paid", paid=paid, paid_on=today - timedelta(days=30),
                version=claim.version,
            )  # fmt: skip
            operations.divide_by(actor, claim, by="quantity", version=claim.version)


def _burdens(actor: Actor) -> None:
    """Those that the screening found; some are dealt with."""
    operations.take_burdens(actor)
    rows = MedicalBurden.objects.select_related("household__village").order_by("pk")
    for place, burden in enumerate(rows[:7]):
        outcome = ("checked", "aided", "no_need")[place % 3]
        operations.handle_burden(
            actor, burden, outcome=outcome, version=burden.version,
            note="已入户核实，家庭收支和报销票据已看。",
        )  # fmt: skip
