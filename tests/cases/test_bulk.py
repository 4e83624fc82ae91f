"""Many approvals at once, and what is shown before: as good as one by one, and as strict."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.cases import operations
from shouwang.cases.differences import differences
from shouwang.cases.dossier import open_dossier
from shouwang.cases.models import Approval, Case
from shouwang.core.errors import DomainError, NotAllowed
from tests.cases.conftest import Maker, Way
from tests.four_people import Places


@pytest.fixture
def waiting(way: Way, maker: Maker, places: Places) -> list[Case]:
    return [way.to_approval(way.opened(maker(places.village))) for _ in range(3)]


def shown(cases: list[Case]) -> dict[int, int]:
    return {case.pk: case.version for case in cases}


def test_many_are_approved_with_their_differences(way: Way, waiting: list[Case]) -> None:
    outcome = operations.approve_many(way.cast.approver, shown(waiting), note="同意")
    assert (len(outcome.done), outcome.refused) == (3, {})
    assert set(Case.objects.values_list("state", flat=True)) == {"announcement"}
    assert Approval.objects.filter(batch=outcome.batch).count() == 3
    labels = {each["label"] for each in Approval.objects.first().differences}
    assert labels == {"人均纯收入（元）"}


def test_one_that_was_changed_meanwhile_is_left_out_and_named(
    way: Way, waiting: list[Case]
) -> None:
    chosen = shown(waiting)
    way.step(way.cast.officer, waiting[1], "send_back", reason="材料不齐")
    outcome = operations.approve_many(way.cast.approver, chosen)
    assert len(outcome.done) == 2
    assert "县业务员" in outcome.refused[waiting[1].number]
    waiting[1].refresh_from_db()
    assert waiting[1].state == "review"


def test_one_that_lacks_something_is_left_out_with_the_reason(
    way: Way, waiting: list[Case]
) -> None:
    waiting[0].checks.update(is_void=True)
    outcome = operations.approve_many(way.cast.approver, shown(waiting))
    assert list(outcome.refused) == [waiting[0].number]
    assert "入户核查" in outcome.refused[waiting[0].number]


def test_it_takes_few_questions_a_case(way: Way, waiting: list[Case]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as questions:
        operations.approve_many(way.cast.approver, shown(waiting))
    reads = [each for each in questions if each["sql"].startswith("SELECT")]
    assert len(reads) <= 25  # the same number for 500


def test_only_the_county_approves(way: Way, waiting: list[Case]) -> None:
    with pytest.raises(NotAllowed):
        operations.approve_many(way.cast.leader, shown(waiting))
    with pytest.raises(DomainError, match="勾选"):
        operations.approve_many(way.cast.approver, {})


def test_what_differs_from_the_registry_is_shown(way: Way, waiting: list[Case]) -> None:
    case = waiting[0]
    case.checks.update(water_ok=False, size=3)
    found = {each.label: each for each in differences(open_dossier(case, way.cast.approver))}
    assert (found["饮水安全"].checked, found["饮水安全"].registered) == ("没有保障", "有保障")
    assert found["共同生活人口"].checked == "3 人"
    assert "住房安全" not in found
