"""出处: from which file and line a row of a batch came; after a correction there are several."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from .. import storage
from ..models import FeedBatch, FeedFile
from .contents import database


@dataclass(frozen=True)
class Place:
    """A file as it was sent, and the line in it."""

    file_name: str
    row: int


def chain_of(batch: FeedBatch) -> list[FeedBatch]:
    """The versions that this one is made of: a whole file first, then its corrections."""
    chain = [batch]
    while (before := chain[-1].corrects) is not None:
        chain.append(before)
    return chain[::-1]


def files_of(batch: FeedBatch) -> list[FeedFile]:
    """The files in the order in which `file_no` of a row counts them."""
    return [one.file for one in chain_of(batch)]


def places_of(batch: FeedBatch, rows: Collection[int]) -> dict[int, Place]:
    """Where these rows of the batch stand; the row of an ordinary batch is the line of its file."""
    if batch.corrects_id is None or not batch.directory:
        return {row: Place(batch.file_name, row) for row in rows}
    path = storage.data_dir() / batch.directory / "rows.parquet"
    names = [file.file_name for file in files_of(batch)]
    with database() as engine:
        found = engine.execute(
            "SELECT row, file_no, file_row FROM read_parquet($path)"
            " WHERE row IN (SELECT unnest($rows))",
            {"path": str(path), "rows": list(rows)},
        ).fetchall()
    return {row: Place(names[number], line) for row, number, line in found}


def places_in(rows: Collection[tuple[str, int]]) -> dict[tuple[str, int], Place]:
    """The same for rows of several batches, given as (batch number, row)."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for key, row in rows:
        wanted[key].append(row)
    batches = FeedBatch.objects.filter(uuid__in=list(wanted)).select_related("file", "corrects")
    return {
        (str(batch.uuid), row): place
        for batch in batches
        for row, place in places_of(batch, wanted[str(batch.uuid)]).items()
    }
