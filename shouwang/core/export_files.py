"""导出文件 (export files): large exports are made in the background and fetched by who asked.

The scope is that of the moment of asking; the file is encrypted, is given to that person only, and
only while the right is still held; it is removed after three days. Asking and fetching are audited.
"""

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.module_loading import import_string

from . import clock, formats
from .actor import Actor, Scope, require
from .crypto import decrypt_file, encrypt_file
from .errors import DomainError, NotFound
from .models import Export

KEPT = timedelta(days=3)
AUDIT = "shouwang.audit.operations.record"
"""By name, because the audit room stands above this one."""
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}


def order(
    actor: Actor,
    *,
    title: str,
    name: str,
    kind: str,
    right: str,
    address: str = "",
    details: Mapping[str, Any] | None = None,
) -> Export:
    """Note what is to be made, for whom, and how far he reaches at this moment."""
    require(actor, right)
    if actor.account_id is None:
        raise DomainError("后台导出只能由登录的账号发起。", "no_account")
    sweep()
    return Export.objects.create(
        account_id=actor.account_id,
        asked_by=_frozen(actor),
        right=right,
        title=title[:200],
        name=name[:200],
        kind=kind,
        address=address,
        details=dict(details or {}),
        asked_at=clock.now(),
    )


def _frozen(actor: Actor) -> dict[str, Any]:
    scopes = [{**asdict(scope), "rights": sorted(scope.rights)} for scope in actor.scopes]
    return {"account_id": actor.account_id, "label": actor.label, "scopes": scopes}


def asker(export: Export) -> Actor:
    """The actor as he was when he asked."""
    kept = export.asked_by
    scopes = (Scope(**{**scope, "rights": frozenset(scope["rights"])}) for scope in kept["scopes"])
    return Actor(kept["account_id"], kept["label"], tuple(scopes))


def draft() -> Path:
    """A private place for a file in the making; `keep` takes it away."""
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"export-{secrets.token_hex(8)}"


def keep(export: Export, source: Path, *, kind: str = "") -> None:
    """Encrypt the finished file under the export's number, and remove the clear one; `kind` where
    only the work showed which it is."""
    size = source.stat().st_size
    target = _path(export)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    encrypt_file(source, beside, f"export:{export.uuid}")
    beside.replace(target)
    source.unlink()
    export.size, export.expires_at = size, clock.now() + KEPT
    if kind:
        export.name, export.kind = f"{Path(export.name).stem}.{kind}", kind
    export.save(update_fields=["size", "expires_at", "name", "kind"])


def opened(actor: Actor, uuid: Any) -> tuple[Export, IO[bytes]]:
    """The file in clear, for the one who asked for it and may still have it; audited."""
    export = Export.objects.filter(uuid=uuid, account_id=actor.account_id or 0).first()
    if export is None:
        raise NotFound("没有找到这个导出文件，或者它不是您发起的。", "export_not_found")
    require(actor, export.right)
    if export.expires_at is None:
        raise DomainError("文件还在生成，请在后台任务里查看进度。", "export_not_ready")
    if export.expires_at <= clock.now() or not _path(export).exists():
        expired = formats.moment(export.expires_at)
        raise DomainError(f"这个导出文件已于 {expired} 过期，请重新导出。", "export_gone")
    clear = draft()
    try:
        decrypt_file(_path(export), clear, f"export:{export.uuid}")
        handle = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with clear.open("rb") as source:
            while piece := source.read(1024 * 1024):
                handle.write(piece)
    finally:
        clear.unlink(missing_ok=True)
    handle.seek(0)
    import_string(AUDIT)(
        actor,
        "export.fetched",
        target_type="core.export",
        target_id=str(export.uuid),
        summary=f"下载导出文件“{export.name}”",
    )
    return export, handle


def sweep() -> int:
    """Remove the files of expired exports, and what broken-off ones left; how many."""
    now = clock.now()
    folder = _folder()
    kept = set(Export.objects.filter(expires_at__gt=now).values_list("uuid", flat=True))
    names = {f"{uuid}.enc" for uuid in kept}
    gone = [path for path in folder.glob("*") if path.name not in names]
    old = (now - timedelta(hours=6)).timestamp()
    gone = [path for path in gone if path.suffix == ".enc" or path.stat().st_mtime < old]
    gone += [
        path for path in (folder.parent / "tmp").glob("export-*") if path.stat().st_mtime < old
    ]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _folder() -> Path:
    return Path(settings.SHOUWANG_DATA_DIR) / "exports"


def _path(export: Export) -> Path:
    return _folder() / f"{export.uuid}.enc"
