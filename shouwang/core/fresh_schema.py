"""空库建表 (fresh schema): all tables of an empty database at once, as the models describe them.

Going through every migration of every room takes half a minute, because Django renders all models
anew after each step. An empty database has no data to carry along: its tables are made from the
models, what our migrations do beyond tables (triggers, lists) is done, and all are noted as
applied. A test compares both ways; a database that holds anything is only ever migrated.
"""

from types import SimpleNamespace
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor

OURS = "shouwang."


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def make_schema(connection: BaseDatabaseWrapper) -> None:
    """Create everything and note every migration as applied, all in one transaction."""
    executor = MigrationExecutor(connection)
    plan = [one for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor() as editor:
        for model in _models(connection):
            editor.create_model(model)
        editor.create_model(cast("type[models.Model]", executor.recorder.Migration))
        for migration in plan:
            _do_the_rest(editor, migration)
            executor.recorder.record_applied(migration.app_label, migration.name)


def _models(connection: BaseDatabaseWrapper) -> list[type[models.Model]]:
    """Tables of links between models come with the models."""
    return [
        model
        for model in apps.get_models()
        if model._meta.can_migrate(connection) and not model._meta.proxy
    ]


def _do_the_rest(editor: BaseDatabaseSchemaEditor, migration: Migration) -> None:
    """What a migration of ours does beyond tables. Those of libraries only move data there."""
    if not migration.__module__.startswith(OURS):
        return
    state: Any = SimpleNamespace(apps=apps, clear_delayed_apps_cache=lambda: None)
    for operation in migration.operations:
        if isinstance(operation, RunPython | RunSQL):
            operation.database_forwards(migration.app_label, editor, state, state)
