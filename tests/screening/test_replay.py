"""A run repeats from what it froze, and says so when it does not."""

import pytest

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.screening.models import Replay
from shouwang.screening.operations import replay, run
from shouwang.screening.operations.freezing import rulebook_folder
from shouwang.screening.operations.replaying import frozen_inputs

from .conftest import JUNE, LittleCounty

DANGEROUS = "housing.dangerous_only_house"


def test_a_run_replays_to_the_identical_result(county: LittleCounty, officer: Actor) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    assert replay(officer, made).identical
    assert Replay.objects.get().replayed_by_label == "测试"


def test_a_replay_names_what_differs(county: LittleCounty, officer: Actor) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    county.finds(
        JUNE,
        county.household_hit(DANGEROUS, "H1", "C"),
        county.household_hit(DANGEROUS, "H2", "D"),
    )
    found = replay(officer, made)
    assert (found.identical, found.missing_count, found.extra_count) == (False, 1, 2)
    assert [(each["found_in"], each["subject"], each["value"]) for each in found.differences] == [
        ("run", "H1", "D"),
        ("replay", "H1", "C"),
        ("replay", "H2", "D"),
    ]


def test_frozen_inputs_keep_the_files_that_were_there(
    county: LittleCounty, officer: Actor, data_dir
) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    source = data_dir / "registry" / "first" / "households.parquet"
    newer = source.with_suffix(".new")
    newer.write_bytes(b"another registry")
    newer.rename(source)
    inputs = frozen_inputs(made)
    assert inputs.households.read_bytes()[:4] == b"PAR1"
    assert [batch.key for batch in inputs.batches] == [f"batch-{JUNE}"]
    assert inputs.batches[0].rows.is_file()


def test_a_changed_rulebook_copy_is_noticed(county: LittleCounty, officer: Actor) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    file = rulebook_folder(made.rulebook_version) / "screening.yaml"
    file.write_text("as_of_dates: []\n", encoding="utf-8")
    with pytest.raises(DomainError, match="已被改动"):
        replay(officer, made)


def test_who_may_not_screen_may_not_replay(
    county: LittleCounty, officer: Actor, four_people
) -> None:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    (made,) = run(officer, [JUNE])
    with pytest.raises(NotAllowed):
        replay(four_people("county_leader").actor("owner"), made)
