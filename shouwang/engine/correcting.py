"""补正 (correcting): the accepted rows of a batch and its corrected rows become one batch.

Rows that were accepted stay as they are. A corrected row that equals one of them in all canonical
values is left out. Each row keeps the file and the line that it came from: `file_no`, `file_row`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import whole
from shouwang.engine.cleaning.columns import ColumnCleaner
from shouwang.engine.contracts import Column, FeedContract, Limits
from shouwang.engine.ingest import (
    BatchReport,
    IdHasher,
    Progress,
    Received,
    Stages,
    receive,
    require_header,
)
from shouwang.engine.linking import METHODS, REASONS, LinkCounts, link
from shouwang.engine.reading import open_file
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.storing import NEVER_STORED, stored_table, write_rows

MASK = "*"
# what differs between two rows of the same content: place, link, and the name as it was written
NOT_CONTENT = frozenset(
    {"row", "person_id", "household_id", "method", "reason", "name", "file_no", "file_row"}
)

Opener = Callable[[int], AbstractContextManager[Path]]
"""The original of a file number, in clear while the block lasts."""


@dataclass(frozen=True)
class Base:
    """被补正的批次: its rows, the number that the new file gets, and a way to its originals."""

    rows: Path
    file_no: int
    original: Opener


@dataclass(frozen=True)
class CorrectionReport:
    """补正结果: `kept` rows of before, `added` ones, `repeated` ones left out."""

    batch: BatchReport
    kept: int
    added: int
    repeated: int
    by_file: list[int]


def correct_batch(
    source: Path,
    contract: FeedContract,
    *,
    base: Base,
    rulebook: Rulebook,
    period_end: date,
    registry: Path | None,
    hasher: IdHasher,
    out: Path,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> CorrectionReport:
    """Prepare the corrected rows like any file and put them behind the accepted ones in `out`.

    Where nothing is to be added, `out` holds no rows: the batch stays as it is.
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
        fresh = stored_table(received.sheet, received.identities, links)
    with stages("保存"):
        old = pq.read_table(base.rows)
        both = _together(_placed(old), fresh, base.file_no)
        count = old.num_rows
        same = _repeated(both, count, source, received, base, rulebook, limits)
        rows = both.filter(pa.array(~np.concatenate([np.zeros(count, dtype=bool), same])))
        added = rows.num_rows - count
        out.mkdir(parents=True, exist_ok=True)
        received.write_rejects(out)
        kept = rows if added else rows.slice(0, 0)
        write_rows(kept, out / "rows.parquet", registry=registry)
    report = received.report(_link_counts(rows), stages.seconds)
    report.accepted = rows.num_rows
    files = np.bincount(rows["file_no"].to_numpy(), minlength=base.file_no + 1).tolist()
    return CorrectionReport(report, count, added, int(same.sum()), files)


def _placed(rows: pa.Table) -> pa.Table:
    """Accepted rows with the file and line they came from; before a correction there is one."""
    if "file_no" in rows.column_names:
        return rows
    first = pa.array(np.zeros(rows.num_rows, dtype=np.int16))
    return rows.append_column("file_no", first).append_column("file_row", rows["row"])


def _together(old: pa.Table, fresh: pa.Table, file_no: int) -> pa.Table:
    """Old rows first; corrected rows are numbered on, so that a row's number stays its own."""
    last = pc.max(old["row"]).as_py() or 0
    count = fresh.num_rows
    numbers = np.arange(last + 1, last + 1 + count, dtype=np.int32)
    placed = {
        **{name: fresh[name] for name in fresh.column_names},
        "row": pa.array(numbers),
        "file_no": pa.array(np.full(count, file_no, dtype=np.int16)),
        "file_row": fresh["row"],
    }
    plain = {
        name: column.cast(old.schema.field(name).type) if name in old.column_names else column
        for name, column in ((name, _plain(column)) for name, column in placed.items())
    }
    return pa.concat_tables([old, pa.table(plain)], promote_options="default").combine_chunks()


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    array = whole(column) if isinstance(column, pa.ChunkedArray) else column
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _repeated(
    both: pa.Table,
    count: int,
    source: Path,
    received: Received,
    base: Base,
    rulebook: Rulebook,
    limits: Limits | None,
) -> np.ndarray:
    """Which corrected rows equal an accepted one, as a mask over the corrected rows."""
    old, fresh = both.slice(0, count), both.slice(count)
    same = np.zeros(fresh.num_rows, dtype=bool)
    pairs = _equal_as_stored(fresh, old)
    contract = received.contract
    certain = _is_certain(fresh, contract)
    same[[new for new, _ in pairs if certain[new]]] = True
    doubtful = [(new, before) for new, before in pairs if not certain[new]]
    if doubtful:
        hidden = [column for column in contract.columns if _is_hidden(column)]
        places = _Originals(contract, hidden, rulebook, limits)
        sent = fresh["file_row"].take(pa.array([new for new, _ in doubtful])).to_pylist()
        mine = places.values(source, sent)
        theirs = _values_of(old, [before for _, before in doubtful], base, places)
        for (new, _), one, other in zip(doubtful, mine, theirs, strict=True):
            same[new] |= one == other
    return same


