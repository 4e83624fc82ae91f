"""What the list of clues can be narrowed to."""

import pytest
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.screening.models import Clue
from shouwang.screening.operations import run, triage

from .conftest import JUNE, MAY, LittleCounty

DANGEROUS, OUTPATIENT = "housing.dangerous_only_house", "medical.outpatient_month"


@pytest.fixture
def screened(county: LittleCounty, officer: Actor) -> LittleCounty:
    county.finds(
        MAY,
        county.household_hit(DANGEROUS, "H1", "C"),
        county.household_hit(DANGEROUS, "H2", "C"),
    )
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "D"),
        county.household_hit("asset.vehicle", "H2", "1"),
        county.person_hit(OUTPATIENT, "P31", "620.00", "500.00"),
        county.household_hit(DANGEROUS, "H4", "D"),
    )
    run(officer, [MAY, JUNE])
    first = Clue.objects.get(household__household_no="H1")
    triage(officer, first, state="known", note="已知", version=1)
    return county


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "H1 H2 H3 H4"),
        ("state=all", "H1 H2 H2 H3 H4"),
        ("state=current", "H1 H2 H3 H4"),
        ("state=current&month=2026-05-31", "H1"),
        ("state=new", "H2 H3 H4"),
        ("state=continuing", "H1"),
        ("state=gone", "H2"),
        ("state=withdrawn", ""),
        ("month=2026-05-31", "H1 H2"),
        ("risk=housing", "H1 H4"),
        ("severity=3", "H1 H4"),
        ("kind=explain", "H2"),
        ("priority=1", "H4 H1"),
        (f"rule={OUTPATIENT}", "H3"),
        (f"rule={DANGEROUS}&month=2026-05-31", "H1 H2"),
        (f"rule={OUTPATIENT}&month=2026-05-31", ""),
        ("monitored=yes", "H2"),
        ("assistance=dibao", "H3"),
        ("assistance=none&monitored=no", "H1 H4"),
        ("triage=known", "H1"),
        ("triage=none", "H2 H3 H4"),
        ("town=999901102000", "H4"),
        ("village=999901101202", "H3"),
        ("q=H3", "H3"),
        ("q=户主丁", "H4"),
        ("town=999901101000&village=999901101202", "H3"),
        ("severity=nonsense", "H1 H2 H3 H4"),
    ],
)
def test_the_list_narrows(screened: LittleCounty, four_people, query: str, found: str) -> None:
    client = four_people("county_officer").client("owner")
    page = client.get(f"{reverse('screening:clues')}?{query}")
    assert page.status_code == 200
    rows = page.context["list"].table.data.data
    assert sorted(clue.household.household_no for clue in rows) == sorted(found.split())
