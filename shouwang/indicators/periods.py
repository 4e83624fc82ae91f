"""期间 (periods): a year, half year, quarter or month as one value: 2026, 2026-H1, 2026-Q3.

Pure. `last_year()` is the same part of the year before.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
WRITTEN = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?")
SPOKEN = re.compile(
    r"(\d{4})年?(?:(上半年|下半年)|第?([一二三四1-4])季度|(1[0-2]|0?[1-9])月(?:份)?)?"
)
QUARTERS = "一二三四"
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, order=True)
class Period:
    """Ordered by its last day."""

    year: int
    last_month: int
    months: int

    @classmethod
    def of(cls, rhythm: str, day: date) -> Self:
        """The period of a rhythm in which a day lies."""
        months = MONTHS[rhythm]
        return cls(day.year, -(-day.month // months) * months, months)

    @classmethod
    def read(cls, text: str) -> Self:
        """From 2026-Q3 or 2026年第三季度; ValueError with a Chinese sentence for anything else."""
        words = text.strip()
        if found := WRITTEN.fullmatch(words):
            year, half, quarter, month = found.groups()
        elif found := SPOKEN.fullmatch(words):
            year, half, quarter, month = found.groups()
            half = {"上半年": "1", "下半年": "2"}.get(half or "")
            quarter = str(QUARTERS.index(quarter) + 1) if quarter in set(QUARTERS) else quarter
        else:
            year = half = quarter = month = None
        if year is None or not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError(
                f"“{words[:20]}”不是期间，请写成 2026、2026-H1、2026-Q3 或 2026-06 的样子。"
            )
        if half:
            return cls(int(year), int(half) * 6, 6)
        if quarter:
            return cls(int(year), int(quarter) * 3, 3)
        if month:
            return cls(int(year), int(month), 1)
        return cls(int(year), 12, 12)

    @classmethod
    def of_year(cls, year: int) -> Self:
        return cls(year, 12, 12)

    @property
    def begins(self) -> date:
        return date(self.year, self.last_month - self.months + 1, 1)

    @property
    def ends(self) -> date:
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    @property
    def rhythm(self) -> str:
        return next(key for key, months in MONTHS.items() if months == self.months)

    @property
    def key(self) -> str:
        if self.months == 12:
            return f"{self.year}"
        if self.months == 6:
            return f"{self.year}-H{self.last_month // 6}"
        if self.months == 3:
            return f"{self.year}-Q{self.last_month // 3}"
        return f"{self.year}-{self.last_month:02d}"

    @property
    def label(self) -> str:
        if self.months == 12:
            return f"{self.year}年"
        if self.months == 6:
            return f"{self.year}年{'上' if self.last_month == 6 else '下'}半年"
        if self.months == 3:
            return f"{self.year}年{QUARTERS[self.last_month // 3 - 1]}季度"
        return f"{self.year}年{self.last_month}月"

    def last_year(self) -> "Period":
        return Period(self.year - 1, self.last_month, self.months)

    def previous(self) -> "Period":
        if self.last_month > self.months:
            return Period(self.year, self.last_month - self.months, self.months)
        return Period(self.year - 1, 12, self.months)

    def following(self) -> "Period":
        if self.last_month + self.months <= 12:
            return Period(self.year, self.last_month + self.months, self.months)
        return Period(self.year + 1, self.months, self.months)

    def covers(self, day: date) -> bool:
        return self.begins <= day <= self.ends

    def __str__(self) -> str:
        return self.label
