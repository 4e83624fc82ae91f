"""归并: hits become clues, in a few set-based statements and inside the caller's transaction.

A clue is found again by household and risk (village and risk for village rules), so the same fact
next month is the same clue. What a clue says of itself is computed from the hits of valid runs,
never carried forward, so a repeated date leaves no trace of the hits it replaces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError
from shouwang.engine import Batch, Rulebook
from shouwang.registry.models import Household

from ..models import Clue, Hit, Run
from ..states import Assistance, Kind, Priority, Severity, Triage
from .freezing import HOUSEHOLDS, PERSONS, ROWS

ASSISTANCE_FEED = "civil_assist"
ELIMINATED = "是"
CLUE_COLUMNS = (
    "risk", "village_id", "household_id", "kind", "severity", "priority", "rule_id", "rule_count",
    "first_seen", "last_seen", "dates_seen", "monitor_class", "assistance", "triage",
    "triage_note", "triaged_by_label", "triaged_at", "version",
)  # fmt: skip
HIT_COLUMNS = (
    "run_id", "clue_id", "rule_id", "risk", "kind", "severity", "level", "village_id",
    "household_id", "member_id", "value", "threshold", "monitor_class", "assistance",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The hits of one run on disk, with what is needed to say what was already known."""

    run: Run
    hits: Path
    registry: Path
    batches: Sequence[Batch]


def lock_clues() -> None:
    """One merging at a time; readers go on. SQLite's write transaction is such a lock itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE screening_clue IN SHARE ROW EXCLUSIVE MODE")


def merge(found: Sequence[Found], replaced: Sequence[int], rulebook: Rulebook) -> None:
    """Store the hits of new runs and bring every clue they or the replaced runs touch up to date.

    The runs exist already and are valid; `replaced` are the runs whose dates they took over.
    """
    villages = pa.table(
        dict(zip(("code", "division_id"), _columns(_villages(), 2), strict=True)),
        schema=pa.schema([("code", pa.string()), ("division_id", pa.int64())]),
    )
    for each in found:
        with duckdb.connect() as session:
            session.register("village", villages)
            session.register("rule", _rules(rulebook))
            _gather(session, each, rulebook)
            _refuse_unknown_villages(session)
            _add_clues(session)
            _add_hits(session, each.run)
    made = [each.run.pk for each in found]
    _summarise(made + list(replaced))
    _tally(made)
    refresh_statistics()


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width


def _villages() -> list[tuple[Any, ...]]:
    """The village that the registry understood by each code of its households."""
    found = Household.objects.order_by("village_id").values_list("village_code", "village_id")
    return list(dict(found.distinct()).items())


def _rules(rulebook: Rulebook) -> pa.Table:
    rules = rulebook.rules.values()
    return pa.table(
        {
            "rule_id": [rule.id for rule in rules],
            "risk": [rule.risk for rule in rules],
            "kind": [rule.kind for rule in rules],
            "severity": [rule.severity for rule in rules],
        }
    )


def _monitor_classes(rulebook: Rulebook) -> list[str]:
    column = rulebook.registry.households.column("monitor_class")
    return list(rulebook.registry.lists[column.list or ""]) if column else []


def _gather(session: duckdb.DuckDBPyConnection, found: Found, rulebook: Rulebook) -> None:
    """Table `hit`: hits with the rule's risk, the village's key and what is already known."""
    _known_assistance(session, found)
    session.execute(
        """
        CREATE TEMP TABLE hit AS
        SELECT h.rule_id, r.risk, r.kind, r.severity, h.level, h.village_code, v.division_id,
               CASE WHEN h.level <> 'village' THEN h.household_id END AS household_id,
               coalesce(h.person_id, h.about_person_id) AS person_id,
               h.value, coalesce(h.threshold, '') AS threshold,
               CASE WHEN coalesce(f.eliminated, '') <> $eliminated
                     AND list_contains($classes, f.monitor_class)
                    THEN f.monitor_class ELSE '' END AS monitor_class,
               coalesce(a.assistance, '') AS assistance
        FROM read_parquet($hits) h
        JOIN rule r USING (rule_id)
        LEFT JOIN village v ON v.code = h.village_code
        LEFT JOIN read_parquet($households) f
               ON h.level <> 'village' AND f.household_id = h.household_id
        LEFT JOIN assistance a ON h.level <> 'village' AND a.household_id = h.household_id
        """,
        {
            "hits": str(found.hits),
            "households": str(found.registry / HOUSEHOLDS),
            "eliminated": ELIMINATED,
            "classes": _monitor_classes(rulebook),
        },
    )


def _known_assistance(session: duckdb.DuckDBPyConnection, found: Found) -> None:
    """Table `assistance`: households with a member on the newest civil assistance list."""
    lists = [
        batch
        for batch in found.batches
        if batch.feed == ASSISTANCE_FEED and batch.period_end <= found.run.as_of
    ]
    if not lists:
        session.execute("CREATE TEMP TABLE assistance (household_id INTEGER, assistance VARCHAR)")
        return
    newest = max(lists, key=lambda batch: (batch.period_end, batch.period_start, batch.version))
    session.execute(
        """
        CREATE TEMP TABLE assistance AS
        SELECT p.household_id,
               CASE WHEN bool_or(a.kind IN ('tekun_dispersed', 'tekun_central'))
                    THEN $tekun ELSE $dibao END AS assistance
        FROM read_parquet($rows) a
        JOIN read_parquet($persons) p USING (person_id)
        WHERE a.kind IN ('dibao', 'tekun_dispersed', 'tekun_central')
        GROUP BY p.household_id
        """,
        {
            "rows": str(newest.path / ROWS),
            "persons": str(found.registry / PERSONS),
            "tekun": Assistance.TEKUN.value,
            "dibao": Assistance.DIBAO.value,
        },
    )


def _refuse_unknown_villages(session: duckdb.DuckDBPyConnection) -> None:
    session.execute(
        "SELECT DISTINCT village_code FROM hit WHERE division_id IS NULL ORDER BY 1 LIMIT 5"
    )
    if unknown := [str(row[0]) for row in session.fetchall()]:
        raise DomainError(
            f"档案中没有这些村的农户：{'、'.join(unknown)}。档案可能刚更新过，请重新筛查。",
            code="village_unknown",
        )


def _read_keys(session: duckdb.DuckDBPyConnection) -> None:
    """Table `known_clue`: the key of every clue there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, household_id, village_id, risk FROM screening_clue")
        rows = cursor.fetchall()
    names = ("clue_id", "household_id", "village_id", "risk")
    types = (pa.int64(), pa.int64(), pa.int64(), pa.string())
    table = pa.table(
        dict(zip(names, _columns(rows, 4), strict=True)),
        schema=pa.schema(list(zip(names, types, strict=True))),
    )
    session.register("known_clue", table)


