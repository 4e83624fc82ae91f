"""按类型清洗 (cleaning by type): a column of cells → canonical values and wrong cells."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import (
    as_mask,
    coded,
    is_blank,
    is_null,
    plain,
    recoded,
    replace_text,
)
from shouwang.engine.cleaning.dates import DateReader
from shouwang.engine.cleaning.identity import Numbers, clean_numbers
from shouwang.engine.cleaning.names import NameNormaliser, VillageNormaliser
from shouwang.engine.cleaning.quantities import (
    TEN_THOUSAND,
    number_pattern,
    parse_amount,
    parse_number,
    plain_amounts,
    plain_numbers,
)
from shouwang.engine.cleaning.text import TextCleaner, normalise_text, nullable, trimmed
from shouwang.engine.contracts import CodeList, Column, Conventions

NUMBER_TYPE = pa.decimal128(18, 3)


@dataclass
class Cleaned:
    """One cleaned column. `values`: canonical, null = no data or unreadable; `bad`: unreadable.

    Text, names, villages and codes may be dictionary-coded. For a name `values` is the name as
    shown and `same` the form in which names are compared; for an ID number `values` is the valid
    number or else the normalised text. `beyond`: quantities too large to be kept.
    """

    values: pa.Array
    bad: np.ndarray
    beyond: np.ndarray | None = None
    same: pa.Array | None = None
    numbers: Numbers | None = None

    @property
    def canonical(self) -> pa.Array:
        return self.same if self.same is not None else self.values

    @property
    def null(self) -> np.ndarray:
        return is_null(self.canonical)

    def filter(self, keep: pa.Array) -> "Cleaned":
        rows = as_mask(keep)
        return Cleaned(
            values=self.values.filter(keep),
            bad=self.bad[rows],
            beyond=None if self.beyond is None else self.beyond[rows],
            same=None if self.same is None else self.same.filter(keep),
            numbers=None if self.numbers is None else self.numbers.filter(keep, rows),
        )


@dataclass(frozen=True)
class ColumnCleaner:
    """清洗器: knows the conventions and code lists; one method a type."""

    conventions: Conventions
    codes: dict[str, CodeList]
    text: TextCleaner
    dates: DateReader
    names: NameNormaliser
    _lookups: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, conventions: Conventions, codes: dict[str, CodeList]) -> "ColumnCleaner":
        missing = frozenset(trimmed(token) for token in conventions.missing_tokens) | {""}
        return cls(
            conventions=conventions,
            codes=codes,
            text=TextCleaner(conventions.missing_tokens),
            dates=DateReader(missing, conventions.serial_dates),
            names=NameNormaliser.of(conventions.name_dots, conventions.name_variants),
        )

    def clean(self, column: Column, cells: pa.Array, *, in_ten_thousands: bool) -> Cleaned:
        match column.type:
            case "date" | "month":
                return self._date(column, cells)
            case "code":
                return self._code(column, cells)
            case "amount":
                return self._amount(plain(self.text.column(cells)), in_ten_thousands)
            case "number":
                return self._number(plain(self.text.column(cells)))
            case "name":
                return self._name(self.text.column(cells))
            case "id":
                return self._id(plain(self.text.column(cells)))
        return _never_bad(nullable(self.text.column(cells)))

    def villages(self, texts: pa.Array, normaliser: VillageNormaliser) -> pa.Array:
        """Village texts (already normalised) → names that can be compared."""
        encoded = coded(texts)
        names = [normaliser(value) or None for value in encoded.dictionary.to_pylist()]
        return recoded(pa.array(names, pa.string()), encoded.indices)

    def _date(self, column: Column, cells: pa.Array) -> Cleaned:
        def read(value: str) -> date | None:
            if column.type == "month":
                return self.dates.month(value)
            return self.dates.day(value, full_day_only=column.full_day_only)

        return _distinct(cells, read, pa.date32())

    def _code(self, column: Column, cells: pa.Array) -> Cleaned:
        keys = self._code_lookup(column.codes or "")
        kept = frozenset(keys)
        text = TextCleaner(self.conventions.missing_tokens, keep=kept)

        def read(value: str) -> str | None:
            clean = text.one(value)
            if clean == "":
                return None
            if clean not in keys:
                raise ValueError
            return keys[clean]

        return _distinct(cells, read, pa.string())

    def _code_lookup(self, name: str) -> dict[str, str]:
        if name not in self._lookups:
            self._lookups[name] = {
                normalise_text(word): code.key
                for code in self.codes[name].values()
                for word in (*code.aliases, code.label)
            }
        return self._lookups[name]

    def _amount(self, text: pa.Array, in_ten_thousands: bool) -> Cleaned:
        rows, fen = plain_amounts(text)
        values = np.zeros(len(text), dtype=np.int64)
        values[rows] = fen * (TEN_THOUSAND if in_ten_thousands else 1)
        null, bad, beyond = _others(
            text, rows, values, lambda t: parse_amount(t, in_ten_thousands=in_ten_thousands)
        )
        return Cleaned(pa.array(values, pa.int64(), mask=null), bad, beyond)

    def _number(self, text: pa.Array) -> Cleaned:
        pattern = number_pattern(self.conventions.number_units)
        rows, thousandths = plain_numbers(text)
        values = np.zeros(len(text), dtype=np.int64)
        values[rows] = thousandths
        null, bad, beyond = _others(text, rows, values, lambda t: parse_number(t, pattern))
        return Cleaned(_decimals(values, null), bad, beyond)

    def _name(self, text: pa.Array) -> Cleaned:
        encoded = coded(text)
        shown = encoded.dictionary
        touched = as_mask(pc.match_substring_regex(shown, self.names.touched_pattern()))
        same = replace_text(shown, touched, lambda names: [self.names(name) for name in names])
        return Cleaned(
            values=recoded(nullable(shown), encoded.indices),
            bad=np.zeros(len(text), dtype=bool),
            same=recoded(nullable(same), encoded.indices),
        )

    def _id(self, text: pa.Array) -> Cleaned:
        numbers = clean_numbers(text)
        bad = np.zeros(len(text), dtype=bool)
        return Cleaned(nullable(numbers.text), bad, numbers=numbers)


def _never_bad(values: pa.Array) -> Cleaned:
    return Cleaned(values, np.zeros(len(values), dtype=bool))


def _distinct(cells: pa.Array, read: Callable[[str], object | None], kind: pa.DataType) -> Cleaned:
    """Read each distinct cell once; ValueError marks it as unreadable."""
    encoded = coded(cells)
    results: list[object | None] = []
    bad: list[bool] = []
    for value in encoded.dictionary.to_pylist():
        try:
            results.append(read(value))
            bad.append(False)
        except (ValueError, OverflowError):
            results.append(None)
            bad.append(True)
    indices = encoded.indices.to_numpy()
    values = pa.array(results, kind)
    text = pa.types.is_string(kind)
    return Cleaned(
        values=recoded(values, encoded.indices) if text else values.take(encoded.indices),
        bad=np.array(bad, dtype=bool)[indices],
    )


def _others(
    text: pa.Array, done: np.ndarray, values: np.ndarray, read: Callable[[str], int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fill in what the plain form did not cover; return null, unreadable and too large rows."""
    null = ~done
    bad, beyond = np.zeros(len(text), dtype=bool), np.zeros(len(text), dtype=bool)
    rest = np.flatnonzero(~done & ~is_blank(text))
    if len(rest):
        encoded = text.take(pa.array(rest)).dictionary_encode()
        found = [_try(read, value) for value in encoded.dictionary.to_pylist()]
        indices = encoded.indices.to_numpy()
        numbers = [value if isinstance(value, int) else 0 for value in found]
        values[rest] = np.array(numbers, dtype=np.int64)[indices]
        null[rest] = np.array([not isinstance(value, int) for value in found])[indices]
        bad[rest] = np.array([isinstance(value, ValueError) for value in found])[indices]
        beyond[rest] = np.array([isinstance(value, OverflowError) for value in found])[indices]
    return null, bad, beyond


def _try(read: Callable[[str], int], value: str) -> int | ValueError | OverflowError:
    try:
        return read(value)
    except (ValueError, OverflowError) as error:
        return error


def _decimals(thousandths: np.ndarray, null: np.ndarray) -> pa.Array:
    """Thousandths as DECIMAL(18,3) without passing through Python numbers."""
    words = np.zeros(2 * len(thousandths), dtype=np.int64)
    words[::2] = thousandths
    valid = pa.array(~null).buffers()[1]
    return pa.Array.from_buffers(
        NUMBER_TYPE, len(thousandths), [valid, pa.py_buffer(words)], null_count=int(null.sum())
    )
