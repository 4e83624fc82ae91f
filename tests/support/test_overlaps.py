"""同一笔钱只计一次: what two records tell of counts once, the other is set aside with the gap."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.actor import system_actor
from shouwang.support import operations
from shouwang.support.models import Payment, Receipt
from shouwang.support.operations import receipts
from shouwang.support.overlaps import Line, Origin, counted_once, overlaps, school_year
from shouwang.support.queries.receiving import account_of, received, receives
from tests.support.test_receipts import batch

FEED, AID = Origin("feed", "edu_enrolment"), Origin("aid", "compulsory")
FUND, RELIEF = Origin("origin", "relief"), Origin("feed", "temp_relief")
TEMPORARY = Origin("measures", "security.temporary")


def line(origin, amount, *, member=1, on=date(2026, 3, 1), source="来源，其余") -> Line:
    year = on.year
    return Line(on, "钱", "人", Decimal(amount), source, origin, member, year, school_year(on))


def test_a_register_and_a_file_of_one_person_and_school_year_count_once():
    found = counted_once(
        [line(AID, 625, source="助学台账"), line(FEED, 1250, source="部门数据，2025 学年")]
    )
    assert [(one.amount, one.note) for one in found.lines] == [
        (Decimal(1250), "助学台账少 625.00 元，只计一次")
    ]
    assert [one.note for one in found.aside] == [
        "学生资助已按部门数据计；部门数据多 625.00 元，只计一次"
    ]
    same = counted_once([line(AID, 625, source="助学台账"), line(AID, 625), line(FEED, 1250)])
    assert same.lines[0].note == "助学台账与部门数据一致，只计一次" or "一致" in same.lines[0].note


def test_other_persons_years_and_kinds_are_other_money():
    lines = [
        line(AID, 625, member=1), line(FEED, 625, member=2),
        line(FEED, 625, member=1, on=date(2025, 3, 1)), line(Origin("aid", "rain_plan"), 1500),
        line(Origin("subsidy", "rice"), 300),
    ]  # fmt: skip
    found = counted_once(lines)
    assert (len(found.lines), found.aside) == (5, [])


def test_a_record_without_a_name_belongs_to_the_only_person_named():
    measure = Origin("measures", "education.compulsory_aid")
    one = counted_once([line(FEED, 625), line(measure, 625, member=None)])
    assert (len(one.lines), len(one.aside)) == (1, 1)
    two = counted_once(
        [line(FEED, 625), line(FEED, 625, member=2), line(measure, 625, member=None)]
    )
    assert (len(two.lines), len(two.aside)) == (3, 0)


def test_the_fund_and_a_relief_list_are_one_only_when_they_agree_to_the_fen():
    assert len(counted_once([line(FUND, "900.00"), line(RELIEF, "900.01")]).lines) == 2
    far = line(RELIEF, 900, on=date(2026, 8, 1))
    assert len(counted_once([line(FUND, 900), far]).lines) == 2
    found = counted_once([line(FUND, 900), line(RELIEF, 900), line(RELIEF, 900)])
    assert [one.origin for one in found.lines] == [FUND, RELIEF]
    assert found.aside[0].note == "救助基金和临时救助已按来源计；金额一致"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from([FEED, AID, FUND, RELIEF, TEMPORARY, Origin("subsidy", "rice")]),
            st.integers(1, 9_999_999).map(lambda fen: Decimal(fen) / 100),
            member=st.sampled_from([None, 1, 2]),
            on=st.dates(date(2024, 1, 1), date(2026, 6, 1)),
        ),
        max_size=12,
    )
)
def test_no_line_is_lost_and_none_is_counted_twice(lines):
    found = counted_once(lines)
    told = sorted((one.origin.key, one.amount, one.on) for one in (*found.lines, *found.aside))
    assert told == sorted((one.origin.key, one.amount, one.on) for one in lines)
    again = counted_once(found.lines)
    assert len(again.lines) == len(found.lines) or any(o.same_amount for o in overlaps())


@pytest.mark.django_db
def test_rosters_of_one_school_year_are_not_added(household, tmp_path, monkeypatch):
    member = household.members.order_by("pk").first().pk
    rosters = [
        batch(tmp_path, "edu_enrolment", end, {
            "person_id": pa.array([member], pa.int32()), "subsidy": pa.array([fen], pa.int64()),
        })
        for end, fen in ((date(2025, 8, 31), 50_000), (date(2025, 10, 31), 60_000),
                         (date(2026, 3, 31), 62_500), (date(2026, 5, 31), 62_500))
    ]  # fmt: skip
    monkeypatch.setattr(receipts, "effective_batches", lambda: rosters)
    operations.refresh_receipts(system_actor("命令行"))
    told = Receipt.objects.order_by("year").values_list("year", "amount", "times")
    assert list(told) == [(2024, Decimal(500), 1), (2025, Decimal(625), 1)]


@pytest.mark.django_db
def test_the_page_and_the_sums_count_it_once(cast, household, four_people):
    member = household.members.order_by("pk").first()
    Receipt.objects.create(
        household=household, member=member, feed="edu_enrolment", title="学生资助", year=2025,
        amount=Decimal(1250), times=1, first_on=date(2026, 3, 31), last_on=date(2026, 3, 31),
    )  # fmt: skip
    operations.record_student_aid(
        cast.clerk, member, programme="compulsory", year=2025, term=2, amount=Decimal(1250),
        paid_on=date(2026, 3, 1),
    )  # fmt: skip
    Payment.objects.create(
        household=household, title="救助基金", amount=Decimal(500), paid_on=date(2026, 2, 1),
        origin="relief", recorded_at="2026-02-01T00:00:00Z", recorded_by_label="测试",
    )  # fmt: skip
    assert receives(household, 2026) == Decimal(1750)
    assert [one.source for one in received(household)] == [
        "部门数据，2025 学年；与助学台账一致，只计一次", "救助基金",
    ]  # fmt: skip
    assert len(account_of(household).aside) == 1
    url = reverse("support:household", args=[household.household_no]) + "?tab=money"
    words = four_people("town_clerk").client("owner").get(url).content.decode()
    assert "不重复计" in words
    assert "学生资助已按部门数据计" in words
