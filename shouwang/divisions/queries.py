"""区划查询: what other rooms ask of the divisions."""

from collections.abc import Iterable
from datetime import date

from shouwang.core.actor import Actor

from .levels import Level, full_code
from .models import Division
from .querysets import DivisionQuerySet


def visible_to(actor: Actor) -> DivisionQuerySet:
    """The divisions of the actor's posts."""
    return Division.objects.visible_to(actor)


def by_code(code: str, on: date | None = None) -> Division | None:
    """The division that a code means on a day (None: now), following mergers and new codes.

    Not scoped: for programs that read files, never for what a person typed.
    """
    holders = Division.objects.filter(code=full_code(code.strip())).select_related("successor")
    if on is None:
        found = holders.order_by("valid_to").last() if not holders.current() else None
        found = holders.current().first() or found
    else:
        found = holders.on(on).order_by("-valid_from").first() or holders.last()
    seen: set[int] = set()
    while found and not _valid(found, on) and found.successor and found.pk not in seen:
        seen.add(found.pk)
        found = found.successor
    return found


def _valid(division: Division, on: date | None) -> bool:
    return division.is_current if on is None else division.valid_on(on)


def ancestors(division: Division) -> list[Division]:
    """The divisions above, from the root; names only, so not scoped."""
    found = Division.objects.in_bulk(division.ancestor_keys())
    return [found[key] for key in division.ancestor_keys() if key in found]


def full_names(divisions: Iterable[Division], *, top: Level = Level.COUNTY) -> dict[int, str]:
    """示例县青禾镇柳湾村 for each division, from level `top` down; one query for any number."""
    wanted = list(divisions)
    above = Division.objects.in_bulk({key for one in wanted for key in one.ancestor_keys()})
    levels = list(Level.values)
    shown = set(levels[levels.index(top) :])
    return {
        one.pk: "".join(
            part.name
            for part in [above[key] for key in one.ancestor_keys() if key in above] + [one]
            if part.level in shown or part.pk == one.pk
        )
        for one in wanted
    }


def county(code: str) -> Division | None:
    """The county of this installation, by its six digits."""
    return Division.objects.current().filter(code=full_code(code), level=Level.COUNTY).first()
