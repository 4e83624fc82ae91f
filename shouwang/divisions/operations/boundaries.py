"""导入边界: areas for maps, by code; what is not a division of the actor is named, not taken."""

from dataclasses import dataclass, field

from django.db import transaction

from shouwang.audit.operations import digest_of, record_bulk
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError

from ..geometry import read_areas, simplified
from ..levels import full_code
from ..models import Boundary, Division


@dataclass
class BoundariesImported:
    """How many divisions have an area now, and the codes of the file that nobody has here."""

    taken: int = 0
    unknown: list[str] = field(default_factory=list)


def import_boundaries(actor: Actor, data: bytes, *, name: str) -> BoundariesImported:
    """Take the areas of a GeoJSON file in one step; an area that was there is replaced."""
    require(actor, "divisions.manage")
    areas = {full_code(area.code): area for area in read_areas(data)}
    seen = Division.objects.visible_to(actor, "divisions.manage").current()
    divisions = {each.code: each for each in seen.filter(code__in=list(areas))}
    outcome = BoundariesImported(unknown=sorted(set(areas) - set(divisions)))
    if not divisions:
        raise DomainError("文件里的区划代码在您的管辖范围里都没有，请核对代码。", code="file")
    made = [
        Boundary(
            division=division, coordinates=simplified(areas[code].polygons), source=name[:200],
            imported_at=clock.now(), imported_by_label=actor.label[:120],
        )
        for code, division in sorted(divisions.items())
    ]  # fmt: skip
    with transaction.atomic():
        Boundary.objects.filter(division__in=list(divisions.values())).delete()
        outcome.taken = len(Boundary.objects.bulk_create(made, batch_size=500))
        record_bulk(
            actor, "divisions.boundaries", count=outcome.taken, digest=digest_of(sorted(divisions)),
            what="区划代码", target_type="divisions.division", source=name[:200],
            summary=f"导入边界 {outcome.taken} 个",
        )  # fmt: skip
    return outcome
