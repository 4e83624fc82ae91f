"""After the resolution, and beside it: follow-ups, judgements, the household's timeline."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.cases import operations, queries
from shouwang.cases.deadlines import months_before
from shouwang.cases.household_events import case_events
from shouwang.cases.models import RegisteredClue
from shouwang.core.actor import ANONYMOUS
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household
from tests.cases.conftest import Maker, Way
from tests.four_people import Places


def test_a_resolved_household_is_visited_again(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    with pytest.raises(Conflict, match="风险消除后"):
        operations.record_follow_up(
            way.cast.village, case, visited_on=way.calendar.day, visitors="甲", conclusion="stable"
        )
    way.calendar.forward(200)
    case = way.resolved(case)
    assert not queries.follow_ups_due(way.cast.village).exists()
    way.calendar.forward(90)
    assert queries.follow_ups_due(way.cast.village).get() == case
    with pytest.raises(DomainError, match="写明"):
        operations.record_follow_up(
            way.cast.village, case, visited_on=way.calendar.day, visitors="甲", conclusion="watch"
        )
    operations.record_follow_up(
        way.cast.village, case, visited_on=way.calendar.day, visitors="甲",
        conclusion="new_risk", note="主要劳动力受伤",
    )  # fmt: skip
    assert not queries.follow_ups_due(way.cast.village).exists()
    raised = RegisteredClue.objects.get(state="received")
    assert raised.household == household and "受伤" in raised.text


def test_who_is_monitored_for_long_is_judged_one_by_one(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.set(way.calendar.day + timedelta(days=400))
    assert queries.long_monitored(way.cast.leader, 12).get() == case
    assert not queries.long_monitored(way.cast.leader, 24).exists()
    with pytest.raises(DomainError, match="原因分析"):
        operations.record_judgement(
            way.cast.leader, case, judged_on=way.calendar.day, conclusion="keep", reason=" "
        )
    made = operations.record_judgement(
        way.cast.leader, case, judged_on=way.calendar.day, conclusion="adjust", reason="缺劳动力"
    )
    assert made.months == 13


def test_each_mark_of_long_monitoring_asks_for_its_own_judgement(
    way: Way, maker: Maker, places: Places
) -> None:
    first, second = (way.monitored(way.opened(maker(places.village))) for _ in range(2))
    start = first.identified_on
    assert start is not None and start <= second.identified_on

    def waiting(months: int) -> set[int]:
        way.calendar.set(months_before(second.identified_on, -months))
        cases = queries.with_judgement(queries.long_monitored(way.cast.leader, 12), [12, 24])
        return {case.pk for case in cases if not case.is_judged}

    assert waiting(11) <= {first.pk}
    assert waiting(12) == {first.pk, second.pk}
    operations.record_judgement(
        way.cast.leader, first, judged_on=way.calendar.day, conclusion="keep", reason="康复中"
    )
    assert waiting(13) == {second.pk}
    assert waiting(24) == {first.pk, second.pk}, "two years ask again"
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(pk=way.cast.officer.account_id))
    page = client.get(reverse("cases:long")).content.decode()
    assert "待重新研判" in page and "监测满 24 个月" in page and ">24<" in page
    listed = client.get(reverse("cases:long"), {"judged": "waiting"}).context["list"]
    assert listed.count == 2
    assert (
        client.get(reverse("cases:long"), {"sort": "-months", "export": "csv"}).status_code == 200
    )


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 29), 12, date(2025, 11, 29)),
        (date(2026, 2, 28), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
    ],
)
def test_so_many_months_ago_is_the_same_day_or_the_last(
    day: date, months: int, before: date
) -> None:
    assert months_before(day, months) == before


def test_the_households_timeline_tells_the_case(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    told = case_events(way.cast.clerk, household)
    titles = [event.title for event in told]
    assert "登记线索：干部走访" in titles
    assert any("→ 常态化帮扶中" in title for title in titles)
    assert all(event.who for event in told)
    assert case_events(ANONYMOUS, household) == []
    assert case.state == "monitored"


def test_progress_shows_check_and_comparison_side_by_side(way: Way, household: Household) -> None:
    from shouwang.cases.dossier import open_dossier

    case = way.opened(household)
    way.consent(case)
    case = way.step(way.cast.village, case, "accept_application")
    way.check(case)
    drawn = {each.part.key: each for each in queries.progress(open_dossier(case, way.cast.clerk))}
    shown = [drawn[key].state for key in ("clue", "application", "check", "comparison", "notice")]
    assert shown == ["done", "done", "done", "going", "idle"]
    way.calendar.forward(9)
    case.refresh_from_db()
    drawn = {each.part.key: each for each in queries.progress(open_dossier(case, way.cast.clerk))}
    assert drawn["comparison"].state == "late"
