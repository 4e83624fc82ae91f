"""收件 (receiving): workbooks taken in, and an import given up."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import RegistryFile, RegistryImport
from shouwang.registry.originals import keep

MOST_FILES = 200
OPEN = (RegistryImport.State.RECEIVED, RegistryImport.State.READY, RegistryImport.State.FAILED)


def receive_import(
    actor: Actor, files: Sequence[tuple[Path, str]], export_date: date, *, note: str = ""
) -> RegistryImport:
    """Keep the workbooks (path, name as the person knows it); nothing is read yet."""
    require(actor, "registry.import")
    if not files:
        raise DomainError("没有选择文件，请选择全国系统导出的工作簿后再上传。")
    if len(files) > MOST_FILES:
        raise DomainError(f"一次最多上传 {MOST_FILES} 个工作簿，请分批上传。")
    names = _distinct([name[-300:] for _, name in files])
    kept = [
        (name, keep(path), path.stat().st_size)
        for (path, _), name in zip(files, names, strict=True)
    ]
    with transaction.atomic():
        registry_import = RegistryImport.objects.create(
            export_date=export_date,
            note=note[:200],
            received_at=clock.now(),
            received_by_id=actor.account_id,
            received_by_label=actor.label[:80],
        )
        RegistryFile.objects.bulk_create(
            RegistryFile(registry_import=registry_import, name=name, sha256=sha256, size=size)
            for name, sha256, size in kept
        )
        record(
            actor,
            "registry.received",
            target_type="registry_import",
            target_id=str(registry_import.pk),
            summary=f"上传档案工作簿 {len(kept)} 个，导出日期 {export_date}",
        )
    return registry_import


def _distinct(names: list[str]) -> list[str]:
    """Two workbooks of one name, from two folders, must stay apart: the second gets a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return found


def discard_import(actor: Actor, registry_import: RegistryImport) -> None:
    """Give an import up before it is applied; its files stay as evidence of what came."""
    require(actor, "registry.import")
    with transaction.atomic():
        done = RegistryImport.objects.filter(pk=registry_import.pk, state__in=OPEN).update(
            state=RegistryImport.State.DISCARDED,
            decided_at=clock.now(),
            decided_by_label=actor.label[:80],
        )
        if not done:
            raise Conflict("这次导入已经处理过，不能再放弃。请刷新页面查看结果。")
        record(
            actor,
            "registry.discarded",
            target_type="registry_import",
            target_id=str(registry_import.pk),
            summary=f"放弃 {registry_import} 的导入",
        )
