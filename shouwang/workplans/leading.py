"""牵头单位 (leading units): how boards and filters tell them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, CharField, Q, When

PLACE_CODE = re.compile("[0-9]{12}")
Place = tuple[str, str]
"""The name of a unit, and the code of the village that it is, or nothing."""


@dataclass(frozen=True)
class LeadingUnit:
    """A unit as tasks name it; villages of one name in two towns are two units.

    `key` is the name, and the code of the place where a name alone would be ambiguous.
    """

    name: str
    key: str

    @staticmethod
    def named(units: Iterable[tuple[str, str | None, str | None]]) -> dict[Place, LeadingUnit]:
        """By name and code of the place; each given as (name, code of the village, its town)."""
        places = {(name, code or ""): town or "" for name, code, town in units}
        often = Counter(name for name, code in places if code)
        return {
            (name, code): LeadingUnit(f"{name}（{town}）", code)
            if often[name] > 1 and code
            else LeadingUnit(name, name)
            for (name, code), town in places.items()
        }


def village_columns() -> tuple[Case, Case]:
    """The code and the town of the village that a unit is; None for every other unit."""
    is_village = Q(division__level="village")
    return (
        Case(When(is_village, then="division__code"), output_field=CharField()),
        Case(When(is_village, then="division__parent__name"), output_field=CharField()),
    )
