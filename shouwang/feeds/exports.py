"""部门数据的导出: links and rejected rows as files, streamed from Parquet without loading them.

Text that a spreadsheet would take for a formula is neutralised; every export is in the audit log.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from django.db.models import QuerySet

from shouwang.audit.operations import record
from shouwang.core import export_files
from shouwang.core.actor import Actor
from shouwang.core.errors import NotFound
from shouwang.core.models import Export
from shouwang.engine.reject_workbook import reject_workbook
from shouwang.registry import snapshots

from . import storage
from .models import USED, BatchState, FeedBatch
from .preparing import rulebook
from .queries.access import permit
from .queries.batches import batches_visible_to
from .queries.contents import database, folder_of
from .queries.corrections import mark_of
from .queries.provenance import chain_of

MEMORY = "1GB"
AT_ONCE = 50_000
"""Rows of a file that a person waits for; above, its workbook is made in the background."""
# a leading apostrophe makes a spreadsheet show the text instead of computing it
SAFE = (
    "CREATE MACRO safe(t) AS"
    " CASE WHEN regexp_matches(t, '^\\s*[=+\\-@]') OR regexp_matches(t, '^[\\t\\r]')"
    " THEN '''' || t ELSE t END"
)


def export_links(actor: Actor, path: Path) -> int:
    """One line per used row of every kept batch, superseded ones included; returns how many.

    Columns file, sheet, row, feed, person_no, household_no, method, reason.
    """
    batches = _kept(actor)
    sources = _sources(batches)
    with database(MEMORY) as engine:
        engine.execute(SAFE)
        _persons(engine, actor)
        parts = [
            _links_of(engine, number, ones, sources)
            for number, ones in enumerate(_by_feed(batches))
        ]
        _write(engine, " UNION ALL ".join([NO_LINKS, *parts]), path)
    rows = sum(_count(batch, sources[batch.pk]) for batch in batches)
    record(actor, "feeds.links_exported", summary=f"导出部门数据关联结果，共{rows}行")
    return rows


NO_LINKS = (
    "SELECT '' AS file, NULL::VARCHAR AS sheet, 0 AS row, '' AS feed, '' AS person_no,"
    " '' AS household_no, '' AS method, '' AS reason WHERE false"
)


def _persons(engine: duckdb.DuckDBPyConnection, actor: Actor) -> None:
    """The view `persons`: the number of a registry key; empty for who may not see the registry."""
    snapshot = snapshots.current() if actor.can("registry.view") else None
    if snapshot is not None:
        engine.read_parquet(str(snapshot.path / "persons.parquet")).create_view("persons")
        return
    nobody = pa.table(
        {
            "person_id": pa.array([], pa.int32()),
            "person_no": pa.array([], pa.string()),
            "household_no": pa.array([], pa.string()),
        }
    )
    engine.register("persons", nobody)


Sources = dict[int, dict[int, str]]
"""For each batch by key: the names of the files whose rows are told under it, by `file_no`."""


def _sources(batches: list[FeedBatch]) -> Sources:
    """Rows that a correction took over are told once: under the earliest kept version of them."""
    kept = {batch.pk for batch in batches}
    found: Sources = {}
    for batch in batches:
        chain = chain_of(batch)
        told = max((at for at, one in enumerate(chain[:-1]) if one.pk in kept), default=-1)
        found[batch.pk] = {at: chain[at].file_name for at in range(told + 1, len(chain))}
    return found


def _count(batch: FeedBatch, files: dict[int, str]) -> int:
    """How many rows of the batch come from these files."""
    if batch.corrects_id is None:
        return batch.row_count or 0
    counts = batch.counts["correction"]["by_file"]
    return sum(counts[number] for number in files)


def _links_of(
    engine: duckdb.DuckDBPyConnection, number: int, batches: list[FeedBatch], sources: Sources
) -> str:
    """The query for one feed: its files share one schema."""
    rows, files = f"rows_{number}", f"files_{number}"
    _register(engine, rows, files, batches, "rows.parquet", sources)
    line, joined = "r.row", "f.path = r.filename"
    if any(batch.corrects_id for batch in batches):
        line = "coalesce(r.file_row, r.row)"
        joined += " AND f.file_no = coalesce(r.file_no, 0)"
    return (
        f"SELECT safe(f.file), NULL, {line}, f.feed, safe(p.person_no), safe(p.household_no),"  # noqa: S608
        f" r.method, r.reason FROM {rows} r JOIN {files} f ON {joined}"
        " LEFT JOIN persons p ON p.person_id = r.person_id"
    )


def export_rejects(actor: Actor, path: Path) -> int:
    """One line per rejected row or file of every kept batch; a whole file has no row.

    Columns file, sheet, row, reason; the registry's own are added by the caller.
    """
    batches = _kept(actor)
    refused = list(
        batches_visible_to(actor, "feeds.export")
        .filter(state=BatchState.REJECTED)
        .order_by("received_at", "pk")
        .values_list("file__file_name", "reason")
    )
    with database(MEMORY) as engine:
        engine.execute(SAFE)
        names, reasons = zip(*refused, strict=True) if refused else ((), ())
        files = {"file": pa.array(names, pa.string()), "reason": pa.array(reasons, pa.string())}
        engine.register("refused", pa.table(files))
        body = (
            "SELECT safe(file) AS file, NULL::VARCHAR AS sheet, NULL::INTEGER AS row, reason"
            " FROM refused"
        )
        if batches:
            _register(engine, "rejects", "files", batches, "rejects.parquet")
            body += (
                " UNION ALL SELECT safe(f.file), nullif(r.sheet, ''), r.row, r.reason"
                " FROM rejects r JOIN files f ON f.path = r.filename"
            )
        _write(engine, body, path)
    lines = len(refused) + sum(batch.rejected_count or 0 for batch in batches)
    record(actor, "feeds.rejects_exported", summary=f"导出部门数据退回记录，共{lines}行")
    return lines


def _kept(actor: Actor) -> list[FeedBatch]:
    found: QuerySet[FeedBatch] = batches_visible_to(actor, "feeds.export").filter(state__in=USED)
    return list(found.order_by("feed", "received_at", "file__file_name", "pk"))


def _by_feed(batches: list[FeedBatch]) -> list[list[FeedBatch]]:
    by_feed: dict[str, list[FeedBatch]] = defaultdict(list)
    for batch in batches:
        by_feed[batch.feed].append(batch)
    return list(by_feed.values())


def _register(
    engine: duckdb.DuckDBPyConnection,
    rows: str,
    files: str,
    batches: list[FeedBatch],
    parquet: str,
    sources: Sources | None = None,
) -> None:
    """View `rows` over the batches' files, and table `files` that says which file each is of."""
    paths = [str(storage.data_dir() / batch.directory / parquet) for batch in batches]
    engine.read_parquet(paths, filename=True, union_by_name=True).create_view(rows)
    lines = [
        (path, number, name, batch.feed)
        for path, batch in zip(paths, batches, strict=True)
        for number, name in (sources[batch.pk] if sources else {0: batch.file_name}).items()
    ]
    columns = list(zip(*lines, strict=True)) or [(), (), (), ()]
    named = {
        "path": pa.array(columns[0], pa.string()),
        "file_no": pa.array(columns[1], pa.int16()),
        "file": pa.array(columns[2], pa.string()),
        "feed": pa.array(columns[3], pa.string()),
    }
    engine.register(files, pa.table(named))


