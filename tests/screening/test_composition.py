"""What a clue rests on that is not one household's rows: other hits, a village's households."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.engine.rules.composition import Composition, Share
from shouwang.screening import composition, evidence
from shouwang.screening.models import Clue, ClueEvidence
from shouwang.screening.operations import run
from tests.four_people import FourPeople

from .conftest import JUNE, LittleCounty

DANGEROUS, WATER, ILL = (
    "housing.dangerous_only_house", "water.quantity_low", "medical.outpatient_month",
)  # fmt: skip
MULTI, CLUSTER = "cross.multi_risk", "water.village_cluster"
Four = Callable[..., FourPeople]


@pytest.fixture
def screened(county: LittleCounty, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> LittleCounty:
    """H1 meets three kinds of risk and a note; a water cluster in its village."""
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "D"),
        county.household_hit(WATER, "H1", "20"),
        county.household_hit("income.below_line", "H1", "7422.50", "8800.00"),
        county.person_hit(ILL, "P11", "620.00", "500.00"),
        county.household_hit(DANGEROUS, "H2", "D"),
        county.household_hit(MULTI, "H1", "3", "3"),
        county.village_hit(CLUSTER, "0.5000", "0.1000"),
    )
    run(officer, [JUNE])
    monkeypatch.setattr(evidence, "evidence_rows", lambda *given, **rest: [])
    homes = [Share(county.households[number].pk, (1, 1)) for number in ("H1", "H4")]
    made = Composition(("饮水有问题的户", "已核查的户"), tuple(homes))
    monkeypatch.setattr(composition, "composition", lambda *given, **rest: made)
    return county


def hit_of(rule: str) -> ClueEvidence:
    return ClueEvidence.objects.select_related("run", "village").get(rule_id=rule)


def evidence_url(rule: str) -> str:
    hit = hit_of(rule)
    return reverse("screening:evidence", args=[hit.clue_id, hit.pk])


def test_a_clue_of_several_risks_names_the_hits_it_counts(screened: LittleCounty) -> None:
    counted = composition.counted_hits(hit_of(MULTI))
    assert {hit.rule_id for hit in counted} == {DANGEROUS, WATER, "income.below_line"}
    assert {hit.household_id for hit in counted} == {screened.households["H1"].pk}


def test_each_counted_hit_is_told_in_words_and_leads_to_its_clue(
    screened: LittleCounty, four_people: Four
) -> None:
    page = four_people("town_clerk").client("owner").get(evidence_url(MULTI)).content.decode()
    assert "由 3 条命中叠加而成" in page
    own = Clue.objects.get(household__household_no="H1", risk="housing")
    assert reverse("screening:clue", args=[own.pk]) in page


def test_a_village_clue_lists_its_households_in_scope_with_their_numbers(
    screened: LittleCounty, four_people: Four
) -> None:
    page = four_people("town_clerk").client("owner").get(evidence_url(CLUSTER)).content.decode()
    assert "由 2 户构成" in page
    assert "饮水有问题的户" in page
    assert reverse("registry:household", args=["H1"]) in page
    assert "H4" not in page, "a household of the neighbouring town"


def test_who_may_not_open_the_registry_gets_no_link(
    screened: LittleCounty, four_people: Four
) -> None:
    four = four_people("town_clerk")
    statuses = four.statuses(evidence_url(CLUSTER))
    assert statuses == {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
