"""金额和数量 (amounts, numbers): text → exact integers, money in fen, numbers in thousandths."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import as_mask, byte_lengths, data, offsets, rows_with_bytes

LARGEST = 2**63 - 1
LARGEST_NUMBER = 10**18 - 1
TEN_THOUSAND = 10_000
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
AMOUNT = re.compile(rf"(?P<a>[-−]?)¥?(?P<b>[-−]?)(?P<digits>{DIGITS})(?P<unit>元|万元)?")
PLAIN = r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$"
PLAIN_NUMBER = r"^[0-9]{1,12}(\.[0-9]{1,3})?$"
LONGEST_TEXT = 60
MOST_DIGITS = 12
ZERO = np.uint8(ord("0"))


def _not_decimal() -> np.ndarray:
    table = np.ones(256, dtype=bool)
    table[[*range(ord("0"), ord("9") + 1), ord(".")]] = False
    return table


NOT_DECIMAL = _not_decimal()


def parse_amount(text: str, *, in_ten_thousands: bool = False) -> int:
    """Normalised text → fen; ValueError for what is no amount, OverflowError for too large."""
    match = AMOUNT.fullmatch(text)
    if match is None or (match["a"] and match["b"]):
        raise ValueError
    value = _decimal(match["digits"])
    if match["unit"] == "万元" or (in_ten_thousands and not match["unit"]):
        value *= TEN_THOUSAND
    fen = _scaled(value, 2)
    if fen > LARGEST:
        raise OverflowError
    return -fen if match["a"] or match["b"] else fen


def number_pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(rf"(?P<digits>{DIGITS})(?:{words})?")


def parse_number(text: str, pattern: re.Pattern[str]) -> int:
    """Normalised text → thousandths; ValueError for no number, OverflowError for too large."""
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError
    thousandths = _scaled(_decimal(match["digits"]), 3)
    if thousandths > LARGEST_NUMBER:
        raise OverflowError
    return thousandths


def plain_amounts(text: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Rows that are plain decimals, and the fen of those rows."""
    return _plain(text, PLAIN, 2)


def plain_numbers(text: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    return _plain(text, PLAIN_NUMBER, 3)


def _plain(text: pa.Array, form: str, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Short cells of digits and dots by their bytes, the others by pattern. Arrow must never see
    long digit strings: beyond its precision it wraps around without an error."""
    lengths = byte_lengths(text)
    filled = lengths > 0
    easy = filled & (lengths <= MOST_DIGITS) & ~rows_with_bytes(text, NOT_DECIMAL)
    easy &= _digits_at_ends(text, filled)
    values = np.zeros(len(text), dtype=np.int64)
    try:
        values[easy] = _decimal_words(text, easy, scale)
    except pa.ArrowInvalid:
        easy[:] = False
    rest = np.flatnonzero(filled & ~easy)
    if len(rest):
        others = text.take(pa.array(rest))
        matching = as_mask(pc.match_substring_regex(others, form))
        easy[rest[matching]] = True
        values[rest[matching]] = _decimal_words(others, matching, scale)
    return easy, values[easy]


def _decimal_words(text: pa.Array, rows: np.ndarray, scale: int) -> np.ndarray:
    """Decimal text as whole numbers of the last place; ArrowInvalid if any is no such text."""
    chosen = text if rows.all() else text.filter(pa.array(rows))
    decimals = chosen.cast(pa.decimal128(MOST_DIGITS + scale, scale))
    words = np.frombuffer(decimals.buffers()[1] or b"", dtype=np.int64)
    return words[::2][decimals.offset : decimals.offset + len(decimals)]


def _digits_at_ends(text: pa.Array, filled: np.ndarray) -> np.ndarray:
    """Which of the filled cells begin and end with a digit."""
    bounds, content = offsets(text), data(text)
    found = np.zeros(len(text), dtype=bool)
    first, last = content[bounds[:-1][filled]], content[bounds[1:][filled] - 1]
    found[filled] = (first - ZERO <= 9) & (last - ZERO <= 9)
    return found


def _decimal(digits: str) -> Decimal:
    if len(digits) > LONGEST_TEXT:
        raise OverflowError
    return Decimal(digits.replace(",", ""))


def _scaled(value: Decimal, places: int) -> int:
    with localcontext() as context:
        context.prec = LONGEST_TEXT + 20
        return int(value.scaleb(places).to_integral_value(ROUND_HALF_UP))
