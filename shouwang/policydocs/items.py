"""条目 (items): labelled pieces of the paper, split where labels stand inside a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from shouwang.policydocs.labels import Label, label_at, label_of
from shouwang.policydocs.layout import Block
from shouwang.policydocs.numerals import ordinal
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.words import words

INNER = re.compile(
    r"(?<=[。;:!?)〕\]】”])"
    r"(?=[(〔]?(?:[一二三四五六七八九十]{1,4}|[0-9]{1,2})[)〕、.]|第[一二三四五六七八九十]{1,3}[章节条]|[①-⒛㈠-㈩])"
)
ORDINAL = re.compile(
    "第([一二三四五六七八九十]{1,2})[,、:]|([一二三四五六七八九十]{1,2})(?:是|要)(?=[^,。])"
)
SPLIT_KINDS = ("chapter", "section", "article", "cn", "bracket", "digit", "digit_bracket", "circle")


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled piece or one plain paragraph; `inner` when its label stood inside a line."""

    label: Label | None
    strand: Strand
    block: Block
    inner: bool = False

    @property
    def body(self) -> Strand:
        return self.strand.cut(self.label.length) if self.label else self.strand

    @property
    def label_text(self) -> str:
        return self.label.text if self.label else ""


def items_of(blocks: list[Block]) -> list[Item]:
    """The labelled pieces; in a paper without any label those that 第一, or 一是 begins."""
    items = _labelled_items(blocks)
    if any(each.label for each in items):
        return items
    return [Item(_ordinal_of(each.strand.text), each.strand, each.block) for each in items]


def _ordinal_of(text: str) -> Label | None:
    match = ORDINAL.match(text)
    if match is None:
        return None
    return Label("stage", ordinal(match[1] or match[2]) or 0, 0, match[0])


def _labelled_items(blocks: list[Block]) -> list[Item]:
    last: dict[str, int] = {}
    items: list[Item] = []
    following = [label_at(each.strand) for each in blocks[1:]]
    for block, after in zip(blocks, [*following, None], strict=False):
        for inner, strand in _pieces(block, last, after):
            label = label_at(strand)
            if label is not None and not _plausible(label, last, inner):
                label = None
            if label is not None:
                last[label.kind] = label.number
            items.append(Item(label, strand, block, inner))
    return items


def _plausible(label: Label, last: dict[str, int], inner: bool) -> bool:
    """Arabic labels inside a line must count on, or begin with 1."""
    if label.kind not in ("digit", "digit_bracket", "decimal"):
        return True
    former = last.get(label.kind, 0)
    if not inner and label.kind == "digit" and label.text[-1] in ".、":
        return label.number > 0  # a paper may be an extract, or leave a number out
    return label.number == 1 or former < label.number <= former + 3 or (former == 0 and not inner)


def _pieces(
    block: Block, last: dict[str, int], after: Label | None
) -> Iterator[tuple[bool, Strand]]:
    """The labelled pieces of a paragraph. `after`: the label at the head of the next one."""
    text = block.text
    places = [
        (match.start(), label_of(text[match.start() : match.start() + 12]))
        for match in INNER.finditer(text)
    ]
    first = label_at(block.strand)
    known = dict(last)
    if first:
        known[first.kind] = first.number
    later = Counter((each.kind, each.number) for _, each in places if each)
    if after:
        later[after.kind, after.number] += 1
    start = 0
    for place, label in places:
        if label is None or label.kind not in SPLIT_KINDS:
            continue
        later[label.kind, label.number] -= 1
        begins = label.number == 1 and later[label.kind, 2] > 0
        counts_on = label.number > 1 and known.get(label.kind) == label.number - 1
        is_section = text[place + label.length :] in words("section_names")
        if not (begins or counts_on or is_section):
            continue
        known[label.kind] = label.number
        yield start > 0, block.strand.cut(start, place)
        start = place
    yield start > 0, block.strand.cut(start)
