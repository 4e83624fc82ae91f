"""冻结: what a run is made from, kept so that the run can be repeated years later.

Parquet files are never changed in place: a newer one takes the old one's name. A hard link in the
run's own folder therefore keeps the old content without a copy.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from shouwang.core.errors import DomainError
from shouwang.engine import Batch, Rulebook, ScreeningInput

PERSONS, HOUSEHOLDS, ROWS = "persons.parquet", "households.parquet", "rows.parquet"


@dataclass(frozen=True)
class Frozen:
    """The inputs of one call: the same registry, batches and rulebook for all its dates."""

    registry_key: str
    registry: Path
    batches: tuple[Batch, ...]
    rulebook: Rulebook
    county: str

    def inputs(self) -> ScreeningInput:
        return ScreeningInput(
            registry=self.registry, batches=list(self.batches), county=self.county
        )

    def visible_at(self, as_of: date) -> list[Batch]:
        return [batch for batch in self.batches if batch.period_end <= as_of]


def run_folder(uuid: object) -> Path:
    return Path(settings.SHOUWANG_DATA_DIR) / "runs" / str(uuid)


def rulebook_folder(version: str) -> Path:
    return Path(settings.SHOUWANG_DATA_DIR) / "rulebooks" / version


def working_folder() -> Path:
    """A folder that nobody looks into; it becomes part of the data by being renamed."""
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp" / f"run-{os.getpid()}-{uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def link(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the disk cannot do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def keep_inputs(frozen: Frozen, as_of: date, folder: Path) -> None:
    """Put the registry and the batches that were visible into the run's folder."""
    for name in (PERSONS, HOUSEHOLDS):
        link(frozen.registry / name, folder / "inputs" / "registry" / name)
    for batch in frozen.visible_at(as_of):
        link(batch.path / ROWS, folder / "inputs" / "batches" / batch.key / ROWS)


def keep_rulebook(rulebook: Rulebook, source: Path) -> None:
    """Keep the rulebook's files under its version, once."""
    target = rulebook_folder(rulebook.version)
    if target.exists():
        return
    draft = working_folder() / "rulebook"
    shutil.copytree(source, draft, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.rename(target)
    except OSError:
        if not target.exists():  # another run was faster otherwise
            raise
    shutil.rmtree(draft.parent, ignore_errors=True)


def kept_rulebook(version: str) -> Rulebook:
    """The rulebook as it was when a run was made."""
    folder = rulebook_folder(version)
    if not folder.is_dir():
        raise DomainError(
            f"数据目录中没有规则库版本 {version[:12]}，请先从备份恢复 rulebooks 目录。",
            code="rulebook_missing",
        )
    rulebook = Rulebook.load(folder)
    if rulebook.version != version:
        raise DomainError(
            f"保存的规则库版本 {version[:12]} 已被改动，请从备份恢复 rulebooks 目录。",
            code="rulebook_changed",
        )
    return rulebook


def sweep(known: Sequence[str], *, older_than: float) -> None:
    """Remove what a killed run left: folders that no record names, untouched since `older_than`."""
    data = Path(settings.SHOUWANG_DATA_DIR)
    kept = set(known)
    candidates = [path for path in (data / "runs").glob("*") if path.name not in kept]
    candidates += (data / "tmp").glob("run-*")
    for path in candidates:
        if path.stat().st_mtime < older_than:
            shutil.rmtree(path, ignore_errors=True)
