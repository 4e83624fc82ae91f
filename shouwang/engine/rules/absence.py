"""缺行时的条件: what a condition comes to for somebody of whom a feed has no row."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.typed import Quantity, Typed

UNKNOWN = "unknown"


def rejects(node: Typed, absent: frozenset[Typed | Quantity], compiler: Compiler) -> bool:
    """Whether a condition cannot be true for a subject without rows of the absent quantities."""
    return _without(node, absent, compiler) in (False, None)


def _without(node: Typed, absent: frozenset[Typed | Quantity], compiler: Compiler) -> Any:
    """The value with the absent quantities null (or 0): a value, None for null, or UNKNOWN."""
    if node.op == "quantity" and node.value[0] in absent:
        return Fraction(0) if node.value[0].counts else None
    if node.op in ("hit", "hit_value") and node in absent:
        return False if node.op == "hit" else None
    constant = compiler.constant(node)
    if constant is not None:
        return constant
    values = [_without(arg, absent, compiler) for arg in node.args]
    if node.op == "and":
        return None if any(value in (False, None) for value in values) else UNKNOWN
    if node.op == "or":
        return None if all(value in (False, None) for value in values) else UNKNOWN
    if node.op == "is" and values[0] is None:
        return node.value in ("missing",)
    if node.op == "compare":
        return _compared(node.value, values)
    if node.op in ("in", "within", "+", "-", "*", "/") and None in values:
        return None
    if node.op == "call" and None in values:
        return None if node.value != "earliest" or set(values) == {None} else UNKNOWN
    return UNKNOWN


def _compared(operator: str, values: list[Any]) -> Any:
    if None in values:
        return None
    if not all(isinstance(value, Fraction) for value in values):
        return UNKNOWN
    a, b = values
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def leaves(node: Typed) -> Iterator[Typed]:
    for part in node.walk():
        if part.op in ("column", "quantity", "hit", "hit_value"):
            yield part


def of_subject(node: Typed) -> bool:
    """A condition on the registry alone."""
    return all(leaf.op == "column" for leaf in leaves(node))


def quantities_of(node: Typed) -> Iterable[Quantity]:
    return dict.fromkeys(leaf.value[0] for leaf in leaves(node) if leaf.op == "quantity")


def only_quantities(node: Typed) -> bool:
    """A condition on quantities alone."""
    found = list(leaves(node))
    return bool(found) and all(leaf.op == "quantity" for leaf in found)


def of_rows(node: Typed | None) -> bool:
    """Whether a row decides a condition alone, without the registry or other quantities."""
    return node is None or all(
        leaf.op == "column" and leaf.value[0] == "row" for leaf in leaves(node)
    )


def node_of(quantity: Quantity) -> Typed:
    return Typed("quantity", quantity.type, value=(quantity, ""))
