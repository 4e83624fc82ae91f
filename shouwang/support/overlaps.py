"""同一笔钱只计一次 (overlaps): which records tell of the same money, and which of them counts.

Pure: lines in, lines that count and lines that are set aside out. Rules: rulebook/overlaps.yaml.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from .catalogue import RULEBOOK, catalogue

AGREES = "与{other}一致，只计一次"


class BadOverlap(ValueError):
    """A rule of overlaps.yaml that cannot be used."""


@dataclass(frozen=True)
class Origin:
    """From which record a line comes: kind is feed, aid, measures or origin; key names it."""

    kind: str
    key: str


@dataclass(frozen=True)
class Line:
    """One amount of one record; `member` is empty where the record names only the household."""

    on: date
    title: str
    who: str
    amount: Decimal
    source: str
    origin: Origin
    member: int | None
    year: int
    school_year: int
    note: str = ""


@dataclass(frozen=True)
class Overlap:
    """One kind of money that several records tell of; of `sources` the first counts."""

    key: str
    title: str
    by_member: bool
    by_school_year: bool
    same_amount: bool
    days: int
    sources: tuple[frozenset[Origin], ...]
    valid_from: date

    def place(self, line: Line) -> int | None:
        """Which of the sources the line comes from."""
        if line.on < self.valid_from:
            return None
        return next((at for at, one in enumerate(self.sources) if line.origin in one), None)


@dataclass(frozen=True)
class Counted:
    """Lines that count, and lines of money that another record tells of already."""

    lines: Sequence[Line]
    aside: Sequence[Line]


@cache
def overlaps() -> tuple[Overlap, ...]:
    data = yaml.safe_load((RULEBOOK / "overlaps.yaml").read_text(encoding="utf-8"))
    return tuple(_overlap(row) for row in data["overlaps"])


@cache
def school_year_begins() -> int:
    data = yaml.safe_load((RULEBOOK / "overlaps.yaml").read_text(encoding="utf-8"))
    return int(data["school_year_begins"])


def school_year(day: date) -> int:
    """学年, by the year in which it begins."""
    return day.year - (day.month < school_year_begins())


def _overlap(row: dict[str, Any]) -> Overlap:
    if row["by"] not in ("member", "household") or row["match"] not in ("period", "same_amount"):
        raise BadOverlap(row["key"])
    sources = []
    for source in row["sources"]:
        ((kind, keys),) = source.items()
        names = [keys] if isinstance(keys, str) else keys
        unknown = [one for one in names if kind == "measures" and catalogue().item(one) is None]
        if kind not in ("feed", "aid", "measures", "origin") or unknown:
            raise BadOverlap(f"{row['key']}: {kind} {unknown}")
        sources.append(frozenset(Origin(kind, one) for one in names))
    return Overlap(
        row["key"], row["title"], row["by"] == "member", row["period"] == "school_year",
        row["match"] == "same_amount", int(row.get("days", 0)), tuple(sources), row["valid_from"],
    )  # fmt: skip


def counted_once(lines: Iterable[Line], rules: Sequence[Overlap] | None = None) -> Counted:
    """Every line is either counted or set aside; of what is the same, the first source counts."""
    standing, aside = list(lines), []
    for rule in overlaps() if rules is None else rules:
        work = _by_amount if rule.same_amount else _by_period
        standing, more = work(rule, standing)
        aside += more
    return Counted(standing, aside)


def _by_period(rule: Overlap, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    kept, aside = [line for line in lines if rule.place(line) is None], []
    for group in _groups(rule, [line for line in lines if rule.place(line) is not None]):
        places = sorted({rule.place(line) or 0 for line in group})
        first = [line for line in group if rule.place(line) == places[0]]
        rest = [line for line in group if rule.place(line) != places[0]]
        if not rest:
            kept += first
            continue
        total = sum((line.amount for line in first), Decimal(0))
        words = []
        for place in places[1:]:
            own = [line for line in rest if rule.place(line) == place]
            gap = sum((line.amount for line in own), Decimal(0)) - total
            words.append(_words(own[0].source, gap))
            against = _words(first[0].source, -gap)
            aside += [
                _noted(line, f"{rule.title}已按{_name(first[0])}计；{against}") for line in own
            ]
        kept += [_noted(line, "；".join(words)) for line in first]
    return kept, aside


def _groups(rule: Overlap, lines: list[Line]) -> list[list[Line]]:
    """Lines of one person (or the household) and one period."""
    groups: dict[tuple[int | None, int], list[Line]] = {}
    for line in lines:
        period = line.school_year if rule.by_school_year else line.year
        who = line.member if rule.by_member else None
        groups.setdefault((who, period), []).append(line)
    if rule.by_member:
        _nameless(groups)
    return list(groups.values())


def _nameless(groups: dict[tuple[int | None, int], list[Line]]) -> None:
    """A record that names only the household belongs to the one person the others name; where they
    name several, nobody can tell, and it stands alone."""
    for who, period in [key for key in groups if key[0] is None]:
        named = [key for key in groups if key[0] is not None and key[1] == period]
        if len(named) == 1:
            groups[named[0]] += groups.pop((who, period))


def _by_amount(rule: Overlap, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """One line is set aside for each line of the first source that is the same to the fen."""
    kept, aside = list(lines), []
    for line in [one for one in lines if rule.place(one) == 0]:
        same = next((one for one in kept if _same(rule, line, one)), None)
        if same is not None:
            kept.remove(same)
            aside.append(_noted(same, f"{rule.title}已按{_name(line)}计；金额一致"))
            at = kept.index(line)
            kept[at] = _noted(line, AGREES.format(other=_name(same)))
    return kept, aside


def _same(rule: Overlap, line: Line, other: Line) -> bool:
    near = abs(line.on - other.on) <= timedelta(days=rule.days)
    who = not rule.by_member or None in (line.member, other.member) or line.member == other.member
    return bool(rule.place(other)) and near and who and other.amount == line.amount


def _words(source: str, gap: Decimal) -> str:
    name = source.split("，")[0]
    if not gap:
        return AGREES.format(other=name)
    return f"{name}{'多' if gap > 0 else '少'} {abs(gap):,.2f} 元，只计一次"


def _name(line: Line) -> str:
    return line.source.split("，")[0]


def _noted(line: Line, note: str) -> Line:
    return replace(line, note="；".join(one for one in (line.note, note) if one))
