"""困难群体参保: the register says it first, then the export; what nobody says is not known."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.assistance.models import TierTag
from shouwang.registry.models import Member
from shouwang.support import operations
from shouwang.support.queries.pensions import concerned, coverage_of, whole_coverage

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(household) -> list[Member]:
    """Two adults on the list of civil affairs; the export says that the first is not insured."""
    found = list(household.members.order_by("pk"))
    for one in found:
        TierTag.objects.create(
            household=household, member=one, tier="dibao", valid_from=date(2025, 1, 1),
            feed="civil_assist", batch_key="b", row=2,
        )  # fmt: skip
    Member.objects.filter(pk=found[0].pk).update(resident_pension="否")
    Member.objects.filter(pk=found[1].pk).update(resident_pension=None)
    return found


def states(cast, year=2026, group=""):
    return dict(concerned(cast.officer, year, group).values_list("pk", "pension"))


def test_the_register_of_the_year_goes_before_the_export(cast, people):
    first, second = (one.pk for one in people)
    assert states(cast) == {first: "uncovered", second: "unknown"}
    operations.record_entry(
        cast.clerk, "pensions", people[0], year=2026, insured=True, grade=Decimal(200),
        aid=Decimal(200), aid_by="县财政局",
    )  # fmt: skip
    operations.record_entry(cast.clerk, "pensions", people[1], year=2026, insured=False)
    assert states(cast) == {first: "covered", second: "uncovered"}
    assert states(cast, 2025) == {first: "uncovered", second: "unknown"}
    whole = whole_coverage(concerned(cast.officer, 2026))
    assert (whole.people, whole.covered, whole.uncovered, whole.aided) == (2, 1, 1, 1)
    assert whole.rate == 50
    (town,) = coverage_of(concerned(cast.officer, 2026), "town")
    assert (town.label, town.people) == ("青禾镇", 2)


def test_children_pupils_and_who_left_are_not_asked_for(cast, people, household, monitored):
    first, second = (one.pk for one in people)
    Member.objects.filter(pk=first).update(birth=date(2015, 1, 1))
    assert set(states(cast)) == {second}
    Member.objects.filter(pk=second).update(school_status="普通高中三年级")
    assert states(cast) == {}
    Member.objects.filter(pk=second).update(school_status="", birth=None)
    assert set(states(cast)) == {second}
    TierTag.objects.update(valid_to=date(2025, 12, 31))
    assert states(cast) == {}
    monitored(household)
    assert set(states(cast, group="monitored")) == {second}
    assert states(cast, group="dibao") == {}


def test_pages_are_tried_by_four(cast, people, four_people):
    four = four_people("town_clerk")
    everybody = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
    coverage, listed = reverse("support:pension-coverage"), reverse("support:pension-people")
    assert four.statuses(coverage) == everybody
    assert four.statuses(listed) == everybody
    client = four.client("owner")
    assert [row.record.pk for row in client.get(
        listed, {"pension": "uncovered", "group": "dibao"}
    ).context["list"].table.page.object_list] == [people[0].pk]  # fmt: skip
    assert four.client("neighbour").get(coverage).context["whole"].people == 0
    for asked in (
        {"year": "x"}, {"year": "٢٠٢٦"}, {"year": "99999"}, {"group": "\x00"}, {"town": "'"},
        {"export": "csv"}, {"print": "1"}, {"sort": "-pension"},
    ):  # fmt: skip
        assert client.get(listed, asked).status_code == 200, asked
        assert client.get(coverage, asked).status_code == 200, asked
