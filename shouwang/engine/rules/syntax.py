"""表达式的语法树: what a rule's text says, before names and types are known."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Node:
    """Column: 1-based position of the node in the expression's text."""

    column: int = field(compare=False, kw_only=True, default=1)


@dataclass(frozen=True)
class Name(Node):
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Number(Node):
    value: Decimal
    unit: str = ""  # "元" makes it an amount, "%" a ratio


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Day(Node):
    value: date


@dataclass(frozen=True)
class Choices(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Unary(Node):
    op: str  # not, -
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    op: str  # and or = != < <= > >= + - * / else
    left: Node
    right: Node


@dataclass(frozen=True)
class Is(Node):
    """`x is missing`, `x is known`, `x is listed`, `x is unlisted`."""

    operand: Node
    state: str


@dataclass(frozen=True)
class In(Node):
    operand: Node
    choices: Node
    negated: bool = False


@dataclass(frozen=True)
class Within(Node):
    operand: Node
    window: str
