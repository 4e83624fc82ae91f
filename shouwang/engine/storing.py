"""存数据 (storing): accepted rows as Parquet, sorted by person, without any ID number."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import (
    as_mask,
    byte_lengths,
    each_value,
    replace_text,
    two_at_a_time,
    whole,
)
from shouwang.engine.cleaning.tables import CleanSheet
from shouwang.engine.linking import METHODS, NOBODY, REASONS, STATES, Identities, Links

NEVER_STORED = frozenset({"id_no", "card_no"})
ID_IN_TEXT = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx]?"
)
HASHES = frozenset({"id_hash"})
LONG_DIGITS = r"[0-9]{15}"
SHORTEST_ID = 15
PLACE_BITS = 31
LAST_PERSON = np.iinfo(np.int32).max
ROW_GROUP = 500_000  # a coded column repeats its dictionary in every group
ARROW_TYPES = {
    "date": pa.date32(),
    "month": pa.date32(),
    "amount": pa.int64(),
    "number": pa.decimal128(18, 3),
}


def empty_type(kind: str) -> pa.DataType:
    """The Arrow type of a column type."""
    return ARROW_TYPES.get(kind, pa.string())


def link_columns(links: Links) -> dict[str, pa.Array]:
    return {
        "person_id": pa.array(links.person, pa.int32(), mask=links.person == NOBODY),
        "method": _words(links.method, METHODS),
        "reason": _words(links.reason - np.int8(1), REASONS[1:]),
    }


def by_person(links: Links) -> np.ndarray:
    """The order in which rows are stored: by person, nobody last, else as in the sheet."""
    person = np.where(links.person == NOBODY, LAST_PERSON, links.person)
    keys = (person.astype(np.int64) << PLACE_BITS) | np.arange(len(person))
    keys.sort()
    return np.asarray(keys & ((1 << PLACE_BITS) - 1))


def stored_table(
    sheet: CleanSheet, rows: Identities, links: Links, order: np.ndarray | None = None
) -> pa.Table:
    """The columns of rows.parquet for the accepted rows of a sheet, in its order or in `order`."""
    at, numbers, state = np.flatnonzero(sheet.verdicts.accepted), rows.numbers.indices, rows.state
    if order is not None:
        at, links, state, numbers = at[order], links.take(order), state[order], numbers.take(order)
    taken = pa.array(at)
    sent = _sent_columns(sheet)
    parts = two_at_a_time(
        lambda part: part[0].take(part[1]),
        [(rows.numbers.dictionary, numbers), *((values, taken) for values in sent.values())],
        len(at),
    )
    return pa.table(
        {
            "row": pa.array(sheet.rows[at], pa.int32()),
            **link_columns(links),
            "id_state": _words(state, STATES),
            "id_hash": parts[0],
            **dict(zip(sent, parts[1:], strict=True)),
        }
    )


def _sent_columns(sheet: CleanSheet) -> dict[str, pa.Array]:
    """What the file said, as it may be stored."""
    columns: dict[str, pa.Array] = {}
    for column in sheet.contract.columns:
        if column.key in NEVER_STORED or column.type == "id":
            continue
        cleaned = sheet.columns.get(column.key)
        if cleaned is None:
            columns[column.stored] = pa.nulls(len(sheet.rows), empty_type(column.type))
        elif column.type in {"text", "name", "village"}:
            columns[column.stored] = mask_ids(cleaned.values)
        else:
            columns[column.stored] = cleaned.values
        if column.key == "name" and cleaned is not None:
            columns["name_norm"] = mask_ids(cleaned.canonical)
    return columns


def write_rows(
    table: pa.Table, path: Path, *, registry: Path | None, is_sorted: bool = False
) -> None:
    """Sorted by person, so that what belongs to one person lies together."""
    table = at_home(table, registry)
    if not is_sorted:
        order = pc.sort_indices(table, [("person_id", "ascending"), ("row", "ascending")])
        columns = two_at_a_time(lambda column: column.take(order), table.columns, len(table))
        table = pa.table(columns, names=table.column_names)
    repeated = [
        field.name
        for field in table.schema
        if pa.types.is_dictionary(field.type) or pa.types.is_date(field.type)
    ]
    write_parquet(table, path, repeated, ROW_GROUP)


def at_home(table: pa.Table, registry: Path | None) -> pa.Table:
    """Rows with the household of their person, so that no reader has to look it up."""
    homes: pa.Array = pa.nulls(len(table), pa.int32())
    if registry is not None and len(table):
        homes = _homes(whole(table["person_id"]), registry / "persons.parquet")
    if "household_id" in table.column_names:
        return table.set_column(table.column_names.index("household_id"), "household_id", homes)
    return table.add_column(table.column_names.index("person_id") + 1, "household_id", homes)


def _homes(person: pa.Array, persons: Path) -> pa.Array:
    known = pq.read_table(persons, columns=["person_id", "household_id"])
    keys = known["person_id"].to_numpy()
    order = np.argsort(keys, kind="stable")  # they are nearly in order
    wanted = person.fill_null(NOBODY).to_numpy(zero_copy_only=False)
    at = np.searchsorted(keys, wanted, sorter=order)
    found = at < len(keys)
    at = order[np.where(found, at, 0)] if len(keys) else at
    found[found] = keys[at[found]] == wanted[found]
    return whole(known["household_id"]).take(pa.array(at, mask=~found))


def write_parquet(
    table: pa.Table, path: Path, repeated: Sequence[str] | bool, row_group: int
) -> None:
    """zstd; `repeated` columns are stored by dictionary. Coded text is read back as plain text.

    Bounds are kept of numbers and dates only: finding the first and last text of a file takes a
    third of the writing, and no reader asks for them. Hashes do not become smaller.
    """
    bounded = [
        field.name
        for field in table.schema
        if pa.types.is_primitive(field.type) or pa.types.is_decimal(field.type)
    ]
    pq.write_table(
        table,
        path,
        compression={name: "none" if name in HASHES else "zstd" for name in table.column_names},
        compression_level={name: 1 for name in table.column_names if name not in HASHES},
        use_dictionary=repeated if isinstance(repeated, bool) else list(repeated),
        row_group_size=row_group,
        write_statistics=bounded or False,
        store_schema=False,
    )


def mask_ids(text: pa.Array) -> pa.Array:
    """Text in which anything that looks like an ID number is covered."""
    return each_value(text, _mask_plain)


def _mask_plain(text: pa.Array) -> pa.Array:
    if byte_lengths(text).max(initial=0) < SHORTEST_ID:
        return text
    suspects = as_mask(pc.match_substring_regex(text, LONG_DIGITS).fill_null(False))
    return replace_text(
        text, suspects, lambda values: [ID_IN_TEXT.sub(_covered, value) for value in values]
    )


def _covered(match: re.Match[str]) -> str:
    number = match[0]
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def _words(codes: np.ndarray, words: Sequence[str]) -> pa.DictionaryArray:
    """Small codes as words; a negative code is null."""
    indices = pa.array(codes, pa.int8(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))
