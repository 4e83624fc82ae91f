"""hits.parquet: what a run found, as the engine wrote it; digest, comparison and export."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

COLUMNS = (
    "rule_id", "as_of", "level", "village_code", "household_no", "person_no", "value", "threshold",
)  # fmt: skip
CLUE_EXPORT = (
    "rule_id", "as_of", "village_code", "household_no", "person_no", "value", "threshold",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One hit that only one of two evaluations has."""

    found_in: str  # "run" or "replay"
    rule_id: str
    subject: str
    value: str
    threshold: str


def _texts(columns: Sequence[str]) -> str:
    return ", ".join(f"coalesce(CAST({column} AS VARCHAR), '') AS {column}" for column in columns)


def digest(path: Path) -> str:
    """SHA-256 of the hits in a fixed order: equal for equal hits, however the file was written."""
    text = " || chr(31) || ".join(COLUMNS)
    found = hashlib.sha256()
    with duckdb.connect() as session:
        session.execute(
            f"SELECT {text} AS line FROM (SELECT {_texts(COLUMNS)} FROM read_parquet(?)) "  # noqa: S608
            "ORDER BY line",
            [str(path)],
        )
        while rows := session.fetchmany(50_000):
            found.update("\n".join(row[0] for row in rows).encode())
            found.update(b"\n")
    return found.hexdigest()


def count(path: Path) -> int:
    with duckdb.connect() as session:
        row = session.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
    return int(row[0]) if row else 0


def differences(run: Path, replay: Path, *, limit: int) -> tuple[int, int, list[Difference]]:
    """How many hits the replay lacks, how many it has too many, and the first of each."""
    columns = _texts(COLUMNS)
    subject = "coalesce(nullif(person_no, ''), nullif(household_no, ''), village_code) AS subject"
    both = f"""
        CREATE TEMP TABLE lacking AS SELECT {subject}, * FROM
            (SELECT {columns} FROM read_parquet($run)
             EXCEPT ALL SELECT {columns} FROM read_parquet($replay));
        CREATE TEMP TABLE extra AS SELECT {subject}, * FROM
            (SELECT {columns} FROM read_parquet($replay)
             EXCEPT ALL SELECT {columns} FROM read_parquet($run));
    """  # noqa: S608
    with duckdb.connect() as session:
        for statement in both.split(";")[:2]:
            session.execute(statement, {"run": str(run), "replay": str(replay)})
        sizes, found = [], []
        for table, side in (("lacking", "run"), ("extra", "replay")):
            row = session.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            sizes.append(int(row[0]) if row else 0)
            shown = "SELECT rule_id, subject, value, threshold FROM {} ORDER BY ALL LIMIT {:d}"
            session.execute(shown.format(table, limit))
            found += [Difference(side, *row) for row in session.fetchall()]
    return sizes[0], sizes[1], found


def export_clues(paths: Sequence[Path], out: Path) -> int:
    """Write the hits of several runs as one CSV, in a fixed order; returns the number of lines."""
    names = ", ".join(CLUE_EXPORT)
    with duckdb.connect() as session:
        if not paths:
            out.write_text(",".join(CLUE_EXPORT) + "\n", encoding="utf-8")
            return 0
        session.execute(
            f"CREATE TEMP TABLE clue AS SELECT {_texts(CLUE_EXPORT)} FROM read_parquet($files)",  # noqa: S608
            {"files": [str(path) for path in paths]},
        )
        target = str(out).replace("'", "''")  # COPY takes no parameter for its file
        session.execute(
            f"COPY (SELECT {names} FROM clue ORDER BY {names}) TO '{target}' "  # noqa: S608
            "(HEADER, DELIMITER ',')"
        )
        row = session.execute("SELECT count(*) FROM clue").fetchone()
    return int(row[0]) if row else 0
