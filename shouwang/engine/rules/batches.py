"""批次: accepted batches as rules see them: effective, visible, latest, covering months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shouwang.engine.rules import calendar


@dataclass(frozen=True)
class Batch:
    """One accepted batch: feed, period, version, and the folder of its rows."""

    feed: str
    period_start: date
    period_end: date
    version: int
    path: Path
    key: str

    @property
    def rows(self) -> Path:
        return self.path / "rows.parquet"


@dataclass(frozen=True)
class ScreeningInput:
    """筛查输入: a registry snapshot and the batches, as files."""

    registry: Path
    batches: list[Batch]
    county: str = "999901"

    @property
    def persons(self) -> Path:
        return self.registry / "persons.parquet"

    @property
    def households(self) -> Path:
        return self.registry / "households.parquet"


class Calendar:
    """The batches that count on one day."""

    def __init__(self, batches: Iterable[Batch], day: date) -> None:
        self.day = day
        best: dict[tuple[str, date, date], Batch] = {}
        for batch in batches:
            key = (batch.feed, batch.period_start, batch.period_end)
            if key not in best or batch.version > best[key].version:
                best[key] = batch
        self.visible: dict[str, list[Batch]] = {}
        for batch in sorted(best.values(), key=_order):
            if batch.period_end <= day:
                self.visible.setdefault(batch.feed, []).append(batch)

    def all(self, feed: str) -> list[Batch]:
        return self.visible.get(feed, [])

    def latest(self, feed: str) -> list[Batch]:
        """The list with the greatest period end; of several, the one that began last."""
        return self.all(feed)[-1:]

    def ending_on(self, feed: str, day: date) -> list[Batch]:
        return [batch for batch in self.all(feed) if batch.period_end == day][-1:]

    def of(self, scope: str, feed: str) -> list[Batch]:
        """The batches behind a source of a quantity."""
        if scope == "latest":
            return self.latest(feed)
        if scope == "month_end":
            return self.ending_on(feed, self.day)
        if scope == "previous_month_end":
            return self.ending_on(feed, calendar.window("PREVIOUS_MONTH", self.day).last)
        return self.all(feed)

    def months_ended(self, feed: str) -> set[date]:
        """Months in which a batch of the feed ends."""
        return {calendar.month_start(batch.period_end) for batch in self.all(feed)}

    def months_without(self, feed: str, period: calendar.Period) -> list[date]:
        """Months of a window that no batch of the feed covers."""
        covered: set[date] = set()
        for batch in self.all(feed):
            covered.update(calendar.months(batch.period_start, batch.period_end))
        return [
            month for month in calendar.months(period.first, period.last) if month not in covered
        ]


def _order(batch: Batch) -> tuple[str, date, date]:
    return (batch.feed, batch.period_end, batch.period_start)
