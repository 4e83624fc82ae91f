"""The overview of months: what is on time, late, missing, rejected or not asked for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.core.actor import Actor
from shouwang.feeds import periods
from shouwang.feeds.models import FeedBatch
from shouwang.feeds.periods import Period, due_on, propose, rhythm_label
from shouwang.feeds.queries.completeness import Cell, completeness
from tests.four_people import FourPeople

from .conftest import ZHANG
from .world import gb18030, relief

Take = Callable[..., FeedBatch]
TODAY = date(2026, 7, 20)


def cell(actor: Actor, feed: str, month: int) -> Cell:
    grid = completeness(actor, until=date(2026, 6, 30), today=TODAY)
    row = next(row for row in grid.rows if row.feed == feed)
    return row.cells[month + 5]


@pytest.fixture
def may(take: Take, tmp_path: Path) -> FeedBatch:
    path = gb18030(tmp_path, "5月.csv", [relief("张三", ZHANG)])
    return take(path, received_at=date(2026, 6, 4))


def test_a_file_in_time_is_reported_with_its_rows(system: Actor, may: FeedBatch) -> None:
    found = cell(system, "temp_relief", 5)
    assert (found.word, found.figure, found.tone) == ("已报", "1", "done")


def test_a_file_after_the_day_is_late(take: Take, system: Actor, tmp_path: Path) -> None:
    take(gb18030(tmp_path, "5月.csv", [relief("张三", ZHANG)]), received_at=date(2026, 6, 11))
    assert cell(system, "temp_relief", 5).word == "迟报"


def test_a_correction_is_not_late(
    take: Take, system: Actor, may: FeedBatch, tmp_path: Path
) -> None:
    path = gb18030(tmp_path, "更正.csv", [relief("张三", ZHANG, amount=1)])
    take(path, version=2, received_at=date(2026, 6, 20))
    assert cell(system, "temp_relief", 5).word == "已报"


def test_a_month_without_file_is_missing_after_its_day_only(system: Actor, may: FeedBatch) -> None:
    assert cell(system, "temp_relief", 6).word == "缺报"
    early = completeness(system, until=date(2026, 6, 30), today=date(2026, 7, 5))
    row = next(row for row in early.rows if row.feed == "temp_relief")
    assert row.cells[-1].word == "待报"


def test_a_missing_month_leads_to_the_upload_of_who_may_upload(
    system: Actor, may: FeedBatch, four_people: Callable[..., FourPeople]
) -> None:
    leader = four_people("county_leader").actor("owner")
    assert "upload" in cell(system, "temp_relief", 6).url
    found = cell(leader, "temp_relief", 6)
    assert (found.word, found.url) == ("缺报", "")


def test_months_before_the_first_file_are_not_missing(system: Actor, may: FeedBatch) -> None:
    assert cell(system, "temp_relief", 4).word == ""


def test_a_head_without_rows_is_no_data_of_that_month(
    take: Take, system: Actor, tmp_path: Path
) -> None:
    take(gb18030(tmp_path, "空.csv", []), received_at=date(2026, 6, 4))
    assert cell(system, "temp_relief", 5).word == "无数据"


def test_a_broken_file_is_shown_as_rejected(take: Take, system: Actor, tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04")
    take(path)
    assert cell(system, "temp_relief", 5).word == "已退回"


def test_a_longer_period_covers_its_months(take: Take, system: Actor, tmp_path: Path) -> None:
    path = gb18030(tmp_path, "半年.csv", [relief("张三", ZHANG, "2026-02-01")])
    take(path, period_start=date(2026, 1, 1), period_end=date(2026, 6, 30))
    assert cell(system, "temp_relief", 3).word == "已含"


def test_a_quarterly_feed_is_asked_for_at_the_end_of_quarters(
    system: Actor, may: FeedBatch
) -> None:
    assert cell(system, "disability_card", 5).word == ""
    assert cell(system, "disability_card", 6).word == "缺报"


@pytest.mark.parametrize(
    ("name", "rhythm", "expected"),
    [
        ("医保局/医保结算_2026年03月_更正重报.xlsx", "monthly", ("2026-03-01", "2026-03-31")),
        ("就业月报_202605（重复发送）.csv", "monthly", ("2026-05-01", "2026-05-31")),
        ("死亡与交通事故通报_2026-02.xls", "monthly", ("2026-02-01", "2026-02-28")),
        ("医保结算_2025年上半年.xlsx", "monthly", ("2025-01-01", "2025-06-30")),
        ("饮水核查_2025Q4.xlsx", "quarterly", ("2025-10-01", "2025-12-31")),
        ("经营主体_2026年3月.xlsx", "quarterly", ("2026-01-01", "2026-03-31")),
        ("2026年第二季度.xlsx", "quarterly", ("2026-04-01", "2026-06-30")),
        ("不动产登记_2025-12-31.xlsx", "", ("2025-12-01", "2025-12-31")),
        ("临时救助_2025.xls", "", ("2025-01-01", "2025-12-31")),
        ("导出_20260615.csv", "", ("2026-06-01", "2026-06-30")),
        ("２０２６年５月.csv", "", ("2026-05-01", "2026-05-31")),
    ],
)
def test_a_period_is_read_from_the_name(name: str, rhythm: str, expected: tuple[str, str]) -> None:
    found = propose(name, rhythm)
    assert found == Period(*(date.fromisoformat(day) for day in expected))


@pytest.mark.parametrize("name", ["名单.xlsx", "20261399.csv", "123456789.csv", ""])
def test_a_name_without_a_period_proposes_none(name: str) -> None:
    assert propose(name) is None


def test_a_period_is_called_by_its_usual_name() -> None:
    assert periods.month_period(2026, 2).label == "2026年2月"
    assert periods.quarter_period(2026, 5).label == "2026年第2季度"
    assert Period(date(2025, 1, 1), date(2025, 12, 31)).label == "2025年"
    assert Period(date(2026, 1, 1), date(2026, 5, 31)).label == "2026-01-01至2026-05-31"


def test_the_day_on_which_a_feed_is_due_comes_from_its_rhythm() -> None:
    assert due_on("monthly by the 5th", date(2025, 12, 31)) == date(2026, 1, 5)
    assert due_on("monthly", date(2026, 2, 28)) == date(2026, 3, 10)
    assert rhythm_label("monthly by the 5th (first half of 2025 as one file)") == "每月5日前"


def test_years_that_cannot_be_are_refused(take: Take, tmp_path: Path) -> None:
    path: Any = gb18030(tmp_path, "a.csv", [relief("张三", ZHANG)])
    with pytest.raises(Exception, match="核对年份"):
        take(path, period_end=date(9999, 12, 31))
