"""登录与退出: one answer for a wrong name, a wrong password and a deactivated account."""

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from shouwang.audit.operations import record
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError

from ..lockout import MOST_PER_NAME, WINDOW, add_failure, forget_failures, locked_until
from ..models import Account
from ..querysets import normalised

MINUTES = int(WINDOW.total_seconds() // 60)


class SignInRefused(DomainError):
    """The login did not succeed; which part was wrong is not said."""

    title = "登录没有成功"
    default_code = "sign_in_refused"


def sign_in(username: str, password: str, *, address: str, request: HttpRequest) -> Account:
    """The account, or SignInRefused; either way in the log. The view opens the session."""
    until = locked_until(username, address)
    if until is not None:
        raise SignInRefused(
            f"连续输错次数过多，请在 {timezone.localtime(until):%H:%M} 之后再试，"
            "或请系统管理员解除锁定。",
            "locked",
        )
    account = authenticate(request, username=username, password=password)
    if not isinstance(account, Account):
        _refused(username, address)
        raise SignInRefused(
            f"登录名或密码不正确。{MINUTES} 分钟内输错 {MOST_PER_NAME} 次将暂时锁定。"
        )
    with transaction.atomic():
        forget_failures(username)
        record(
            Actor(account.pk, account.name),
            "accounts.login",
            target_type="accounts.account",
            target_id=str(account.pk),
            division_path=account.path,
            summary=f"{account.name} 登录",
            source={"address": address},
        )
    return account


@transaction.atomic
def record_logout(account: Account, *, address: str) -> None:
    record(
        Actor(account.pk, account.name),
        "accounts.logout",
        target_type="accounts.account",
        target_id=str(account.pk),
        division_path=account.path,
        summary=f"{account.name} 退出登录",
        source={"address": address},
    )


@transaction.atomic
def _refused(username: str, address: str) -> None:
    """The log names the account if there is one, and never repeats what was typed."""
    account = Account.objects.filter(username=normalised(username)).first()
    locks = add_failure(username, address)
    actor = Actor(account.pk if account else None, account.name if account else "未知账号")
    for action, words in (
        ("accounts.login_failed", "登录失败"),
        *([("accounts.locked", f"连续失败，锁定 {MINUTES} 分钟")] if locks else []),
    ):
        record(
            actor,
            action,
            target_type="accounts.account",
            target_id=str(account.pk) if account else "",
            division_path=account.path if account else "",
            summary=f"{account.username if account else '不存在的登录名'} {words}",
            source={"address": address},
        )
