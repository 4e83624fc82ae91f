"""通报的种类 (bulletin kinds): what is reported, how often, and which room counts it.

A room declares BULLETINS in its bulletins.py. The bulletin itself, its words, its issue, its
receipts and its Word file are of this room, whatever it reports on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from shouwang.core.actor import Actor

from .compiling import Section, compile_sections

Compile = Callable[[Actor, date], list[Section]]


@dataclass(frozen=True)
class BulletinKind:
    """One kind; `title` has places for {place} and {period}; `months` is how long a period is.

    `compile(actor, day)` gives the sections (`compiling.section`). Departments see the kinds in
    which they stand themselves.
    """

    key: str
    label: str
    title: str
    months: int
    compile: Compile
    is_for_departments: bool = False

    def first_of(self, day: date) -> date:
        """The first day of the period that a day lies in."""
        return day.replace(month=(day.month - 1) // self.months * self.months + 1, day=1)

    def period(self, first: date) -> str:
        if self.months == 3:
            return f"{first.year}年第{(first.month + 2) // 3}季度"
        return f"{first.year}年{first.month}月"


MONITORING = BulletinKind(
    "monitoring", "监测帮扶月报", "{place}防止返贫监测帮扶工作通报（{period}）", 1, compile_sections
)


def _declared() -> Iterator[Any]:
    yield MONITORING
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.bulletins"):
            yield from getattr(import_module(f"{app.name}.bulletins"), "BULLETINS", ())


@cache
def all_kinds() -> dict[str, BulletinKind]:
    found: dict[str, BulletinKind] = {}
    for kind in _declared():
        if kind.key in found:
            raise ValueError(f"the bulletin {kind.key} is declared twice")
        found[kind.key] = kind
    return found
