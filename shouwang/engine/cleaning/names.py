"""姓名和村名 (names, villages): what must be equal for two spellings to mean the same."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shouwang.engine.cleaning.text import normalise_text

VILLAGE = "村"


@dataclass(frozen=True)
class NameNormaliser:
    """NFKC; blanks, zero-width characters and dots removed; variant characters; upper case."""

    table: Mapping[int, str]

    @classmethod
    def of(cls, dots: str, variants: Mapping[str, str]) -> "NameNormaliser":
        table = {ord(dot): "" for dot in dots + unicodedata.normalize("NFKC", dots)}
        table |= {ord(variant): usual for variant, usual in variants.items()}
        return cls(table)

    def __call__(self, value: str) -> str:
        return normalise_text(value).translate(self.table).upper()

    def touched_pattern(self) -> str:
        """Which characters of an already normalised text this would still change (RE2)."""
        touched = "".join(re.escape(chr(code)) for code in self.table)
        return rf"[{touched}a-z]|[^\x00-\x7F\x{{3400}}-\x{{9FFF}}]"


@dataclass(frozen=True)
class VillageNormaliser:
    """Province, county and town cut off in front, and everything after the first 村 behind."""

    leading: tuple[str, ...]
    towns: tuple[str, ...]

    @classmethod
    def of(cls, leading: Iterable[str], towns: Iterable[str]) -> "VillageNormaliser":
        names = {normalise_text(town) for town in towns if town} - {""}
        return cls(
            tuple(normalise_text(name) for name in leading),
            tuple(sorted(names, key=lambda name: (-len(name), name))),
        )

    def __call__(self, value: str) -> str:
        text = normalise_text(value)
        for name in self.leading:
            text = text.removeprefix(name)
        for town in self.towns:
            if text.startswith(town):
                text = text.removeprefix(town)
                break
        head, mark, _ = text.partition(VILLAGE)
        return head + mark
