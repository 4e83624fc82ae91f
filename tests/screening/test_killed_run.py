"""A screening that is killed at any moment leaves nothing lost, doubled or half visible."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

KILLS = 20
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database of its own, on the server under test."""
    given = os.environ.get("SHOUWANG_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'killed.sqlite3'}"
        return
    import psycopg

    name = f"killed_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{given.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def start(database: str, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "SHOUWANG_DATABASE_URL": database,
        "SHOUWANG_DATA_DIR": str(folder),
    }
    command = [sys.executable, "-m", "tests.screening.killed_worker", *arguments]
    return subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def said(worker: "subprocess.Popen[str]") -> dict[str, object]:
    assert worker.stdout is not None
    return dict(json.loads(worker.stdout.readline()))


@pytest.mark.slow
def test_a_screening_killed_at_random_moments_leaves_everything_whole(
    database: str, tmp_path: Path
) -> None:
    moments = random.Random(20260630)
    worker = start(database, tmp_path / "data", "--migrate")
    assert said(worker)["faults"] == []
    begun = time.monotonic()
    said(worker)  # one whole screening, to know how long it takes on this machine
    usual = time.monotonic() - begun
    for _ in range(KILLS):
        worker.kill()
        worker.wait()
        worker = start(database, tmp_path / "data")
        assert said(worker)["faults"] == []
        time.sleep(moments.uniform(0, 1.5 * usual))
    worker.kill()
    worker.wait()
    worker = start(database, tmp_path / "data", "--last")
    last = said(worker)
    worker.wait()
    assert last["faults"] == []
    assert last["runs"] > 0
