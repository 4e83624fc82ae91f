"""表头 (header): which row holds the captions and which column of the contract each one names.

Captions vary by department: other words, blanks, brackets with units, one row or two merged rows.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from shouwang.engine.contracts import Column, SheetContract
from shouwang.engine.reading.sheets import Sheet

SPACES = re.compile(r"[\s\u200b\ufeff\u200c\u200d\u2060\x00]+")
TEN_THOUSAND = "万元"


@dataclass(frozen=True)
class Header:
    """表头: 0-based rows it takes, and where each known column stands."""

    first_row: int
    last_row: int
    captions: tuple[str, ...]
    positions: dict[str, int]
    units: dict[str, str] = field(default_factory=dict)

    def in_ten_thousands(self, key: str) -> bool:
        return self.units.get(key) == TEN_THOUSAND


def compact(text: str) -> str:
    """NFKC without any white space."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text))


def split_unit(caption: str, units: tuple[str, ...]) -> tuple[str, str]:
    """The compact caption without one trailing bracketed unit, and that unit."""
    text = compact(caption)
    for unit in units:
        if text.endswith(f"({unit})") and len(text) > len(unit) + 2:
            return text[: -len(unit) - 2], unit
    return text, ""


def find_header(
    sheet: Sheet, contract: SheetContract, units: tuple[str, ...], within: int
) -> Header | None:
    """The first row, or pair of rows, in which every required column is recognised."""
    rows = sheet.top[: within + 1]
    for index in range(min(within, len(rows))):
        single = recognise(rows[index], contract, units, index, index)
        pair = _pair(rows, index, contract, units, within)
        if _complete(single, contract):
            return pair if _belongs_to_header(rows, single, pair, contract) else single
        if _complete(pair, contract):
            return pair
    return None


def recognise(
    cells: list[str], contract: SheetContract, units: tuple[str, ...], first: int, last: int
) -> Header:
    """Match captions with columns: the main caption goes before aliases, left before right."""
    keys = [split_unit(cell, units) for cell in cells]
    by_caption: dict[str, list[int]] = {}
    for position, (caption, _) in enumerate(keys):
        if caption:
            by_caption.setdefault(caption, []).append(position)
    positions: dict[str, int] = {}
    for column in contract.columns:
        for caption in _captions(column, units):
            if caption in by_caption:
                positions[column.key] = by_caption[caption][0]
                break
    return Header(
        first_row=first,
        last_row=last,
        captions=tuple(cells),
        positions=positions,
        units={key: keys[position][1] for key, position in positions.items()},
    )


@lru_cache(maxsize=4096)
def _captions(column: Column, units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(split_unit(caption, units)[0] for caption in column.captions)


def _pair(
    rows: list[list[str]], index: int, contract: SheetContract, units: tuple[str, ...], within: int
) -> Header | None:
    if index + 1 >= min(len(rows), within):
        return None
    upper, lower = rows[index], rows[index + 1]
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower = lower + [""] * (width - len(lower))
    cells = [low if compact(low) else up for up, low in zip(upper, lower, strict=True)]
    return recognise(cells, contract, units, index, index + 1)


def _complete(header: Header | None, contract: SheetContract) -> bool:
    return header is not None and all(c.key in header.positions for c in contract.required)


def _belongs_to_header(
    rows: list[list[str]], single: Header, pair: Header | None, contract: SheetContract
) -> bool:
    """Whether the row below is the lower half of the header, although the upper half has all
    required captions: it names further columns and is blank under the required ones."""
    if pair is None or not set(single.positions) < set(pair.positions):
        return False
    lower = rows[pair.last_row]
    under = [single.positions[column.key] for column in contract.required]
    return all(not compact(lower[at]) for at in under if at < len(lower))
