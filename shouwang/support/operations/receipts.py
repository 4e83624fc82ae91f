"""部门发放 (receipts): what households received, summed from the department files that count."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.engine import Rulebook
from shouwang.engine.rules.batches import Batch
from shouwang.feeds.queries import effective_batches
from shouwang.feeds.queries.contents import database
from shouwang.registry.models import Member

from ..models import Receipt, ReceiptRefresh
from ..overlaps import school_year

FEEDS = {
    "temp_relief": ("amount", "relief_date", None, "临时救助"),
    "civil_assist": ("amount", None, "kind", "社会救助"),
    "edu_enrolment": ("subsidy", None, None, "学生资助"),
}
"""Of each feed: the amount, the day (None: the end of the period), the code that names it, and the
name where no code does."""
BY_SCHOOL_YEAR = {"edu_enrolment"}
"""Rosters that tell each time anew what a student gets in the whole school year: of the rosters of
one school year the newest counts, they are not added."""
CODES = {"civil_assist": "assist_kind"}
COLUMNS = (
    "household", "member", "feed", "title", "year", "amount", "times", "first_on", "last_on",
)  # fmt: skip
FEN = Decimal(100)


def _batches() -> list[Batch]:
    return [batch for batch in effective_batches() if batch.feed in FEEDS]


def receipts_are_behind() -> bool:
    """Whether files have come, or were corrected, since the receipts were last made."""
    newest = ReceiptRefresh.objects.first()
    return (newest.batches if newest else []) != [batch.key for batch in _batches()]


def refresh_receipts(actor: Actor) -> ReceiptRefresh:
    """Make every receipt anew; the same files give the same receipts."""
    require(actor, "support.registers")
    batches = _batches()
    rows = list(_rows(batches))
    with transaction.atomic():
        Receipt.objects.all().delete()
        copy_rows(Receipt, COLUMNS, rows)
        made = ReceiptRefresh.objects.create(
            made_at=clock.now(),
            made_by_label=actor.label[:120],
            batches=[batch.key for batch in batches],
            count=len(rows),
        )
        record(
            actor,
            "support.receipts.refreshed",
            target_type="support.receipts",
            target_id=str(made.pk),
            summary=f"更新部门发放 {len(rows)} 条",
        )
    return made


def _rows(batches: list[Batch]) -> Iterator[tuple[Any, ...]]:
    households = dict(Member.objects.values_list("pk", "household_id")) if batches else {}
    codes = Rulebook.load().codes
    with database() as engine:
        for feed, (_, _, code, name) in FEEDS.items():
            own = [batch for batch in batches if batch.feed == feed]
            titles = _titles(codes[CODES[feed]]) if code else {}
            for person, kind, year, fen, times, first, last in _sums(engine, feed, own):
                if person in households:
                    yield (
                        households[person], person, feed, titles.get(kind, name), year,
                        Decimal(fen) / FEN, times, first, last,
                    )  # fmt: skip


def _titles(codes: Any) -> dict[str, str]:
    return {key: code.label for key, code in codes.items()}


def _sums(
    engine: duckdb.DuckDBPyConnection, feed: str, batches: list[Batch]
) -> list[tuple[Any, ...]]:
    """Per person, kind and year: fen, how often, first and last day."""
    if not batches:
        return []
    if feed in BY_SCHOOL_YEAR:
        return _newest(engine, feed, batches)
    amount, day, code, _ = FEEDS[feed]
    parts, values = [], []
    for batch in batches:
        parts.append(
            f"SELECT person_id, {code or 'NULL'} AS kind, {amount} AS fen, "  # noqa: S608
            f"{day or 'CAST(? AS DATE)'} AS day FROM read_parquet(?)"
        )
        values += [*([] if day else [batch.period_end]), str(batch.path / "rows.parquet")]
    return engine.execute(
        "SELECT person_id, kind, year(day), CAST(sum(fen) AS BIGINT), count(*), min(day), max(day)"  # noqa: S608
        f" FROM ({' UNION ALL '.join(parts)})"
        " WHERE person_id IS NOT NULL AND fen > 0 AND day IS NOT NULL"
        " GROUP BY ALL ORDER BY ALL",
        values,
    ).fetchall()


def _newest(
    engine: duckdb.DuckDBPyConnection, feed: str, batches: list[Batch]
) -> list[tuple[Any, ...]]:
    """Per person and school year: what the newest roster says, once, on the day of that roster."""
    amount = FEEDS[feed][0]
    part = f"SELECT person_id, {amount} AS fen, CAST(? AS DATE) AS day, ? AS school_year "
    values: list[Any] = []
    for batch in batches:
        day = batch.period_end
        values += [day, school_year(day), str(batch.path / "rows.parquet")]
    rows = " UNION ALL ".join([f"{part}FROM read_parquet(?)"] * len(batches))
    return engine.execute(
        "SELECT person_id, NULL, school_year, CAST(max_by(fen, day) AS BIGINT), 1, max(day), "  # noqa: S608
        f"max(day) FROM (SELECT person_id, max(fen) AS fen, day, school_year FROM ({rows})"
        " WHERE person_id IS NOT NULL AND fen > 0 GROUP BY person_id, day, school_year)"
        " GROUP BY person_id, school_year ORDER BY ALL",
        values,
    ).fetchall()
