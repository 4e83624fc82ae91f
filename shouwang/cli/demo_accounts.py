"""The accounts of the demo: one per role, with passwords that this installation drew for itself."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError

if TYPE_CHECKING:
    from shouwang.demo import DemoAccount

FILE = "demo-accounts.json"
"""In DATA_DIR, readable by its owner only, so that a second call can print them again."""


def open_accounts(actor: Actor, data_dir: Path) -> None:
    """Open the accounts with their posts, and set passwords that need not be changed.

    A visitor of the demo should get in at once: each one-time password is exchanged here for a
    drawn one through the ordinary change of password. Real accounts (`shouwang createuser`) must
    change theirs at the first login.
    """
    from django.db import transaction

    from shouwang.demo import demo_accounts

    path = data_dir / FILE
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    with transaction.atomic(), _quick_hashing():
        for wanted in demo_accounts():
            if wanted.username not in kept:
                kept[wanted.username] = _open(actor, wanted)
        _keep(path, kept)


@contextmanager
def _quick_hashing() -> Iterator[None]:
    """Drawn passwords of 70 bits need no slow hash, and 36 slow ones would take 10 seconds.

    The usual strength comes back by itself: Django renews the hash at the first login.
    """
    from django.contrib.auth.hashers import get_hasher

    hasher = get_hasher()
    quick = {"iterations": 1_000, "work_factor": 2**4}  # PBKDF2, scrypt
    usual = {key: getattr(hasher, key) for key in quick if hasattr(hasher, key)}
    try:
        for key in usual:
            setattr(hasher, key, quick[key])
        yield
    finally:
        for key, value in usual.items():
            setattr(hasher, key, value)


def _open(actor: Actor, wanted: "DemoAccount") -> dict[str, str]:
    from shouwang.accounts import operations
    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Department
    from shouwang.accounts.passwords import one_time_password
    from shouwang.core.clock import today
    from shouwang.divisions.queries import by_code

    division = by_code(wanted.division_code)
    if division is None:
        raise DomainError(f"没有区划 {wanted.division_code}，请先导入区划表。")
    department = (
        Department.objects.get(name=wanted.department)  # one of the usual ones
        if wanted.department
        else None
    )
    account, first = operations.create_account(
        actor, username=wanted.username, name=wanted.name, division=division
    )
    operations.give_post(
        actor, account, role=wanted.role, division=division, department=department,
        valid_from=today(),
    )  # fmt: skip
    password = one_time_password()
    operations.change_password(actor_for(account, today()), account, old=first, new=password)
    return {"name": wanted.name, "role": wanted.role, "password": password}


def _keep(path: Path, accounts: dict[str, dict[str, str]]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)


def print_accounts(data_dir: Path) -> None:
    """One account per role, with its password."""
    from shouwang.accounts.roles import ROLES

    kept = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    table = Table(title="演示账号（每个职责一个）", title_justify="left")
    for heading in ("职责", "姓名", "登录名", "密码"):
        table.add_column(heading)
    for username, account in kept.items():
        label = ROLES[account["role"]].label
        table.add_row(label, account["name"], username, account["password"])
    Console().print(table)
