"""接收一批数据 (prepare a batch): a department's file → accepted rows linked to people, rejects.

Nothing here is seen by others until the caller renames the folder: rows.parquet, rejects.parquet.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import as_mask, byte_lengths, replace_text
from shouwang.engine.cleaning.columns import ColumnCleaner
from shouwang.engine.cleaning.identity import normalise_id, valid_number
from shouwang.engine.cleaning.names import VillageNormaliser
from shouwang.engine.cleaning.rejects import REASONS, reject_table
from shouwang.engine.cleaning.tables import (
    CleanSheet,
    clean_sheet,
    reject_duplicates,
    settle_villages,
)
from shouwang.engine.contracts import Conventions, FeedContract, SheetContract
from shouwang.engine.errors import FileRejected
from shouwang.engine.linking import METHODS, NOBODY, STATES, Identities, LinkCounts, Links, link
from shouwang.engine.linking import REASONS as LINK_REASONS
from shouwang.engine.reading import Header, OpenFile, Sheet, find_header, open_file
from shouwang.engine.rulebook import Rulebook

Progress = Callable[[int, int, str], None]
NEVER_STORED = frozenset({"id_no", "card_no"})
CARD_KEY_LENGTH = 18
ID_IN_TEXT = re.compile(
    r"[1-9][0-9]{5}(?:(?:18|19|20)[0-9]{2})?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx]?"
)
LONG_DIGITS = r"[0-9]{15}"
SHORTEST_ID = 15
ROW_GROUP = 131_072
STEPS = ("打开文件", "清洗", "认人", "保存")


class IdHasher(Protocol):
    """证件号码的带密钥散列: how numbers are compared without being stored."""

    def digest_many(self, values: Sequence[str]) -> list[bytes]: ...


@dataclass
class BatchReport:
    """接收结果: what was read, what was accepted, and how it was linked."""

    feed: str
    format: str
    encoding: str
    header_row: int
    rows: int
    accepted: int
    rejected: int
    ignored: int
    reasons: dict[str, int]
    links: LinkCounts
    captions: dict[str, str]
    missing_columns: list[str]
    unknown_columns: list[str]
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def prepare_batch(
    source: Path,
    contract: FeedContract,
    *,
    rulebook: Rulebook,
    period_end: date,
    registry: Path | None,
    hasher: IdHasher,
    out: Path,
    progress: Progress | None = None,
) -> BatchReport:
    """Read, clean, link and store one file. Raises FileRejected if it cannot be used at all."""
    stages = Stages(progress)
    conventions = rulebook.conventions
    cleaner = ColumnCleaner.of(conventions, rulebook.codes)
    with stages("打开文件"):
        opened = open_file(source, conventions.limits)
        top = opened.first()
        header = require_header(top, contract, conventions)
        body = top.body(header.last_row + 1)
    with stages("清洗"):
        sheet = clean_sheet(body, header, contract, cleaner)
        del body, top
        settle_villages(sheet, cleaner, village_normaliser(conventions, registry))
        _reject_after_period(sheet, contract, period_end)
        key, state = _keys(sheet)
        _reject_without_identity(sheet, state)
        reject_duplicates(sheet)
        rejects = reject_table(sheet.verdicts, sheet.rows, sheet.places, "")
        accepted = sheet.take_accepted()
        kept = sheet.verdicts.accepted
        key, state = key.filter(pa.array(kept)), state[kept]
    with stages("认人"):
        id_hash = hash_keys(key, state, hasher)
        links = link(_identities(accepted, id_hash, state), registry)
    with stages("保存"):
        out.mkdir(parents=True, exist_ok=True)
        pq.write_table(rejects, out / "rejects.parquet", compression="zstd")
        write_rows(_stored_table(accepted, links, state, id_hash), out / "rows.parquet")
    return _report(contract, opened, header, sheet, links, stages.seconds)


def relink_batch(
    rows: Path, *, registry: Path, out: Path, rulebook: Rulebook | None = None
) -> LinkCounts:
    """Find the people again after the registry changed; needs nothing but the stored rows."""
    rulebook = rulebook or Rulebook.load()
    table = pq.read_table(rows)
    cleaner = ColumnCleaner.of(rulebook.conventions, rulebook.codes)
    state = pc.index_in(table["id_state"], pa.array(STATES)).to_numpy().astype(np.int8)
    village = None
    if "village" in table.column_names:
        normaliser = village_normaliser(rulebook.conventions, registry)
        village = cleaner.villages(whole(table["village"]), normaliser)
        table = table.set_column(table.column_names.index("village"), "village", village)
    links = link(
        Identities(
            id_hash=whole(table["id_hash"]),
            state=state,
            name=whole(table["name_norm"]),
            birth=whole(table["birth_date"]) if "birth_date" in table.column_names else None,
            village=village,
        ),
        registry,
    )
    for name, values in _link_columns(links).items():
        table = table.set_column(table.column_names.index(name), name, values)
    write_rows(table, out)
    return links.counts()


def require_header(sheet: Sheet, contract: SheetContract, conventions: Conventions) -> Header:
    header = find_header(sheet, contract, conventions.header_units, conventions.header_rows)
    if header is None:
        needed = "、".join(column.header for column in contract.required)
        raise FileRejected(
            "file_corrupt",
            f"前{conventions.header_rows}行里找不到「{contract.title}」的表头。"
            f"必须有这些栏目：{needed}。请核对是否传错了表，或改正栏目名称。",
        )
    return header


def village_normaliser(conventions: Conventions, registry: Path | None) -> VillageNormaliser:
    towns: list[str] = []
    if registry is not None:
        column = pq.read_table(registry / "households.parquet", columns=["town"])["town"]
        towns = [town for town in pc.unique(column).to_pylist() if town]
    county = conventions.county
    return VillageNormaliser.of((county["province_name"], county["name"]), towns)


def hash_keys(key: pa.Array, state: np.ndarray, hasher: IdHasher) -> pa.Array:
    """Keyed hashes of the valid keys, each distinct number hashed once."""
    valid = pc.if_else(pa.array(state == 0), key, pa.scalar(None, pa.string()))
    encoded = valid.dictionary_encode()
    numbers = encoded.dictionary.to_pylist()
    hashes = hasher.digest_many(numbers) if numbers else []
    return pa.array(hashes, pa.binary()).take(encoded.indices)


def whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def write_rows(table: pa.Table, path: Path) -> None:
    """Sorted by person, so that what belongs to one person lies together."""
    order = pc.sort_indices(table, [("person_id", "ascending"), ("row", "ascending")])
    pq.write_table(
        table.take(order), path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP
    )


def mask_ids(text: pa.Array) -> pa.Array:
    """Text in which anything that looks like an ID number is covered."""
    if not len(text) or byte_lengths(text).max() < SHORTEST_ID:
        return text
    suspects = as_mask(pc.match_substring_regex(text, LONG_DIGITS).fill_null(False))
    return replace_text(text, suspects, lambda value: ID_IN_TEXT.sub(_covered, value))


def _covered(match: re.Match[str]) -> str:
    number = match[0]
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def _reject_after_period(sheet: CleanSheet, contract: FeedContract, period_end: date) -> None:
    column = contract.event_column
    if column is not None and column.key in sheet.columns:
        values = sheet.columns[column.key].values
        late = as_mask(pc.greater(values, pa.scalar(period_end, pa.date32())).fill_null(False))
        sheet.verdicts.reject(late, "date_out_of_period", sheet.place(column.key))


def _keys(sheet: CleanSheet) -> tuple[pa.Array, np.ndarray]:
    """Step 0: the key of each row (null = none) and its state as an index into STATES."""
    count = len(sheet.rows)
    ids = sheet.columns.get("id_no")
    if ids is None or ids.numbers is None:
        key, valid = pa.nulls(count, pa.string()), np.zeros(count, dtype=bool)
    else:
        key, valid = ids.values, ids.numbers.valid
    missing = as_mask(pc.is_null(key))
    cards = sheet.columns.get("card_no")
    if cards is not None and missing.any():
        rows = np.flatnonzero(missing)
        found = [_card_key(text) for text in cards.values.take(pa.array(rows)).to_pylist()]
        key = pc.replace_with_mask(key, pa.array(missing), pa.array(found, pa.string()))
        valid = valid.copy()
        valid[rows] = [number is not None and valid_number(number) == number for number in found]
        missing = as_mask(pc.is_null(key))
    state = np.where(missing, 2, np.where(valid, 0, 1)).astype(np.int8)
    return key, state


def _card_key(text: str | None) -> str | None:
    if text is None:
        return None
    number = normalise_id(text)[:CARD_KEY_LENGTH]
    return valid_number(number) or number or None


def _reject_without_identity(sheet: CleanSheet, state: np.ndarray) -> None:
    nameless = np.zeros(len(sheet.rows), dtype=bool)
    for key in ("name", "birth_date", "village"):
        column = sheet.columns.get(key)
        nameless |= True if column is None else column.null
    sheet.verdicts.reject((state == 2) & nameless, "no_identity")


def _identities(sheet: CleanSheet, id_hash: pa.Array, state: np.ndarray) -> Identities:
    birth, village = sheet.columns.get("birth_date"), sheet.columns.get("village")
    return Identities(
        id_hash=id_hash,
        state=state,
        name=sheet.columns["name"].canonical,
        birth=None if birth is None else birth.values,
        village=None if village is None else village.values,
    )


def _link_columns(links: Links) -> dict[str, pa.Array]:
    return {
        "person_id": pa.array(links.person, pa.int32(), mask=links.person == NOBODY),
        "method": pa.array(METHODS).take(pa.array(links.method)),
        "reason": pa.array([None, *LINK_REASONS[1:]], pa.string()).take(pa.array(links.reason)),
    }


def _stored_table(
    sheet: CleanSheet, links: Links, state: np.ndarray, id_hash: pa.Array
) -> pa.Table:
    columns = {"row": pa.array(sheet.rows, pa.int32()), **_link_columns(links)}
    columns["id_state"] = pa.array(STATES).take(pa.array(state))
    columns["id_hash"] = id_hash
    for column in sheet.contract.columns:
        if column.key in NEVER_STORED or column.type == "id":
            continue
        columns[column.stored] = _stored_column(sheet, column.key, column.type)
        if column.key == "name":
            columns["name_norm"] = mask_ids(sheet.columns["name"].canonical)
    return pa.table(columns)


ARROW_TYPES = {
    "date": pa.date32(),
    "month": pa.date32(),
    "amount": pa.int64(),
    "number": pa.decimal128(18, 3),
}


def empty_type(kind: str) -> pa.DataType:
    """The Arrow type of a column type."""
    return ARROW_TYPES.get(kind, pa.string())


def _stored_column(sheet: CleanSheet, key: str, kind: str) -> pa.Array:
    """A canonical column; one that the file does not have is null throughout."""
    if key not in sheet.columns:
        return pa.nulls(len(sheet.rows), empty_type(kind))
    values = sheet.columns[key].values
    return mask_ids(values) if kind in {"text", "name", "village"} else values


def _report(
    contract: FeedContract,
    opened: OpenFile,
    header: Header,
    sheet: CleanSheet,
    links: Links,
    seconds: dict[str, float],
) -> BatchReport:
    counts = np.bincount(sheet.verdicts.reason, minlength=len(REASONS))
    captions = {key: header.captions[at] for key, at in header.positions.items()}
    return BatchReport(
        feed=contract.key,
        format=opened.format,
        encoding=opened.encoding,
        header_row=header.last_row + 1,
        rows=len(sheet.rows),
        accepted=int(counts[0]),
        rejected=int(counts[1:].sum()),
        ignored=sheet.ignored,
        reasons={
            reason: int(count)
            for reason, count in zip(REASONS[1:], counts[1:], strict=True)
            if count
        },
        links=links.counts(),
        captions=captions,
        missing_columns=[c.header for c in contract.columns if c.key not in header.positions],
        unknown_columns=[p.caption for p in sheet.places if p.key is None and p.caption],
        notes=opened.notes,
        seconds=seconds,
    )


@dataclass
class Stages:
    """各步用时: tells progress and keeps the seconds of each step."""

    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        if self.progress is not None:
            self.progress(len(self.seconds), len(STEPS), step)
        start = time.perf_counter()
        yield
        self.seconds[step] = round(time.perf_counter() - start, 3)
        if self.progress is not None and len(self.seconds) == len(STEPS):
            self.progress(len(STEPS), len(STEPS), "完成")
