"""密文清单 (what is sealed): every room declares in its secrets.py which columns and files are
encrypted and under which context, so that they can be sealed anew under another key.

The new key is used at once; what lies under older keys is taken over little by little, in short
transactions, and the work may stop and go on at any time: a value says itself which key it has.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from . import crypto
from .bulk import update_rows

AT_ONCE = 2_000
Row = dict[str, Any]
Note = Callable[[int], None]
"""Called with how many values or files have been looked at since."""


@dataclass(frozen=True)
class SealedField:
    """密文栏 (sealed column): `context` names what a value is bound to; where rows of one table are
    bound to different things, it is a function of the columns in `needs`."""

    model: str
    field: str
    context: str | Callable[[Row], str]
    needs: tuple[str, ...] = ()

    @property
    def table(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def context_of(self, row: Row) -> str:
        return self.context if isinstance(self.context, str) else self.context(row)


@dataclass(frozen=True)
class SealedFiles:
    """密文文件 (sealed files): those of a pattern in the data folder; the context of each is
    `prefix` and its name without .enc."""

    pattern: str
    prefix: str

    def paths(self) -> list[Path]:
        return sorted(Path(settings.SHOUWANG_DATA_DIR).glob(self.pattern))

    def context_of(self, path: Path) -> str:
        return self.prefix + path.name.removesuffix(".enc")


@dataclass
class Resealed:
    """结果: how much there is, and how much of it was sealed anew."""

    values: int = 0
    values_changed: int = 0
    files: int = 0
    files_changed: int = 0


def _declared(name: str) -> Iterator[Any]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.secrets"):
            yield from getattr(import_module(f"{app.name}.secrets"), name, ())


def all_fields() -> list[SealedField]:
    return list(_declared("SEALED"))


def all_files() -> list[SealedFiles]:
    return list(_declared("SEALED_FILES"))


def amount() -> int:
    """How many values and files there are to look at."""
    values = sum(_present(field).count() for field in all_fields())
    return values + sum(len(kind.paths()) for kind in all_files())


def reseal_everything(note: Note = lambda _: None) -> Resealed:
    """Seal anew what is not under the present key."""
    done = Resealed()
    for field in all_fields():
        for seen, changed in _reseal_field(field):
            done.values += seen
            done.values_changed += changed
            note(seen)
    for kind in all_files():
        for path in kind.paths():
            done.files += 1
            done.files_changed += _reseal_file(path, kind.context_of(path))
            note(1)
    return done


def _present(field: SealedField) -> "models.QuerySet[models.Model]":
    return field.table._base_manager.exclude(**{field.field: None})


def _reseal_field(field: SealedField) -> Iterator[tuple[int, int]]:
    """Chunk by chunk: how many were looked at, and how many changed."""
    last: Any = None
    while True:
        rows = _present(field).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            found = list(rows.select_for_update().values("pk", field.field, *field.needs)[:AT_ONCE])
            changed = _reseal_rows(field, found)
        if not found:
            return
        last = found[-1]["pk"]
        yield len(found), changed


def _reseal_rows(field: SealedField, rows: list[Row]) -> int:
    protector = crypto.provider()
    old = [row for row in rows if not protector.is_current(bytes(row[field.field]))]
    contexts = [field.context_of(row) for row in old]
    clear = [
        protector.decrypt(bytes(row[field.field]), context)
        for row, context in zip(old, contexts, strict=True)
    ]
    sealed = protector.encrypt_many(clear, contexts)
    key = field.table._meta.pk
    assert key is not None
    keys = (row["pk"] for row in old)
    return update_rows(field.table, (key.name, field.field), zip(keys, sealed, strict=True))


def _reseal_file(path: Path, context: str) -> bool:
    """The file appears under the new key in one step; the clear text lies in the work folder for
    as long as that takes, readable by the server alone."""
    protector = crypto.provider()
    if protector.is_current_file(path):
        return False
    work = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    work.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with tempfile.TemporaryDirectory(prefix="reseal-", dir=work) as folder:
        clear = Path(folder) / "clear"
        try:
            protector.decrypt_file(path, clear, context)
            protector.encrypt_file(clear, draft, context)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return True
