"""分解表 (matrix): places × years of one indicator as the page shows it and as it comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division

from .forms import read_number
from .models import Definition
from .operations.targets import Goal


@dataclass(frozen=True)
class Cell:
    name: str
    year: int
    value: Decimal | None


@dataclass(frozen=True)
class Row:
    place: Division
    cells: list[Cell]


def rows_of(definition: Definition, places: Sequence[Division], years: Sequence[int]) -> list[Row]:
    known = {
        (one.division_id, one.year): one.value
        for one in definition.targets.filter(division__in=[place.pk for place in places])
    }
    return [
        Row(
            place,
            [
                Cell(f"goal-{place.code}-{year}", year, known.get((place.pk, year)))
                for year in years
            ],
        )
        for place in places
    ]


def read_matrix(
    data: Mapping[str, str], places: Sequence[Division], years: Sequence[int]
) -> list[Goal]:
    """The filled cells as goals; a DomainError names the cell that is no number."""
    found = []
    for place in places:
        for year in years:
            text = data.get(f"goal-{place.code}-{year}", "").strip()
            if not text:
                continue
            try:
                found.append(Goal(place, year, read_number(text, f"{place.name}{year}年")))
            except ValidationError as error:
                raise DomainError("；".join(error.messages), code="cell") from error
    return found
