"""What a village's number is made of, and which hits a rule over hits counts."""

from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from shouwang.engine import screen
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.composition import composition, rules_counted

DAYS = [date(2026, month, day) for month, day in ((4, 30), (5, 31), (6, 30))]
WATER = {"water.quantity_low", "water.fetch_inconvenient", "water.quality_bad"}


def test_named_rules_are_the_ones_counted(rulebook: Rulebook) -> None:
    assert set(rules_counted(rulebook, "999901", "water.village_cluster", DAYS[0])) == WATER


def test_rules_chosen_by_kind_severity_and_level_are_counted(rulebook: Rulebook) -> None:
    counted = rules_counted(rulebook, "999901", "cross.multi_risk", DAYS[0])
    expected = {
        rule.id
        for rule in rulebook.rules.values()
        if rule.kind == "clue" and rule.severity >= 2 and rule.level in ("person", "household")
    }
    assert set(counted) == expected - {"cross.multi_risk"}


def test_a_rule_over_department_files_counts_no_hits(rulebook: Rulebook) -> None:
    assert rules_counted(rulebook, "999901", "medical.outpatient_month", DAYS[0]) == ()


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", ["job.village_worker_drop", "water.village_cluster"])
def test_the_households_make_up_the_number(
    rulebook: Rulebook, sample: ScreeningInput, tmp_path, rule_id: str
) -> None:
    checked = 0
    for day in DAYS:
        found = pq.read_table(screen(rulebook, sample, day, out=tmp_path / str(day)).hits)
        hits = [hit for hit in found.to_pylist() if hit["rule_id"] == rule_id]
        for hit in hits:
            made = composition(
                rulebook, sample, rule_id, village_code=hit["village_code"], as_of=day
            )
            first, second = (sum(share.values[at] for share in made.shares) for at in (0, 1))
            part = {
                "job.village_worker_drop": lambda a, b: Decimal(a - b) / a,
                "water.village_cluster": lambda a, b: Decimal(a) / b,
            }[rule_id](first, second)
            assert f"{part:.4f}" == hit["value"]
            assert len(made.titles) == 2
            checked += 1
    assert checked
