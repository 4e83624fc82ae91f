"""文字 (text): NFKC, white space and zero-width characters removed; what counts as no data."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import (
    as_mask,
    byte_lengths,
    data,
    each_value,
    is_blank,
    offsets,
    replace_text,
    rows_with_bytes,
)

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u180e\x00"
SPACES = re.compile(rf"[\s{INVISIBLE}]+")
SPACES_IN_LINE = re.compile(rf"(?:[^\S\n]|[{INVISIBLE}])+")
TRIM = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")


def _needs_care() -> np.ndarray:
    """Bytes of characters that normalisation may change: all but visible ASCII and the basic
    Chinese characters U+4000-U+9FFF."""
    table = np.ones(256, dtype=bool)
    table[0x21:0x7F] = False
    table[0x80:0xC0] = False
    table[0xE4:0xEA] = False
    return table


NEEDS_CARE = _needs_care()


def normalise_text(value: str) -> str:
    """NFKC, all white space removed."""
    return SPACES.sub("", unicodedata.normalize("NFKC", value))


def trimmed(value: str) -> str:
    """NFKC, no white space at the ends; blanks inside stay (a date may have a time of day)."""
    return TRIM.sub("", unicodedata.normalize("NFKC", value))


def normalise_many(values: Sequence[str]) -> list[str]:
    """`normalise_text` of each value: all in one piece of text, a line each."""
    text = SPACES_IN_LINE.sub("", unicodedata.normalize("NFKC", "\n".join(values)))
    lines = text.split("\n")
    if len(lines) == len(values):
        return lines
    return [normalise_text(value) for value in values]


class TextCleaner:
    """Cells → normalised text, where "" means no data."""

    def __init__(self, missing_tokens: frozenset[str], keep: frozenset[str] = frozenset()) -> None:
        tokens = {trimmed(token) for token in missing_tokens} - keep
        self.missing = frozenset(tokens | {""})
        self._values = pa.array(sorted(self.missing))
        self._longest = max(len(token.encode()) for token in self.missing)
        self._begins = np.zeros(256, dtype=bool)
        self._begins[[token.encode()[0] for token in self.missing if token]] = True

    def one(self, value: str) -> str:
        return "" if trimmed(value) in self.missing else normalise_text(value)

    def many(self, values: Sequence[str]) -> list[str]:
        clean = normalise_many(values)
        return [
            self.one(value) if short in self.missing else short
            for value, short in zip(values, clean, strict=True)
        ]

    def column(self, cells: pa.Array) -> pa.Array:
        return each_value(cells, self._plain)

    def _plain(self, cells: pa.Array) -> pa.Array:
        care = rows_with_bytes(cells, NEEDS_CARE)
        text = replace_text(cells, care, self.many)
        lengths = byte_lengths(text)
        short = np.flatnonzero((lengths > 0) & (lengths <= self._longest) & ~care)
        short = short[self._begins[data(text)[offsets(text)[short]]]]
        if not len(short):
            return text
        found = as_mask(pc.is_in(text.take(pa.array(short)), value_set=self._values))
        if not found.any():
            return text
        missing = np.zeros(len(text), dtype=bool)
        missing[short[found]] = True
        blanks = pa.array([""] * int(found.sum()), pa.string())
        return pc.replace_with_mask(text, pa.array(missing), blanks)


def nullable(text: pa.Array) -> pa.Array:
    """ "" → null."""
    return each_value(text, _nullable)


def _nullable(text: pa.Array) -> pa.Array:
    blank = is_blank(text)
    if not blank.any():
        return text
    if text.offset:
        return pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), text)
    valid = pa.array(~blank).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(text), [valid, *text.buffers()[1:]])
