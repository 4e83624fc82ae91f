"""困难类型的条件: for one household, each tier's conditions, figures and sources.

Pure: facts in, findings out. A fact that is not known makes a condition "cannot tell" and is named;
it is never taken for zero. The result is a proposal for civil affairs, never a decision.
Source: monitoring.md §9.1; amounts and shares are dated parameters of the rulebook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shouwang.core.components import Explanation, ExplanationRow
from shouwang.engine.rules.parameters import Entry, Parameter

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
WORDS = {MET: ("符合", "near"), NOT_MET: ("不符合", "done"), UNKNOWN: ("无法判断", "idle")}
YEAR = 12
FEN = Decimal("0.01")


class Line:
    """One dated value of the rulebook, as it holds on a day in a region."""

    def __init__(self, parameter: Parameter, entry: Entry) -> None:
        self.title, self.unit = parameter.title, parameter.unit
        self.value = Decimal(entry.value)
        self.source = f"{parameter.basis}；{entry.valid_from:%Y-%m-%d} 起"

    def __str__(self) -> str:
        return f"{self.value:,} {self.unit}"


def lines_on(
    parameters: Mapping[str, Parameter], day: date, regions: tuple[str, ...]
) -> dict[str, Line]:
    """The values in force on a day, by key; a key without a value on that day is absent."""
    found = {}
    for key, parameter in parameters.items():
        entry = parameter.entry(day, regions)
        if entry is not None:
            found[key] = Line(parameter, entry)
    return found


@dataclass(frozen=True)
class Person:
    """What the conditions ask about one member; None is not known."""

    name: str
    works: bool | None
    """Whether he earns wages: the necessary cost of working is deducted for each who does."""
    severe: bool = False
    """Disability of grade 1 or 2, or intellectual or mental of grade 3, or serious illness."""
    severe_words: str = ""


@dataclass(frozen=True)
class Facts:
    """A household's year in yuan, as far as known."""

    size: int
    net_income: Decimal | None
    rigid_spending: Decimal | None
    financial_assets: Decimal | None = None
    houses: int | None = None
    vehicles: int | None = None
    persons: Sequence[Person] = field(default_factory=tuple)


@dataclass(frozen=True)
class Condition:
    """One condition: what was looked at, its value, the line, and whether it is met."""

    label: str
    state: str
    value: str
    line: str = ""
    source: str = ""


@dataclass(frozen=True)
class Finding:
    """A tier's conditions together: met when all are, not met when any is not."""

    tier: str
    title: str
    conditions: tuple[Condition, ...]
    note: str = ""

    @property
    def state(self) -> str:
        states = {one.state for one in self.conditions}
        return NOT_MET if NOT_MET in states else UNKNOWN if UNKNOWN in states else MET

    @property
    def explanation(self) -> Explanation:
        word, tone = WORDS[self.state]
        rows = tuple(
            ExplanationRow(f"{one.label}：{WORDS[one.state][0]}", one.value, one.line, one.source)
            for one in self.conditions
        )
        return Explanation(self._sentence(), self.title, rows, word, tone, source=self.note)

    def _sentence(self) -> str:
        if self.state == UNKNOWN:
            missing = "、".join(one.label for one in self.conditions if one.state == UNKNOWN)
            return f"是否符合{self.title}的条件还不能判断：缺少{missing}的数据。"
        if self.state == NOT_MET:
            failed = next(one for one in self.conditions if one.state == NOT_MET)
            return f"不符合{self.title}的条件：{failed.label}为{failed.value}，界线{failed.line}。"
        return f"按现有数据，符合{self.title}的条件，可提请民政核实。"


def yuan(value: Decimal | Fraction | None) -> str:
    if value is None:
        return "不详"
    number = value if isinstance(value, Decimal) else Decimal(value.numerator) / value.denominator
    return f"{number.quantize(FEN):,} 元"


def counted_per_head(facts: Facts, lines: Mapping[str, Line]) -> Decimal | None:
    """Counted income per person and month: net income less the cost of working of who works.

    Nobody's deduction makes the income negative.
    """
    cost = lines.get("assistance.work_cost")
    if facts.net_income is None or cost is None or facts.size < 1:
        return None
    if any(person.works is None for person in facts.persons):
        return None
    workers = sum(bool(person.works) for person in facts.persons)
    counted = max(facts.net_income - workers * cost.value * YEAR, Decimal(0))
    return counted / facts.size / YEAR


def at_most(label: str, value: Decimal | None, limit: Decimal | None, source: str) -> Condition:
    """A condition `value <= limit`, cannot tell when either is not known."""
    if value is None or limit is None:
        return Condition(
            label, UNKNOWN, yuan(value), yuan(limit) if limit is not None else "", source
        )
    return Condition(label, MET if value <= limit else NOT_MET, yuan(value), yuan(limit), source)


