"""Hits become clues: one a household and risk, the same one next month, and never twice."""

from datetime import date

import pytest

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.screening.models import Clue, ClueEvidence, Hit, Run, RunTally
from shouwang.screening.operations import run
from shouwang.screening.states import ClueState, Priority

from .conftest import JULY, JUNE, MAY, LittleCounty

OUTPATIENT, CATASTROPHIC = "medical.outpatient_month", "medical.self_paid_catastrophic"
DANGEROUS, VEHICLE = "housing.dangerous_only_house", "asset.vehicle"
CLUSTER = "water.village_cluster"


def test_hits_of_one_household_and_risk_are_one_clue(county: LittleCounty, officer: Actor) -> None:
    county.finds(
        JUNE,
        county.person_hit(OUTPATIENT, "P11", "620.00", "500.00"),
        county.person_hit(CATASTROPHIC, "P12", "20000.00", "19350.00"),
        county.household_hit(DANGEROUS, "H1", "D"),
    )
    run(officer, [JUNE])
    clues = {clue.risk: clue for clue in Clue.objects.all()}
    assert set(clues) == {"illness", "housing"}
    assert clues["illness"].severity == 3
    assert clues["illness"].rule_id == CATASTROPHIC
    assert clues["illness"].rule_count == 2
    assert clues["illness"].main_hit.value == "20000.00"
    assert clues["illness"].hits.count() == 2


def test_the_same_fact_next_month_is_the_same_clue(county: LittleCounty, officer: Actor) -> None:
    hit = county.household_hit(DANGEROUS, "H1", "C")
    county.finds(MAY, hit)
    county.finds(JUNE, hit)
    run(officer, [MAY])
    first = Clue.objects.get()
    run(officer, [JUNE])
    clue = Clue.objects.get()
    assert clue.pk == first.pk
    assert (clue.first_seen, clue.last_seen, clue.dates_seen) == (MAY, JUNE, 2)
    assert ClueEvidence.objects.filter(clue=clue).count() == 2


def test_a_repeated_date_replaces_its_evidence(county: LittleCounty, officer: Actor) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "C"))
    run(officer, [JUNE])
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    run(officer, [JUNE])
    clue = Clue.objects.get()
    assert [hit.value for hit in ClueEvidence.objects.all()] == ["D"]
    assert clue.main_hit.value == "D"
    assert Hit.objects.count() == 2
    assert list(Run.objects.values_list("number", "state")) == [(2, "valid"), (1, "superseded")]
    assert RunTally.objects.filter(run__number=2, rule_id="").get().clues == 1


def test_a_clue_whose_evidence_was_corrected_away_is_withdrawn(
    county: LittleCounty, officer: Actor
) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "C"))
    run(officer, [JUNE])
    county.finds(JUNE)
    run(officer, [JUNE])
    clue = Clue.objects.with_state(JUNE).get()
    assert clue.state == ClueState.WITHDRAWN
    assert (clue.last_seen, clue.main_hit, clue.rule_count) == (None, None, 0)


def test_states_follow_the_newest_screened_date(county: LittleCounty, officer: Actor) -> None:
    county.finds(
        MAY,
        county.household_hit(DANGEROUS, "H1", "C"),
        county.household_hit(DANGEROUS, "H3", "C"),
    )
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "C"),
        county.household_hit(DANGEROUS, "H4", "C"),
    )
    run(officer, [MAY, JUNE])
    found = Clue.objects.with_state(JUNE).order_by("household__household_no")
    assert [clue.state for clue in found] == ["continuing", "gone", "new"]
    for state in ("continuing", "gone", "new"):
        assert Clue.objects.in_state(state, JUNE).count() == 1


def test_dates_screened_in_any_order_give_the_same_clues(
    county: LittleCounty, officer: Actor
) -> None:
    county.finds(MAY, county.household_hit(DANGEROUS, "H1", "D"))
    county.finds(JUNE, county.person_hit(OUTPATIENT, "P11", "620.00", "500.00"))
    county.finds(JULY, county.household_hit(DANGEROUS, "H1", "C"))
    run(officer, [JULY])
    run(officer, [MAY])
    run(officer, [JUNE])
    housing = Clue.objects.get(risk="housing")
    assert (housing.first_seen, housing.last_seen, housing.dates_seen) == (MAY, JULY, 2)
    assert housing.main_hit.value == "C"


def test_severity_and_kind_are_those_of_the_newest_evidence(
    county: LittleCounty, officer: Actor
) -> None:
    county.finds(MAY, county.household_hit("cross.multi_risk", "H2", "3", "3"))
    county.finds(JUNE, county.household_hit(VEHICLE, "H2", "1"))
    run(officer, [MAY, JUNE])
    clue = Clue.objects.get()
    assert (clue.risk, clue.kind, clue.severity) == ("other", "explain", 1)
    assert clue.priority == Priority.EXPLAIN


