"""提纲 (outline): the tree of headings and items with their own paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from shouwang.policydocs.front import TITLE_END
from shouwang.policydocs.headings import may_have_lost_its_label, stands_between_numbers, title_end
from shouwang.policydocs.items import Item
from shouwang.policydocs.model import Heading
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.words import words

DEEPEST = 12
PRINCIPLES = re.compile(".{0,6}原则")
OWN_GOALS = re.compile("(?:总体|具体|阶段性?|预期|奋斗|工作)?目标$")
BIG = ("part", "chapter", "section", "lost")


@dataclass
class Node:
    """A labelled piece: its heading (if it is one), its own paragraphs, and the pieces below."""

    item: Item | None
    kind: str
    level: int
    heading: Heading | None = None
    run_in: Strand | None = None
    """The labelled paragraph itself where it holds more than a title (the title included)."""
    paragraphs: list[Strand] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = field(default=None, repr=False)

    @property
    def texts(self) -> list[Strand]:
        return [self.run_in, *self.paragraphs] if self.run_in else list(self.paragraphs)

    def path(self) -> tuple[str, ...]:
        node: Node | None = self
        found: list[str] = []
        while node is not None:
            if node.heading is not None:
                found.append(node.heading.full)
            node = node.parent
        return tuple(reversed(found))

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


class TreeBuilder:
    """Reads items in order and hangs each where its kind of label belongs."""

    def __init__(self, source: str, items: list[Item]) -> None:
        self.source = source
        self.items = items
        self.root = Node(None, "root", 0)
        self.stack: list[Node] = [self.root]
        self.last: dict[str, int] = {}
        self.above: dict[str, str] = {}
        self.lost_kind = "lost"
        between = {
            index
            for index, each in enumerate(items)
            if stands_between_numbers(each, self._neighbour(index - 1), self._neighbour(index + 1))
        }
        self.between = between if len(between) > 1 else set()
        """Lines that divide one run of numbers (11., 12.) where the paper does so repeatedly."""

    def build(self) -> Node:
        begins = next((i for i, each in enumerate(self.items) if _structural(each)), 0)
        for index, item in enumerate(self.items):
            if index < begins and item.label is not None and item.label.kind == "bullet":
                self.stack[-1].paragraphs.append(item.strand)  # facts of the page, above the paper
            elif item.label is not None:
                self._labelled(index, item)
            elif self._is_lost_heading(index):
                self._lost(index, item)
            else:
                self.stack[-1].paragraphs.append(item.strand)
        return self.root

    def _neighbour(self, index: int) -> Item | None:
        return self.items[index] if 0 <= index < len(self.items) else None

    def _is_lost_heading(self, index: int) -> bool:
        item = self.items[index]
        if index in self.between:
            return True
        if item.block.level and len(item.strand.text) <= 40 and len(self.stack) > 1:
            return True
        if len(self.stack) == 1 and not self._preamble_is_over(index):
            return False
        return may_have_lost_its_label(item, self._neighbour(index - 1), self._neighbour(index + 1))

    def _preamble_is_over(self, index: int) -> bool:
        """Before the first label only a line right above label 1 can be a heading."""
        after = self._neighbour(index + 1)
        text = self.items[index].strand.text
        if text in words("section_names"):
            return True
        if TITLE_END.search(text):
            return False
        return (
            after is not None
            and after.label is not None
            and after.label.kind
            in (
                "bracket",
                "digit",
            )
            and after.label.number == 1
        )

    def _labelled(self, index: int, item: Item) -> None:
        assert item.label is not None
        kind = item.label.kind
        if kind == "decimal":
            kind = f"decimal{item.label.text.strip('.、').count('.')}"
        kind = self._make_room(kind)
        self._push(kind, item, self._alone(index), leads=self._leads(index))
        if item.label.kind not in ("box", "table"):
            self.last[kind] = item.label.number
            self.above[kind] = self.stack[-2].kind

    def _alone(self, index: int) -> bool:
        """Nothing of its own follows: the next item has the same kind of label, or none is left."""
        after = self._neighbour(index + 1)
        label = self.items[index].label
        if after is None:
            return True
        return (
            after.label is not None
            and label is not None
            and (after.label.kind == label.kind or after.label.number != 1)
        )

    def _leads(self, index: int) -> bool:
        """1. begins right below (一)."""
        after, label = self._neighbour(index + 1), self.items[index].label
        if after is None or after.label is None or label is None:
            return False
        if label.kind not in ("cn", "bracket") or after.label.kind not in ("bracket", "digit"):
            return False
        return after.label.number == 1 and after.label.kind != label.kind

    def _make_room(self, kind: str) -> str:
        """Leave what this kind of label closes; the kind under which it hangs comes back."""
        if kind == "annex":
            del self.stack[1:]
            return kind
        if kind in ("box", "table"):
            return self._make_room_for_box(kind)
        if kind in ("cn", "bracket", *BIG) and self.stack[-1].kind == "table":
            self.stack.pop()  # 一、 after a table is no part of it
        kinds = [each.kind for each in self.stack]
        if kind in kinds:
            del self.stack[kinds.index(kind) :]
        elif kind in BIG or len(self.stack) > DEEPEST:
            order = BIG.index(kind) if kind in BIG else 0
            while len(self.stack) > 1 and not (
                self.stack[-1].kind in BIG and BIG.index(self.stack[-1].kind) < order
            ):
                self.stack.pop()
        return kind

    def _make_room_for_box(self, kind: str) -> str:
        """A box stands beside the innermost 一、 or (一); a table hangs below it."""
        while len(self.stack) > 1 and self.stack[-1].kind not in ("cn", "bracket", *BIG):
            self.stack.pop()
        if kind == "box" and self.stack[-1].kind in ("cn", "bracket"):
            return self.stack.pop().kind
        return kind

    def _push(self, kind: str, item: Item, alone: bool, *, leads: bool = False) -> None:
        node = Node(item, kind, len(self.stack), parent=self.stack[-1])
        end = title_end(item, alone=alone, leads=leads) if item.label else len(item.body)
        if end is not None:
            node.heading = self._heading(node, item, end)
            rest = item.body.text[end:].strip("。;:")
            node.run_in = item.body if rest else None
        else:
            node.run_in = item.body if item.body else None
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def _heading(self, node: Node, item: Item, end: int) -> Heading:
        body = item.body
        title = "".join(self.source[i] for i in body.at[:end])
        label = item.label_text
        label = {"box": label.rstrip("、:."), "table": label.rstrip("、:.")}.get(node.kind, label)
        whole = item.strand.span(0, (item.label.length if item.label else 0) + end)
        return Heading(self._depth(node), label, title, whole, self._never(node, title))

    def _depth(self, node: Node) -> int:
        """Nesting among headings: an item that is no heading does not count."""
        depth, above = 1, node.parent
        while above is not None:
            depth += above.heading is not None
            above = above.parent
        return depth

    def _never(self, node: Node, title: str) -> bool:
        if any(word in title for word in words("always_tasks")):
            return False
        if any(word in title for word in words("never_tasks")) or PRINCIPLES.fullmatch(title):
            return True
        if OWN_GOALS.search(title):
            return False  # 总体目标 below 指导思想、基本原则和总体目标
        above = node.parent
        while above is not None and above.heading is None:
            above = above.parent
        return bool(above and above.heading and above.heading.never_tasks)

    def _lost(self, index: int, item: Item) -> None:
        """A heading without its label takes the place that its neighbours leave open."""
        kinds = [each.kind for each in self.stack]
        if index in self.between:
            self._push(self._make_room_between(index), item, alone=False)
            return
        kind = self._kind_of_lost(index)
        if kind in kinds:
            del self.stack[kinds.index(kind) :]
        elif kind in BIG:
            self._make_room(kind)
        self.lost_kind = kind
        self.last[kind] = self.last.get(kind, 0) + 1
        self._push(kind, item, alone=False)

    def _make_room_between(self, index: int) -> str:
        """A line between (三) and (四) stands where the line above (一) stood, else above (四)."""
        after = self.items[index + 1].label
        kinds = [each.kind for each in self.stack]
        if after is None or after.kind not in kinds:
            return "between"
        place = kinds.index(after.kind)
        if kinds[place - 1] in ("lost", "between"):
            place -= 1
            kind = kinds[place]
        else:
            kind = "between"
        del self.stack[place:]
        return kind

    def _kind_of_lost(self, index: int) -> str:
        after = next(
            (each.label for each in self.items[index + 1 :] if each.label and _structural(each)),
            None,
        )
        if after is None:
            return self.lost_kind
        kinds = [each.kind for each in self.stack]
        if after.number == 1 and after.kind in kinds:
            above = self.stack[kinds.index(after.kind) - 1].kind
            return above if above != "root" else "lost"
        if after.number == 1 and after.kind == "section":
            return "chapter"
        if after.number == 1 and after.kind in self.above:
            return self.above[after.kind] if self.above[after.kind] != "root" else "lost"
        if after.kind in kinds and after.number == self.last.get(after.kind, 0) + 2:
            return after.kind
        return self.lost_kind


def _structural(item: Item) -> bool:
    return item.label is not None and item.label.kind in (*BIG, "cn", "bracket", "digit")
