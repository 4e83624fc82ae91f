"""Every page, fragment and export of the screening room, tried by four people."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.models import Job
from shouwang.screening.models import Clue, Replay, Run
from shouwang.screening.operations import run
from tests.four_people import FourPeople

from .conftest import JUNE, MAY, LittleCounty

DANGEROUS, OUTPATIENT = "housing.dangerous_only_house", "medical.outpatient_month"
Four = Callable[..., FourPeople]


@pytest.fixture
def screened(county: LittleCounty, officer: Actor) -> LittleCounty:
    """H1 and H3 lie in the clerk's town, H4 in the neighbour's."""
    county.not_evaluated = {"asset.vehicle": "没有机动车名册"}
    county.finds(MAY, county.household_hit(DANGEROUS, "H1", "C"))
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "D"),
        county.person_hit(OUTPATIENT, "P31", "620.00", "500.00"),
        county.household_hit(DANGEROUS, "H4", "D"),
        county.village_hit("water.village_cluster", "0.3000", "0.1000"),
    )
    run(officer, [MAY, JUNE])
    return county


def clue_of(household_no: str) -> Clue:
    return Clue.objects.get(household__household_no=household_no)


def newest() -> Run:
    found = Run.objects.newest()
    assert found is not None
    return found


def urls_of_one_clue() -> list[str]:
    clue = clue_of("H1")
    return [
        reverse("screening:clue", args=[clue.pk]),
        reverse("screening:household-clues", args=["H1"]),
    ]


PAGES = ["clues", "runs"]
RUN_PAGES = ["run", "run-rules", "run-inputs"]
RULEBOOK_PAGES = ["rulebook", "parameters", "sources"]


@pytest.mark.parametrize("name", PAGES)
def test_lists_open_for_who_may_see_clues(screened: LittleCounty, four_people: Four, name) -> None:
    four = four_people("town_clerk")
    assert four.statuses(reverse(f"screening:{name}")) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("name", RUN_PAGES)
def test_a_run_opens_for_who_may_see_clues(
    screened: LittleCounty, four_people: Four, name: str
) -> None:
    url = reverse(f"screening:{name}", args=[newest().uuid])
    assert four_people("town_clerk").statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("change", ["new", "continuing", "gone"])
def test_the_clues_behind_a_comparison_are_those_of_the_scope(
    screened: LittleCounty, four_people: Four, change: str
) -> None:
    url = reverse("screening:changes", args=[newest().uuid, change])
    four = four_people("town_clerk")
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    found = four.client("neighbour").get(url).content.decode()
    assert ("户主丁户" in found) == (change == "new")
    assert "户主甲户" not in found


@pytest.mark.parametrize("at", [0, 1])
def test_a_clue_of_the_neighbouring_town_does_not_exist(
    screened: LittleCounty, four_people: Four, at: int
) -> None:
    assert four_people("town_clerk").statuses(urls_of_one_clue()[at]) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("fragment", ["verdicts", "evidence"])
def test_fragments_of_the_neighbouring_town_do_not_exist(
    screened: LittleCounty, four_people: Four, fragment: str
) -> None:
    clue = clue_of("H1")
    last = newest().uuid if fragment == "verdicts" else clue.main_hit.pk
    url = reverse(f"screening:{fragment}", args=[clue.pk, last])
    four = four_people("town_clerk")
    others = ("neighbour", "department", "nobody")
    found = {who: four.client(who).get(url).status_code for who in others}
    assert found == {"neighbour": 404, "department": 403, "nobody": 302}


def test_a_hit_of_another_clue_is_not_its_evidence(
    screened: LittleCounty, four_people: Four
) -> None:
    other = clue_of("H4").main_hit
    url = reverse("screening:evidence", args=[clue_of("H1").pk, other.pk])
    assert four_people("county_officer").client("owner").get(url).status_code == 404


@pytest.mark.parametrize("name", RULEBOOK_PAGES)
def test_the_rulebook_is_open_to_every_duty_that_works_with_it(
    screened: LittleCounty, four_people: Four, name: str
) -> None:
    assert four_people("village_worker").statuses(reverse(f"screening:{name}")) == {
        "owner": 200, "neighbour": 200, "department": 200, "nobody": 302,
    }  # fmt: skip


def test_the_rulebook_is_closed_to_the_system_administrator(
    screened: LittleCounty, four_people: Four
) -> None:
    client = four_people("system_administrator").client("owner")
    assert client.get(reverse("screening:rulebook")).status_code == 403
    assert client.get(reverse("screening:clues")).status_code == 403


def test_every_rule_can_be_read(screened: LittleCounty, four_people: Four) -> None:
    from shouwang.screening.queries import rulebook_in_force

    client = four_people("county_officer").client("owner")
    statuses = {
        rule: client.get(reverse("screening:rule", args=[rule])).status_code
        for rule in rulebook_in_force().rules
    }
    assert set(statuses.values()) == {200}


def test_a_department_officer_sees_rules_but_no_counts(
    screened: LittleCounty, four_people: Four
) -> None:
    client = four_people("town_clerk").client("department")
    page = client.get(reverse("screening:rule", args=[DANGEROUS])).content.decode()
    assert "怎样判断" in page
    assert "各期命中" not in page
    assert "查看命中的线索" not in page


def test_an_unknown_rule_is_not_found(screened: LittleCounty, four_people: Four) -> None:
    client = four_people("county_officer").client("owner")
    assert client.get(reverse("screening:rule", args=["no.such"])).status_code == 404


def test_a_village_worker_sees_the_own_village_only(
    screened: LittleCounty, four_people: Four
) -> None:
    page = four_people("village_worker").client("owner").get(reverse("screening:clues"))
    text = page.content.decode()
    assert "户主甲户" in text
    assert "柳湾村" in text
    assert "户主丙户" not in text
    assert "户主丁户" not in text


def test_the_run_page_counts_the_scope_only(screened: LittleCounty, four_people: Four) -> None:
    url = reverse("screening:run", args=[newest().uuid])
    county = four_people("county_officer").client("owner").get(url)
    assert county.context["clue_count"] == 4
    town = four_people("town_clerk").client("neighbour").get(url)
    assert town.context["clue_count"] == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_exports_are_for_who_may_and_are_audited(
    screened: LittleCounty, four_people: Four, kind: str
) -> None:
    url = f"{reverse('screening:clues')}?export={kind}"
    assert four_people("village_worker").client("owner").get(url).status_code == 403
    four = four_people("town_clerk")
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="list.exported").count() == 2


def test_an_export_holds_the_scope_only(screened: LittleCounty, four_people: Four) -> None:
    client = four_people("town_clerk").client("neighbour")
    response = client.get(f"{reverse('screening:clues')}?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "户主丁户" in text
    assert "户主甲户" not in text


def test_only_the_county_officer_starts_a_screening(
    screened: LittleCounty, four_people: Four
) -> None:
    assert four_people("town_clerk").statuses(reverse("screening:start")) == {
        "owner": 403, "neighbour": 403, "department": 403, "nobody": 302,
    }  # fmt: skip
    four = four_people("county_officer")
    assert four.client("owner").get(reverse("screening:start")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_starting_a_screening_runs_in_the_background(
    screened: LittleCounty, four_people: Four
) -> None:
    client = four_people("county_officer").client("owner")
    response = client.post(reverse("screening:start"), {"dates": [JUNE.isoformat()]})
    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert job.state == "done"
    assert newest().number == 2
    assert job.result_url == reverse("screening:run", args=[newest().uuid])


def test_starting_without_a_date_keeps_the_form(screened: LittleCounty, four_people: Four) -> None:
    client = four_people("county_officer").client("owner")
    response = client.post(reverse("screening:start"), {})
    assert "请选择筛查日期" in response.content.decode()
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_replaying_runs_in_the_background(screened: LittleCounty, four_people: Four) -> None:
    url = reverse("screening:replay", args=[newest().uuid])
    assert four_people("town_clerk").statuses(url, "post")["owner"] == 403
    four_people("county_officer").client("owner").post(url)
    assert Replay.objects.get().identical


def test_a_clue_says_why_in_a_sentence_with_the_law(
    screened: LittleCounty, four_people: Four
) -> None:
    clue = clue_of("H3")
    page = (
        four_people("county_officer").client("owner").get(reverse("screening:clue", args=[clue.pk]))
    )
    text = page.content.decode()
    assert "成员312026年6月门诊自付620.00元，达到500.00元。" in text
    assert "门诊月自付预警线" in text
    assert "500 元/月" in text


def test_the_fragment_of_a_household_without_clues_says_so(
    screened: LittleCounty, four_people: Four
) -> None:
    url = reverse("screening:household-clues", args=["H2"])
    text = four_people("town_clerk").client("owner").get(url).content.decode()
    assert "没有发现这一户的风险线索" in text


def test_rules_are_found_by_a_word(screened: LittleCounty, four_people: Four) -> None:
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("screening:rulebook"), {"q": "停水"})
    assert [rows[0]["rule"].id for _, rows in page.context["groups"]] == ["water.outage_days"]
