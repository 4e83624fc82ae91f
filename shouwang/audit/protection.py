"""Triggers that refuse to change or remove an entry or a seal, also for who writes SQL by hand.

A restore of the whole database replaces the log with the saved one; it alone stands the triggers
aside (`lifted`), inside its own transaction. The chain shows whatever else gets past them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("audit_auditentry", "audit_auditseal")
REFUSAL = "audit records are never changed or removed"
SUFFIXES = {"UPDATE": "unchanged", "DELETE": "unremoved", "TRUNCATE": "unemptied"}
"""What is refused → the end of the trigger's name."""
_EVENTS = {"postgresql": ("UPDATE", "DELETE", "TRUNCATE"), "sqlite": ("UPDATE", "DELETE")}
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


def _creation(vendor: str, table: str, event: str) -> str:
    name = f"{table}_{SUFFIXES[event]}"
    if vendor == "postgresql":
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION audit_refuse_change()"
        )
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _statements(vendor: str, *events: str) -> list[str]:
    wanted = [event for event in _EVENTS.get(vendor, ()) if event in events]
    made = [_creation(vendor, table, event) for table in TABLES for event in wanted]
    return [_POSTGRES_FUNCTION, *made] if vendor == "postgresql" else made


def _removals(vendor: str, *events: str) -> list[str]:
    wanted = [event for event in _EVENTS.get(vendor, ()) if event in events]
    return [
        f"DROP TRIGGER IF EXISTS {table}_{SUFFIXES[event]}"
        + (f" ON {table}" if vendor == "postgresql" else "")
        for table in TABLES
        for event in wanted
    ]


def _run(editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for statement in statements:
        editor.execute(statement)


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing is changed: part of the first migration."""
    _run(editor, _statements(editor.connection.vendor, "UPDATE"))


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, _removals(editor.connection.vendor, "UPDATE"))


def install_for_removal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing is removed either: part of the second."""
    _run(editor, _statements(editor.connection.vendor, "DELETE", "TRUNCATE"))


def remove_for_removal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, _removals(editor.connection.vendor, "DELETE", "TRUNCATE"))


@contextmanager
def lifted(database: Any = connection) -> Iterator[None]:
    """Let a restore replace the log; on both databases this is undone with the transaction."""
    vendor, events = database.vendor, tuple(SUFFIXES)
    with database.cursor() as cursor:
        for statement in _removals(vendor, *events):
            cursor.execute(statement)
    yield
    with database.cursor() as cursor:
        for statement in _statements(vendor, *events):
            cursor.execute(statement)
