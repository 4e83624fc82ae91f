"""待办数 (badges): how much waits behind an entry of the navigation, counted twice a minute.

Every page shows them, and counting asks a dozen questions. What a person did himself shows at once:
whatever he sends makes his numbers be counted anew.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache

from .actor import Actor

Count = Callable[[Actor], int]


def badge_of(actor: Actor, name: str, count: Count) -> int:
    """The number for this person, which may be as old as SHOUWANG_BADGE_SECONDS."""
    seconds = settings.SHOUWANG_BADGE_SECONDS
    if not seconds or actor.account_id is None:
        return count(actor)
    edition = cache.get(_edition(actor.account_id), 0)
    key = f"badge:{actor.account_id}:{hash(actor.scopes)}:{edition}:{name}"
    known: int | None = cache.get(key)
    if known is None:
        known = count(actor)
        cache.set(key, known, seconds)
    return known


def forget(account_id: int) -> None:
    """Count this person's numbers anew."""
    edition = _edition(account_id)
    cache.set(edition, cache.get(edition, 0) + 1, None)


def _edition(account_id: int) -> str:
    return f"badges:{account_id}"
