"""日期与时间窗: all that follows from the as-of date D is worked out here, before a query."""

from dataclasses import dataclass
from datetime import date, timedelta


def month_start(day: date, back: int = 0) -> date:
    """First day of the month `back` months before the day's month."""
    index = day.year * 12 + day.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def month_end(day: date) -> date:
    return month_start(day, -1) - timedelta(days=1)


def months(first: date, last: date) -> list[date]:
    """First days of all months from one date's month to another's."""
    found: list[date] = []
    at = month_start(first)
    while at <= last:
        found.append(at)
        at = month_start(at, -1)
    return found


def years_before(day: date, years: int) -> date:
    """The last day of birth of somebody who has completed so many years on a day. Who is born on
    29 February completes a year on 1 March in common years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a common year: only those born until the 28th
        return date(day.year - years, 2, 28)


def school_year(day: date) -> int:
    """The school year begins in September."""
    return day.year if day.month >= 9 else day.year - 1


@dataclass(frozen=True)
class Period:
    """时间窗: both ends belong to it."""

    first: date
    last: date


def window(name: str, day: date) -> Period:
    """MONTH, PREVIOUS_MONTH, M3, M12 and YTD as of a day."""
    if name == "PREVIOUS_MONTH":
        return Period(month_start(day, 1), month_start(day) - timedelta(days=1))
    if name == "YTD":
        return Period(date(day.year, 1, 1), day)
    back = {"MONTH": 0, "M3": 2, "M12": 11}[name]
    return Period(month_start(day, back), day)
