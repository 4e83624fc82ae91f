"""证件号码 (numbers): ID numbers with a region that does not exist, and fictitious telephones.

Region prefixes begin with 9999, which no place in the country has; the check digits are right.
"""

import numpy as np
import numpy.typing as npt

from .draw import Days, Ints, Texts

HERE = ("999901", "999902", "999903", "999904", "999905")
ELSEWHERE = ("999951", "999952", "999953")
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)


def id_numbers(regions: Ints, birth: Days, sex: Ints, first: int = 0) -> Texts:
    """18-character numbers; `regions` are six-digit numbers, unique by rank within a birthday.

    `first` is the rank at which counting begins, so that a second group never meets the first.
    """
    ymd = _ymd(birth)
    rank = _rank(regions * 10**9 + ymd * 10 + sex) + first
    sequence = rank * 2 + sex
    body = regions * 10**11 + ymd * 1000 + sequence
    digits = (body[:, None] // 10 ** np.arange(16, -1, -1)) % 10
    check = CHECK[(digits * WEIGHTS).sum(axis=1) % 11]
    raw = np.column_stack([(digits + 48).astype(np.uint8), check])
    return _texts(raw)


def check_digit(body: str) -> str:
    """The 18th character of a number by GB 11643."""
    total = sum(int(digit) * int(weight) for digit, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def phone_numbers(count: int, first: int = 0) -> Texts:
    """199 000x xxxx, one after the other; they repeat after 100,000."""
    numbers = 19900000000 + (first + np.arange(count) * 7) % 100_000
    return numbers.astype("U11").astype(object)


def _ymd(days: Days) -> Ints:
    months = days.astype("datetime64[M]").astype(np.int64)
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    ymd: Ints = (months // 12 + 1970) * 10_000 + (months % 12 + 1) * 100 + day
    return ymd


def _rank(keys: Ints) -> Ints:
    """The how-many-th with the same key each one is, from 0, in the given order."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = np.r_[True, ordered[1:] != ordered[:-1]]
    start = np.maximum.accumulate(np.where(new, np.arange(len(keys)), 0))
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - start
    return rank


def _texts(raw: npt.NDArray[np.uint8]) -> Texts:
    width = raw.shape[1]
    flat = np.ascontiguousarray(raw).view(f"S{width}").ravel()
    return flat.astype(f"U{width}").astype(object)
