"""抽户 (drawing): the pool of each village is frozen once, so that anybody can draw it again."""

from dataclasses import dataclass
from hashlib import sha256

from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.registry.models import Household

from ..models import Inspection, InspectionUnit, SampledHousehold
from ..sampling import draw, stratum_of


@dataclass(frozen=True)
class Replay:
    """复核: how large the pool was, its digest, and whether the sample comes out again."""

    size: int
    digest: str
    is_same: bool


def draw_households(actor: Actor, inspection: Inspection) -> int:
    """Draw the households of each village by the plan's seed; drawn anew it is the same sample,
    whatever happened to the registry since.
    """
    require_here(actor, "inspections.inspect", inspection.division.path)
    rows = []
    units = inspection.units.filter(division__level="village").select_related("division")
    for unit in units:
        if unit.pooled_at is None:
            freeze(unit)
        there = set(unit.sample.values_list("household", flat=True))
        rows += [
            SampledHousehold(unit=unit, household_id=key, stratum=stratum, order=order)
            for order, (key, stratum) in enumerate(drawn_of(unit), 1)
            if key not in there
        ]
    SampledHousehold.objects.bulk_create(rows)
    return len(rows)


def freeze(unit: InspectionUnit) -> None:
    """Keep who could be drawn, in the order of household numbers; once and for all."""
    homes = Household.objects.filter(village=unit.division, absent_since=None)
    columns = ("pk", "household_type", "monitor_class", "eliminated")
    unit.pool = [
        [key, stratum_of(kind, monitored, eliminated)]
        for key, kind, monitored, eliminated in homes.order_by("household_no").values_list(*columns)
    ]
    unit.pooled_at = clock.now()
    unit.save(update_fields=["pool", "pooled_at"])


def drawn_of(unit: InspectionUnit) -> list[tuple[int, str]]:
    """What the seed gives of the frozen pool."""
    assert unit.division is not None
    pool = [(f"{at:08d}", key, stratum) for at, (key, stratum) in enumerate(unit.pool)]
    inspection = unit.inspection
    return draw(pool, inspection.per_village, f"{inspection.seed}:{unit.division.code}")


def replay(unit: InspectionUnit) -> Replay | None:
    """Draw again from what was frozen and compare; None where nothing was drawn."""
    if unit.pooled_at is None:
        return None
    kept = sorted(unit.sample.values_list("household_id", "stratum"))
    lines = "\n".join(f"{key},{stratum}" for key, stratum in unit.pool)
    return Replay(
        len(unit.pool), sha256(lines.encode()).hexdigest(), sorted(drawn_of(unit)) == kept
    )
