"""接收一批数据 (prepare a batch): a department's file → accepted rows linked to people, rejects.

Nothing here is seen by others until the caller renames the folder: rows.parquet, rejects.parquet.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import as_mask, coded, is_null, plain, whole
from shouwang.engine.cleaning.columns import Cleaned, ColumnCleaner
from shouwang.engine.cleaning.identity import normalise_id, valid_number
from shouwang.engine.cleaning.names import VillageNormaliser
from shouwang.engine.cleaning.rejects import REASONS, reject_table
from shouwang.engine.cleaning.tables import (
    CleanSheet,
    clean_sheet,
    reject_duplicates,
    settle_villages,
)
from shouwang.engine.contracts import Conventions, FeedContract, Limits, SheetContract
from shouwang.engine.errors import FileRejected
from shouwang.engine.linking import (
    INVALID,
    MISSING,
    STATES,
    VALID,
    Holders,
    Identities,
    LinkCounts,
    holders_of,
    link,
)
from shouwang.engine.reading import Header, OpenFile, Sheet, find_header, open_file
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.storing import by_person, link_columns, stored_table, write_parquet, write_rows

Progress = Callable[[int, int, str], None]
CARD_KEY_LENGTH = 18
REJECT_ROW_GROUP = 65_536
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
    limits: Limits | None = None,
) -> BatchReport:
    """Read, clean, link and store one file. Raises FileRejected if it cannot be used at all.

    `limits` of this installation go before those of the rulebook.
    """
    stages = Stages(progress)
    received = receive(
        source,
        contract,
        rulebook=rulebook,
        period_end=period_end,
        registry=registry,
        hasher=hasher,
        stages=stages,
        limits=limits,
    )
    with stages("认人"):
        links = link(received.identities, registry, received.holders)
    with stages("保存"):
        out.mkdir(parents=True, exist_ok=True)
        received.write_rejects(out)
        rows = stored_table(received.sheet, received.identities, links, by_person(links))
        write_rows(rows, out / "rows.parquet", registry=registry, is_sorted=True)
    return received.report(links.counts(), stages.seconds)


@dataclass
class Received:
    """清洗过的一份文件: every data row with its verdict, and whom the accepted ones name."""

    contract: FeedContract
    opened: OpenFile
    header: Header
    sheet: CleanSheet
    rejects: pa.Table
    identities: Identities
    holders: Holders | None

    def write_rejects(self, out: Path) -> None:
        write_parquet(self.rejects, out / "rejects.parquet", True, REJECT_ROW_GROUP)

    def report(self, links: LinkCounts, seconds: dict[str, float]) -> BatchReport:
        return _report(self.contract, self.opened, self.header, self.sheet, links, seconds)


def receive(
    source: Path,
    contract: FeedContract,
    *,
    rulebook: Rulebook,
    period_end: date,
    registry: Path | None,
    hasher: IdHasher,
    stages: "Stages",
    limits: Limits | None = None,
) -> Received:
    """Open and clean one file; nothing is linked or written yet."""
    conventions = rulebook.conventions
    cleaner = ColumnCleaner.of(conventions, rulebook.codes)
    with stages("打开文件"):
        opened = open_file(source, limits or conventions.limits)
        top = opened.first()
        header = require_header(top, contract, conventions)
        bodies = [top.body(header.last_row + 1)]  # handed on: what is clean is forgotten
        del top
        opened.close()
    with stages("清洗"), ThreadPoolExecutor(max_workers=1) as other:
        numbering: list[tuple[Keys, Future[tuple[pa.DictionaryArray, Holders | None]]]] = []

        def number(columns: dict[str, Cleaned], count: int) -> None:
            keys = row_keys(columns, count)
            numbering.append((keys, other.submit(numbers_and_holders, keys)))

        def numbers_and_holders(keys: Keys) -> tuple[pa.DictionaryArray, Holders | None]:
            hashes = hash_numbers(keys.text, keys.state == VALID, hasher)
            return hashes, holders_of(hashes.dictionary, registry)

        sheet = clean_sheet(bodies.pop(), header, contract, cleaner, number)
        settle_villages(sheet, cleaner, village_normaliser(conventions, registry))
        _reject_after_period(sheet, contract, period_end)
        keys, hashing = numbering[0]
        _reject_without_identity(sheet, keys)
        reject_duplicates(sheet)
        rejects = reject_table(sheet.verdicts, sheet.rows, sheet.places, "")
        hashes, holders = hashing.result()
        identities = _identities(sheet, keys.state, hashes)
    return Received(contract, opened, header, sheet, rejects, identities, holders)


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
            numbers=coded(whole(table["id_hash"])),
            state=state,
            name=whole(table["name_norm"]),
            birth=whole(table["birth_date"]) if "birth_date" in table.column_names else None,
            village=village,
        ),
        registry,
    )
    for name, values in link_columns(links).items():
        table = table.set_column(table.column_names.index(name), name, values)
    write_rows(table, out, registry=registry)
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
    """Cuts village texts; the towns are those that either sheet of the registry names."""
    towns: set[str] = set()
    if registry is not None:
        for name in ("households.parquet", "persons.parquet"):
            if "town" in pq.read_schema(registry / name).names:
                column = pq.read_table(registry / name, columns=["town"])["town"]
                towns.update(town for town in pc.unique(column).to_pylist() if town)
    county = conventions.county
    return VillageNormaliser.of((county["province_name"], county["name"]), sorted(towns))


def hash_numbers(text: pa.Array, valid: np.ndarray, hasher: IdHasher) -> pa.DictionaryArray:
    """Keyed hashes of the valid numbers, each distinct number hashed once; null elsewhere."""
    numbers = text.filter(pa.array(valid)).dictionary_encode()
    hashes = pa.array(hasher.digest_many(numbers.dictionary.to_pylist()), pa.binary())
    codes = np.zeros(len(text), dtype=np.int32)
    codes[valid] = numbers.indices
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=~valid), hashes)


def _reject_after_period(sheet: CleanSheet, contract: FeedContract, period_end: date) -> None:
    column = contract.event_column
    if column is not None and column.key in sheet.columns:
        values = sheet.columns[column.key].values
        late = as_mask(pc.greater(values, pa.scalar(period_end, pa.date32())).fill_null(False))
        sheet.verdicts.reject(late, "date_out_of_period", sheet.place(column.key))


@dataclass(frozen=True)
class Keys:
    """每行的键 (step 0): the number a row is found by (null = none), and its state."""

    text: pa.Array
    state: np.ndarray


def row_keys(columns: Mapping[str, Cleaned], count: int) -> Keys:
    """The normalised id_no; where it is null, the beginning of the disability card's number."""
    ids = columns.get("id_no")
    if ids is None or ids.numbers is None:
        text, valid = pa.nulls(count, pa.string()), np.zeros(count, dtype=bool)
    else:
        text, valid = ids.values, ids.numbers.valid
    missing = is_null(text)
    cards = columns.get("card_no")
    if cards is not None and missing.any():
        rows = np.flatnonzero(missing)
        found = [_card_key(card) for card in plain(cards.values).take(pa.array(rows)).to_pylist()]
        text = pc.replace_with_mask(text, pa.array(missing), pa.array(found, pa.string()))
        valid = valid.copy()
        valid[rows] = [number is not None and valid_number(number) == number for number in found]
        missing = is_null(text)
    state = np.where(missing, MISSING, np.where(valid, VALID, INVALID)).astype(np.int8)
    return Keys(text, state)


