"""审看进展: several reports looked at and taken together, by the level right above."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.workplans import waiting
from shouwang.workplans.models import Progress, Task
from shouwang.workplans.operations import check_report, make_task, split_task
from shouwang.workplans.operations.splitting import Part
from shouwang.workplans.states import ReportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(officer, places):
    """A town's report and, of the same task, the report of a village in this town."""
    whole = make_task(
        officer, number="1", title="改厕", division=places.county, lead=["县农业农村局"],
        quantity=Decimal(100), unit="座",
    )  # fmt: skip
    split_task(officer, whole, [Part(places.town.name, Decimal(100))], version=whole.version)
    town = whole.parts.get()
    split_task(officer, town, [Part(places.village.name, Decimal(100))], version=town.version)
    village = town.parts.get()
    made = {}
    Task.objects.update(state="going")
    for key, task in (("village", village), ("town", town)):
        made[key] = Progress.objects.create(
            task=task, as_of=today(), value=30, share=Decimal("0.3"), text="已开工",
            reported_at=f"{today()}T00:00:00+00:00", reported_by_label="报送人",
        )  # fmt: skip
    return made


def test_the_town_checks_its_villages_and_the_county_its_towns(reports, person):
    county, town = person("county_officer"), person("town_clerk")
    assert list(waiting.reports_to_check(county)) == [reports["town"]]
    assert set(waiting.reports_to_check(county, with_lower=True)) == set(reports.values())
    assert list(waiting.reports_to_check(town)) == [reports["village"]]
    page = person.client("county_officer").get(reverse("workplans:reports"))
    assert [row[0] for row in page.context["rows"]] == [reports["town"]]
    page = person.client("county_officer").get(reverse("workplans:reports"), {"lower": "1"})
    assert len(page.context["rows"]) == 2


def test_ticked_reports_are_taken_and_what_is_not_ones_own_stays(reports, person):
    client = person.client("town_clerk")
    url = reverse("workplans:reports-accept")
    answer = client.post(url, {"report": [one.pk for one in reports.values()]}, follow=True)
    words = answer.content.decode()
    assert "已采信 1 份进展" in words and "有 1 份已经由别人审看" in words
    states = {key: Progress.objects.get(pk=one.pk).state for key, one in reports.items()}
    assert states == {"village": ReportState.ACCEPTED, "town": ReportState.SUBMITTED}


def test_a_report_that_somebody_else_just_returned_is_named_and_the_rest_is_taken(
    reports, person, officer
):
    from shouwang.workplans.operations import accept_reports

    both = list(reports.values())
    check_report(officer, Progress.objects.get(pk=both[0].pk), accept=False, note="缺照片")
    taken, refused = accept_reports(person("county_officer"), both)
    assert taken == 1
    assert len(refused) == 1 and "已由" in refused[0] and "退回" in refused[0]


def test_the_page_is_for_who_checks_and_takes_no_hostile_input(reports, person):
    page, url = reverse("workplans:reports"), reverse("workplans:reports-accept")
    assert person.client("town_clerk", "nobody").get(page).status_code == 302
    assert person.client("town_clerk", "nobody").post(url, {"report": "1"}).status_code == 302
    far = person.client("town_clerk", "neighbour")
    assert far.get(page).context["rows"] == []
    far.post(url, {"report": [one.pk for one in reports.values()]})
    assert set(Progress.objects.values_list("state", flat=True)) == {ReportState.SUBMITTED}
    for bad in ({}, {"report": "x"}, {"report": "9" * 30}, {"report": "٣"}):
        assert person.client("town_clerk").post(url, bad).status_code == 400
    assert person.client("town_clerk").get(url).status_code == 405


def test_fifty_reports_ask_no_more_than_five(reports, person, django_assert_max_num_queries):
    task = reports["town"].task
    for _ in range(30):
        Progress.objects.create(
            task=task, as_of=today(), share=Decimal("0.4"), text="进展",
            reported_at=f"{today()}T00:00:00+00:00", reported_by_label="报送人",
        )  # fmt: skip
    client = person.client("county_officer")
    client.get(reverse("workplans:reports"))
    with django_assert_max_num_queries(30):
        assert len(client.get(reverse("workplans:reports")).context["rows"]) == 31
