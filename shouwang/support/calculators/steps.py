"""政策计算的一步一步 (steps): what a calculator shows: each step, its value, the law behind it.

Pure. Money is Decimal yuan to the cent. A fact that is not known makes the result unknown and is
named; it is never taken for zero or for no.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from shouwang.core.components import Explanation, ExplanationRow
from shouwang.engine.rules.parameters import Parameter

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
TONES = {MET: "done", NOT_MET: "late", UNKNOWN: "idle"}
FEN = Decimal("0.01")
ZERO = Decimal(0)
P = ParamSpec("P")
Facts = TypeVar("Facts")


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, halves up, as accounts are kept."""
    return value.quantize(FEN, ROUND_HALF_UP)


def yuan(value: Decimal | None) -> str:
    return "不详" if value is None else f"{cents(value):,} 元"


def percent(value: Decimal) -> str:
    text = f"{value * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"


class NoLaw(LookupError):
    """No value of a parameter holds on the day."""


@dataclass(frozen=True)
class Line:
    """参数取值: a dated value with the document that decided it."""

    key: str
    title: str
    unit: str
    kind: str
    value: Decimal
    basis: str
    document: str
    valid_from: date

    @property
    def words(self) -> str:
        if self.kind == "ratio":
            return percent(self.value)
        if self.kind == "amount":
            return f"{self.value:,.2f}".rstrip("0").rstrip(".") + f" {self.unit}"
        return f"{self.value.normalize():f} {self.unit}"

    @property
    def source(self) -> str:
        return f"{self.title} {self.words}，{self.valid_from:%Y-%m-%d} 起，{self.document}"


@dataclass(frozen=True)
class Law:
    """政策: all parameters as they hold on one day in one region."""

    day: date
    lines: Mapping[str, Line]

    def line(self, key: str) -> Line:
        """Raises NoLaw where the rulebook has no value for the day."""
        try:
            return self.lines[f"support.{key}" if "." not in key else key]
        except KeyError:
            raise NoLaw(key) from None

    def value(self, key: str) -> Decimal:
        return self.line(key).value

    def days(self, key: str) -> int:
        return int(self.line(key).value)


def law_on(
    parameters: Mapping[str, Parameter],
    documents: Mapping[str, str],
    day: date,
    regions: tuple[str, ...],
) -> Law:
    """The law of a day: for each parameter the entry of the most specific region."""
    lines = {}
    for key, parameter in parameters.items():
        entry = parameter.entry(day, regions)
        if entry is None:
            continue
        lines[key] = Line(
            key,
            parameter.title,
            parameter.unit,
            parameter.type.kind,
            Decimal(entry.value),
            parameter.basis,
            documents.get(entry.source, entry.source),
            entry.valid_from,
        )
    return Law(day, lines)


@dataclass(frozen=True)
class Step:
    """一步: what was worked out, its value, by which dated value of the law, in a sentence."""

    what: str
    value: str
    sentence: str
    line: Line | None = None
    state: str = MET


@dataclass(frozen=True)
class Result:
    """结果 of a calculator: an amount or a yes or no, with every step that led there."""

    title: str
    state: str
    sentence: str
    steps: Sequence[Step]
    amount: Decimal | None = None
    missing: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def word(self) -> str:
        return {MET: "符合", NOT_MET: "不符合", UNKNOWN: "无法判断"}[self.state]

    @property
    def explanation(self) -> Explanation:
        """For the common card of reasons."""
        rows = tuple(
            ExplanationRow(
                f"{step.what}：{step.sentence}",
                step.value,
                step.line.words if step.line else "",
                step.line.source if step.line else "",
            )
            for step in self.steps
        )
        return Explanation(self.sentence, self.title, rows, self.word, self.tone)


def unknown(title: str, missing: Sequence[str], steps: Sequence[Step] = ()) -> Result:
    """A result that cannot be told because facts are missing."""
    names = tuple(dict.fromkeys(missing))
    sentence = f"还算不出{title}：缺少{'、'.join(names)}。补上以后再算。"
    return Result(title, UNKNOWN, sentence, tuple(steps), missing=names)


def lawful(
    title: str,
) -> Callable[[Callable[Concatenate[Facts, P], Result]], Callable[Concatenate[Facts, P], Result]]:
    """Where the rulebook has no value for the day, say which one is missing."""

    def decorate(
        work: Callable[Concatenate[Facts, P], Result],
    ) -> Callable[Concatenate[Facts, P], Result]:
        @wraps(work)
        def guarded(facts: Facts, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            try:
                return work(facts, *args, **kwargs)
            except NoLaw as error:
                return unknown(title, [f"当日的政策参数（{error.args[0]}）"])

        return guarded

    return decorate
