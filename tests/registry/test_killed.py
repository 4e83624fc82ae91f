"""An import whose process is killed leaves the registry as it was before, or as it is after."""

import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection

from tests.registry import workbooks

MOMENTS = 20
Ask = Callable[[str], Any]


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[str, Ask]]:
    """The address of a database of its own, and a way to ask it for one value."""
    if connection.vendor == "sqlite":
        import sqlite3

        path = tmp_path / "killed.sqlite3"

        def ask(query: str) -> Any:
            with sqlite3.connect(path) as con:
                return con.execute(query).fetchone()[0]

        yield f"sqlite:///{path}", ask
        return
    import psycopg

    values = connection.settings_dict
    server = f"{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
    name = f"killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as con:
        con.execute(f'CREATE DATABASE "{name}"')

    def ask_server(query: str) -> Any:
        with psycopg.connect(f"postgresql://{server}/{name}") as con:
            row = con.execute(query).fetchone()
            return None if row is None else row[0]

    yield f"postgresql://{server}/{name}", ask_server
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as con:
        con.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start(path: Path, address: str, folder: Path) -> "subprocess.Popen[str]":
    """The import, up to the moment at which it begins to read."""
    variables = {
        "SHOUWANG_DATABASE_URL": address,
        "SHOUWANG_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.registry.importer", str(path)],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def assert_whole(ask: Ask, folder: Path) -> int:
    """What the present snapshot says is what the tables hold; returns its number."""
    number = int(ask("SELECT coalesce(max(number), 0) FROM registry_registrysnapshot"))
    applied = "SELECT count(*) FROM registry_registryimport WHERE state = 'applied'"
    assert ask(applied) == number
    if number == 0:
        assert ask("SELECT count(*) FROM registry_household") == 0
        assert ask("SELECT count(*) FROM registry_member") == 0
        return 0
    at = f"FROM registry_registrysnapshot WHERE number = {number}"
    snapshot = folder / "registry" / ask(f"SELECT key {at}")
    for table, count, file in (
        ("registry_household", "household_count", "households"),
        ("registry_member", "member_count", "persons"),
    ):
        rows = ask(f"SELECT count(*) FROM {table}")
        assert rows == ask(f"SELECT {count} {at}")
        assert rows == pq.read_metadata(snapshot / f"{file}.parquet").num_rows
    return number


@pytest.mark.slow
def test_an_import_killed_at_any_moment_is_whole_or_not_there(
    database: tuple[str, Ask], tmp_path: Path
) -> None:
    address, ask = database
    folder = tmp_path / "data"
    chance = random.Random(20251231)
    path = workbooks.write(tmp_path / "0.xlsx", *workbooks.county(400))
    process = start(path, address, folder)
    begun = time.monotonic()
    assert process.wait() == 0
    lasts = time.monotonic() - begun
    assert assert_whole(ask, folder) == 1
    for moment in range(1, MOMENTS + 1):
        path = workbooks.write(tmp_path / f"{moment}.xlsx", *workbooks.county(400 + moment))
        process = start(path, address, folder)
        time.sleep(chance.uniform(0, lasts))
        process.kill()
        process.wait()
        assert_whole(ask, folder)
    path = workbooks.write(tmp_path / "last.xlsx", *workbooks.county(500))
    assert start(path, address, folder).wait() == 0
    assert_whole(ask, folder)
    assert ask("SELECT count(*) FROM registry_household") == 500
    left = [each for each in (folder / "tmp").glob("import-*") if each.is_dir()]
    assert len(left) <= 1
