"""任务里的数 (figures): targets, deadlines, rhythms and funds of one task, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.dates import moments
from shouwang.policydocs.deadlines import deadlines
from shouwang.policydocs.drafts import Draft
from shouwang.policydocs.front import Front
from shouwang.policydocs.funds import funds
from shouwang.policydocs.model import Aside, Deadline, Fund, Periodic, Target
from shouwang.policydocs.quantities import quantities
from shouwang.policydocs.rhythms import rhythms
from shouwang.policydocs.strand import Strand, squash
from shouwang.policydocs.targets import targets


@dataclass
class Figures:
    targets: list[Target] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    periodic: list[Periodic] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def figures_of(source: str, draft: Draft, front: Front) -> Figures:
    figures = Figures()
    for body in draft.bodies:
        if body:
            _read(source, body, front, figures)
    for time in draft.times:
        _deadlines(source, time, Passage(time.text), front.year, [], figures)
    return figures


def _read(source: str, body: Strand, front: Front, figures: Figures) -> None:
    passage = Passage(body.text)
    numbers = quantities(body.text)
    dates = moments(body.text, front.year)
    repeated = rhythms(passage, numbers)
    granted = funds(passage, numbers)
    taken = [(each.start, each.end) for each in repeated]
    _deadlines(source, body, passage, front.year, taken, figures)
    spent = taken + [(each.start, each.end) for each in granted]
    required, refused = targets(passage, numbers, dates, spent, front.year)

    def raw(start: int, end: int) -> str:
        span = body.span(start, end)  # a page number may stand within: raw is what stands there
        return squash(source[span.start : span.end])

    figures.periodic += [
        Periodic(raw(r.start, r.end), r.times, r.per, body.span(r.start, r.end)) for r in repeated
    ]
    figures.targets += [
        Target(
            each.name,
            each.comparator,
            each.value,
            each.unit,
            each.value2,
            each.qualifier,
            raw(each.start, each.end),
            body.span(each.start, each.end),
        )
        for each in required
    ]
    figures.funds += [
        Fund(
            each.beneficiary,
            each.source,
            each.amount,
            each.unit,
            each.per,
            raw(each.start, each.end),
            body.span(each.start, each.end),
            each.cap,
        )
        for each in granted
    ]
    figures.asides += [
        Aside(raw(each.start, each.end), each.reason, body.span(each.start, each.end))
        for each in refused
    ]


def _deadlines(
    source: str,
    body: Strand,
    passage: Passage,
    year: int | None,
    taken: list[tuple[int, int]],
    figures: Figures,
) -> None:
    known = {(each.date_from, each.date_to) for each in figures.deadlines}
    for moment in deadlines(passage, year, taken):
        if (moment.first, moment.last) in known:
            continue
        known.add((moment.first, moment.last))
        span = body.span(moment.start, moment.end)
        text = squash(source[span.start : span.end])
        figures.deadlines.append(Deadline(text, moment.first, moment.last, span))