def _match(session: duckdb.DuckDBPyConnection) -> None:
    """Table `matched`: hits with the clue they belong to, where there is one already."""
    _read_keys(session)
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE matched AS
        SELECT h.*, coalesce(k.clue_id, w.clue_id) AS clue_id
        FROM hit h
        LEFT JOIN known_clue k ON k.household_id = h.household_id AND k.risk = h.risk
        LEFT JOIN (SELECT * FROM known_clue WHERE household_id IS NULL) w
               ON h.household_id IS NULL AND w.village_id = h.division_id AND w.risk = h.risk
        """
    )


def _add_clues(session: duckdb.DuckDBPyConnection) -> None:
    """Open a clue for every household (or village) and risk that had none."""
    _match(session)
    session.execute(
        """
        SELECT risk, max(division_id), household_id, min(kind), max(severity)
        FROM matched WHERE clue_id IS NULL
        GROUP BY household_id, CASE WHEN household_id IS NULL THEN division_id END, risk
        ORDER BY household_id, risk
        """
    )
    rest = (Priority.NORMAL.value, "", 0, None, None, 0, "", "", Triage.NONE.value, "", "", None, 1)
    rows = session.fetchall()
    if rows:
        copy_rows(Clue, CLUE_COLUMNS, [(*row, *rest) for row in rows])
        _match(session)


def _add_hits(session: duckdb.DuckDBPyConnection, run: Run) -> None:
    session.execute(
        """
        SELECT clue_id, rule_id, risk, kind, severity, level, division_id, household_id,
               person_id, value, threshold, monitor_class, assistance
        FROM matched ORDER BY clue_id, rule_id, person_id
        """
    )
    copy_rows(Hit, HIT_COLUMNS, _with_run(session, run.pk))


def _with_run(session: duckdb.DuckDBPyConnection, run_id: int) -> Iterator[tuple[Any, ...]]:
    while rows := session.fetchmany(20_000):
        for row in rows:
            yield (run_id, *row)


def _summarise(run_ids: Sequence[int]) -> None:
    """Compute what the touched clues say of themselves; the same SQL on both databases.

    Each step goes into a small keyed table of the session first: an UPDATE that joins a query would
    leave SQLite to run that query once for every clue.
    """
    if not run_ids:
        return
    marks = ", ".join(["%s"] * len(run_ids))
    with connection.cursor() as cursor:
        _fill(cursor, "touched_clue", "clue_id BIGINT PRIMARY KEY", _TOUCHED % marks, run_ids)
        _fill(cursor, "seen_clue", _SEEN_COLUMNS, _SEEN)
        _fill(cursor, "newest_clue", _NEWEST_COLUMNS, _NEWEST)
        cursor.execute(_SET_NEWEST)
        cursor.execute(_SET_WITHDRAWN)
        for table in ("touched_clue", "seen_clue", "newest_clue"):
            cursor.execute(f"DROP TABLE {table}")


def _fill(cursor: Any, table: str, columns: str, query: str, values: Sequence[Any] = ()) -> None:
    """A keyed table of this session with the result of a query."""
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")
    cursor.execute(f"INSERT INTO {table} {query}", list(values))
    if connection.vendor == "postgresql":
        cursor.execute(f"ANALYZE {table}")


_TOUCHED = "SELECT DISTINCT clue_id FROM screening_hit WHERE run_id IN (%s)"

_SEEN_COLUMNS = "clue_id BIGINT PRIMARY KEY, first_seen DATE, last_seen DATE, dates_seen INTEGER"
_SEEN = """
SELECT e.clue_id, MIN(r.as_of), MAX(r.as_of), COUNT(DISTINCT r.as_of)
FROM touched_clue t
JOIN screening_hit e ON e.clue_id = t.clue_id
JOIN screening_run r ON r.id = e.run_id AND r.state = 'valid'
GROUP BY e.clue_id
"""
_NEWEST_COLUMNS = (
    "clue_id BIGINT PRIMARY KEY, severity INTEGER, kind VARCHAR(8), village_id BIGINT, "
    "rule_count INTEGER, rule_id VARCHAR(80), main_hit_id BIGINT, monitor_class VARCHAR(20), "
    "assistance VARCHAR(8), first_seen DATE, last_seen DATE, dates_seen INTEGER"
)
# kind: 'clue' sorts before 'explain', so MIN finds a clue if there is one
_NEWEST = """
SELECT o.clue_id, MAX(o.severity), MIN(o.kind), MAX(o.village_id), COUNT(DISTINCT o.rule_id),
       MAX(CASE WHEN o.place = 1 THEN o.rule_id END),
       MAX(CASE WHEN o.place = 1 THEN o.id END), MAX(o.monitor_class), MAX(o.assistance),
       MAX(o.first_seen), MAX(o.last_seen), MAX(o.dates_seen)
