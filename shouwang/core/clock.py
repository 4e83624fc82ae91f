"""时钟: the only place that reads the clock; instants are stored in UTC and shown in Shanghai."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This instant, with its time zone."""
    return timezone.now()


def today() -> date:
    """The calendar day in the county."""
    return timezone.localdate()
