"""Bring up Django for a command, with a database that has all tables."""

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def start(*, migrate: bool = True) -> None:
    """Load the rooms; create or update the tables where they are missing."""
    django.setup()
    if not migrate:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
