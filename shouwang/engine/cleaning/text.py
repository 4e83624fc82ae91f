"""文字 (text): NFKC, white space and zero-width characters removed; what counts as no data."""

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import as_mask, byte_lengths, replace_text, rows_with_bytes

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u180e\x00"
SPACES = re.compile(rf"[\s{INVISIBLE}]+")
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


class TextCleaner:
    """Cells → normalised text, where "" means no data."""

    def __init__(self, missing_tokens: frozenset[str], keep: frozenset[str] = frozenset()) -> None:
        tokens = {trimmed(token) for token in missing_tokens} - keep
        self.missing = frozenset(tokens | {""})
        self._values = pa.array(sorted(self.missing))
        self._longest = max(len(token.encode()) for token in self.missing)

    def one(self, value: str) -> str:
        return "" if trimmed(value) in self.missing else normalise_text(value)

    def column(self, cells: pa.Array) -> pa.Array:
        care = rows_with_bytes(cells, NEEDS_CARE)
        text = replace_text(cells, care, self.one)
        short = byte_lengths(text) <= self._longest
        if not short.any():
            return text
        missing = as_mask(pc.is_in(text, value_set=self._values)) & ~care
        return pc.replace_with_mask(
            text, pa.array(missing), pa.array([""] * int(missing.sum()), pa.string())
        )


def nullable(text: pa.Array) -> pa.Array:
    """ "" → null."""
    blank = byte_lengths(text) == 0
    if not blank.any():
        return text
    return pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), text)
