"""一套装置 (installation): an empty one in a folder of its own, for steps that need the database."""

import os
import uuid
from datetime import date
from pathlib import Path
from typing import Any

COUNTY = ("999901", "示例县")
ABOVE = (("990000", "示例省", "province"), ("999900", "示例市", "prefecture"))
EXPORTED = date(2025, 12, 31)


def begin() -> None:
    """Django on the folder and database that the environment names, with all tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    from shouwang.cli.starting import start

    start()
    from shouwang.core import crypto

    crypto.provider()  # makes the keys, which is no part of any figure
    _divisions()


def _divisions() -> None:
    from shouwang.divisions.models import Division

    path, parent = "/", None
    for code, name, level in (*ABOVE, (*COUNTY, "county")):
        parent = Division.objects.create(
            code=code.ljust(12, "0"),
            name=name,
            level=level,
            parent=parent,
            pinyin="",
            initials="",
            path="",
            valid_from=date(2020, 1, 1),
        )
        path = f"{path}{parent.pk}/"
        Division.objects.filter(pk=parent.pk).update(path=path)


def snapshot(folder: Path) -> Any:
    """Name a folder of persons.parquet and households.parquet as the present registry."""
    from django.conf import settings

    from shouwang.core.clock import now
    from shouwang.registry.models import RegistryImport, RegistrySnapshot

    key = f"000001-{uuid.uuid4()}"
    target = Path(settings.SHOUWANG_DATA_DIR) / "registry" / key
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(folder, target_is_directory=True)
    source = RegistryImport.objects.create(
        state="applied", export_date=EXPORTED, received_at=now(), received_by_label="实测"
    )
    return RegistrySnapshot.objects.create(
        number=1,
        key=key,
        export_date=EXPORTED,
        created_at=now(),
        registry_import=source,
        household_count=0,
        member_count=0,
    )