FROM (SELECT e.*, s.first_seen, s.last_seen, s.dates_seen, ROW_NUMBER() OVER (
          PARTITION BY e.clue_id ORDER BY e.severity DESC, e.rule_id, e.id) AS place
      FROM seen_clue s
      JOIN screening_hit e ON e.clue_id = s.clue_id
      JOIN screening_run r ON r.id = e.run_id AND r.state = 'valid' AND r.as_of = s.last_seen) o
GROUP BY o.clue_id
"""
_SET_NEWEST = f"""
UPDATE screening_clue SET severity = n.severity, kind = n.kind, village_id = n.village_id,
       rule_id = n.rule_id, main_hit_id = n.main_hit_id, rule_count = n.rule_count,
       monitor_class = n.monitor_class, assistance = n.assistance, first_seen = n.first_seen,
       last_seen = n.last_seen, dates_seen = n.dates_seen,
       priority = CASE
           WHEN n.kind = '{Kind.EXPLAIN.value}' THEN {Priority.EXPLAIN.value}
           WHEN n.severity = {Severity.URGENT.value} AND n.monitor_class = ''
                AND n.assistance = '' THEN {Priority.FIRST.value}
           WHEN n.severity = {Severity.URGENT.value} OR (n.severity = {Severity.VERIFY.value}
                AND n.monitor_class = '' AND n.assistance = '') THEN {Priority.SOON.value}
           ELSE {Priority.NORMAL.value} END
FROM newest_clue n WHERE screening_clue.id = n.clue_id
"""  # noqa: S608 - only constants of this module

_SET_WITHDRAWN = """
UPDATE screening_clue SET first_seen = NULL, last_seen = NULL, dates_seen = 0, rule_count = 0,
       main_hit_id = NULL
WHERE id IN (SELECT t.clue_id FROM touched_clue t
             LEFT JOIN seen_clue s ON s.clue_id = t.clue_id WHERE s.clue_id IS NULL)
"""


def _tally(run_ids: Sequence[int]) -> None:
    if not run_ids:
        return
    marks = ", ".join(["%s"] * len(run_ids))
    with connection.cursor() as cursor:
        for rule in ("''", "rule_id"):
            cursor.execute(_TALLY.format(rule=rule, marks=marks), run_ids)


def refresh_statistics() -> None:
    """Tell the planner how large the tables have become; until then it guesses, and guesses badly.

    SQLite never does this by itself, PostgreSQL only minutes later.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        for table in ("screening_clue", "screening_hit", "screening_runtally"):
            cursor.execute(f"ANALYZE {table}")


_TALLY = """
INSERT INTO screening_runtally (run_id, village_id, risk, rule_id, hits, clues)
SELECT run_id, village_id, risk, {rule}, COUNT(*), COUNT(DISTINCT clue_id)
FROM screening_hit WHERE run_id IN ({marks})
GROUP BY 1, 2, 3, 4
"""


def counted(run: Run, as_of: date) -> tuple[int, int]:
    """How many clues a run's hits belong to, and how many of those it saw first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN c.first_seen = %s THEN 1 ELSE 0 END), 0) "
            "FROM screening_clue c WHERE c.id IN "
            "(SELECT clue_id FROM screening_hit WHERE run_id = %s)",
            [as_of, run.pk],
        )
        clues, new = cursor.fetchone()
    return int(clues), int(new)
