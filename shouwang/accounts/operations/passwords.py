"""密码的修改和重置."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import Actor
from shouwang.core.clock import now
from shouwang.core.errors import DomainError, NotAllowed

from ..lockout import forget_failures
from ..models import Account
from ..passwords import one_time_password
from .accounts import permit, refuse_own


@transaction.atomic
def change_password(actor: Actor, account: Account, *, old: str, new: str) -> Account:
    """One's own password; ends the account's sessions elsewhere."""
    if actor.account_id != account.pk:
        raise NotAllowed("只能修改自己的密码。")
    if not account.check_password(old):
        raise DomainError("原密码不正确，请重新输入。", "wrong_password")
    if old == new:
        raise DomainError("新密码不能与原密码相同，请换一个。", "same_password")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise DomainError("".join(error.messages), "weak_password") from None
    account.set_password(new)
    account.must_change_password = False
    account.password_changed_at = now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _note(actor, account, "accounts.password_changed", f"{account.name} 修改了密码")
    return account


@transaction.atomic
def reset_password(actor: Actor, account: Account) -> str:
    """A one-time password that works until it is changed at the next login; ends all sessions."""
    permit(actor, account)
    refuse_own(actor, account)
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.password_changed_at = now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    forget_failures(account.username)
    _note(actor, account, "accounts.password_reset", f"重置账号 {account.username} 的密码")
    return password


def _note(actor: Actor, account: Account, action: str, summary: str) -> None:
    record(
        actor,
        action,
        target_type="accounts.account",
        target_id=str(account.pk),
        division_path=account.path,
        summary=summary,
    )
