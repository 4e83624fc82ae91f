"""The process is killed in the middle of an import, or two people import the same at once:
nothing is lost, doubled or half visible, and the second is told.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .killing import POINTS, RACES, ROUNDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """A database that processes share: of PostgreSQL when the run is on it, else a SQLite file."""
    given = os.environ.get("SHOUWANG_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'killed.sqlite3'}"
        return
    import psycopg

    name = f"killed_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{given.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_an_import_killed_at_any_moment_or_met_by_another_is_whole(
    own_database: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "SHOUWANG_DATABASE_URL": own_database,
        "SHOUWANG_DATA_DIR": str(tmp_path / "killed"),
        "SHOUWANG_KEY_FILE": str(tmp_path / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(Path(__file__).with_name("killing.py")), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-4000:]
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == ROUNDS + len(POINTS) + RACES
    assert [one for one in rounds if one["problems"]] == []
    assert sum(one["killed"] for one in rounds) >= len(POINTS) + ROUNDS // 2
