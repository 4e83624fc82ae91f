"""村级问题的清点 (queries): by town, medical coverage by village, alerts with who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.choices import towns_with, villages_with
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from .models import Alert, AlertVillage, PlaceProblem, VillageMedical
from .place_kinds import Kind, book
from .states import SETTLED, SIGNED

COVERAGE = {
    "covered": "有卫生室和村医", "served": "已由其他方式覆盖", "gap": "空白点",
    "unknown": "没有核实",
}  # fmt: skip
COVERAGE_TONES = {"covered": "done", "served": "done", "gap": "late", "unknown": "idle"}


def problems_of(actor: Actor, kind: str) -> Any:
    rows = PlaceProblem.objects.visible_to(actor).filter(kind=kind)
    return rows.select_related("division__parent", "department", "disaster")


@dataclass(frozen=True)
class TownRow:
    """One town on the overview."""

    code: str
    name: str
    total: int
    open: int
    late: int
    signed: int


def by_town(actor: Actor, kind: str) -> list[TownRow]:
    """Every town the actor sees; a town without any stands with zeros, for the register is one of
    finds, not of villages."""
    late = Q(due_on__lt=clock.today()) & ~Q(state__in=SETTLED)
    counted = {
        row["division__parent"]: row
        for row in PlaceProblem.objects.visible_to(actor)
        .filter(kind=kind)
        .exclude(state="mistaken")
        .order_by()
        .values("division__parent")
        .annotate(
            total=Count("pk"), open=Count("pk", filter=~Q(state__in=SETTLED)),
            late=Count("pk", filter=late), signed=Count("pk", filter=Q(state__in=SIGNED)),
        )
    }  # fmt: skip
    seen = towns_with(actor, "localities.view").filter(level=Level.TOWN)
    shown = Q(pk__in=seen.values("pk")) | Q(pk__in=list(counted))
    rows = []
    for town in Division.objects.filter(shown, valid_to=None).order_by("code"):
        numbers: Mapping[str, Any] = counted.get(town.pk, {})
        four = [int(numbers.get(key, 0)) for key in ("total", "open", "late", "signed")]
        rows.append(TownRow(town.code, town.name, *four))
    return rows


@dataclass(frozen=True)
class Standing:
    """One register in one village."""

    kind: Kind
    open: int
    late: int


def standing_in(actor: Actor, village: Division) -> list[Standing]:
    """How many problems of each register stand open in a village."""
    rows = PlaceProblem.objects.visible_to(actor).filter(division=village).unsettled()
    found = {
        row["kind"]: row
        for row in rows.order_by()
        .values("kind")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=clock.today())))
    }
    return [
        Standing(kind, *((found[key]["n"], found[key]["late"]) if key in found else (0, 0)))
        for key, kind in book().kinds.items()
    ]


def _gap() -> QuerySet[Any]:
    rows = PlaceProblem.objects.filter(kind="clinics", division=OuterRef("pk"))
    return rows.exclude(state__in=SETTLED)


def _kept() -> QuerySet[Any]:
    rows = PlaceProblem.objects.filter(kind="clinics", division=OuterRef("pk"))
    return rows.filter(state__in=SIGNED)


def with_coverage(villages: QuerySet[Any]) -> Any:
    """Villages with `coverage`: an open gap outweighs everything, an unseen village is unknown; a
    gap that was signed off means that the village is served in another way."""
    own = VillageMedical.objects.filter(village=OuterRef("pk"))
    whole = own.filter(has_clinic=True, doctors__gt=0)
    return villages.annotate(
        coverage=Case(
            When(Exists(_gap()), then=Value("gap")),
            When(Exists(whole), then=Value("covered")),
            When(Exists(_kept()), then=Value("served")),
            When(Exists(own), then=Value("gap")),
            default=Value("unknown"),
            output_field=CharField(),
        )
    )


def medical_villages(actor: Actor) -> Any:
    villages = villages_with(actor, "localities.view").filter(valid_to=None)
    return with_coverage(villages).select_related("parent", "medical").order_by("code")


def coverage_condition(value: str) -> Q:
    return Q(coverage=value)


@dataclass(frozen=True)
class CoverageRow:
    """覆盖率 of a town: only villages that were looked at are divided by."""

    code: str
    name: str
    villages: int
    covered: int
    gaps: int
    unknown: int

    @property
    def share(self) -> float | None:
        seen = self.villages - self.unknown
        return self.covered / seen if seen else None


def coverage_by_town(actor: Actor) -> list[CoverageRow]:
    rows: dict[tuple[str, str], list[str]] = {}
    found = medical_villages(actor).values_list("parent__code", "parent__name", "coverage")
    for code, name, coverage in found:
        rows.setdefault((code, name), []).append(coverage)
    return [
        CoverageRow(
            code, name, len(seen), sum(one in ("covered", "served") for one in seen),
            seen.count("gap"), seen.count("unknown"),
        )
        for (code, name), seen in sorted(rows.items())
    ]  # fmt: skip


def alerts_of(actor: Actor) -> Any:
    """Alerts with how many villages within the actor's places were told and have not answered."""
    mine = AlertVillage.objects.visible_to(actor).filter(alert=OuterRef("pk")).order_by()

    def counted(rows: QuerySet[Any]) -> Any:
        found = Subquery(
            rows.values("alert").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
        )
        return Coalesce(found, 0)

    return (
        Alert.objects.visible_to(actor)
        .annotate(told=counted(mine), waiting=counted(mine.waiting()))
        .prefetch_related("areas")
    )


def unanswered(actor: Actor) -> Any:
    """Alerts in force for a village for which this person can acknowledge and nobody has."""
    rows = AlertVillage.objects.visible_to(actor, "localities.acknowledge").waiting()
    return Alert.objects.open_at(clock.now()).filter(pk__in=rows.values("alert"))


def waiting_alerts(actor: Actor) -> int:
    """How many alerts wait for an acknowledgement that this person can give."""
    return int(unanswered(actor).count())
