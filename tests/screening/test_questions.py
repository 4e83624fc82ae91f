"""The pages of clues ask the database the same few questions, however many clues there are."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.bulk import copy_rows
from shouwang.registry.models import Household
from shouwang.screening.models import Clue, Hit, Run
from shouwang.screening.operations import run
from shouwang.screening.operations.merging import (
    CLUE_COLUMNS,
    HIT_COLUMNS,
    _summarise,
    _tally,
    refresh_statistics,
)

from .conftest import JUNE, MAY, LittleCounty

DANGEROUS, OUTPATIENT = "housing.dangerous_only_house", "medical.outpatient_month"
FRAME = 16
"""What the frame of every page asks for the numbers of the navigation, every half minute."""
MOST_QUERIES = {"clues": 16 + FRAME, "clue": 24 + FRAME, "run": 20 + FRAME}
HOUSEHOLDS = 25_000


def count_queries(client, url: str) -> int:
    from django.db import connection

    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_a_page_asks_the_same_questions_however_long_the_list(
    county: LittleCounty, officer: Actor, four_people
) -> None:
    client = four_people("county_officer").client("owner")
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    run(officer, [JUNE])
    few = count_queries(client, reverse("screening:clues"))
    county.finds(
        JUNE,
        *[county.household_hit(DANGEROUS, number, "D") for number in county.households],
        *[county.person_hit(OUTPATIENT, number, "600.00", "500.00") for number in county.members],
    )
    run(officer, [JUNE])
    assert count_queries(client, reverse("screening:clues")) == few
    assert few <= MOST_QUERIES["clues"]


@pytest.mark.parametrize("name", ["clue", "run"])
def test_a_page_asks_few_questions(
    county: LittleCounty, officer: Actor, four_people, name: str
) -> None:
    hits = [county.person_hit(OUTPATIENT, number, "600.00", "500.00") for number in county.members]
    county.finds(MAY, *hits)
    county.finds(JUNE, *hits)
    (_, last) = run(officer, [MAY, JUNE])
    key = last.uuid if name == "run" else Clue.objects.order_by("pk").first().pk
    client = four_people("county_officer").client("owner")
    assert count_queries(client, reverse(f"screening:{name}", args=[key])) <= MOST_QUERIES[name]


@pytest.fixture
def many_clues(county: LittleCounty, officer: Actor) -> None:
    """25,000 more households, each with a housing and an illness clue as of one date."""
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    model = county.households["H3"]
    columns = ("household_no", "village", "village_code", "head_name", "head_key", "source_file",
               "source_row")  # fmt: skip
    copy_rows(
        Household,
        columns,
        (
            (f"X{n}", model.village_id, model.village_code, f"户主{n}", "", model.source_file_id, n)
            for n in range(HOUSEHOLDS)
        ),
    )
    keys = list(Household.objects.filter(household_no__startswith="X").values_list("pk", flat=True))
    rest = ("clue", 3, 3, "", 0, None, None, 0, "", "", "", "", "", None, 1)
    copy_rows(
        Clue,
        CLUE_COLUMNS,
        ((risk, model.village_id, key, *rest) for key in keys for risk in ("housing", "illness")),
    )
    rules = {"housing": DANGEROUS, "illness": OUTPATIENT}
    clues = Clue.objects.filter(
        household__in=Household.objects.filter(household_no__startswith="X")
    )
    copy_rows(
        Hit,
        HIT_COLUMNS,
        [
            (made.pk, pk, rules[risk], risk, "clue", 3, "household", model.village_id, key, None,
             "620.00", "500.00", "", "")
            for pk, risk, key in clues.values_list("pk", "risk", "household_id")
        ],
    )  # fmt: skip
    _summarise([made.pk])
    Run.objects.get(pk=made.pk).tallies.all().delete()
    _tally([made.pk])
    refresh_statistics()


LISTS = (
    "", "?sort=-first_seen", "?risk=illness&severity=3", f"?rule={OUTPATIENT}", "?page=100",
    "?month=2026-06-30", "?q=户主12", "?town=999901101000",
)  # fmt: skip


@pytest.mark.slow
def test_the_list_asks_few_questions_with_fifty_thousand_clues(
    many_clues: None, four_people
) -> None:
    clerk, officer = four_people("town_clerk"), four_people("county_officer")
    found = {
        (people.owner.username, query): count_queries(
            people.client("owner"), reverse("screening:clues") + query
        )
        for people in (clerk, officer)
        for query in LISTS
    }
    assert {key: n for key, n in found.items() if n > MOST_QUERIES["clues"]} == {}
