"""风险消除户: still visited, by their own rhythm; a new round takes them off the list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.cases.models import Case
from shouwang.support import operations
from shouwang.support.queries.resolved import late_visits, resolved, resolved_state, rhythm_on
from tests.cases.conftest import START

pytestmark = pytest.mark.django_db


def test_who_was_not_visited_since_the_risk_was_gone_is_seen(
    case, household, cast, calendar, four_people, maker, places
):
    Case.objects.filter(pk=case.pk).update(is_open=False, resolved_on=START, state="resolved")
    assert [row.pk for row in resolved(cast.clerk)] == [case.pk]
    assert not late_visits(resolved(cast.clerk), START).exists()
    rhythm = rhythm_on(START)
    assert rhythm is not None
    today = calendar.forward(31 * rhythm.months + 1)
    row = resolved(cast.clerk).get()
    assert resolved_state(row, rhythm, today) == "late"
    assert late_visits(resolved(cast.clerk), today).exists()
    four = four_people("town_clerk")
    url = reverse("support:resolved")
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert four.client("owner").get(f"{url}?visit=late").context["list"].count == 1
    assert four.client("neighbour").get(url).context["list"].count == 0
    operations.record_visit(
        cast.village, household, visited_on=today - timedelta(days=1), visitors="村干部",
        persons_met="户主", situation="平稳",
    )  # fmt: skip
    assert not late_visits(resolved(cast.clerk), today).exists()
    assert resolved_state(resolved(cast.clerk).get(), rhythm, today) == "fine"
    Case.objects.filter(pk=case.pk).update(is_open=True)
    assert not resolved(cast.clerk).exists()