def dibao(facts: Facts, lines: Mapping[str, Line]) -> Finding:
    """低保: counted income per head below the standard, and property within limits."""
    line = lines.get("assistance.rural_dibao")
    income = at_most(
        "月人均核定收入", counted_per_head(facts, lines), line.value if line else None,
        line.source if line else "",
    )  # fmt: skip
    return Finding("dibao", "低保对象", (income, *_property(facts)), _work_note(facts, lines))


def edge(facts: Facts, lines: Mapping[str, Line]) -> Finding:
    """低保边缘: counted income above the standard, up to its multiple; property within limits."""
    line, times = lines.get("assistance.rural_dibao"), lines.get("assistance.edge_multiple")
    limit = line.value * times.value if line and times else None
    income = at_most(
        "月人均核定收入", counted_per_head(facts, lines), limit, times.source if times else ""
    )
    return Finding("edge", "低保边缘家庭", (income, *_property(facts)), _work_note(facts, lines))


def rigid(facts: Facts, lines: Mapping[str, Line]) -> Finding:
    """刚性支出困难: income below last year's average, rigid spending a large share of it."""
    average, share = lines.get("medical.disposable_income"), lines.get("assistance.rigid_share")
    per_head = None if facts.net_income is None or facts.size < 1 else facts.net_income / facts.size
    income = at_most(
        "年人均收入", per_head, average.value if average else None,
        average.source if average else "",
    )  # fmt: skip
    return Finding(
        "rigid", "刚性支出困难家庭", (income, _rigid_share(facts, share), *_property(facts, lines))
    )


def _rigid_share(facts: Facts, share: Line | None) -> Condition:
    label = "刚性支出占家庭年收入"
    if facts.net_income is None or facts.rigid_spending is None or share is None:
        return Condition(label, UNKNOWN, "不详", f"{share.value:.0%}" if share else "")
    reached = facts.rigid_spending >= share.value * facts.net_income and facts.rigid_spending > 0
    part = f"{facts.rigid_spending / facts.net_income:.1%}" if facts.net_income > 0 else "收入为零"
    state = MET if reached else NOT_MET
    return Condition(label, state, part, f"不低于 {share.value:.0%}", share.source)


def _property(facts: Facts, lines: Mapping[str, Line] | None = None) -> tuple[Condition, ...]:
    """Property as far as departments report it: a hit is explained, never a veto."""
    found = []
    for label, count in (("住宅套数", facts.houses), ("机动车", facts.vehicles)):
        if count is None:
            found.append(Condition(label, UNKNOWN, "不详"))
        elif count > 1:
            found.append(Condition(label, UNKNOWN, f"{count}", "超过 1 的须本人说明后判断"))
        else:
            found.append(Condition(label, MET, f"{count}", "不超过 1"))
    if lines is not None:
        found.append(_assets(facts, lines))
    return tuple(found)


def _assets(facts: Facts, lines: Mapping[str, Line]) -> Condition:
    months, line = lines.get("assistance.asset_months"), lines.get("assistance.urban_dibao")
    limit = months.value * line.value if months and line else None
    held = None
    if facts.financial_assets is not None and facts.size >= 1:
        held = facts.financial_assets / facts.size
    return at_most("人均金融资产", held, limit, months.source if months else "")


def single_person(facts: Facts) -> Finding:
    """单人户: severely disabled or seriously ill members of an edge family may apply alone."""
    severe = [person for person in facts.persons if person.severe]
    words = "、".join(f"{person.name}（{person.severe_words}）" for person in severe)
    condition = Condition(
        "重度残疾、三级智力精神残疾或重病成员",
        MET if severe else NOT_MET,
        words or "没有",
        "至少 1 人",
    )
    note = "适用于低保边缘家庭：符合条件的成员可以单独提出低保申请。"
    return Finding("single", "单人户低保", (condition,), note)


def grace_until(above_since: date, lines: Mapping[str, Line]) -> date | None:
    """渐退期: the last day of assistance after work lifted the income above the line."""
    months = lines.get("assistance.grace_months")
    if months is None:
        return None
    count = above_since.month - 1 + int(months.value)
    year, month = above_since.year + count // YEAR, count % YEAR + 1
    day = above_since.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _work_note(facts: Facts, lines: Mapping[str, Line]) -> str:
    cost = lines.get("assistance.work_cost")
    workers = sum(bool(person.works) for person in facts.persons)
    if cost is None or not workers:
        return ""
    return f"已为 {workers} 名务工成员每人每月扣减就业成本 {cost.value:,} 元（{cost.source}）。"


def all_findings(facts: Facts, lines: Mapping[str, Line]) -> list[Finding]:
    """Every tier's finding for one household, the deepest difficulty first."""
    return [dibao(facts, lines), edge(facts, lines), rigid(facts, lines), single_person(facts)]
