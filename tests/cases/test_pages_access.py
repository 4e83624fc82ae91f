"""Every page of casework is tried by four people: the owner, the same duty next town, another
department, nobody."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.cases import operations
from shouwang.cases.models import Case, HouseholdCheck, NoticeEntry, RegisteredClue
from shouwang.registry.models import Household
from tests.four_people import FourPeople

from .conftest import Way

Four = Callable[..., FourPeople]
SEEN = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
"""A page of one record, for who may see casework."""


@pytest.fixture
def case(way: Way, household: Household) -> Case:
    """A case of the owner's village that hangs on a notice with an objection."""
    made = way.opened(household)
    way.checked(made)
    made = way.noticed(made)
    operations.file_objection(
        way.cast.village, made, filed_on=way.calendar.day, text="家里有生意", objector="邻居某"
    )
    made.refresh_from_db()
    return made


@pytest.fixture
def clue(way: Way, household: Household) -> RegisteredClue:
    made = way.clue(
        household, contact="19912345678", reporter={"name": "反映人某", "phone": "19987654321"}
    )
    assert isinstance(made, RegisteredClue)
    return made


LISTS = ["inbox", "today", "clues", "list", "long", "notices", "board", "funnel", "load"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_for_who_may_see_casework(case: Case, four_people: Four, name: str) -> None:
    statuses = four_people("town_clerk").statuses(reverse(f"cases:{name}"))
    expected = 302 if name == "inbox" else 403  # a department goes to what it is asked
    assert statuses == {"owner": 200, "neighbour": 200, "department": expected, "nobody": 302}


@pytest.mark.parametrize("name", LISTS)
def test_the_neighbour_sees_nothing_of_it_in_the_lists(
    case: Case, four_people: Four, name: str
) -> None:
    four = four_people("town_clerk")
    page = four.client("neighbour").get(reverse(f"cases:{name}")).content.decode()
    assert case.number not in page
    assert str(case.household) not in page


@pytest.mark.parametrize("name", ["cases:case", "cases:class"])
def test_the_pages_of_a_case(case: Case, four_people: Four, name: str) -> None:
    assert four_people("town_clerk").statuses(reverse(name, args=[case.number])) == SEEN


@pytest.mark.parametrize("role", ["village_worker", "town_leader", "county_officer",
                                  "county_leader", "supervisor", "prefecture_officer"])  # fmt: skip
def test_who_sees_the_place_sees_the_case(case: Case, four_people: Four, role: str) -> None:
    four = four_people(role)
    assert four.statuses(reverse("cases:case", args=[case.number])) == SEEN


def test_the_administrator_sees_no_case(case: Case, four_people: Four) -> None:
    client = four_people("system_administrator").client("owner")
    assert client.get(reverse("cases:case", args=[case.number])).status_code == 403
    assert client.get(reverse("cases:list")).status_code == 403


WORK = {
    "application": "town_clerk",
    "appraisal": "town_clerk",
    "objection": "town_clerk",
    "asset": "town_clerk",
    "green": "town_clerk",
    "follow-up": "town_clerk",
    "judgement": "town_leader",
    "compare": "county_officer",
}
STRANGERS = {"application": "county_leader", "judgement": "village_worker",
             "compare": "town_clerk"}  # fmt: skip


@pytest.mark.parametrize("name", WORK)
def test_forms_of_a_case_open_for_their_duty_only(case: Case, four_people: Four, name: str) -> None:
    url = reverse(f"cases:{name}", args=[case.number])
    assert four_people(WORK[name]).statuses(url) == SEEN
    stranger = four_people(STRANGERS.get(name, "supervisor")).client("owner")
    assert stranger.get(url).status_code == 403
    assert stranger.post(url, {}).status_code == 403


@pytest.mark.parametrize("action", ["end_notice", "withdraw"])
def test_a_step_opens_for_its_right_only(case: Case, four_people: Four, action: str) -> None:
    url = reverse("cases:step", args=[case.number, action])
    assert four_people("town_clerk").statuses(url) == SEEN
    assert four_people("supervisor").client("owner").get(url).status_code == 403


def test_a_step_that_is_none_is_not_found(case: Case, four_people: Four) -> None:
    url = reverse("cases:step", args=[case.number, "no-such-step"])
    assert four_people("town_clerk").client("owner").get(url).status_code == 404


def test_an_objection_is_handled_by_the_town(case: Case, four_people: Four) -> None:
    objection = case.objections.get()
    url = reverse("cases:objection-handle", args=[case.number, objection.pk])
    assert four_people("town_clerk").statuses(url) == SEEN
    assert four_people("village_worker").client("owner").get(url).status_code == 403
    other = reverse("cases:objection-handle", args=[case.number, objection.pk + 999])
    assert four_people("town_leader").client("owner").get(other).status_code == 404


def test_who_objected_is_shown_to_the_town_for_a_reason(case: Case, four_people: Four) -> None:
    url = reverse("cases:objection-reveal", args=[case.number, case.objections.get().pk])
    four = four_people("town_clerk")
    assert four.statuses(url, "post", data={"reason": "处理异议时联系"}) == SEEN
    shown = four.client("owner").post(url, {"reason": "处理异议时联系"})
    assert shown.content.decode() == "邻居某"
    assert four.client("owner").post(url, {"reason": ""}).status_code == 400
    assert four_people("village_worker").client("owner").post(url).status_code == 403
    page = four.client("owner").get(reverse("cases:case", args=[case.number]), {"tab": "village"})
    assert "邻居某" not in page.content.decode()


def test_notices_open_within_the_scope(case: Case, four_people: Four) -> None:
    entry = NoticeEntry.objects.get(case=case)
    four = four_people("town_clerk")
    assert four.statuses(reverse("cases:notice", args=[entry.notice.pk])) == SEEN
    url = reverse("cases:notice-withdraw", args=[entry.notice.pk, entry.pk])
    answers = four.statuses(url, "post", data={"reason": "名单有误"})
    assert answers == {"owner": 302, "neighbour": 404, "department": 403, "nobody": 302}
    entry.refresh_from_db()
    assert entry.is_withdrawn


def test_a_check_belongs_to_its_case_and_its_village(
    way: Way, household: Household, four_people: Four
) -> None:
    case = way.opened(household)
    way.consent(case)
    way.step(way.cast.village, case, "accept_application")
    check = operations.start_check(way.cast.village, case=case, kind="identification")
    four = four_people("town_clerk")
    for name in ("check", "check-summary"):
        assert four.statuses(reverse(f"cases:{name}", args=[case.number, check.pk])) == SEEN
    for name in ("check-draft", "check-result", "check-submit"):
        url = reverse(f"cases:{name}", args=[case.number, check.pk])
        answers = four.statuses(url, "post")
        assert {who: answers[who] for who in ("neighbour", "department", "nobody")} == {
            "neighbour": 404, "department": 403, "nobody": 302,
        }  # fmt: skip
    reader = four_people("county_officer").client("owner")
    assert reader.get(reverse("cases:check", args=[case.number, check.pk])).status_code == 403
    assert HouseholdCheck.objects.get(pk=check.pk).state == "draft"


def test_a_clue_is_seen_in_its_place_and_its_contact_for_a_reason(
    clue: RegisteredClue, four_people: Four
) -> None:
    four = four_people("town_clerk")
    assert four.statuses(reverse("cases:clue", args=[clue.uuid])) == SEEN
    page = four.client("owner").get(reverse("cases:clue", args=[clue.uuid])).content.decode()
    assert "19912345678" not in page
    assert "反映人某" not in page
    url = reverse("cases:clue-reveal", args=[clue.uuid, "contact"])
    assert four.statuses(url, "post", data={"reason": "联系农户核实"}) == SEEN
    assert four.client("owner").post(url, {"reason": "短"}).status_code == 400
    assert four_people("county_leader").client("owner").post(url).status_code == 403
    assert AuditEntry.objects.filter(action="cases.clue.revealed").count() == 1
    entry = AuditEntry.objects.get(action="cases.clue.revealed")
    assert "1991234" not in entry.summary


CLUE_WRITES = ["clue-close", "clue-reopen", "clue-household", "clue-open-case"]


@pytest.mark.parametrize("name", CLUE_WRITES)
def test_writes_on_a_clue_are_for_who_registers_there(
    clue: RegisteredClue, four_people: Four, name: str
) -> None:
    url = reverse(f"cases:{name}", args=[clue.uuid])
    answers = four_people("town_clerk").statuses(url, "post")
    assert {who: answers[who] for who in ("neighbour", "department", "nobody")} == {
        "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert four_people("supervisor").client("owner").post(url).status_code == 403
    assert four_people("town_leader").client("owner").get(url).status_code == 405


@pytest.mark.parametrize(
    ("name", "role"),
    [("pull", "county_officer"), ("rescue", "county_officer"), ("checklists", "county_officer"),
     ("clue-new", "village_worker"), ("notice-new", "village_worker")],
)  # fmt: skip
def test_pages_of_a_duty_are_closed_to_others(
    way: Way, four_people: Four, name: str, role: str
) -> None:
    url = reverse(f"cases:{name}")
    assert four_people(role).statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert four_people("supervisor").client("owner").get(url).status_code == 403


def test_the_fragment_of_a_household_is_scoped(case: Case, four_people: Four) -> None:
    url = reverse("cases:household-cases", args=[case.household.household_no])
    four = four_people("town_clerk")
    assert four.statuses(url) == SEEN
    assert case.number in four.client("owner").get(url).content.decode()


@pytest.mark.parametrize("name", ["clues", "list", "notices", "requests"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_exports_are_for_who_may_export(
    case: Case, four_people: Four, name: str, kind: str
) -> None:
    url = f"{reverse(f'cases:{name}')}?export={kind}"
    assert four_people("village_worker").client("owner").get(url).status_code == 403
    four = four_people("town_clerk")
    assert four.client("owner").get(url).status_code == 200
    four.client("neighbour").get(url)
    assert AuditEntry.objects.filter(action="list.exported").count() == 2


def test_bulk_approval_takes_only_what_is_in_the_scope(
    way: Way, household: Household, four_people: Four
) -> None:
    case = way.to_approval(way.opened(household))
    url = reverse("cases:approve")
    four = four_people("county_officer")
    key = f"{case.pk}:{case.version}"
    four.client("neighbour").post(url, {"go": "approve", "chosen": [key]})
    case.refresh_from_db()
    assert case.state == "approval"
    assert four_people("town_leader").client("owner").post(url).status_code == 403
    four.client("owner").post(url, {"go": "approve", "chosen": [key]})
    case.refresh_from_db()
    assert case.state == "announcement"
