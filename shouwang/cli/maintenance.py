"""`shouwang backup` and `shouwang restore`: everything of a county in one file, and back."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click

from .ending import json_option, print_json
from .progress import progress_bar
from .rebuilding import rebuild_if_missing
from .starting import start


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-keys", is_flag=True, help="连同密钥文件一起备份（备份包须妥善保管）。")
@click.option("--portable", is_flag=True, help="用可移植格式，可恢复到另一种数据库。")
@click.option("--force", is_flag=True, help="覆盖已有的同名文件。")
@json_option
def backup_command(
    target: Path, with_keys: bool, portable: bool, force: bool, as_json: bool
) -> None:
    """把数据库和数据文件夹备份成一个文件（tar.gz），可在使用中进行。

    默认不含密钥：没有密钥文件，备份里的个人信息无法解开，所以密钥须另行妥善备份。

    例：shouwang backup /backup/守望-20260630.tar.gz
    """
    from shouwang.core.errors import DomainError

    start()
    if target.exists() and not force:
        raise DomainError(f"{target} 已经存在，换个名字，或加 --force 覆盖。")
    manifest = back_up(target, with_keys=with_keys, portable=portable)
    size = target.stat().st_size
    if as_json:
        print_json({"file": str(target), "size": size, **manifest})
        return
    click.echo(f"已备份 {len(manifest['files'])} 个文件到 {target}（{size / 1e6:,.1f} MB）。")
    if not with_keys:
        click.echo("备份不含密钥文件，请另行妥善备份密钥。")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="替换现有的数据。")
@json_option
def restore_command(source: Path, force: bool, as_json: bool) -> None:
    """从备份恢复；先核对每个文件的哈希，已有数据时须加 --force 才会替换。

    网页服务或后台任务进程还在使用时不会恢复，请先停止它们。

    例：shouwang restore /backup/守望-20260630.tar.gz --force
    """
    start()
    from django.conf import settings

    from shouwang.core import occupancy

    with occupancy.alone(Path(settings.SHOUWANG_DATA_DIR), "恢复备份"):
        manifest = restore(source, force=force)
        rebuild_if_missing()
    if as_json:
        print_json({"ok": True, "files": len(manifest["files"]), "made_at": manifest["made_at"]})
        return
    click.echo(f"已恢复 {manifest['made_at']} 的备份，共 {len(manifest['files'])} 个文件。")


def back_up(target: Path, *, with_keys: bool, portable: bool) -> dict[str, Any]:
    """Database first, then files: whatever the database names is there and never changes."""
    from django.conf import settings

    from shouwang.audit.chain import verify
    from shouwang.audit.operations import record
    from shouwang.core.actor import system_actor
    from shouwang.core.clock import now
    from shouwang.core.crypto import provider

    from . import archive, databases
    from .portable import applied_migrations

    provider()
    record(system_actor("命令行"), "audit.backed_up", summary=f"备份到 {target.name}")
    head = verify().anchor
    data, keys = Path(settings.SHOUWANG_DATA_DIR), Path(settings.SHOUWANG_KEY_FILE)
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="backup-", dir=data / "tmp") as work,
        archive.writing(target) as writer,
    ):
        database = databases.save(Path(work), force_portable=portable)
        writer.add(database, database.name)
        files = list(archive.data_files(data))
        with progress_bar("备份", len(files)) as (bar, task):
            for path, name in files:
                writer.add(path, name)
                bar.advance(task)
        if with_keys:
            writer.add(keys, archive.KEYS)
        manifest = {
            "made_at": now().isoformat(timespec="seconds"),
            "audit_head": head,
            "migrations": applied_migrations(),
            "keys": _key_numbers(keys),
        }
        writer.finish(manifest)
        return {**manifest, "files": writer.entries}


def restore(source: Path, *, force: bool) -> dict[str, Any]:
    """All checks first; then the database, then the folders by renaming."""
    from django.conf import settings

    from shouwang.audit.operations import record
    from shouwang.core.actor import system_actor
    from shouwang.core.errors import DomainError

    from . import archive, databases

    data, keys = Path(settings.SHOUWANG_DATA_DIR), Path(settings.SHOUWANG_KEY_FILE)
    used = databases.is_in_use() or any((data / folder).exists() for folder in archive.FOLDERS)
    if used and not force:
        raise DomainError("这里已有数据，没有恢复。确要替换，请加 --force。", "not_empty")
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data / "tmp") as work:
        folder = Path(work)
        manifest = archive.unpack(source, folder)
        _check_migrations(manifest)
        _check_keys(manifest, folder, keys, force=force)
        databases.load(folder)
        _swap_folders(folder, data)
        if (folder / archive.KEYS).exists():
            _put_keys(folder / archive.KEYS, keys)
    start()
    record(
        system_actor("命令行"),
        "audit.restored",
        summary=f"从 {manifest['made_at']} 的备份恢复，备份时链头 {manifest['audit_head'][:30]}",
    )
    return manifest


def _check_migrations(manifest: dict[str, Any]) -> None:
    from shouwang.core.errors import DomainError

    from .portable import applied_migrations

    unknown = set(manifest["migrations"]) - set(applied_migrations())
    if unknown:
        raise DomainError("备份由更新的版本制作，请先升级程序再恢复。", "newer_version")


def _key_numbers(path: Path) -> list[str]:
    from shouwang.core.keyring import read_keyring

    keyring = read_keyring(path)
    return sorted(f"{key.number:08x}" for key in (*keyring.keys, keyring.index))


def _check_keys(manifest: dict[str, Any], folder: Path, keys: Path, *, force: bool) -> None:
    """The keys must be there afterwards, or the restored data could never be read."""
    from shouwang.core.errors import DomainError

    from .archive import KEYS

    present = set(_key_numbers(keys)) if keys.exists() else set()
    needed = set(manifest["keys"])
    if (folder / KEYS).exists():
        if present - needed and not force:
            raise DomainError("现有密钥文件与备份里的不同，确要替换，请加 --force。", "other_keys")
    elif not needed <= present:
        raise DomainError(
            "备份不含密钥，而现有密钥文件解不开它。请先恢复原来的密钥文件。", "no_keys"
        )


def _put_keys(source: Path, target: Path) -> None:
    from shouwang.core.crypto import forget_provider

    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    draft.replace(target)
    forget_provider()


def _swap_folders(new: Path, data: Path) -> None:
    """Rename the old away and the new in; the old is thrown away with the work folder."""
    from .archive import FOLDERS

    old = new / "replaced"
    old.mkdir()
    for folder in FOLDERS:
        if (data / folder).exists():
            (data / folder).rename(old / folder)
        if (new / folder).exists():
            (new / folder).rename(data / folder)
