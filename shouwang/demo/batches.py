"""报送日历 (batches): which department sends which file for which period, in which format."""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import assets, incidents, jobs, medical, schools, surveys, welfare
from .draw import Days
from .rows import Rows
from .world import World

GOOD, HEADER_ONLY, EMPTY, CORRUPT = "good", "header_only", "empty", "corrupt"
LARGE = 40_000
"""Households from which the monthly lists are too long for xls (65,536 rows, slow to write)."""


@dataclass(frozen=True)
class Batch:
    """报送批次: one file with its period, as the clerk will register it."""

    number: int
    feed: str
    file: str
    start: date
    end: date
    form: str
    state: str = GOOD
    version: int = 1
    note: str = ""
    copy: str = ""
    """Name of a second file with the same bytes."""

    @property
    def received(self) -> date:
        """The 4th of the next month; corrections come nine days later."""
        return self.end + timedelta(days=4 if self.version == 1 else 13)


@dataclass
class _Plan:
    large: bool
    batches: list[Batch] = field(default_factory=list)

    def add(self, feed: str, file: str, start: date, end: date, form: str, **rest: object) -> None:
        suffix = "csv" if form.startswith("csv") else form
        number = len(self.batches)
        self.batches.append(
            Batch(number, feed, f"{file}.{suffix}", start, end, form, **rest)  # type: ignore[arg-type]
        )

    def book(self, old_program: bool) -> str:
        return "xls" if old_program and not self.large else "xlsx"


def plan(households: int) -> list[Batch]:
    """All files of all departments for 2025-01 … 2026-06."""
    made = _Plan(large=households >= LARGE)
    for part in (_medical, _schools, _surveys, _welfare, _jobs, _incidents, _assets):
        part(made)
    return made.batches


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _months(first: tuple[int, int], last: tuple[int, int]) -> Iterable[tuple[date, date]]:
    for count in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield _month(count // 12, count % 12 + 1)


def _medical(made: _Plan) -> None:
    feed, folder = "medical_settlement", "医保局"
    half = f"{folder}/医保结算_2025年上半年"
    made.add(feed, half, date(2025, 1, 1), date(2025, 6, 30), "xlsx")
    for start, end in _months((2025, 7), (2026, 6)):
        form = "xlsx" if start.month in (9, 12) else "csv"
        name = f"{folder}/医保结算_{start:%Y年%m月}"
        made.add(feed, name, start, end, "csv-bom" if start.month == 5 else form)
        if start == date(2026, 3, 1):
            again = {"version": 2, "note": "更正重报"}
            made.add(feed, f"{name}_更正重报", start, end, "xlsx", **again)
    for number, month in ((1, 1), (2, 3)):
        _, end = _month(2026, month)
        form = "csv-bom" if number == 1 else "csv"
        name = f"{folder}/参保名册_2026_{number}"
        made.add("medical_insurance", name, date(2026, 1, 1), end, form)


def _schools(made: _Plan) -> None:
    for year, month in ((2025, 9), (2026, 3), (2026, 5)):
        start, end = _month(year, month)
        form = "csv" if month == 3 else "xlsx"
        made.add("edu_enrolment", f"教体局/学籍资助名册_{start:%Y%m}", start, end, form)


def _surveys(made: _Plan) -> None:
    for year, month in ((2025, 11), (2026, 3), (2026, 5)):
        start, end = _month(year, month)
        made.add("housing_survey", f"住建局/住房安全鉴定_{start:%Y%m}", start, end, "xlsx")
    for start, end, name in _quarters():
        made.add("water_survey", f"水利局/饮水核查_{name}", start, end, "xlsx")


def _quarters() -> Iterable[tuple[date, date, str]]:
    yield date(2025, 10, 1), date(2025, 12, 31), "2025Q4"
    yield date(2026, 1, 1), date(2026, 3, 31), "2026Q1"
    yield date(2026, 4, 1), date(2026, 6, 30), "2026Q2"


def _welfare(made: _Plan) -> None:
    for start, end in [_month(2025, 6), _month(2025, 9), *_months((2025, 12), (2026, 6))]:
        name = f"民政局/低保特困名单_{start.year}年{start.month}月"
        made.add("civil_assist", name, start, end, made.book(start.month % 3 == 1))
        if start == date(2026, 4, 1):
            again = {"version": 2, "note": "更正重报"}
            made.add("civil_assist", f"{name}（更正）", start, end, "xlsx", **again)
    year = date(2025, 1, 1), date(2025, 12, 31)
    made.add("temp_relief", "民政局/临时救助_2025", *year, "xls")
    for start, end in _months((2026, 1), (2026, 6)):
        made.add("temp_relief", f"民政局/临时救助_{start:%Y%m}", start, end, "xls")
    for start, end, _ in _quarters():
        name = f"残联/持证残疾人名册_{end:%Y%m}"
        made.add("disability_card", name, start, end, made.book(end.month == 3))


def _jobs(made: _Plan) -> None:
    for start, end in _months((2025, 9), (2026, 6)):
        name = f"人社局/就业月报_{start:%Y%m}"
        if start == date(2025, 11, 1):
            made.add("employment", name, start, end, "xlsx", state=CORRUPT)
        elif start == date(2026, 5, 1):
            again = f"{name}（重复发送）.csv"
            made.add("employment", name, start, end, "csv", copy=again)
        else:
            made.add("employment", name, start, end, "csv-bom" if start.month == 2 else "csv")


def _incidents(made: _Plan) -> None:
    feed = "disaster"
    halves = (("上半年", (1, 6)), ("下半年", (7, 12)))
    for label, (first, last) in halves:
        start, end = date(2025, first, 1), _month(2025, last)[1]
        made.add(feed, f"应急局/灾情到户_2025年{label}", start, end, "xlsx")
    states = {1: HEADER_ONLY, 2: EMPTY}
    for start, end in _months((2026, 1), (2026, 6)):
        name = f"应急局/灾情到户_2026年{start.month}月"
        made.add(feed, name, start, end, "xlsx", state=states.get(start.month, GOOD))
    for start, end in _months((2025, 12), (2026, 6)):
        name = f"公安局/死亡与交通事故通报_{start:%Y-%m}"
        made.add("police_event", name, start, end, "xls")
    for start, end in _months((2026, 1), (2026, 6)):
        made.add("hukou_change", f"公安局/户籍变动_{start:%Y%m}", start, end, "csv")


def _assets(made: _Plan) -> None:
    for start, end, _ in _quarters():
        name = f"市场监管局/经营主体_{end.year}年{end.month}月"
        made.add("business_entity", name, start, end, "xlsx")
    for start, end in (
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 5, 31)),
    ):
        made.add("real_estate", f"自然资源局/不动产登记_{end}", start, end, "xlsx")
    for start, end in (
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 4, 30)),
    ):
        made.add("vehicle", f"车管所/机动车登记_{end:%Y%m}", start, end, "csv")


