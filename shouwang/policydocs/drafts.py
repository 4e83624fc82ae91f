"""任务的范围 (drafts): which pieces of the outline are one task, and who is named for it.

The smallest labelled piece is a task. Where the responsibility stands at a larger piece and at none
below it, the larger piece is the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from shouwang.policydocs.outline import Node
from shouwang.policydocs.responsibility import Marker, markers
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.words import words

SMALL = ("digit_bracket", "circle", "bullet", "decimal2", "decimal3")
NAMED_ITEM = re.compile(r"[●◆■▪•]?[^,。;:]{3,22}[。:]")
ASKS_NOTHING = re.compile(
    r"^本[^。]{1,6}所称|^为了?[^。]{4,140}制定本|坚持[^。]{2,40}的?原则。?$|^本[^。]{1,6}适用于"
)
"""第一条 本办法所称…是指…: what an article defines is no task."""
BOX_MARKS = re.compile(r"^专[栏表]")


@dataclass
class Draft:
    """A task before its figures are read: paragraphs without label and responsibility marker."""

    path: tuple[str, ...]
    bodies: list[Strand]
    lead: list[tuple[Strand, int, int]] = field(default_factory=list)
    responsible: list[tuple[Strand, int, int]] = field(default_factory=list)
    times: list[Strand] = field(default_factory=list)
    lead_in: bool = False
    """A paragraph above sub-items: a task only if it holds a target, a deadline or a rhythm."""

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.bodies)

    def take(self, strand: Strand, marker: Marker) -> None:
        self.lead += [(strand, a, b) for a, b in marker.lead]
        self.responsible += [(strand, a, b) for a, b in marker.responsible]
        self.times += [strand.cut(a, b) for a, b in marker.times]


def drafts(root: Node) -> Iterator[Draft]:
    for child in root.children:
        yield from _of(child)


def _of(node: Node) -> Iterator[Draft]:
    if node.kind == "annex":
        for child in node.children:
            yield from _of(child)
        return
    if node.heading is not None and node.heading.never_tasks:
        for child in node.children:
            yield from _of(child)
        return
    if node.kind == "table":
        return
    if not node.children:
        yield from _leaf(node)
    elif _is_one_task(node):
        yield from _whole(node)
    else:
        yield from _split(node)


def _leaf(node: Node) -> Iterator[Draft]:
    texts = node.texts
    if _is_box(node) and len(texts) > 1 and all(NAMED_ITEM.match(each.text) for each in texts):
        for each in texts:
            yield from _finished(_draft(node, [each]))
        return
    if node.kind == "article" and ASKS_NOTHING.search("".join(each.text for each in texts)[:160]):
        return
    if _is_only_thought(node):
        plain = [each for each in texts if not _is_thought(each.text)]
        goals = _draft(node, plain or texts)
        goals.lead_in = True
        yield from _finished(goals)
        return
    draft = _draft(node, texts)
    if not any(draft.bodies) and node.item is not None and node.heading is not None:
        if node.kind in ("part", "chapter", "section", "lost", "box", "cn"):
            return
        draft.bodies = _without_markers(draft, node.item.body)
    yield from _finished(draft)


def _is_box(node: Node) -> bool:
    return bool(node.item and BOX_MARKS.match(node.item.label_text))


def _is_only_thought(node: Node) -> bool:
    """总体要求: a leaf of thought is a task only where it names a goal, a date or a rhythm."""
    return node.heading is not None and any(
        each in node.heading.title for each in words("leading_thought")
    )


def _is_thought(paragraph: str) -> bool:
    return any(mark in paragraph for mark in words("thought_marks"))


def _whole(node: Node) -> Iterator[Draft]:
    texts = [strand for each in node.walk() for strand in _own_texts(each, node)]
    yield from _finished(_draft(node, texts))


def _own_texts(node: Node, top: Node) -> list[Strand]:
    """A part of a whole keeps its label in the text: (1)…, (2)…"""
    if node is top or node.item is None:
        return node.texts
    return [node.item.strand, *node.paragraphs]


def _split(node: Node) -> Iterator[Draft]:
    if _is_box(node) and node.texts and all(NAMED_ITEM.match(each.text) for each in node.texts):
        for each in node.texts:
            yield from _finished(_draft(node, [each]))
        for child in node.children:
            yield from _of(child)
        return
    above = _draft(node, node.texts)
    above.lead_in = True
    if any(above.bodies):
        yield above
    for child in node.children:
        for draft in _of(child):
            if node.heading is not None and not (draft.lead or draft.responsible):
                draft.lead, draft.responsible = list(above.lead), list(above.responsible)
            yield draft


def _draft(node: Node, texts: list[Strand]) -> Draft:
    draft = Draft(node.path(), [])
    if node.heading is not None and node.item is not None and node.run_in is None:
        _take_markers(draft, node.item.body)  # 一、加强领导(牵头单位:县委办)
    for each in texts:
        draft.bodies += _without_markers(draft, each)
    return draft


def _take_markers(draft: Draft, strand: Strand) -> None:
    for marker in markers(strand.text):
        draft.take(strand, marker)


def _without_markers(draft: Draft, strand: Strand) -> list[Strand]:
    """What is left of a paragraph: a piece on each side of every marker."""
    kept: list[Strand] = []
    start = 0
    for marker in markers(strand.text):
        draft.take(strand, marker)
        kept.append(strand.cut(start, marker.start))
        start = marker.end
    kept.append(strand.cut(start))
    return [each for each in kept if each.text.strip("。;,.、")]


def _finished(draft: Draft) -> Iterator[Draft]:
    if any(draft.bodies):
        yield draft


def _is_one_task(node: Node) -> bool:
    """Responsibility at this piece (or after its last part alone), none at the parts."""
    if node.level <= 1 and node.kind in ("cn", "chapter", "section", "part", "lost"):
        return False
    below = [_has_marker(child) for child in node.children]
    if _own_marker(node) and not any(below):
        return True
    if len(below) < 2 or any(below[:-1]) or not below[-1]:
        return False
    if node.children[0].kind in SMALL or _last_line_is_a_marker(node.children[-1]):
        return True
    return _neighbours_bear_it_themselves(node)


def _neighbours_bear_it_themselves(node: Node) -> bool:
    """In this paper pieces of the same kind end with one marker each: so does this one."""
    beside = [each for each in node.parent.children if each is not node] if node.parent else []
    alone = [each for each in beside if each.kind == node.kind and not each.children]
    return bool(alone) and all(_own_marker(each) for each in alone)


def _own_marker(node: Node) -> bool:
    heads = [node.item.body] if node.item is not None else []
    return any(markers(each.text) for each in [*heads, *node.paragraphs])


def _has_marker(node: Node) -> bool:
    return any(_own_marker(each) for each in node.walk())


def _last_line_is_a_marker(node: Node) -> bool:
    last = node
    while last.children:
        last = last.children[-1]
    if not last.paragraphs:
        return False
    found = markers(last.paragraphs[-1].text)
    return bool(found) and found[0].start == 0
