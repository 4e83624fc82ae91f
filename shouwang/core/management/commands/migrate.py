"""`migrate` of Django, which makes an empty database at once."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from shouwang.core.fresh_schema import is_empty, make_schema


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        whole = not options.get("app_label") and not options.get("plan")
        if whole and not options.get("check_unapplied") and is_empty(connection):
            make_schema(connection)
        super().handle(*args, **options)