def _equal_as_stored(fresh: pa.Table, old: pa.Table) -> list[tuple[int, int]]:
    """Pairs of rows (corrected, accepted) that are equal in everything that is stored."""
    if not fresh.num_rows or not old.num_rows:
        return []
    names = [name for name in fresh.column_names if name not in NOT_CONTENT]
    numbered = {f"c{at}": fresh[name] for at, name in enumerate(names)}
    before = {f"c{at}": old[name] for at, name in enumerate(names)}
    equal = " AND ".join(f"f.{name} IS NOT DISTINCT FROM b.{name}" for name in numbered)
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.register("f", pa.table({"i": pa.array(np.arange(fresh.num_rows)), **numbered}))
        connection.register("b", pa.table({"j": pa.array(np.arange(old.num_rows)), **before}))
        found = connection.execute(
            f"SELECT f.i, b.j FROM f JOIN b ON {equal} ORDER BY ALL"  # noqa: S608
        ).fetchall()
    finally:
        connection.close()
    return [(int(new), int(before)) for new, before in found]


def _is_certain(fresh: pa.Table, contract: FeedContract) -> np.ndarray:
    """Rows of which everything is stored: no unreadable number, no card, nothing covered."""
    if any(_is_hidden(column) and column.key != "id_no" for column in contract.columns):
        covered = np.ones(fresh.num_rows, dtype=bool)
    else:
        covered = np.zeros(fresh.num_rows, dtype=bool)
        texts = [one.stored for one in contract.columns if one.type in {"text", "name"}]
        for name in texts:
            column = _plain(fresh[name])
            covered |= _mask(pc.match_substring(column, MASK))
    unreadable = _mask(pc.equal(fresh["id_state"], "invalid"))
    return np.asarray(~(covered | unreadable))


def _mask(found: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def _is_hidden(column: Column) -> bool:
    return column.type == "id" or column.key in NEVER_STORED


def _values_of(
    old: pa.Table, rows: Sequence[int], base: Base, places: "_Originals"
) -> list[tuple[str | None, ...]]:
    """The canonical values of accepted rows, read from the originals they came from."""
    chosen = old.select(["file_no", "file_row"]).take(pa.array(rows))
    files, lines = chosen["file_no"].to_pylist(), chosen["file_row"].to_pylist()
    found: dict[int, tuple[str | None, ...]] = {}
    for number in sorted(set(files)):
        at = [place for place, file in enumerate(files) if file == number]
        with base.original(number) as original:
            values = places.values(original, [lines[place] for place in at])
        found |= dict(zip(at, values, strict=True))
    return [found[place] for place in range(len(rows))]


@dataclass(frozen=True)
class _Originals:
    """Reads again from originals what is never stored: numbers, and texts that were covered."""

    contract: FeedContract
    hidden: Sequence[Column]
    rulebook: Rulebook
    limits: Limits | None

    def values(self, source: Path, lines: Sequence[int]) -> list[tuple[str | None, ...]]:
        """One tuple of canonical values a line (1-based in the sheet)."""
        texts = [one for one in self.contract.columns if one.type in {"text", "name"}]
        wanted = list(dict.fromkeys([*self.hidden, *texts]))
        columns = read_columns(source, self.contract, wanted, lines, self.rulebook, self.limits)
        return list(zip(*columns, strict=True))


def read_columns(
    source: Path,
    contract: FeedContract,
    columns: Sequence[Column],
    lines: Sequence[int],
    rulebook: Rulebook,
    limits: Limits | None = None,
) -> list[list[str | None]]:
    """Canonical values of some columns in some lines of an original; null where there is none."""
    conventions = rulebook.conventions
    cleaner = ColumnCleaner.of(conventions, rulebook.codes)
    sheet = open_file(source, limits or conventions.limits).first()
    header = require_header(sheet, contract, conventions)
    body = sheet.body(header.last_row + 1)
    rows = pa.array(np.array(lines, dtype=np.int64) - (header.last_row + 2))
    found: list[list[str | None]] = []
    for column in columns:
        at = header.positions.get(column.key, len(body.columns))
        if at >= len(body.columns):
            found.append([None] * len(lines))
            continue
        cells = body.columns[at].take(rows)
        cleaned = cleaner.clean(column, cells, in_ten_thousands=header.in_ten_thousands(column.key))
        found.append(cleaned.canonical.to_pylist())
    return found


def _link_counts(rows: pa.Table) -> LinkCounts:
    methods, reasons = _tally(rows["method"]), _tally(rows["reason"])
    return LinkCounts(
        rows=rows.num_rows,
        linked=rows.num_rows - rows["person_id"].null_count,
        methods={key: methods.get(key, 0) for key in METHODS},
        reasons={key: reasons.get(key, 0) for key in REASONS[1:]},
    )


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(column).to_pylist()}
