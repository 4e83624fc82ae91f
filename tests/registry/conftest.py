"""What the registry's tests share: an officer of the county and a way to import rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.registry.models import RegistryImport
from shouwang.registry.operations import import_registry
from tests.registry import workbooks

Rows = Sequence[Mapping[str, Any]]
Importing = Callable[..., RegistryImport]
EXPORTED = date(2025, 12, 31)


@pytest.fixture
def officer() -> Actor:
    return system_actor("命令行")


@pytest.fixture
def importing(db: None, places: object, officer: Actor, tmp_path: Path) -> Importing:
    """`importing(people, households)` brings rows into the registry and returns the import."""

    def run(people: Rows, households: Rows, on: date = EXPORTED, name: str = "导出.xlsx") -> Any:
        path = workbooks.write(tmp_path / name, people, households)
        return import_registry(officer, [(path, name)], on)

    return run
