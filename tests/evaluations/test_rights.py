"""403 和 404: what the own county has is refused to its towns, what another has does not exist."""

from datetime import date

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.indicators.operations import make_definition
from shouwang.inspections.operations import (
    ProblemDraft,
    advance_inspection,
    plan_inspection,
    register_batch,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actions(officer, places, running):
    """Of each room what only the county does with a record that its towns see."""
    definition = make_definition(
        officer, division=places.county, code="污水", name="污水处理率", unit="%",
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    batch = register_batch(
        officer, name="反馈", source="city", received_on=today(), division=places.county,
        problems=[ProblemDraft("供水不足", lead=["青禾镇"], places=[places.village])],
    )  # fmt: skip
    from shouwang.cases.checklists import checklists

    plan = plan_inspection(
        officer, title="季度督查", division=places.county, starts_on=today(), ends_on=today(),
        team="督查组", checklist=checklists()["six_looks_six_checks"], places=[places.village],
    )  # fmt: skip
    advance_inspection(officer, plan, "settle", version=plan.version)
    unit = plan.units.get()
    get, post = "get", "post"
    return [
        (get, "indicators:edit", [definition.pk]), (post, "indicators:targets", [definition.pk]),
        (get, "indicators:upper", [definition.pk]), (get, "indicators:base", [definition.pk]),
        (get, "indicators:adjust", [definition.pk]),
        (get, "inspections:unit", [plan.pk, unit.pk]),
        (get, "inspections:problem-new", [batch.pk]),
        (get, "evaluations:reviewer", [running.pk]), (post, "evaluations:count", [running.pk]),
        (post, "evaluations:file-problems", [running.pk]), (get, "evaluations:table", [running.pk]),
        (get, "evaluations:round-new", [running.scheme_id]),
        (get, "evaluations:scheme-import", [running.scheme_id]),
        (post, "evaluations:scheme-copy", [running.scheme_id]),
    ]  # fmt: skip


def test_a_town_is_refused_and_another_county_finds_nothing(actions, person):
    town, other = person.client("town_clerk"), person.client("county_officer", "neighbour")
    nobody = person.client("town_clerk", "nobody")
    for method, name, keys in actions:
        url = reverse(name, args=keys)
        assert getattr(town, method)(url).status_code == 403, name
        assert getattr(other, method)(url).status_code == 404, name
        assert getattr(nobody, method)(url).status_code == 302, name
