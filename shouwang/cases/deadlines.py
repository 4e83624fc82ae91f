"""期限 (deadlines): when a step must be done, by the limits of the regime and the calendar."""

from datetime import date, timedelta

from shouwang.core import clock
from shouwang.core.workdays import workdays

from .lifecycles import table_of
from .regimes import Limit, Regime, regime, regime_on

COUNTY_DIGITS = 6


def county_of(village_code: str) -> str:
    return village_code[:COUNTY_DIGITS]


def limit_of(regime_key: str, key: str, day: date, county: str) -> Limit | None:
    return regime(regime_key).limit(key, day, county)


def due(regime_key: str, key: str, start: date, county: str) -> date | None:
    """The last day of a term that begins after `start`; None where no limit is set."""
    limit = limit_of(regime_key, key, start, county)
    return None if limit is None else workdays().add(start, limit.days, limit.kind)


def state_due(regime_key: str, state: str, entered_on: date, county: str) -> date | None:
    """When a case must have left a state that it entered on a day."""
    name = table_of(regime_key).state(state).limit
    return due(regime_key, name, entered_on, county) if name else None


def last_notice_day(regime_key: str, published_on: date, county: str) -> date:
    """The last day on which a notice must still hang; the day of posting does not count."""
    last = due(regime_key, "notice_days", published_on, county)
    return published_on if last is None else last


def near_day(today: date | None = None, county: str = "") -> date:
    """Whatever is due up to this day counts as near."""
    day = today or clock.today()
    found: Regime = regime_on(day)
    limit = found.limit("near", day, county)
    return day + timedelta(days=limit.days if limit else 0)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
