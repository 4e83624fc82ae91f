"""An empty database gets at once the tables that all migrations together would make."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

BY_MIGRATIONS = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), verbosity=0)
"""
AT_ONCE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
Shape = dict[str, object]


def _made(folder: Path, script: str) -> sqlite3.Connection:
    folder.mkdir()
    environment = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    environment |= {
        "SHOUWANG_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
    }
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=300)
    return sqlite3.connect(folder / "shouwang.sqlite3")


def _tables(database: sqlite3.Connection) -> Shape:
    found = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {name: _table(database, name, sql) for name, sql in found}


def _table(database: sqlite3.Connection, name: str, sql: str) -> Shape:
    """Columns, references, indexes and conditions in any order; made-up index names left out."""
    pragma = lambda word: database.execute(f'PRAGMA {word}("{name}")').fetchall()  # noqa: E731
    indexes = [
        (
            one[2],
            tuple(part[2] for part in database.execute(f'PRAGMA index_info("{one[1]}")')),
            "" if one[1].startswith("sqlite_") else one[1],
        )
        for one in pragma("index_list")
    ]
    return {
        "columns": sorted((one[1], one[2], one[3], one[5]) for one in pragma("table_info")),
        "references": sorted((one[2], one[3], one[4]) for one in pragma("foreign_key_list")),
        "indexes": sorted(indexes),
        "conditions": sorted(re.findall(r'CONSTRAINT "(\w+)"', sql)),
    }


@pytest.mark.slow
def test_both_ways_give_the_same_tables_triggers_and_rows(tmp_path: Path) -> None:
    slow, quick = _made(tmp_path / "a", BY_MIGRATIONS), _made(tmp_path / "b", AT_ONCE)
    assert _tables(quick) == _tables(slow)
    for rest in (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "SELECT app, name FROM django_migrations ORDER BY app, name",
        "SELECT name FROM accounts_department ORDER BY name",
        "SELECT app_label, model FROM django_content_type ORDER BY 1, 2",
    ):
        rows = quick.execute(rest).fetchall()
        assert rows and rows == slow.execute(rest).fetchall()


def test_a_database_that_holds_anything_is_migrated() -> None:
    from shouwang.core import fresh_schema

    class Held:
        class introspection:  # noqa: N801 - as Django names it
            table_names = staticmethod(lambda cursor: ["django_migrations"])

        def cursor(self) -> "Held":
            return self

        def __enter__(self) -> "Held":
            return self

        def __exit__(self, *_: object) -> None:
            return None

    assert not fresh_schema.is_empty(Held())
