"""可移植的数据库导出: every row of every table as JSON lines, for either database.

It also carries a county from SQLite to PostgreSQL: back up with --portable, restore there.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from shouwang.audit.protection import lifted
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError

CHUNK = 5_000


def applied_migrations() -> list[str]:
    """What the tables look like: the names of the applied migrations of our own rooms."""
    recorded = MigrationRecorder(connection).applied_migrations()
    own = {app.label for app in apps.get_app_configs()}
    return sorted(f"{app}.{name}" for app, name in recorded if app in own)


def tables() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def dump(target: Path) -> None:
    """One consistent picture, however long it takes to write."""
    with transaction.atomic(), target.open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in tables():
            _dump_table(model, out)


def _dump_table(model: type[models.Model], out: IO[str]) -> None:
    names = [str(field.attname) for field in model._meta.concrete_fields]
    out.write(json.dumps({"table": model._meta.label, "columns": names}) + "\n")
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        out.write(json.dumps([_plain(value) for value in row], ensure_ascii=False, default=str))
        out.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if hasattr(value, "isoformat") else value


def load(source: Path) -> None:
    """Replace every row of every table, all or nothing; the tables must be there and alike."""
    with transaction.atomic(), lifted(connection), source.open(encoding="utf-8") as lines:
        _empty()
        pending = iter(lines)
        head = next(pending, "")
        while head:
            head = _load_table(json.loads(head), pending)
        _reset_sequences()


def _load_table(head: dict[str, Any], lines: Iterator[str]) -> str:
    """Load the rows up to the next table's head, and return that."""
    try:
        model = apps.get_model(head["table"])
    except LookupError:
        raise DomainError("备份里有本版本没有的表，请用制作备份的版本恢复。") from None
    by_name = {str(field.attname): field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in head["columns"]]
    following = ""

    def rows() -> Iterator[list[Any]]:
        nonlocal following
        for line in lines:
            if line.startswith("{"):
                following = line
                return
            yield [
                _value(field, value) for field, value in zip(fields, json.loads(line), strict=True)
            ]

    copy_rows(model, head["columns"], rows())
    return following


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def _empty() -> None:
    """Delete, not truncate: foreign keys are checked at the end of the transaction."""
    with connection.cursor() as cursor:
        for model in reversed(tables()):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table's name


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
