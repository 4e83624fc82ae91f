"""公式 (formulas): a closed, typed little language over figures and other indicators. Pure.

    share(registry.with_toilet, registry.households)      占比
    growth(指标.粮食产量)                                  比上年同期增长
    cases.open / registry.households * 1000               四则运算
    指标.人均收入 - upper(指标.人均收入)                    与上级比

The text is parsed by the grammar of the rulebook; nothing is ever executed as program. Every node
has a unit, and what cannot be added is refused. Errors are Chinese and name the place.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Protocol

from shouwang.engine.rules import syntax
from shouwang.engine.rules.parser import parse
from shouwang.engine.rules.problems import RuleError

PERCENT = "%"
INDICATOR = "指标"
SHARE, GROWTH, LAST, UPPER = (
    ("share", "占比"),
    ("growth", "增长"),
    ("last", "上年"),
    ("upper", "上级"),
)
MOST_BACK, MOST_UP = 3, 3
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


class FormulaError(Exception):
    """A formula that cannot be used; the message is for the person who wrote it."""


class Names(Protocol):
    """What a formula may name: figures by key, indicators by code."""

    def find(self, kind: str, key: str) -> tuple[str, str] | None:
        """Title and unit, or None where there is no such thing."""

    def all_keys(self, kind: str) -> list[str]:
        """Every key of a kind, for the hint."""


@dataclass(frozen=True)
class Node:
    unit: str


@dataclass(frozen=True)
class Number(Node):
    value: Decimal


@dataclass(frozen=True)
class Leaf(Node):
    """A figure or an indicator, `back` years before and `up` levels above."""

    kind: str
    key: str
    title: str
    back: int = 0
    up: int = 0


@dataclass(frozen=True)
class Op(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Share(Node):
    part: Node
    whole: Node


@dataclass(frozen=True)
class Growth(Node):
    now: Node
    before: Node


def read(text: str, names: Names) -> Node:
    """The checked tree of a formula; FormulaError tells what is wrong and where."""
    if not text.strip():
        raise FormulaError("公式是空的。")
    try:
        return _Checker(names).check(parse(text))
    except RuleError as error:
        raise FormulaError(error.message) from error


def leaves(node: Node) -> Iterator[Leaf]:
    """Everything that a formula rests on."""
    match node:
        case Leaf():
            yield node
        case Op(left=left, right=right) | Share(part=left, whole=right):
            yield from leaves(left)
            yield from leaves(right)
        case Growth(now=left, before=right):
            yield from leaves(left)
            yield from leaves(right)


def spell(node: Node) -> str:
    """The formula in words: 占比（有卫生厕所的农户，登记厕所的农户）."""
    match node:
        case Number(value=value, unit=unit):
            return f"{value}{unit}"
        case Leaf(title=title, back=back, up=up):
            return f"{'上级' * up}{'上年' * back}{title}"
        case Share(part=part, whole=whole):
            return f"{spell(part)} ÷ {spell(whole)}（%）"
        case Growth(now=now):
            return f"{spell(now)}比上年增长（%）"
        case Op(op=op, left=left, right=right):
            sides = [f"（{spell(one)}）" if isinstance(one, Op) else spell(one)
                     for one in (left, right)]  # fmt: skip
            return f"{sides[0]} {SIGNS[op]} {sides[1]}"
    raise TypeError(node)


def evaluate(node: Node, value_of: Callable[[Leaf], Decimal | None]) -> Decimal | None:
    """The value; nothing where one of its parts is missing or a divisor is zero."""
    try:
        return _value(node, value_of)
    except (InvalidOperation, OverflowError):
        return None


def _value(node: Node, value_of: Callable[[Leaf], Decimal | None]) -> Decimal | None:
    match node:
        case Number(value=value):
            return value
        case Leaf():
            return value_of(node)
        case Share(part=left, whole=right):
            ratio = _divide(_value(left, value_of), _value(right, value_of))
            return None if ratio is None else ratio * 100
        case Growth(now=now, before=before):
            first, second = _value(now, value_of), _value(before, value_of)
            if first is None or second is None or second <= 0:
                return None
            return (first - second) / second * 100
        case Op(op=op, left=left, right=right):
            return _operate(op, node, _value(left, value_of), _value(right, value_of))
    raise TypeError(node)


def _operate(op: str, node: Op, left: Decimal | None, right: Decimal | None) -> Decimal | None:
    if left is None or right is None:
        return None
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        percents = [one.unit == PERCENT for one in (node.left, node.right)]
        scale = Decimal(100) if any(percents) and node.unit != PERCENT else Decimal(1)
        return left * right / scale
    return _divide(left, right)


def _divide(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or not right else left / right


class _Checker:
    def __init__(self, names: Names) -> None:
        self.names = names

    def check(self, node: syntax.Node) -> Node:
        match node:
            case syntax.Number(value=value, unit=unit):
                return Number(unit, value)
            case syntax.Name():
                return self.leaf(node)
            case syntax.Binary(op=op) if op in "+-*/":
                return self.operation(node)
            case syntax.Call():
                return self.call(node)
        raise _wrong(node, "指标公式只能用加减乘除、share、growth、last 和 upper")

    def leaf(self, node: syntax.Name) -> Leaf:
        kind, key = ("indicator", node.text.partition(".")[2]) if (
            node.parts[0] == INDICATOR and len(node.parts) > 1
        ) else ("figure", node.text)  # fmt: skip
        found = self.names.find(kind, key)
        if found is None:
            word = "指标" if kind == "indicator" else "自动数"
            near = get_close_matches(key, self.names.all_keys(kind), 1)
            hint = f"，是不是“{near[0]}”" if near else ""
            raise _wrong(node, f"没有“{key}”这个{word}{hint}")
        return Leaf(found[1], kind, key, found[0])

    def operation(self, node: syntax.Binary) -> Op:
        left, right = self.check(node.left), self.check(node.right)
        if node.op in "+-":
            if left.unit != right.unit:
                word = "加" if node.op == "+" else "减"
                raise _wrong(node, f"单位不同（{_unit(left)}和{_unit(right)}），不能相{word}")
            return Op(left.unit, node.op, left, right)
        if node.op == "*":
            return Op(_product(node, left, right), "*", left, right)
        if isinstance(right, Number) and right.value == 0:
            raise _wrong(node, "不能除以 0")
        if left.unit == right.unit:
            unit = ""
        else:
            unit = f"{left.unit}/{right.unit}" if right.unit else left.unit
        return Op(unit, "/", left, right)

    def call(self, node: syntax.Call) -> Node:
        if node.name in SHARE:
            part, whole = self.arguments(node, 2)
            if part.unit != whole.unit:
                raise _wrong(node, f"占比的两个数单位不同（{_unit(part)}和{_unit(whole)}）")
            return Share(PERCENT, part, whole)
        if node.name in GROWTH:
            (now,) = self.arguments(node, 1)
            return Growth(PERCENT, now, self.moved(node, now, back=1))
        if node.name in LAST:
            (inner,) = self.arguments(node, 1)
            return self.moved(node, inner, back=1)
        if node.name in UPPER:
            (inner,) = self.arguments(node, 1)
            return self.moved(node, inner, up=1)
        raise _wrong(node, f"没有“{node.name}”这个函数，可以用 share、growth、last、upper")

    def arguments(self, node: syntax.Call, count: int) -> list[Node]:
        if len(node.args) != count:
            raise _wrong(node, f"{node.name} 要写 {count} 个数，现在写了 {len(node.args)} 个")
        return [self.check(one) for one in node.args]

    def moved(self, at: syntax.Node, node: Node, *, back: int = 0, up: int = 0) -> Node:
        """The same formula a year before or a level above."""
        match node:
            case Leaf():
                moved = Leaf(
                    node.unit, node.kind, node.key, node.title, node.back + back, node.up + up
                )
                if moved.back > MOST_BACK or moved.up > MOST_UP:
                    raise _wrong(at, f"最多往前 {MOST_BACK} 年、往上 {MOST_UP} 级")
                return moved
            case Op(op=op, left=left, right=right):
                return Op(
                    node.unit, op, self.moved(at, left, back=back, up=up),
                    self.moved(at, right, back=back, up=up),
                )  # fmt: skip
            case Share(part=left, whole=right):
                return Share(
                    node.unit, self.moved(at, left, back=back, up=up),
                    self.moved(at, right, back=back, up=up),
                )  # fmt: skip
            case Growth(now=left, before=right):
                return Growth(
                    node.unit, self.moved(at, left, back=back, up=up),
                    self.moved(at, right, back=back, up=up),
                )  # fmt: skip
        return node


def _product(node: syntax.Node, left: Node, right: Node) -> str:
    if not left.unit or not right.unit:
        return left.unit or right.unit
    if PERCENT in (left.unit, right.unit):
        return left.unit if right.unit == PERCENT else right.unit
    raise _wrong(node, f"{_unit(left)}和{_unit(right)}相乘没有意义")


def _unit(node: Node) -> str:
    return f"“{node.unit}”" if node.unit else "没有单位的数"


def _wrong(node: syntax.Node, message: str) -> FormulaError:
    return FormulaError(f"第 {node.column} 个字符处：{message}。")
