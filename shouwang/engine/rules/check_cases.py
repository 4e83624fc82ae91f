"""质量检查的用例: little households beside each check, run through the checks as a registry is."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shouwang.engine.rules.cases import World
from shouwang.engine.rules.loading import load
from shouwang.engine.rules.model import Case, Check
from shouwang.engine.rules.problems import Problem
from shouwang.engine.rules.quality import run_quality_checks

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook

STATES = {"found": "有问题", "none": "没有问题"}


def run_check_cases(
    rulebook: "Rulebook", folder: Path, checks: Iterable[str] = ()
) -> list[Problem]:
    """Runs the cases of all checks (or of some); what disagrees, with file and line."""
    book = load(rulebook.path)
    days: dict[date, list[tuple[Check, Case]]] = {}
    for name in list(checks) or list(book.checks):
        for case in book.checks[name].cases:
            days.setdefault(case.as_of, []).append((book.checks[name], case))
    found: list[Problem] = []
    for day, cases in days.items():
        world: World[Check] = World(day, book.catalog, frozenset())
        for check, case in cases:
            world.add(check, case)
        place = folder / f"checks-{day.isoformat()}"
        place.mkdir(parents=True)
        found += _disagreements(rulebook, world, place)
    return sorted(found)


def _disagreements(rulebook: "Rulebook", world: World[Check], folder: Path) -> list[Problem]:
    world.write_registry(folder)
    table = run_quality_checks(rulebook, folder, world.day)
    findings = set(
        zip(table["check_id"].to_pylist(), table["household_id"].to_pylist(), strict=True)
    )
    problems = []
    for check, case, household, _ in world.subjects:
        state = "found" if (check.id, household) in findings else "none"
        if case.expect["state"] != state:
            expected = STATES.get(case.expect["state"], case.expect["state"])
            words = f"用例“{case.name}”：应为{expected}，实际为{STATES[state]}"
            problems.append(Problem(check.file, case.line, words))
    return problems
