"""状态表 (lifecycle): a table of states and steps that drives buttons, checks, diagrams and tests.

A table is data (rulebook/lifecycles/*.yaml). It names who may take a step, what must be there
before, how long the step before may last and where that is written. What a requirement means for a
record is code of the room: a function that answers with the reason why it is not met, or nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .actor import Actor
from .errors import Conflict, DomainError, NotAllowed
from .rights import get_right

Check = Callable[[Any], str | None]
"""Given a record, the Chinese reason why the requirement is not met, or None."""

TONES = ("idle", "going", "near", "late", "done")


class BadTable(ValueError):
    """A lifecycle table that cannot be used; the message names the table and the place."""


@dataclass(frozen=True)
class State:
    key: str
    label: str
    tone: str
    is_end: bool = False
    limit: str = ""
    """Name of the time limit that runs in this state; its days are dated data of the regime."""


@dataclass(frozen=True)
class Transition:
    """One row: from which states, by which action, to which state, by whom, with what."""

    action: str
    label: str
    sources: frozenset[str]
    to: str
    right: str
    requires: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    """What the person is asked for when taking the step: `note`, `reason`, `date` and the like."""
    is_back: bool = False
    basis: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class Offer:
    """A step as shown to one person on one record: possible, or greyed with the reason."""

    transition: Transition
    reason: str = ""

    @property
    def is_possible(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Lifecycle:
    key: str
    title: str
    initial: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]

    def state(self, key: str) -> State:
        return self.states[key]

    def from_state(self, state: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if state in row.sources)

    def row(self, state: str, action: str) -> Transition | None:
        return next((row for row in self.from_state(state) if row.action == action), None)

    @property
    def requirements(self) -> frozenset[str]:
        """Every requirement that the table names: the room must have a check for each."""
        return frozenset(name for row in self.transitions for name in row.requires)

    def offers(
        self, actor: Actor, record: Any, state: str, path: str, checks: Mapping[str, Check]
    ) -> list[Offer]:
        """The steps from this state that the actor's posts allow at `path`, with the reasons."""
        return [
            Offer(row, _unmet(row, record, checks) or "")
            for row in self.from_state(state)
            if actor.can_at(row.right, path)
        ]

    def take(
        self,
        actor: Actor,
        record: Any,
        state: str,
        action: str,
        path: str,
        checks: Mapping[str, Check],
        given: Mapping[str, Any] | None = None,
    ) -> Transition:
        """The row of a step that may be taken now; otherwise why not.

        Raises Conflict (the state has no such step: somebody was faster), NotAllowed (no right
        here) or DomainError (a requirement is not met, or something asked for is missing).
        """
        row = self.row(state, action)
        if row is None:
            label = next((r.label for r in self.transitions if r.action == action), action)
            now = self.states[state].label if state in self.states else state
            raise Conflict(f"现在是“{now}”，不能“{label}”，可能已有人先办理，请刷新页面核对。")
        if not actor.can_at(row.right, path):
            raise NotAllowed(
                f"您的岗位没有“{get_right(row.right).label}”的权限，如工作需要请联系系统管理员。"
            )
        reason = _unmet(row, record, checks)
        if reason:
            raise DomainError(f"还不能“{row.label}”：{reason}", code="requirement")
        for name in row.asks:
            if not (given or {}).get(name):
                raise DomainError(f"“{row.label}”需要填写{_ASKED.get(name, name)}。", code=name)
        return row

    def unreachable(self) -> set[str]:
        """States that no path of steps from the initial state arrives at."""
        reached, waiting = {self.initial}, [self.initial]
        while waiting:
            for row in self.from_state(waiting.pop()):
                if row.to not in reached:
                    reached.add(row.to)
                    waiting.append(row.to)
        return set(self.states) - reached


_ASKED = {
    "note": "说明",
    "reason": "理由",
    "date": "日期",
    "evidence": "佐证材料",
    "result": "结果",
    "department": "部门",
}


def _unmet(row: Transition, record: Any, checks: Mapping[str, Check]) -> str | None:
    for name in row.requires:
        reason = checks[name](record)
        if reason:
            return reason
    return None


def load(path: Path) -> Lifecycle:
    """Read and check one table; BadTable says which file and row."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        states = {key: _state(key, item) for key, item in data["states"].items()}
        rows = tuple(_row(item) for item in data["transitions"])
        table = Lifecycle(data["key"], data["title"], data["initial"], states, rows)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadTable(f"{path.name}: {error!r}") from error
    problems = list(_problems(table))
    if problems:
        raise BadTable(f"{path.name}: " + "; ".join(problems))
    return table


def _state(key: str, item: Mapping[str, Any]) -> State:
    _known(item, {"label", "tone", "end", "limit"}, key)
    return State(key, item["label"], item["tone"], item.get("end", False), item.get("limit", ""))


def _row(item: Mapping[str, Any]) -> Transition:
    allowed = {
        "action", "label", "from", "to", "right", "requires", "asks", "back", "basis", "confirm",
    }  # fmt: skip
    _known(item, allowed, item.get("action", "?"))
    return Transition(
        action=item["action"],
        label=item["label"],
        sources=frozenset(item["from"]),
        to=item["to"],
        right=item["right"],
        requires=tuple(item.get("requires", ())),
        asks=tuple(item.get("asks", ())),
        is_back=item.get("back", False),
        basis=item.get("basis", ""),
        confirm=item.get("confirm", ""),
    )


def _known(item: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = set(item) - allowed
    if unknown:
        raise BadTable(f"{where}: unknown {', '.join(sorted(unknown))}")


def _problems(table: Lifecycle) -> Iterable[str]:
    names = set(table.states)
    if table.initial not in names:
        yield f"initial {table.initial} is no state"
        return
    seen: set[tuple[str, str]] = set()
    for state in table.states.values():
        if state.tone not in TONES:
            yield f"{state.key}: tone {state.tone} is none of {', '.join(TONES)}"
    for row in table.transitions:
        for name in sorted({*row.sources, row.to} - names):
            yield f"{row.action}: {name} is no state"
        for source in row.sources:
            if (source, row.action) in seen:
                yield f"{row.action} from {source} stands twice"
            seen.add((source, row.action))
            if source in names and table.states[source].is_end:
                yield f"{row.action} leaves the end {source}"
    stuck = [key for key, state in table.states.items() if not state.is_end]
    for key in stuck:
        if not table.from_state(key):
            yield f"{key} has no way out and is no end"
    for key in sorted(table.unreachable()):
        yield f"{key} cannot be reached"
