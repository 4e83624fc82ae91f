"""单位匹配 (units): names as papers write them, matched to departments, towns and villages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.divisions.models import Division

from .models import UnitAlias

ALL_TOWNS = re.compile(
    r"^(各|各有关)?(乡镇|镇|乡镇（街道）|乡镇街道|镇（街道）|乡（镇）|乡镇场)(人民政府|党委政府)?$"
)
PREFIX = re.compile(r"^(县|市|区|州)?(委|政府)?")


@dataclass(frozen=True)
class Match:
    """One unit as it will stand at a task."""

    name: str
    department: Department | None = None
    division: Division | None = None

    @property
    def is_known(self) -> bool:
        return self.department is not None or self.division is not None


class Units:
    """All names of one county, read once; `under` is the path of the town whose villages count
    first, where several villages have the same name."""

    def __init__(self, county: Division, under: str = "") -> None:
        today = clock.today()
        self.county, self.under = county, under
        self.towns = list(
            Division.objects.on(today).filter(level="town", path__startswith=county.path)
        )
        self.places: Mapping[str, Division] = {town.name: town for town in self.towns} | {
            f"{town.name}人民政府": town for town in self.towns
        }
        names: dict[str, Department] = {}
        for department in Department.objects.all():
            for name in (department.name, department.short_name):
                if name:
                    names[_bare(name)] = department
        for alias in UnitAlias.objects.select_related("department"):
            names[_bare(alias.name)] = alias.department
        self.names = names

    def match(self, name: str) -> list[Match]:
        """A department, a town, every town for 各乡镇, or the name as it is."""
        words = name.strip()
        if ALL_TOWNS.match(words):
            return [Match(town.name, division=town) for town in self.towns]
        if words in self.places:
            return [Match(words, division=self.places[words])]
        department = self.names.get(_bare(words))
        village = None if department is not None else self._village(words)
        return [Match(words, department=department, division=village)]

    @cached_property
    def villages(self) -> Mapping[str, Sequence[Division]]:
        found: dict[str, list[Division]] = {}
        rows = Division.objects.on(clock.today()).filter(
            level="village", path__startswith=self.county.path
        )
        for one in rows:
            found.setdefault(one.name, []).append(one)
        return found

    def _village(self, words: str) -> Division | None:
        """The one village of this name, in the town first; none where two may be meant."""
        known = self.villages.get(words, ())
        inside = [one for one in known if self.under and one.path.startswith(self.under)]
        chosen = inside or known
        return chosen[0] if len(chosen) == 1 else None

    def match_all(self, names: Sequence[str]) -> list[Match]:
        found: dict[str, Match] = {}
        for name in names:
            for match in self.match(name):
                found.setdefault(match.name, match)
        return list(found.values())


def _bare(name: str) -> str:
    """The name without 县, 市, 区 before it: 县医保局 and 医保局 are one office of the county."""
    bare = PREFIX.sub("", name.replace(" ", ""), count=1)
    return bare or name
