"""区划表的行: what a table says about one division."""

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
