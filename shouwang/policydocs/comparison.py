"""两版比较 (comparison): what a revised paper adds, changes and drops against its former version.

Tasks are paired by their words, best first, whatever their number or place in the paper; a pair of
the same words is unchanged even where it was renumbered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.policydocs.model import Paper, Task
from shouwang.policydocs.strand import fold, squash

ALIKE = 0.5
SAME_HEADING = 0.3


@dataclass(frozen=True, slots=True)
class TaskChange:
    """任务的变化. `what` says which parts differ: text units targets deadlines periodic path."""

    old: Task
    new: Task
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperComparison:
    """比较结果: tasks in the order of the new paper, dropped ones in that of the old."""

    added: tuple[Task, ...]
    changed: tuple[TaskChange, ...]
    dropped: tuple[Task, ...]
    unchanged: tuple[tuple[Task, Task], ...]


def compare(old: Paper, new: Paper) -> PaperComparison:
    pairs = _pairs(old.tasks, new.tasks)
    of_new = {new_at: old_at for old_at, new_at in pairs}
    of_old = dict(pairs)
    added, changed, unchanged = [], [], []
    for index, task in enumerate(new.tasks):
        if index not in of_new:
            added.append(task)
            continue
        former = old.tasks[of_new[index]]
        what = _differences(former, task)
        if what:
            changed.append(TaskChange(former, task, what))
        else:
            unchanged.append((former, task))
    dropped = [task for index, task in enumerate(old.tasks) if index not in of_old]
    return PaperComparison(tuple(added), tuple(changed), tuple(dropped), tuple(unchanged))


def _pairs(old: tuple[Task, ...], new: tuple[Task, ...]) -> list[tuple[int, int]]:
    """One to one, the most alike first; equal words need no measuring."""
    pairs: list[tuple[int, int]] = []
    waiting: dict[str, list[int]] = {}
    for index, task in enumerate(old):
        waiting.setdefault(_plain(task.text), []).append(index)
    left_new: list[int] = []
    taken: set[int] = set()
    for index, task in enumerate(new):
        same = waiting.get(_plain(task.text))
        if same:
            pairs.append((same.pop(0), index))
            taken.add(pairs[-1][0])
        else:
            left_new.append(index)
    left_old = [index for index in range(len(old)) if index not in taken]
    grams_old = {index: _grams(old[index].text) for index in left_old}
    grams_new = {index: _grams(new[index].text) for index in left_new}
    scored = sorted(
        (-score, a, b)
        for a in left_old
        for b in left_new
        if (score := _likeness(old[a], new[b], grams_old[a], grams_new[b])) >= ALIKE
    )
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, a, b in scored:
        if a not in used_old and b not in used_new:
            used_old.add(a)
            used_new.add(b)
            pairs.append((a, b))
    return pairs


def _plain(text: str) -> str:
    return squash(fold(text))


def _grams(text: str) -> Counter[str]:
    plain = _plain(text)
    return Counter(plain[i : i + 2] for i in range(max(1, len(plain) - 1)))


def _likeness(old: Task, new: Task, a: Counter[str], b: Counter[str]) -> float:
    """Shared pairs of characters; the same heading over both helps a rewritten task."""
    total = sum(a.values()) + sum(b.values())
    shared = 2 * sum((a & b).values()) / total if total else 0.0
    same_heading = bool(old.path) and bool(new.path) and _bare(old.path[-1]) == _bare(new.path[-1])
    return shared + (SAME_HEADING if same_heading else 0.0)


def _bare(heading: str) -> str:
    from shouwang.policydocs.labels import label_of

    plain = _plain(heading)
    label = label_of(plain)
    return plain[label.length :] if label else plain


def _differences(old: Task, new: Task) -> tuple[str, ...]:
    what = []
    if _plain(old.text) != _plain(new.text):
        what.append("text")
    if _names(old.lead_units) != _names(new.lead_units) or _names(old.responsible_units) != _names(
        new.responsible_units
    ):
        what.append("units")
    if _values(old) != _values(new):
        what.append("targets")
    if {(e.date_from, e.date_to) for e in old.deadlines} != {
        (e.date_from, e.date_to) for e in new.deadlines
    }:
        what.append("deadlines")
    if Counter((e.times, e.per) for e in old.periodic) != Counter(
        (e.times, e.per) for e in new.periodic
    ):
        what.append("periodic")
    if [_bare(each) for each in old.path] != [_bare(each) for each in new.path]:
        what.append("path")
    return tuple(what)


def _names(units: Iterable[Any]) -> set[str]:
    return {_plain(each.name) for each in units}


def _values(task: Task) -> Counter[tuple[str, Decimal | None, Decimal | None, str]]:
    return Counter((e.comparator, e.value, e.value2, e.unit) for e in task.targets)
