"""个人偏好: reading and keeping what one person chose; the system itself has none."""

from typing import Any

from .actor import Actor
from .models import Preference

LONGEST_KEY = 150


def chosen(actor: Actor | None, key: str, default: Any = None) -> Any:
    """What the person chose under this key."""
    if actor is None or actor.account_id is None:
        return default
    row = Preference.objects.filter(account_id=actor.account_id, key=key).first()
    return default if row is None else row.value


def keep(actor: Actor, key: str, value: Any) -> None:
    """Keep a choice; None forgets it."""
    if actor.account_id is None or not key or len(key) > LONGEST_KEY:
        return
    if value is None:
        Preference.objects.filter(account_id=actor.account_id, key=key).delete()
        return
    Preference.objects.update_or_create(
        account_id=actor.account_id, key=key, defaults={"value": value}
    )
