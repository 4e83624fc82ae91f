"""登录锁定: counted in the database, per login name and per address, and over by itself.

Names that do not exist lock like names that do, so that nothing can be learned from it.
"""

from datetime import datetime, timedelta

from shouwang.core.clock import now
from shouwang.core.crypto import provider

from .models import LoginFailure
from .querysets import normalised

WINDOW = timedelta(minutes=15)
MOST_PER_NAME = 5
MOST_PER_ADDRESS = 50
"""A whole office behind one address: high enough for typing errors, low enough against guessing."""
KEPT = timedelta(days=30)


def name_hash(username: str) -> bytes:
    return provider().digest(f"login:{normalised(username)}")


def locked_until(username: str, address: str) -> datetime | None:
    """Until when this name, or this address, may not try; None where it may."""
    recent = LoginFailure.objects.filter(at__gt=now() - WINDOW).order_by("-at")
    ends = [
        _end(list(failures.values_list("at", flat=True)[:most]), most)
        for failures, most in (
            (recent.filter(name_hash=name_hash(username)), MOST_PER_NAME),
            (recent.filter(address=address), MOST_PER_ADDRESS),
        )
    ]
    return max((end for end in ends if end is not None), default=None)


def _end(instants: list[datetime], most: int) -> datetime | None:
    """A full count locks until the oldest of it is out of the window."""
    return instants[-1] + WINDOW if len(instants) >= most else None


def add_failure(username: str, address: str) -> bool:
    """Note one failure; True where it was the one that locks the name."""
    LoginFailure.objects.filter(at__lt=now() - KEPT).delete()
    LoginFailure.objects.create(name_hash=name_hash(username), address=address, at=now())
    recent = LoginFailure.objects.filter(name_hash=name_hash(username), at__gt=now() - WINDOW)
    return recent.count() == MOST_PER_NAME


def forget_failures(username: str) -> None:
    """After a successful login or by an administrator; the address keeps its count."""
    LoginFailure.objects.filter(name_hash=name_hash(username)).update(name_hash=b"")


def is_locked(username: str) -> bool:
    return locked_until(username, "") is not None
