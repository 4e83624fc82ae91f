"""Triggers that refuse to change an entry or a seal, also for who writes SQL by hand.

Deleting is not refused here (restoring and testing empty the tables); the chain shows it.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("audit_auditentry", "audit_auditseal")
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit records are never changed'; END $$
"""


def statements(vendor: str, table: str) -> list[str]:
    name = f"{table}_unchanged"
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
        ]
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN "
            "SELECT RAISE(ABORT, 'audit records are never changed'); END"
        ]
    return []


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    if vendor == "postgresql":
        editor.execute(_POSTGRES_FUNCTION)
    for table in TABLES:
        for statement in statements(vendor, table):
            editor.execute(statement)


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    suffix = " ON {table}" if editor.connection.vendor == "postgresql" else ""
    for table in TABLES:
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_unchanged{suffix.format(table=table)}")