def test_a_village_rule_makes_a_clue_of_the_village(county: LittleCounty, officer: Actor) -> None:
    county.finds(MAY, county.village_hit(CLUSTER, "0.2000", "0.1000"))
    county.finds(JUNE, county.village_hit(CLUSTER, "0.3000", "0.1000"))
    run(officer, [MAY])
    run(officer, [JUNE])
    clue = Clue.objects.get()
    assert clue.household is None
    assert clue.village == county.places.village
    assert clue.dates_seen == 2


def test_a_clue_says_what_is_already_known(county: LittleCounty, officer: Actor) -> None:
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "D"),
        county.household_hit(DANGEROUS, "H2", "D"),
        county.household_hit(DANGEROUS, "H3", "D"),
    )
    run(officer, [JUNE])
    known = {
        clue.household.household_no: (clue.monitor_class, clue.assistance, clue.priority)
        for clue in Clue.objects.select_related("household")
    }
    assert known == {
        "H1": ("", "", Priority.FIRST),
        "H2": ("边缘易致贫户", "", Priority.SOON),
        "H3": ("", "dibao", Priority.SOON),
    }


def test_assistance_is_what_the_list_of_the_date_says(county: LittleCounty, officer: Actor) -> None:
    county.finds(MAY, county.household_hit(DANGEROUS, "H3", "D"))
    run(officer, [MAY])
    assert Clue.objects.get().assistance == ""


def test_a_person_hit_keeps_the_member_and_a_household_hit_the_one_it_is_about(
    county: LittleCounty, officer: Actor
) -> None:
    about = county.household_hit("accident.sole_labourer_died", "H1", "2026-06-02")
    about["about_person_id"] = county.members["P12"].pk
    county.finds(JUNE, about, county.person_hit(OUTPATIENT, "P11", "620.00", "500.00"))
    run(officer, [JUNE])
    found = {hit.rule_id: hit.member.person_no for hit in Hit.objects.select_related("member")}
    assert found == {"accident.sole_labourer_died": "P12", OUTPATIENT: "P11"}


def test_a_run_is_named_and_frozen(county: LittleCounty, officer: Actor, data_dir) -> None:
    county.not_evaluated = {VEHICLE: "没有机动车名册"}
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    folder = data_dir / "runs" / str(made.uuid)
    assert made.name == "2026-06-30 第1次筛查"
    assert made.counts == {DANGEROUS: 1}
    assert made.not_evaluated == {VEHICLE: "没有机动车名册"}
    assert (made.hit_count, made.clue_count, made.new_clue_count) == (1, 1, 1)
    assert {batch.key for batch in made.batches.all()} == {f"batch-{JUNE}"}
    assert (folder / "hits.parquet").is_file()
    assert (folder / "inputs" / "batches" / f"batch-{JUNE}" / "rows.parquet").is_file()
    assert (data_dir / "rulebooks" / made.rulebook_version / "rules").is_dir()
    assert list((data_dir / "tmp").glob("run-*")) == []


def test_a_batch_that_ends_later_is_not_part_of_a_run(county: LittleCounty, officer: Actor) -> None:
    county.finds(MAY, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [MAY])
    assert made.batches.count() == 0


def test_screening_needs_a_registry(places, officer: Actor) -> None:
    with pytest.raises(DomainError, match="先导入档案"):
        run(officer, [JUNE])


def test_screening_needs_a_date(county: LittleCounty, officer: Actor) -> None:
    with pytest.raises(DomainError, match="至少选择一个"):
        run(officer, [])


def test_who_may_not_screen_leaves_nothing(county: LittleCounty, four_people) -> None:
    clerk = four_people("town_clerk").actor("owner")
    with pytest.raises(NotAllowed):
        run(clerk, [JUNE])
    assert Run.objects.count() == 0


def test_a_failure_while_merging_leaves_nothing(
    county: LittleCounty, officer: Actor, data_dir
) -> None:
    broken = county.household_hit(DANGEROUS, "H1", "D")
    broken["village_code"] = "999901999999"
    county.finds(MAY, county.household_hit(DANGEROUS, "H2", "D"))
    county.finds(JUNE, broken)
    with pytest.raises(DomainError, match="没有这些村"):
        run(officer, [MAY, JUNE])
    assert (Run.objects.count(), Clue.objects.count(), Hit.objects.count()) == (0, 0, 0)
    assert list((data_dir / "runs").glob("*")) == []


def test_a_run_of_no_hits_is_a_run(county: LittleCounty, officer: Actor) -> None:
    (made,) = run(officer, [date(2026, 6, 30)])
    assert (made.hit_count, made.clue_count) == (0, 0)
