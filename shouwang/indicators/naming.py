"""公式里的名字 (naming): what a formula may name in this county, and what rests on what."""

from collections.abc import Iterable, Mapping, Sequence

from shouwang.core.errors import DomainError
from shouwang.core.figures import all_figures

from .formulas import FormulaError, Leaf, Node, leaves, read, spell
from .models import Definition
from .querysets import keys_of
from .states import Source


class CountyNames:
    """Figures of all rooms, indicators of a county and of the places above it."""

    def __init__(self, path: str, proposed: Mapping[str, tuple[str, str]] | None = None) -> None:
        rows = Definition.objects.filter(division__in=keys_of(path))
        self.indicators: Mapping[str, tuple[str, str]] = {
            **(proposed or {}), **{one.code: (one.name, one.unit) for one in rows}
        }  # fmt: skip

    def find(self, kind: str, key: str) -> tuple[str, str] | None:
        if kind == "indicator":
            return self.indicators.get(key)
        figure = all_figures().get(key)
        return (figure.title, figure.unit) if figure else None

    def all_keys(self, kind: str) -> list[str]:
        return list(self.indicators if kind == "indicator" else all_figures())


Proposed = Mapping[str, tuple[str, str]]
"""Title and unit by code of what is not an indicator yet: the rows of a table under review."""


def checked(text: str, path: str, unit: str = "", proposed: Proposed | None = None) -> Node:
    """The tree of a formula; a DomainError where it cannot be used or gives another unit."""
    try:
        tree = read(text, CountyNames(path, proposed))
    except FormulaError as error:
        raise DomainError(str(error), code="formula") from error
    if unit and tree.unit and tree.unit != unit:
        raise DomainError(
            f"公式算出来的单位是“{tree.unit}”，指标的单位是“{unit}”，请核对。", code="unit"
        )
    return tree


def in_words(text: str, path: str, proposed: Proposed | None = None) -> str:
    """A formula as people read it; as it is written where it cannot be read any more."""
    try:
        return spell(read(text, CountyNames(path, proposed)))
    except FormulaError:
        return text


def codes_in(tree: Node) -> set[str]:
    return {leaf.key for leaf in leaves(tree) if leaf.kind == "indicator"}


def no_circle(code: str, tree: Node, path: str) -> None:
    """Refuse a formula that in the end rests on itself."""
    formulas = {
        one.code: one.formula
        for one in Definition.objects.filter(division__in=keys_of(path), source=Source.FORMULA)
    }
    names = CountyNames(path)
    waiting, seen = list(codes_in(tree)), set[str]()
    while waiting:
        at = waiting.pop()
        if at == code:
            raise DomainError("公式绕了一圈又用到这个指标自己，请改用别的数。", code="formula")
        if at in seen or not formulas.get(at):
            continue
        seen.add(at)
        try:
            waiting += codes_in(read(formulas[at], names))
        except FormulaError:
            continue


def sorted_by_need(
    definitions: Sequence[Definition], trees: Mapping[int, Node]
) -> list[Definition]:
    """Definitions in such an order that each comes after those that its formula names."""
    by_code = {one.code: one for one in definitions}
    done: dict[int, Definition] = {}

    def visit(one: Definition, trail: frozenset[int]) -> None:
        if one.pk in done or one.pk in trail:
            return
        for code in sorted(codes_in(trees[one.pk])):
            if code in by_code:
                visit(by_code[code], trail | {one.pk})
        done[one.pk] = one

    for one in definitions:
        visit(one, frozenset())
    return list(done.values())


def wanted_figures(trees: Iterable[Node]) -> set[Leaf]:
    return {leaf for tree in trees for leaf in leaves(tree) if leaf.kind == "figure"}