SNAPSHOTS: dict[str, Callable[[World, date], Rows]] = {
    "medical_insurance": medical.insured,
    "edu_enrolment": schools.enrolled,
    "civil_assist": welfare.on_assistance,
    "disability_card": welfare.cards,
    "employment": jobs.at_work,
    "business_entity": assets.businesses,
    "real_estate": assets.estates,
    "vehicle": assets.vehicles,
}
SURVEYS: dict[str, Callable[[World, date, date], Rows]] = {
    "housing_survey": surveys.houses,
    "water_survey": surveys.waters,
}
HISTORIES: dict[str, tuple[Callable[[World], tuple[Rows, Days]], str]] = {
    "medical_settlement": (medical.settlements, "settle_date"),
    "temp_relief": (welfare.reliefs, "relief_date"),
    "disaster": (incidents.disasters, "event_date"),
    "police_event": (incidents.police_events, "event_date"),
    "hukou_change": (incidents.registrations, "change_date"),
}


def rows_of(world: World, batch: Batch, known: dict[str, tuple[Rows, Days]]) -> Rows:
    """What the department puts into the file; `known` keeps histories for the next batch."""
    if batch.feed in SNAPSHOTS:
        return SNAPSHOTS[batch.feed](world, batch.end)
    if batch.feed in SURVEYS:
        return SURVEYS[batch.feed](world, batch.start, batch.end)
    history, date_key = HISTORIES[batch.feed]
    if batch.feed not in known:
        known[batch.feed] = history(world)
    rows, month = known[batch.feed]
    return rows.reported_in(date_key, month, batch.start, batch.end)
