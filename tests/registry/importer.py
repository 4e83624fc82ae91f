"""An import in a process of its own, so that a test can kill it: `python -m … workbook`."""

import os
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")


def main(path: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from shouwang.core.actor import system_actor
    from shouwang.engine import Rulebook, run_quality_checks  # noqa: F401 - loaded before we begin
    from shouwang.registry.operations import import_registry

    call_command("migrate", verbosity=0)
    print("ready", flush=True)
    import_registry(system_actor("命令行"), [(path, path.name)], date(2025, 12, 31))
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
