"""清洗一张表 (clean one sheet): rows that are no data, cells, reject reasons in their order."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import (
    as_mask,
    byte_lengths,
    data,
    is_blank,
    is_coded,
    map_distinct,
    offsets,
    plain,
    replace_text,
    rows_with_bytes,
    two_at_a_time,
    value_mask,
)
from shouwang.engine.cleaning.columns import Cleaned, ColumnCleaner
from shouwang.engine.cleaning.identity import is_id_like, normalise_id
from shouwang.engine.cleaning.names import VillageNormaliser
from shouwang.engine.cleaning.rejects import BY_TYPE, Place, Verdicts
from shouwang.engine.cleaning.text import NEEDS_CARE, normalise_many
from shouwang.engine.contracts import Column, Conventions, SheetContract
from shouwang.engine.reading.headers import Header
from shouwang.engine.reading.sheets import Body

SHORTEST_ID = 15
NO_CELLS = pa.array([], pa.string())
LETTER_BYTES = 3
SOME_ROWS = 2_000
NUMBERS = frozenset({"id_no", "card_no"})


def _blank_bytes() -> np.ndarray:
    """Bytes that a cell without any visible character may consist of."""
    table = NEEDS_CARE.copy()
    table[0x00:0x21] = True
    return table


BLANKS = _blank_bytes()


@dataclass
class CleanSheet:
    """清洗后的表: data rows with cleaned columns; rejected rows are still there, marked."""

    contract: SheetContract
    rows: np.ndarray
    columns: dict[str, Cleaned]
    verdicts: Verdicts
    places: list[Place]
    ignored: int

    def place(self, key: str) -> int:
        return next((at for at, place in enumerate(self.places) if place.key == key), -1)

    def take_accepted(self) -> "CleanSheet":
        keep = self.verdicts.accepted
        if keep.all():
            return self
        mask = pa.array(keep)
        kept = two_at_a_time(
            lambda column: column.filter(mask), self.columns.values(), len(self.rows)
        )
        return CleanSheet(
            contract=self.contract,
            rows=self.rows[keep],
            columns=dict(zip(self.columns, kept, strict=True)),
            verdicts=self.verdicts.keep(keep),
            places=self.places,
            ignored=self.ignored,
        )


def clean_sheet(
    body: Body,
    header: Header,
    contract: SheetContract,
    cleaner: ColumnCleaner,
    when_numbered: Callable[[dict[str, Cleaned], int], None] | None = None,
) -> CleanSheet:
    """Everything that one row by itself decides; villages and duplicates come after.

    The body is used up: cells that nobody needs any more are forgotten, for a sheet may be large.
    `when_numbered` is called as soon as the columns that number a person are clean, with how many
    rows there are, so that what takes long with them can begin beside the other columns.
    """
    conventions = cleaner.conventions
    whole = len(body)
    body = data_rows(body, conventions)
    ignored = whole - len(body)
    places = _places(contract, header, len(body.columns))
    verdicts = Verdicts(len(body))
    _reject_long_cells(body, conventions.cell_limit, verdicts, places)
    neighbours = _beside_numbers(header, contract)
    _forget(body, {*header.positions.values(), *neighbours})
    columns = _clean_columns(body, header, contract, cleaner, when_numbered, neighbours)
    _reject_shifted_rows(body, header, contract, columns, verdicts)
    _reject_required(contract, columns, verdicts)
    return CleanSheet(contract, body.rows, columns, verdicts, places, ignored)


def _clean_columns(
    body: Body,
    header: Header,
    contract: SheetContract,
    cleaner: ColumnCleaner,
    when_numbered: Callable[[dict[str, Cleaned], int], None] | None,
    kept: set[int],
) -> dict[str, Cleaned]:
    """Numbers here, the other columns on the other processor. Cells are forgotten as soon as they
    are clean, but for the columns to be `kept`."""
    uses = Counter(header.positions.values())

    def clean(column: Column) -> Cleaned:
        at = header.positions[column.key]
        ten_thousands = header.in_ten_thousands(column.key)
        cleaned = cleaner.clean(column, body.columns[at], in_ten_thousands=ten_thousands)
        if at not in kept and uses[at] == 1:
            body.columns[at] = NO_CELLS
        return cleaned

    present = [
        column
        for column in contract.columns
        if header.positions.get(column.key, len(body.columns)) < len(body.columns)
    ]
    with ThreadPoolExecutor(max_workers=1) as other:
        waiting = {c.key: other.submit(clean, c) for c in present if c.key not in NUMBERS}
        numbers = {column.key: clean(column) for column in present if column.key in NUMBERS}
        if when_numbered is not None:
            when_numbered(numbers, len(body))
        done = numbers | {key: cleaned.result() for key, cleaned in waiting.items()}
    return {column.key: done[column.key] for column in present}


def data_rows(body: Body, conventions: Conventions) -> Body:
    """The body without blank rows, totals, notes and signatures; the columns given are used up."""
    ignored = _ignored_rows(body, conventions.ignored_row_prefixes)
    if not ignored.any():
        return body
    keep = pa.array(~ignored)
    rows, columns = body.rows[~ignored], body.columns
    for at in range(len(columns)):
        columns[at] = columns[at].filter(keep)
    return Body(columns, rows)


def _beside_numbers(header: Header, contract: SheetContract) -> set[int]:
    """Columns beside those of ID numbers: a row may have been pushed into them."""
    at = [header.positions[c.key] for c in contract.columns if c.key in header.positions
          and c.type == "id"]  # fmt: skip
    return {place + step for place in at for step in (-1, 1)}


def _forget(body: Body, needed: set[int]) -> None:
    for at in range(len(body.columns)):
        if at not in needed:
            body.columns[at] = NO_CELLS


def settle_villages(
    sheet: CleanSheet, cleaner: ColumnCleaner, normaliser: VillageNormaliser
) -> None:
    """Cut village texts to names; needs the towns of the registry."""
    for column in sheet.contract.columns:
        cleaned = sheet.columns.get(column.key)
        if column.type != "village" or cleaned is None:
            continue
        cleaned.values = cleaner.villages(cleaned.values, normaliser)
        if column.required:
            sheet.verdicts.reject(cleaned.null, "required_missing", sheet.place(column.key))


def reject_duplicates(sheet: CleanSheet) -> None:
    """Rows that equal an earlier accepted row in every canonical value."""
    at = np.flatnonzero(sheet.verdicts.accepted)
    chosen = [
        sheet.columns[column.key].canonical
        for column in sheet.contract.columns
        if column.key in sheet.columns
    ]
    if len(at) < 2 or not chosen:
        return
    names = [f"c{index}" for index in range(len(chosen))]
    if len(at) < len(sheet.rows):
        rows = pa.array(at)
        chosen = [values.take(rows) for values in chosen]
    repeated = _repeats(pa.table(chosen, names=names), _most_telling(chosen))
    mask = np.zeros(len(sheet.rows), dtype=bool)
    mask[at[repeated]] = True
    sheet.verdicts.reject(mask, "duplicate_row")


def _most_telling(columns: list[pa.Array]) -> int:
    """The column with the most different values among some rows."""
    step = max(len(columns[0]) // SOME_ROWS, 1)
    some = pa.array(np.arange(0, len(columns[0]), step))
    counts = [pc.count_distinct(plain(column.take(some))).as_py() for column in columns]
    return counts.index(max(counts))


def _repeats(table: pa.Table, telling: int) -> np.ndarray:
    """Positions of rows that equal an earlier row: by hash first, of the one most telling column
    and then of all; exactly where hashes meet."""
    columns = ", ".join(table.column_names)
    connection = duckdb.connect(config={"threads": 2})
    try:
        candidates = np.arange(len(table))
        few = table
        for chosen in (table.column_names[telling], columns):
            connection.register("t", few)
            hashes = connection.execute(f"SELECT hash({chosen}) AS h FROM t").fetchnumpy()["h"]  # noqa: S608
            ordered = np.sort(hashes)
            shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
            if not len(shared):
                return np.empty(0, dtype=np.int64)
            candidates = candidates[np.isin(hashes, shared)]
            few = table.take(pa.array(candidates))
        connection.register("few", few.append_column("i", pa.array(candidates)))
        found = connection.execute(
            f"SELECT i FROM (SELECT i, row_number() OVER (PARTITION BY {columns} ORDER BY i) AS n"  # noqa: S608
            " FROM few) WHERE n > 1 ORDER BY i"
        ).fetchnumpy()["i"]
        return np.asarray(found, dtype=np.int64)
    finally:
        connection.close()


def _ignored_rows(body: Body, prefixes: tuple[str, ...]) -> np.ndarray:
    """Blank rows and rows whose first filled cell begins like a total, a note or a signature."""
    ignored = np.ones(len(body), dtype=bool)
    pending = np.arange(len(body))
    pattern = "^(" + "|".join(prefixes) + ")"
    for column in body.columns:
        if not len(pending):
            break
        cells = column if len(pending) == len(body) else column.take(pa.array(pending))
        blank = value_mask(cells, _blank_cells)
        filled = np.flatnonzero(~blank)
        ignored[pending[filled]] = False
        suspects = filled[value_mask(cells, _FirstLetters(prefixes))[filled]]
        if len(suspects):
            texts = normalise_many(cells.take(pa.array(suspects)).to_pylist())
            hits = as_mask(pc.match_substring_regex(pa.array(texts, pa.string()), pattern))
            ignored[pending[suspects[hits]]] = True
        pending = pending[blank]
    return ignored


def _blank_cells(cells: pa.Array) -> np.ndarray:
    text = replace_text(cells, rows_with_bytes(cells, BLANKS), normalise_many)
    return is_blank(text)


@dataclass(frozen=True)
class _FirstLetters:
    """Cells that may begin with one of the prefixes: the same first letter, or one that
    normalisation might turn into it."""

    prefixes: tuple[str, ...]

    def __call__(self, cells: pa.Array) -> np.ndarray:
        starts = offsets(cells)[:-1]
        filled = byte_lengths(cells) >= LETTER_BYTES
        suspects = np.zeros(len(cells), dtype=bool)
        at = starts[filled].astype(np.int64)
        content = data(cells)
        first = content[at].astype(np.int32) << 16
        first |= content[at + 1].astype(np.int32) << 8
        first |= content[at + 2]
        letters = {int.from_bytes(prefix[0].encode(), "big") for prefix in self.prefixes}
        unusual = NEEDS_CARE[content[at]]
        suspects[filled] = np.isin(first, sorted(letters)) | unusual
        return suspects


def _places(contract: SheetContract, header: Header, width: int) -> list[Place]:
    """Known columns in catalogue order, then the other columns of the sheet."""
    known = [
        Place(column.key, column.header, header.positions.get(column.key))
        for column in contract.columns
    ]
    taken = set(header.positions.values())
    captions = header.captions
    others = [
        Place(None, captions[at].strip() if at < len(captions) else f"第{at + 1}列", at)
        for at in range(width)
        if at not in taken
    ]
    return known + others


def _reject_long_cells(body: Body, limit: int, verdicts: Verdicts, places: list[Place]) -> None:
    by_index = {place.index: at for at, place in enumerate(places) if place.index is not None}
    for index, cells in enumerate(body.columns):
        values = cells.dictionary if is_coded(cells) else cells
        if byte_lengths(values).max(initial=0) > limit:
            mask = value_mask(cells, lambda texts: pc.utf8_length(texts).to_numpy() > limit)
            verdicts.reject(mask, "cell_too_long", by_index.get(index, -1))


def _reject_shifted_rows(
    body: Body,
    header: Header,
    contract: SheetContract,
    columns: dict[str, Cleaned],
    verdicts: Verdicts,
) -> None:
    keys = [column.key for column in contract.columns if column.type == "id"]
    taken = {header.positions[key] for key in keys if key in header.positions}
    for number, column in enumerate(contract.columns):
        cleaned = columns.get(column.key)
        if cleaned is None or cleaned.numbers is None:
            continue
        suspects = np.flatnonzero(~cleaned.numbers.like)
        position = header.positions[column.key]
        neighbours = {position - 1, position + 1} - taken
        shifted = np.zeros(len(body), dtype=bool)
        for neighbour in neighbours:
            if 0 <= neighbour < len(body.columns):
                shifted[_id_like_rows(body.columns[neighbour], suspects)] = True
        verdicts.reject(shifted, "row_shifted", number)


def _id_like_rows(cells: pa.Array, rows: np.ndarray) -> np.ndarray:
    """Which of `rows` hold something like an ID number."""
    rows = rows[value_mask(cells, lambda texts: byte_lengths(texts) >= SHORTEST_ID)[rows]]
    values = plain(cells.take(pa.array(rows)))
    found = map_distinct(values, lambda value: is_id_like(normalise_id(value)))
    return np.asarray(rows[np.array(found, dtype=bool)])


def _reject_required(
    contract: SheetContract, columns: dict[str, Cleaned], verdicts: Verdicts
) -> None:
    """In catalogue order the first required column that is null or unreadable. A quantity that is
    readable but too large to be kept comes last."""
    for number, column in _required(contract.columns):
        cleaned = columns.get(column.key)
        if cleaned is None:
            verdicts.reject(verdicts.accepted, "required_missing", number)
            continue
        filled = cleaned.bad if cleaned.beyond is None else cleaned.bad | cleaned.beyond
        verdicts.reject(cleaned.bad, BY_TYPE.get(column.type, ""), number)
        verdicts.reject(cleaned.null & ~filled, "required_missing", number)
    for number, column in _required(contract.columns):
        beyond = columns[column.key].beyond if column.key in columns else None
        if beyond is not None:
            verdicts.reject(beyond, BY_TYPE[column.type], number)


def _required(columns: Iterable[Column]) -> Iterable[tuple[int, Column]]:
    return ((number, column) for number, column in enumerate(columns) if column.required)
