"""会议记录: recorded by who may, counted once, voided with a reason."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shouwang.accounts.models import Department
from shouwang.audit.models import AuditEntry
from shouwang.core.actor import system_actor
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.meetings import queries
from shouwang.meetings.cadence import rules
from shouwang.meetings.models import Meeting
from shouwang.meetings.operations import record_meeting, void_meeting

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("测试")


@pytest.fixture
def held(places):
    def make(division=None, body="village", kind="judgement", on=None, **values):
        return record_meeting(
            SYSTEM, body=body, division=division or places.village, kind=kind, title="研判",
            held_on=on or today(), **values,
        )  # fmt: skip

    return make


def rule(key):
    return next(one for one in rules() if one.key == key)


def cell(place, key="village_judgement"):
    lines = queries.lines_of(SYSTEM, rule(key), today())
    return next(line for line in lines if line.body.division == place).cells[-1]


def test_a_meeting_counts_in_its_period_and_a_voided_one_does_not(held, places):
    made = held()
    assert cell(places.village).tone == "done"
    assert cell(places.other_village).tone == "near"
    void_meeting(SYSTEM, made, reason="登记错村", version=1)
    assert cell(places.village).held == 0
    with pytest.raises(Conflict):
        void_meeting(SYSTEM, made, reason="再来", version=1)
    assert AuditEntry.objects.filter(action__startswith="meetings.").count() == 2


def test_twice_a_month_needs_two(held, places):
    held(kind="study")
    assert cell(places.village, "c46122_village").words.startswith("1/2 次")
    held(kind="study")
    assert cell(places.village, "c46122_village").tone == "done"


def test_summaries_agree_with_the_lines_they_lead_to(held, places):
    held()
    for summary in queries.summaries(SYSTEM, today()):
        lines = queries.lines_of(SYSTEM, summary.rule, today())
        assert summary.bodies == len(lines)
        assert summary.done_now == sum(line.cells[-1].tone == "done" for line in lines)
        assert summary.done_before == sum(
            line.cells[-2].held >= summary.rule.times for line in lines
        )


@pytest.mark.parametrize(
    "change",
    [
        {"on": today() + timedelta(days=1)},
        {"on": date(1999, 1, 1)},
        {"body": "county"},
        {"kind": "party"},
        {"body": "nation"},
    ],
)
def test_impossible_records_are_refused(held, change):
    with pytest.raises(DomainError):
        held(**change)
    assert not Meeting.objects.exists()


def test_a_department_officer_records_only_the_own_department(four_people, places):
    client = four_people("department_officer").client("owner")
    page = client.get(reverse("meetings:new"))
    groups = page.context["form"].fields["who"].choices
    assert [label for label, _ in groups] == ["县直部门"]
    assert len(groups[0][1]) == 1
    other = Department.objects.exclude(name=groups[0][1][0][1]).first()
    forged = f"department:{places.county.pk}:{other.pk}"
    values = {"who": forged, "kind": "study", "title": "x", "held_on": today().isoformat()}
    assert client.post(reverse("meetings:new"), values).status_code == 200
    assert not Meeting.objects.exists()
    values["who"] = groups[0][1][0][0]
    assert client.post(reverse("meetings:new"), values).status_code == 302
    assert Meeting.objects.get().department.name == groups[0][1][0][1]


def test_pages_are_kept_to_the_own_place(held, four_people, places):
    made = held()
    four = four_people("town_clerk")
    url = reverse("meetings:meeting", args=[made.pk])
    statuses = four.statuses(url)
    assert statuses["owner"] == 200
    assert statuses["neighbour"] == 404
    assert statuses["nobody"] == 302
    for name in ("rhythm", "list"):
        assert four.client("owner").get(reverse(f"meetings:{name}")).status_code == 200
    page = four.client("neighbour").get(reverse("meetings:list"))
    assert page.context["list"].count == 0


def test_the_form_keeps_what_was_typed(four_people):
    client = four_people("village_worker").client("owner")
    page = client.post(reverse("meetings:new"), {"title": "研判会", "held_on": "2999-13-01"})
    assert "研判会" in page.content.decode()
    assert page.context["form"].errors


@pytest.mark.parametrize("query", ["?place=x&held_after=no", "?page=-1", "?kind=%00&body=1"])
def test_nonsense_in_the_address_never_fails(four_people, query):
    client = four_people("county_officer").client("owner")
    assert client.get(reverse("meetings:list") + query).status_code == 200
    assert client.get(reverse("meetings:rule", args=["nothing"])).status_code == 404
    for each in rules():
        assert client.get(reverse("meetings:rule", args=[each.key])).status_code == 200


def test_study_is_a_log_of_its_own_and_fulfils_no_duty_to_meet(held, places, four_people):
    held(body="county", division=places.county, kind="learning", minutes="学习文件。")
    assert cell(places.county, "leading_group").held == 0
    page = (
        four_people("county_officer")
        .client("owner")
        .get(reverse("meetings:list"), {"kind": "learning"})
    )
    assert "理论学习" in page.content.decode()
