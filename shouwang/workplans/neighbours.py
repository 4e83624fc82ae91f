"""上层的登记 (neighbours): what rooms above tell of a plan period and of a key project.

A room declares in its plan_links.py: `PERIOD_MEMBERS`, what of it belongs to a period, and
`PROJECT_GOALS`, the goals (indicators) that a key project serves, named by a code, and
`INITIATIVE_GOALS`, how the goals that carry an initiative's name stand.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from shouwang.core.actor import Actor

from .models import PlanPeriod


@dataclass(frozen=True)
class PeriodMember:
    """One kind of thing that belongs to periods: how many an actor sees, and where."""

    label: str
    unit: str
    count: Callable[[Actor, PlanPeriod], int]
    url: Callable[[PlanPeriod], str]


@dataclass(frozen=True)
class Goal:
    """A goal as it stands: its target and newest value in words, 完成率 in words."""

    code: str
    name: str
    target: str
    value: str
    attainment: str
    url: str


@dataclass(frozen=True)
class ProjectGoals:
    """Goals that key projects may serve: those to choose from, and how some of them stand."""

    choices: Callable[[Actor], Sequence[tuple[str, str]]]
    describe: Callable[[Actor, Sequence[str]], Sequence[Goal]]


@dataclass(frozen=True)
class InitiativeGoals:
    """Goals that carry an initiative's name: how many, reached, behind; and where they are."""

    total: int
    met: int
    behind: int
    url: str


def _declared(name: str) -> Iterator[Any]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.plan_links"):
            yield from getattr(import_module(f"{app.name}.plan_links"), name, ())


@cache
def period_members() -> tuple[PeriodMember, ...]:
    return tuple(_declared("PERIOD_MEMBERS"))


@cache
def project_goals() -> tuple[ProjectGoals, ...]:
    return tuple(_declared("PROJECT_GOALS"))


@cache
def _initiative_goals() -> tuple[Callable[[Actor], dict[str, InitiativeGoals]], ...]:
    return tuple(_declared("INITIATIVE_GOALS"))


def initiative_goals(actor: Actor) -> dict[str, InitiativeGoals]:
    return {name: row for one in _initiative_goals() for name, row in one(actor).items()}


def goal_choices(actor: Actor) -> list[tuple[str, str]]:
    return [choice for one in project_goals() for choice in one.choices(actor)]


def goals_of(actor: Actor, codes: Sequence[str]) -> list[Goal]:
    return [goal for one in project_goals() for goal in one.describe(actor, codes)]
