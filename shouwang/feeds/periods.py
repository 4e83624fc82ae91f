"""报送期间: what a file's name says about its period, and by when a feed's period should have come.

Everything here is a proposal that a person confirms, or a colour in the overview; no rule uses it.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

DUE_DAY = 10  # where a feed's rhythm names no day: the tenth of the following month


@dataclass(frozen=True)
class Period:
    start: date
    end: date

    @property
    def label(self) -> str:
        """2026年3月, 2026年第1季度 or from–to."""
        if self == month_period(self.start.year, self.start.month):
            return f"{self.start.year}年{self.start.month}月"
        quarter = quarter_period(self.end.year, self.end.month)
        if self == quarter:
            return f"{self.end.year}年第{(self.end.month + 2) // 3}季度"
        if self == Period(date(self.end.year, 1, 1), date(self.end.year, 12, 31)):
            return f"{self.end.year}年"
        return f"{self.start:%Y-%m-%d}至{self.end:%Y-%m-%d}"


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def month_period(year: int, month: int) -> Period:
    return Period(date(year, month, 1), month_end(year, month))


def quarter_period(year: int, month: int) -> Period:
    last = (month + 2) // 3 * 3
    return Period(date(year, last - 2, 1), month_end(year, last))


_YEAR = r"(?P<year>20\d{2})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[dict[str, str]], Period]], ...] = (
    (
        re.compile(_YEAR + r"年?\s*(?:[Qq]|第)\s*(?P<quarter>[1-4一二三四])(?:季度?)?"),
        lambda part: quarter_period(int(part["year"]), _digit(part["quarter"]) * 3),
    ),
    (
        re.compile(_YEAR + r"年?(?P<half>上|下)半年"),
        lambda part: _half(int(part["year"]), part["half"]),
    ),
    (
        re.compile(_YEAR + r"[-_.年]" + _MONTH + r"(?!\d)"),
        lambda part: month_period(int(part["year"]), int(part["month"])),
    ),
    (
        re.compile(r"(?<!\d)" + _YEAR + r"(?P<month>0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)"),
        lambda part: month_period(int(part["year"]), int(part["month"])),
    ),
    (
        re.compile(r"(?<!\d)" + _YEAR + r"(?:年度?)?(?!\d)"),
        lambda part: Period(date(int(part["year"]), 1, 1), date(int(part["year"]), 12, 31)),
    ),
)


def _digit(text: str) -> int:
    return "一二三四".find(text) + 1 or int(text)


def _half(year: int, half: str) -> Period:
    if half == "上":
        return Period(date(year, 1, 1), date(year, 6, 30))
    return Period(date(year, 7, 1), date(year, 12, 31))


def propose(file_name: str, rhythm: str = "") -> Period | None:
    """The period that a file name states; a month of a quarterly feed stands for its quarter."""
    text = unicodedata.normalize("NFKC", file_name)
    for pattern, period_of in _PATTERNS:
        found = pattern.search(text)
        if found is None:
            continue
        period = period_of({key: value or "" for key, value in found.groupdict().items()})
        is_month = period == month_period(period.start.year, period.start.month)
        if is_month and expected_months(rhythm) == QUARTER_ENDS and period.end.month % 3 == 0:
            return quarter_period(period.end.year, period.end.month)
        return period
    return None


EVERY_MONTH = frozenset(range(1, 13))
QUARTER_ENDS = frozenset({3, 6, 9, 12})
HALF_YEAR_ENDS = frozenset({6, 12})


def expected_months(rhythm: str) -> frozenset[int]:
    """The months at whose end a feed is due; empty where its rhythm does not say so."""
    words = rhythm.lower()
    if "half-yearly" in words:
        return HALF_YEAR_ENDS
    if "quarterly" in words:
        return QUARTER_ENDS
    if "monthly" in words:
        return EVERY_MONTH
    return frozenset()


def months_covered(rhythm: str) -> int:
    """How many months one file of this rhythm stands for."""
    return {EVERY_MONTH: 1, QUARTER_ENDS: 3, HALF_YEAR_ENDS: 6}.get(expected_months(rhythm), 0)


def due_on(rhythm: str, period_end: date) -> date:
    """The last day on which the period ending then is on time."""
    named = re.search(r"by the (\d{1,2})", rhythm)
    day = min(int(named.group(1)), 28) if named else DUE_DAY
    following = period_end + timedelta(days=1)
    return following.replace(day=day)


_RHYTHMS = (
    ("half-yearly", "每半年"),
    ("quarterly", "每季度"),
    ("monthly", "每月"),
    ("three times a year", "每年三次"),
    ("twice in the enrolment season", "参保季两次"),
    ("each term", "每学期"),
    ("full survey", "年度普查、春季更新"),
    ("on demand", "按需报送"),
)


def rhythm_label(rhythm: str) -> str:
    """How often a feed comes, in words."""
    words = rhythm.lower()
    named = re.search(r"by the (\d{1,2})", words)
    for key, label in _RHYTHMS:
        if key in words:
            return f"{label}{named.group(1)}日前" if named and label == "每月" else label
    return rhythm or "不定期"
