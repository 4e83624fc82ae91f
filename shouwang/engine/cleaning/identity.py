"""证件号码 (ID numbers): GB 11643 numbers, old 15-digit numbers, disability cards."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul

import numpy as np
import pyarrow as pa

from shouwang.engine.cleaning.arrays import byte_lengths, fixed_bytes, replace_text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
NUMBER_LENGTH = 18
CHECK_BYTES = np.frombuffer(CHECK.encode(), dtype=np.uint8)
FIRST_YEAR = 1900
DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int16)

NOISE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u180e\x00\-‐‑‒–—―−'‘’‛ʼ`´]+")
ID_LIKE = re.compile(r"[0-9]{15}(?:[0-9]{2}[0-9X])?")
FULL = re.compile(r"[0-9]{17}[0-9X]")


def normalise_id(value: str) -> str:
    """NFKC; blanks, hyphens, apostrophes and backquotes removed; upper case."""
    return NOISE.sub("", unicodedata.normalize("NFKC", value)).upper()


def is_id_like(normalised: str) -> bool:
    return ID_LIKE.fullmatch(normalised) is not None


def check_digit(first17: str) -> str:
    total = sum(map(mul, map(int, first17), WEIGHTS))
    return CHECK[total % 11]


def real_date(text: str) -> date | None:
    """YYYYMMDD as a date, if there is such a day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def valid_number(normalised: str) -> str | None:
    """The valid 18-character number in a normalised cell, or None."""
    if len(normalised) == 15 and ID_LIKE.fullmatch(normalised):
        if real_date("19" + normalised[6:12]) is None:
            return None
        longer = normalised[:6] + "19" + normalised[6:]
        return longer + check_digit(longer)
    if len(normalised) not in {18, 20, 22}:
        return None
    number = normalised[:18]
    if not FULL.fullmatch(number):
        return None
    born = real_date(number[6:14])
    if born is None or born.year < FIRST_YEAR or check_digit(number[:17]) != number[17]:
        return None
    return number


@dataclass
class Numbers:
    """证件号码列: normalised text as written ("" = none); `text` has the valid number instead
    where there is one; `like` marks cells that have the form of a number."""

    text: pa.Array
    written: pa.Array
    valid: np.ndarray
    like: np.ndarray

    def filter(self, keep: pa.Array, rows: np.ndarray) -> "Numbers":
        return Numbers(
            text=self.text.filter(keep),
            written=self.written.filter(keep),
            valid=self.valid[rows],
            like=self.like[rows],
        )


def clean_numbers(text: pa.Array) -> Numbers:
    """Normalised cells (no data = "") → numbers. Plain 18-character cells are tested together."""
    plain, valid = _plain_numbers(text)
    rest = ~plain & (byte_lengths(text) > 0)
    text = replace_text(text, rest, lambda values: [normalise_id(value) for value in values])
    written = text
    like = plain.copy()
    if rest.any():
        at = np.flatnonzero(rest)
        values = text.take(pa.array(at)).to_pylist()
        like[at] = [is_id_like(value) for value in values]
        numbers = [valid_number(value) for value in values]
        valid[at] = [number is not None for number in numbers]
        converted = dict(zip(values, numbers, strict=True))
        changed = rest & valid
        text = replace_text(
            text, changed, lambda cells: [converted[cell] or cell for cell in cells]
        )
    return Numbers(text=text, written=written, valid=valid, like=like)


def _plain_numbers(text: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Rows of 17 digits and a digit or X, and which of them are valid."""
    plain = np.zeros(len(text), dtype=bool)
    valid = np.zeros(len(text), dtype=bool)
    rows = np.flatnonzero(byte_lengths(text) == NUMBER_LENGTH)
    if not len(rows):
        return plain, valid
    matrix = fixed_bytes(text, rows, NUMBER_LENGTH)
    digits = matrix[:17] - np.uint8(48)
    last = matrix[17]
    good = (digits <= 9).all(axis=0) & (((last >= 48) & (last <= 57)) | (last == ord("X")))
    total = np.zeros(len(rows), dtype=np.uint16)
    for digit, weight in zip(digits, WEIGHTS, strict=True):
        total += digit * np.uint16(weight)
    plain[rows] = good
    valid[rows] = good & (CHECK_BYTES[total % 11] == last) & _real_dates(digits[6:14])
    return plain, valid


def _real_dates(digits: np.ndarray) -> np.ndarray:
    """Whether eight digits (a line each) are a real day in 1900 or later."""
    number = digits.astype(np.int16)
    year = number[0] * 1000 + number[1] * 100 + number[2] * 10 + number[3]
    month = number[4] * 10 + number[5]
    day = number[6] * 10 + number[7]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = DAYS[np.clip(month, 0, 12)] + ((month == 2) & leap)
    return np.asarray(
        (year >= FIRST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    )


@dataclass(frozen=True)
class _Facts:
    number: str | None = None
    length: int | None = None
    birth: date | None = None
    check_ok: bool | None = None
    sex: str | None = None
    shape: str = "missing"


def id_facts(written: pa.Array) -> dict[str, pa.Array]:
    """证件号码的各种事实, as the quality checks of the registry need them; one value a row.

    `written`: normalised cells as they were sent (null or "" = none). `number`: the valid number;
    `id_birth`: the real day (1900 or later) in the number whatever its check digit; `id_check_ok`:
    the check digit is right (null where there is none); `id_sex`: of valid numbers; `id_length`:
    characters; `id_shape`: missing, valid, old15, old15_bad_date, bad_date, bad_check,
    other_length (not 15, 18, 20 or 22 characters) or other (not digits).
    """
    encoded = written.fill_null("").dictionary_encode()
    facts = [_facts(value) for value in encoded.dictionary.to_pylist()]
    columns: dict[str, tuple[list[object], pa.DataType]] = {
        "number": ([fact.number for fact in facts], pa.string()),
        "id_valid": ([fact.number is not None for fact in facts], pa.bool_()),
        "id_length": ([fact.length for fact in facts], pa.int32()),
        "id_birth": ([fact.birth for fact in facts], pa.date32()),
        "id_check_ok": ([fact.check_ok for fact in facts], pa.bool_()),
        "id_sex": ([fact.sex for fact in facts], pa.string()),
        "id_shape": ([fact.shape for fact in facts], pa.string()),
    }
    return {
        key: pa.array(values, kind).take(encoded.indices) for key, (values, kind) in columns.items()
    }


def _facts(text: str) -> _Facts:
    length = len(text)
    if not text:
        return _Facts()
    if length not in {15, 18, 20, 22}:
        return _Facts(length=length, shape="other_length")
    number = text[:18] if length > 15 else text
    if not ID_LIKE.fullmatch(number):
        return _Facts(length=length, shape="other")
    valid = valid_number(text)
    born = real_date(number[6:14] if length > 15 else "19" + number[6:12])
    if born is not None and born.year < FIRST_YEAR:
        born = None
    return _Facts(
        number=valid,
        length=length,
        birth=born,
        check_ok=check_digit(number[:17]) == number[17] if length > 15 else None,
        sex=None if valid is None else ("男" if int(valid[16]) % 2 else "女"),
        shape=_shape(length, born, valid),
    )


def _shape(length: int, born: date | None, valid: str | None) -> str:
    if length == 15:
        return "old15_bad_date" if born is None else "old15"
    if born is None:
        return "bad_date"
    return "bad_check" if valid is None else "valid"
