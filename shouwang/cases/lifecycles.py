"""状态表 of clues and cases: read from the rulebook once."""

from functools import cache
from pathlib import Path

from shouwang.core.lifecycle import Lifecycle, load

_FOLDER = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"
REGIMES = ("2021", "2026")


@cache
def clue_table() -> Lifecycle:
    return load(_FOLDER / "clue.yaml")


@cache
def table_of(regime: str) -> Lifecycle:
    """The state table of the cases of a regime."""
    return load(_FOLDER / f"case_{regime}.yaml")


def state_choices(table: Lifecycle) -> list[tuple[str, str]]:
    return [(key, state.label) for key, state in table.states.items()]


def case_state_choices() -> list[tuple[str, str]]:
    """The states of all regimes; a label that differs is the newer one's."""
    labels: dict[str, str] = {}
    for regime in REGIMES:
        labels.update(state_choices(table_of(regime)))
    return list(labels.items())
