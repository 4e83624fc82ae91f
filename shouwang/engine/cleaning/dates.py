"""日期 (dates): every way in which departments write a day or a month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from shouwang.engine.cleaning.text import trimmed

EPOCH = date(1899, 12, 30)
CLOCK = r":(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?"
CLOCK_WORDS = r"时(?:(?P<minutes>\d{1,2})分?(?:(?P<seconds>\d{1,2})秒?)?)?"
TIME = rf"(?:[ T]*(?P<hour>\d{{1,2}})(?:{CLOCK}|{CLOCK_WORDS}))?"
YEAR, MONTH, DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
DAYS = tuple(
    re.compile(form + TIME, re.ASCII)
    for form in (
        rf"{YEAR}\s*(?P<mark>[-/.])\s*{MONTH}\s*(?P=mark)\s*{DAY}(?:(?=\D)|$)",
        rf"{YEAR}\s*年\s*{MONTH}\s*月\s*{DAY}\s*日",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?=\D)|$)",
    )
)
MONTHS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{YEAR}\s*年\s*{MONTH}\s*月",
        rf"{YEAR}\s*[-.]\s*{MONTH}",
        r"(?P<year>\d{4})(?P<month>\d{2})",
    )
)
SLASH_MONTH = re.compile(rf"{YEAR}\s*/\s*{MONTH}", re.ASCII)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class DateReader:
    """读日期: one cell → a day, None for no data; ValueError for what is no date."""

    missing: frozenset[str]
    serials: tuple[int, int]

    def day(self, cell: str, *, full_day_only: bool = False) -> date | None:
        text = trimmed(cell)
        if text in self.missing:
            return None
        found = self._full_day(text)
        if found is not None:
            return found
        month = _month(text, MONTHS)
        return None if full_day_only else month

    def month(self, cell: str) -> date | None:
        text = trimmed(cell)
        if text in self.missing:
            return None
        found = self._full_day(text)
        if found is None:
            found = _month(text, (*MONTHS, SLASH_MONTH))
        return found.replace(day=1)

    def _full_day(self, text: str) -> date | None:
        """The day; None if the text has another form; ValueError if there is no such day."""
        for form in DAYS:
            if match := form.fullmatch(text):
                _check_time(match)
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match := SERIAL.fullmatch(text):
            number = int(match[1])
            if self.serials[0] <= number <= self.serials[1]:
                return EPOCH + timedelta(days=number)
            raise ValueError
        return None


def _month(text: str, forms: tuple[re.Pattern[str], ...]) -> date:
    for form in forms:
        if match := form.fullmatch(text):
            return date(int(match["year"]), int(match["month"]), 1)
    raise ValueError


def _check_time(match: re.Match[str]) -> None:
    hour, minute = match["hour"], match["minute"] or match["minutes"]
    second = match["second"] or match["seconds"]
    if int(hour or 0) > 24 or int(minute or 0) > 59 or int(second or 0) > 59:
        raise ValueError
