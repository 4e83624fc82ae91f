"""自动数 (figures): what the rooms can count by themselves, so that nobody has to type it.

Each room declares in its figures.py what it counts: `FIGURES`. Tasks and indicators name a figure
by its key and ask for its value at places as of a day. A figure counts everything under a place,
whoever asks: the reader's scope is checked by whoever shows it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps

Counted = dict[str, Decimal]
"""Value by division path; a path that is missing has no value, which is not zero."""
Count = Callable[[Sequence[str], date], Counted]


class UnknownFigure(LookupError):
    """A figure key that no room declares."""


@dataclass(frozen=True)
class Figure:
    """One thing that a room counts: 户, 人, 元, % ….

    `count(paths, day)` gives the value under each division path as of the end of that day, in one
    or a few queries for all paths. `has_past`: it can tell what it was on days long ago; others
    only know the present.
    """

    key: str
    title: str
    unit: str
    explanation: str
    count: Count
    has_past: bool = False


def roll_up(rows: Iterable[tuple[str, int | Decimal]], paths: Sequence[str]) -> Counted:
    """Add (path of a village, number) up to the paths asked for; where nothing is, zero."""
    totals = dict.fromkeys(paths, Decimal(0))
    for path, number in rows:
        for end in (at + 1 for at, sign in enumerate(path) if sign == "/"):
            if path[:end] in totals:
                totals[path[:end]] += number
    return totals


Found = TypeVar("Found")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it, figures that rest on the same sums ask for them once (`once`)."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, ask: Callable[[], Found]) -> Found:
    """What `ask` gives; within `asked_once` kept under the key."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    found: Found = kept[key]
    return found


def share(part: Counted, whole: Counted) -> Counted:
    """Percent of each path; no value where the whole is nothing."""
    return {
        path: (Decimal(100) * part.get(path, Decimal(0)) / total).quantize(Decimal("0.01"))
        for path, total in whole.items()
        if total
    }


def _declared() -> Iterator[Figure]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.figures"):
            yield from getattr(import_module(f"{app.name}.figures"), "FIGURES", ())


@cache
def all_figures() -> dict[str, Figure]:
    """Every declared figure by its key, in the order of the rooms."""
    figures: dict[str, Figure] = {}
    for figure in _declared():
        if figure.key in figures:
            raise ValueError(f"the figure {figure.key} is declared twice")
        figures[figure.key] = figure
    return figures


def get_figure(key: str) -> Figure:
    try:
        return all_figures()[key]
    except KeyError:
        raise UnknownFigure(key) from None
