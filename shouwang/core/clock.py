"""时钟: the only place that reads the clock; instants are stored in UTC and shown in Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This instant, with its time zone."""
    return _told.get() or timezone.now()


def today() -> date:
    """The calendar day in the county."""
    return timezone.localdate(_told.get())


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Inside it is this instant: for the past of the demo county and for tests, never for work."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
