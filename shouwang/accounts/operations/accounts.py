"""账号的建立、停用和解锁."""

import re

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import WHOLE_TREE, Actor, require
from shouwang.core.clock import now
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division

from ..lockout import forget_failures
from ..models import Account
from ..passwords import one_time_password
from ..querysets import normalised

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def permit(actor: Actor, account: Account) -> None:
    """Refuse unless the actor manages this account; outside his places it does not exist."""
    require(actor, "accounts.manage", account.path or WHOLE_TREE)


def refuse_own(actor: Actor, account: Account) -> None:
    """Nobody hands himself posts or takes his own account away."""
    if actor.account_id == account.pk:
        raise NotAllowed("不能变更自己的账号和岗位，请由另一位系统管理员办理。", "own_account")


@transaction.atomic
def create_account(
    actor: Actor, *, username: str, name: str, division: Division | None
) -> tuple[Account, str]:
    """A new account and its one-time password, which is shown once and stored nowhere."""
    require(actor, "accounts.manage", division.path if division else WHOLE_TREE)
    username, name = normalised(username), name.strip()
    if not _USERNAME.fullmatch(username):
        raise DomainError(
            "登录名须为 3 至 40 个小写字母、数字或 . _ -，并以字母或数字开头。", "bad_username"
        )
    if re.fullmatch(r"\d{15,18}x?|1\d{10}", username):
        raise DomainError("登录名不能使用身份证号或手机号，请换一个。", "bad_username")
    if not name:
        raise DomainError("请填写姓名。", "bad_name")
    if Account.objects.filter(username=username).exists():
        raise Conflict(f"登录名“{username}”已被使用，请换一个。", "username_taken")
    password = one_time_password()
    account = Account(username=username, name=name, division=division, created_at=now())
    account.set_password(password)
    account.save()
    record(
        actor,
        "accounts.created",
        target_type="accounts.account",
        target_id=str(account.pk),
        division_path=account.path,
        summary=f"建立账号 {username}（{name}）",
        changes={"username": [None, username], "name": [None, name]},
    )
    return account, password


@transaction.atomic
def rename(actor: Actor, account: Account, *, name: str) -> Account:
    permit(actor, account)
    name = name.strip()
    if not name:
        raise DomainError("请填写姓名。", "bad_name")
    old = account.name
    if name == old:
        return account
    if not Account.objects.filter(pk=account.pk, name=old).update(name=name):
        raise Conflict
    account.name = name
    _note(actor, account, "accounts.renamed", f"账号 {account.username} 改名", name=[old, name])
    return account


@transaction.atomic
def deactivate(actor: Actor, account: Account) -> Account:
    """The account can no longer log in, and its open pages end with the next click."""
    permit(actor, account)
    refuse_own(actor, account)
    changed = Account.objects.filter(pk=account.pk, is_active=True).update(
        is_active=False, deactivated_at=now()
    )
    if not changed:
        raise Conflict("该账号已经停用，请刷新页面。")
    _note(
        actor, account, "accounts.deactivated", f"停用账号 {account.username}", active=[True, False]
    )
    account.refresh_from_db()
    return account


@transaction.atomic
def reactivate(actor: Actor, account: Account) -> Account:
    permit(actor, account)
    refuse_own(actor, account)
    changed = Account.objects.filter(pk=account.pk, is_active=False).update(
        is_active=True, deactivated_at=None
    )
    if not changed:
        raise Conflict("该账号已在使用，请刷新页面。")
    _note(
        actor, account, "accounts.reactivated", f"恢复账号 {account.username}", active=[False, True]
    )
    account.refresh_from_db()
    return account


@transaction.atomic
def unlock(actor: Actor, account: Account) -> None:
    """Forget the failed attempts, so that the person can log in at once."""
    permit(actor, account)
    forget_failures(account.username)
    _note(actor, account, "accounts.unlocked", f"解除账号 {account.username} 的登录锁定")


def _note(
    actor: Actor, account: Account, action: str, summary: str, **changes: list[object]
) -> None:
    record(
        actor,
        action,
        target_type="accounts.account",
        target_id=str(account.pk),
        division_path=account.path,
        summary=summary,
        changes=changes or None,
    )