def _write(engine: duckdb.DuckDBPyConnection, body: str, path: Path) -> None:
    """Write beside the target first, so that a broken export leaves no half file."""
    draft = path.with_name(f".{path.name}.part")
    try:
        engine.sql(body).write_csv(str(draft), header=True)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def rejected_rows_workbook(actor: Actor, batch: FeedBatch) -> Iterator[Path]:
    """退回工作簿: the rejected rows as they were sent, wrong cells coloured, to correct and resend.

    It holds what the department itself sent, in full, so each download is audited.
    """
    permit(actor, "feeds.export", batch.division, batch.department)
    folder = folder_of(batch)
    if folder is None or not batch.rejected_count:
        raise NotFound("这个批次没有退回的行，不需要下载退回工作簿。")
    contract = rulebook().feeds[batch.feed]
    out = storage.work_path("workbook").with_suffix(".xlsx")
    try:
        with storage.opened_original(batch.sha256) as original:
            rejects = folder / "rejects.parquet"
            reject_workbook(original, rejects, contract, out, mark=mark_of(batch))
        record(
            actor,
            "feeds.reject_workbook_downloaded",
            target_type="feeds.FeedBatch",
            target_id=str(batch.uuid),
            division_path=batch.division.path,
            summary=f"下载{contract.title}退回工作簿，共{batch.rejected_count}行",
        )
        yield out
    finally:
        out.unlink(missing_ok=True)


def order_rejected_rows(actor: Actor, batch: FeedBatch, name: str) -> Export | None:
    """A workbook to be made in the background; nothing where the file is soon read."""
    permit(actor, "feeds.export", batch.division, batch.department)
    if (batch.row_count or 0) + (batch.rejected_count or 0) <= AT_ONCE or not batch.rejected_count:
        return None
    return export_files.order(
        actor, title=f"{rulebook().feeds[batch.feed].title}退回工作簿", name=name, kind="xlsx",
        right="feeds.export", details={"batch": batch.pk},
    )  # fmt: skip


def export_batch_links(actor: Actor, batch: FeedBatch, path: Path) -> int:
    """关联结果 of one batch: which row is whose, for the department and the county to check."""
    permit(actor, "feeds.export", batch.division, batch.department)
    if not batch.directory:
        raise NotFound("这个批次还没有数据可以导出。")
    with database() as engine:
        engine.execute(SAFE)
        _persons(engine, actor)
        files = {at: one.file_name for at, one in enumerate(chain_of(batch))}
        query = _links_of(engine, 0, [batch], {batch.pk: files})
        _write(engine, " UNION ALL ".join([NO_LINKS, query]), path)
    record(
        actor,
        "feeds.batch_links_exported",
        target_type="feeds.FeedBatch",
        target_id=str(batch.uuid),
        division_path=batch.division.path,
        summary=f"导出批次的关联结果，共{batch.row_count}行",
    )
    return batch.row_count or 0
