"""等价改写: the same rule, cheaper to evaluate; what it says about anybody does not change."""

from dataclasses import replace
from fractions import Fraction

from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.typed import BOOL, Quantity, Typed, conjunction, conjuncts


def without_zeros(rule: Rule, compiler: Compiler) -> Rule:
    """Numbers have no sign, so zeros add nothing to a sum that must lie above a line of 0 or more:
    rows with zero need not be read. Where only zeros are there, the sum is no data instead of 0,
    and neither is above the line."""
    for part in conjuncts(rule.when):
        quantity = _summed_above(part, compiler)
        if quantity is not None and quantity.value is not None:
            zero = Typed("literal", quantity.value.type, value=Fraction(0))
            positive = Typed("compare", BOOL, (quantity.value, zero), ">")
            narrower = replace(quantity, where=conjunction([*conjuncts(quantity.where), positive]))
            value = replace(
                rule.value, expression=_replaced(rule.value.expression, quantity, narrower)
            )
            rule = replace(rule, when=_replaced(rule.when, quantity, narrower), value=value)
    return rule


def _summed_above(part: Typed, compiler: Compiler) -> Quantity | None:
    """The sum of numbers in `sum > line` with a line of 0 or more."""
    if part.op != "compare" or part.value not in (">", ">=") or part.args[0].op != "quantity":
        return None
    quantity: Quantity = part.args[0].value[0]
    line = compiler.constant(part.args[1])
    if quantity.agg != "sum" or quantity.type.kind != "number" or not isinstance(line, Fraction):
        return None
    return quantity if line > 0 or (line == 0 and part.value == ">") else None


def _replaced(node: Typed, old: Quantity, new: Quantity) -> Typed:
    if node.op == "quantity" and node.value[0] == old:
        return replace(node, value=(new, node.value[1]))
    return replace(node, args=tuple(_replaced(arg, old, new) for arg in node.args))
