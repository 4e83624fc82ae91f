"""读文件 (reading): one source to one `Paper`. Never raises, whatever the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwang.policydocs.closing import without_closing
from shouwang.policydocs.drafts import Draft, drafts
from shouwang.policydocs.figures import Figures, figures_of
from shouwang.policydocs.front import Front, front_of
from shouwang.policydocs.indicators import indicators_of
from shouwang.policydocs.items import items_of
from shouwang.policydocs.layout import blocks_of, lines_of, without_bare_numbers, without_furniture
from shouwang.policydocs.model import Aside, Fund, Heading, Paper, Span, Task, Unit
from shouwang.policydocs.outline import Node, TreeBuilder
from shouwang.policydocs.responsibility import parted_by_blanks, strand_name
from shouwang.policydocs.source import Source, source_of_text
from shouwang.policydocs.strand import Strand, fold
from shouwang.policydocs.task_tables import task_rows
from shouwang.policydocs.text_tables import grids_of


@dataclass
class _Gathered:
    tasks: list[Task] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def parse(paper: Source | str) -> Paper:
    """What the paper says. A text is read as a source of its own."""
    source = source_of_text(paper) if isinstance(paper, str) else paper
    folded = fold(source.text)
    all_lines = lines_of(source, folded, [each.span for each in source.tables])
    lines = without_furniture(all_lines)
    front = front_of(all_lines, folded)
    grids, lines = grids_of(source, folded, lines)
    blocks = without_closing(blocks_of(without_bare_numbers(lines)))
    root = TreeBuilder(source.text, items_of(blocks)).build()
    gathered = _Gathered()
    every = [*drafts(root), *task_rows(source.text, grids)]
    every.sort(key=lambda each: next((body.at[0] for body in each.bodies if body), 0))
    for draft in every:
        _read(source, front, draft, gathered)
    outline = _outline(root)
    return Paper(
        source=source,
        title=front.title,
        issuer=front.issuer,
        doc_number=front.doc_number,
        year_or_period=front.year_or_period,
        outline=outline,
        tasks=tuple(gathered.tasks),
        indicators=indicators_of(source, grids, front),
        funds=tuple(gathered.funds),
        asides=tuple(gathered.asides),
    )


def _outline(root: Node) -> tuple[Heading, ...]:
    found = [node.heading for node in root.walk() if node.heading is not None]
    return tuple(sorted(found, key=lambda each: each.span))


def _read(source: Source, front: Front, draft: Draft, gathered: _Gathered) -> None:
    figures = figures_of(source.text, draft, front)
    gathered.funds += figures.funds
    gathered.asides += figures.asides
    if draft.lead_in and not (figures.targets or figures.deadlines or figures.periodic):
        return
    gathered.tasks.append(_task(source.text, draft, figures, len(gathered.tasks) + 1))


def _task(source: str, draft: Draft, figures: Figures, number: int) -> Task:
    bodies = [each for each in draft.bodies if each]
    pieces = tuple(span for each in bodies for span in each.pieces(source))
    text = "\n".join("".join(source[i] for i in each.at) for each in bodies)
    lead = _units(source, draft.lead)
    named = {each.name for each in lead}
    others = [each for each in _units(source, draft.responsible) if each.name not in named]
    return Task(
        id=str(number),
        path=draft.path,
        text=text,
        span=Span(pieces[0].start, pieces[-1].end),
        pieces=pieces,
        lead_units=tuple(lead),
        responsible_units=tuple(others),
        targets=tuple(figures.targets),
        deadlines=tuple(figures.deadlines),
        periodic=tuple(figures.periodic),
    )


def _units(source: str, ranges: list[tuple[Strand, int, int]]) -> list[Unit]:
    found: dict[str, Unit] = {}
    for strand, first, last in ranges:
        for start, end in parted_by_blanks(source, strand, first, last):
            name = strand_name(source, strand, start, end)
            found.setdefault(name, Unit(name, strand.span(start, end)))
    return list(found.values())
