"""数据库的备份与恢复: the database's own way where it has one, portable lines where not."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

from shouwang.core.errors import DomainError

from . import portable
from .archive import DATABASES

SQLITE, POSTGRES, LINES = DATABASES


def save(folder: Path, *, force_portable: bool) -> Path:
    """One consistent copy of the database as a file in `folder`."""
    if not force_portable:
        if connection.vendor == "sqlite":
            return _save_sqlite(folder / SQLITE)
        if connection.vendor == "postgresql" and _save_postgres(folder / POSTGRES):
            return folder / POSTGRES
    portable.dump(folder / LINES)
    return folder / LINES


def load(folder: Path) -> None:
    """Put the saved database in the place of the present one."""
    if (folder / LINES).exists():
        portable.load(folder / LINES)
    elif (folder / SQLITE).exists() and connection.vendor == "sqlite":
        _load_sqlite(folder / SQLITE)
    elif (folder / POSTGRES).exists() and connection.vendor == "postgresql":
        _load_postgres(folder / POSTGRES)
    else:
        raise DomainError(
            "备份来自另一种数据库，不能直接恢复。请在原处用 shouwang backup --portable 重新备份。",
            "other_database",
        )


def is_in_use() -> bool:
    """Whether the database holds anything worth keeping: an account or a log."""
    from shouwang.accounts.models import Account
    from shouwang.audit.models import AuditEntry

    return Account.objects.exists() or AuditEntry.objects.exists()


def _save_sqlite(target: Path) -> Path:
    """SQLite's own backup: consistent while others write."""
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
    return target


def _load_sqlite(source: Path) -> None:
    saved = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        if saved.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise DomainError("备份里的数据库已损坏，没有恢复。", "bad_archive")
        connection.ensure_connection()
        saved.backup(connection.connection)
    finally:
        saved.close()
    connection.close()


def _connection_options() -> tuple[list[str], dict[str, str]]:
    """How PostgreSQL's programs reach the server; the password goes by the environment."""
    values: dict[str, Any] = connection.get_connection_params()
    options = [
        f"--{option}={values[key]}"
        for option, key in (("host", "host"), ("port", "port"), ("username", "user"))
        if values.get(key)
    ]
    environment = dict(os.environ)
    if values.get("password"):
        environment["PGPASSWORD"] = str(values["password"])
    return [*options, f"--dbname={values.get('dbname') or values.get('database')}"], environment


def _save_postgres(target: Path) -> bool:
    """pg_dump, where there is one that fits the server."""
    program = shutil.which("pg_dump")
    if program is None:
        return False
    options, environment = _connection_options()
    done = subprocess.run(  # noqa: S603 - a fixed program with our own settings
        [program, "--format=custom", "--no-owner", f"--file={target}", *options],
        env=environment,
        capture_output=True,
    )
    if done.returncode != 0:
        target.unlink(missing_ok=True)
    return done.returncode == 0


def _load_postgres(source: Path) -> None:
    program = shutil.which("pg_restore")
    if program is None:
        raise DomainError(
            "这台机器没有 pg_restore。请安装 PostgreSQL 客户端后再恢复。", "no_program"
        )
    options, environment = _connection_options()
    connection.close()
    done = subprocess.run(  # noqa: S603 - a fixed program with our own settings
        [program, "--clean", "--if-exists", "--no-owner", "--single-transaction", *options, source],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise DomainError("数据库恢复没有成功，原来的数据没有改动。请核对数据库版本和权限。")
