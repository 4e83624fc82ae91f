"""读出的内容 (what a paper says): headings, tasks, targets and the places they were read from.

Plain frozen records. A `Span` counts characters of `Source.text`, from 0, end excluded; the `raw`
of an item is the text at its span without the blanks and line ends of the layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shouwang.policydocs.source import Source


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """原文位置: a range of characters of the source."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Place:
    """页与段: where a reader of the printed paper finds it, counted from 1."""

    page: int | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class Heading:
    """标题: one labelled line of the outline. `level` is the depth in this paper, 1 outermost.

    `label` is empty where the paper lost it; `never_tasks` marks 指导思想, 基本原则 and their kind.
    """

    level: int
    label: str
    title: str
    span: Span
    never_tasks: bool = False

    @property
    def full(self) -> str:
        return self.label + self.title


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: an organisation as the paper writes it (no prefix added)."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """目标: one required quantity or complete state.

    comparator: ge le gt lt about eq increase decrease rank. value in the base unit (83万亩 is
    830000), None only for a rank without a number. value2 closes a range.
    """

    name: str
    comparator: str
    value: Decimal | None
    unit: str
    value2: Decimal | None
    qualifier: str | None
    raw: str
    span: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """时限: from date_from (None: from now on) to date_to, both included."""

    raw: str
    date_from: date | None
    date_to: date
    span: Span


@dataclass(frozen=True, slots=True)
class Periodic:
    """定期任务: `times` in each `per`.

    per: day week ten_days half_month month two_months quarter half_year year, two_years …
    """

    raw: str
    times: Decimal
    per: str
    span: Span


@dataclass(frozen=True, slots=True)
class Aside:
    """未列为目标的数字: a figure that was seen and left out, and why (a Chinese phrase)."""

    raw: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """任务: the smallest numbered item that asks for something to be done or reached.

    `path` holds the headings from outermost to its own; `pieces` are the spans that `text` was
    joined from (label and responsibility bracket are outside of them).
    """

    id: str
    path: tuple[str, ...]
    text: str
    span: Span
    pieces: tuple[Span, ...]
    lead_units: tuple[Unit, ...] = ()
    responsible_units: tuple[Unit, ...] = ()
    targets: tuple[Target, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    periodic: tuple[Periodic, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标: one row (or part of a row) of an indicator table.

    value is None where the cell sets a relative or qualitative target; then `comparator` may be
    None too. `by_year` holds every year column of the row as printed.
    """

    no: str
    name: str
    target_raw: str
    comparator: str | None
    value: Decimal | None
    value2: Decimal | None
    unit: str
    year: int | None
    kind: str | None
    scope: str | None
    table: str
    span: Span
    responsible_units: tuple[Unit, ...] | None = None
    scoring_units: tuple[Unit, ...] | None = None
    by_year: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fund:
    """资金: money granted, allocated or capped per beneficiary. per: year, 户, 亩 … or None."""

    beneficiary: str
    source: str | None
    amount: Decimal
    unit: str
    per: str | None
    raw: str
    span: Span
    cap: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """政策文件: everything that was read, with the source it was read from."""

    source: Source
    title: str
    issuer: str | None
    doc_number: str | None
    year_or_period: str | None
    outline: tuple[Heading, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    funds: tuple[Fund, ...]
    asides: tuple[Aside, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form of docs/policydocs.md: plain lists, dictionaries, numbers and text."""
        from shouwang.policydocs.writing import paper_as_json

        return paper_as_json(self)
