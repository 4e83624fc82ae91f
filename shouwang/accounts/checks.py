"""启动检查: combinations of settings that are unsafe once others can reach the machine."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from shouwang.core.errors import DomainError
from shouwang.core.keyring import INDEX_OF_CIPHER, read_keyring

LOCAL = {"127.0.0.1", "localhost", "[::1]"}


@register
def network(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Reachable from elsewhere: not with DEBUG, not without HTTPS, not under any name."""
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error("对外服务时不能打开 SHOUWANG_DEBUG，出错页会泄露程序内部。", id="accounts.E001")
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("SHOUWANG_HOSTS 须写明主机名，不能用 *。", id="accounts.E002"))
    if not settings.SESSION_COOKIE_SECURE:
        found.append(
            CheckWarning(
                "对外服务而没有 HTTPS，密码会在网络上明文传输。配好证书后设 SHOUWANG_HTTPS=1。",
                id="accounts.W001",
            )
        )
    return found


@register
def keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The key file is readable by its owner only, and its index key fits the chosen cipher."""
    path = Path(settings.SHOUWANG_KEY_FILE)
    if not path.exists():
        return []
    try:
        index = read_keyring(path).index
    except DomainError as error:
        return [Error(error.message, id="accounts.E003")]
    if index.algorithm != INDEX_OF_CIPHER.get(settings.SHOUWANG_CIPHER):
        return [
            CheckWarning(
                f"检索密钥是用 {index.algorithm} 建的，与 {settings.SHOUWANG_CIPHER} 不成套："
                "新内容按新算法加密，检索仍用原算法。",
                id="accounts.W002",
            )
        ]
    return []