def _card_key(text: str | None) -> str | None:
    if text is None:
        return None
    number = normalise_id(text)[:CARD_KEY_LENGTH]
    return valid_number(number) or number or None


def _reject_without_identity(sheet: CleanSheet, keys: Keys) -> None:
    incomplete = np.zeros(len(sheet.rows), dtype=bool)
    for key in ("name", "birth_date", "village"):
        column = sheet.columns.get(key)
        incomplete |= True if column is None else column.null
    sheet.verdicts.reject((keys.state == MISSING) & incomplete, "no_identity")


def _identities(sheet: CleanSheet, state: np.ndarray, numbers: pa.DictionaryArray) -> Identities:
    """Of the accepted rows."""
    rows = sheet.verdicts.accepted
    keep = None if rows.all() else pa.array(rows)

    def kept(column: pa.Array) -> pa.Array:
        return column if keep is None else column.filter(keep)

    birth, village = sheet.columns.get("birth_date"), sheet.columns.get("village")
    return Identities(
        numbers=kept(numbers),
        state=state[rows],
        name=kept(sheet.columns["name"].canonical),
        birth=None if birth is None else kept(birth.values),
        village=None if village is None else kept(village.values),
    )


def _report(
    contract: FeedContract,
    opened: OpenFile,
    header: Header,
    sheet: CleanSheet,
    links: LinkCounts,
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
        links=links,
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
