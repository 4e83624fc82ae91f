"""区划表的行: what a table or a registry file says about one division."""

from dataclasses import dataclass
from datetime import date

from .levels import Level


@dataclass(frozen=True)
class DivisionRow:
    """One division of a table; `parent` None: as the digits of the code say."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class VillageRow:
    """A village as a registry file names it, with the names of its town and county."""

    code: str
    name: str
    town: str = ""
    county: str = ""
