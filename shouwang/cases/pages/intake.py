"""提取预览: what a screening would bring into the register, by priority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from shouwang.core.actor import Actor
from shouwang.screening.models import Clue
from shouwang.screening.queries import screened_dates
from shouwang.screening.states import Kind, Priority, Triage

from ..models import RegisteredClue
from ..operations import Pulled
from ..operations.bulk import AT_ONCE

USUAL = (Priority.FIRST, Priority.SOON)


@dataclass(frozen=True)
class Row:
    """One priority: how many clues, how many households, how many the register has already."""

    key: int
    label: str
    clues: int
    households: int
    known: int
    is_usual: bool

    @property
    def new(self) -> int:
        return self.clues - self.known


def dates() -> list[date]:
    return screened_dates()


def priorities(raw: Sequence[str]) -> list[int]:
    values = {str(each.value): each.value for each in Priority}
    return [values[each] for each in raw if each in values]


def preview(actor: Actor, as_of: date) -> list[Row]:
    """Counted over the same clues that the operation takes: households, not yet known to all."""
    taken = RegisteredClue.objects.filter(screening_clue__isnull=False)
    counted = (
        Clue.objects.visible_to(actor, "cases.register")
        .seen_on(as_of)
        .filter(household__isnull=False, kind=Kind.CLUE)
        .exclude(triage=Triage.KNOWN)
        .order_by()
        .values("priority")
        .annotate(
            clues=Count("pk"),
            households=Count("household", distinct=True),
            known=Count("pk", filter=Q(pk__in=taken.values("screening_clue"))),
        )
    )
    found = {row["priority"]: row for row in counted}
    return [
        Row(
            each.value, str(each.label), found[each.value]["clues"],
            found[each.value]["households"], found[each.value]["known"], each in USUAL,
        )
        for each in Priority
        if each.value in found
    ]  # fmt: skip


def is_large(rows: Sequence[Row], chosen: Sequence[int]) -> bool:
    """Whether so many clues are better taken in the background."""
    return sum(row.clues for row in rows if row.key in chosen) > AT_ONCE


def pulled_words(done: Pulled) -> str:
    words = [f"新登记 {done.new} 条线索"]
    if done.attached:
        words.append(f"其中 {done.attached} 条并入在办个案")
    if done.again:
        words.append(f"再次出现 {done.again} 条")
    if done.reopened:
        words.append(f"重新核实 {done.reopened} 条")
    return f"{'，'.join(words)}。"
