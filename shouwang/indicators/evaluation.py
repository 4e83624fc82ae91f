"""评价 (evaluation): one value held against what is asked: how far, how it stands, why. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shouwang.core.formats import number

from .parameters import Lights
from .periods import Period
from .states import Comparison, Direction, Standing

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")
CENT = Decimal("0.01")
FRACTION = Decimal("0.0001")
MOST = Decimal("9999")


@dataclass(frozen=True)
class Asked:
    """What is asked of a place: the comparison that holds for it and the figures behind it."""

    comparison: str
    direction: str = Direction.HIGHER
    unit: str = ""
    target: Decimal | None = None
    target2: Decimal | None = None
    target_year: int | None = None
    upper: Decimal | None = None
    upper_name: str = ""
    base: Decimal | None = None
    base_year: int | None = None
    accumulates: bool = False
    requirement: str = ""
    missing: str = ""
    """Why nothing can be said although something is asked."""

    @property
    def line(self) -> Decimal | None:
        """The number that must be reached."""
        if self.comparison in (Comparison.ZERO, Comparison.REMOVED):
            return Decimal(0)
        if self.comparison in (Comparison.ABOVE_UPPER, Comparison.REACH_UPPER):
            return self.upper
        return self.target

    @property
    def words(self) -> str:
        """≥ 90 %, 高于全省平均（6.5 %）."""
        amount = written(self.line, self.unit)
        match self.comparison:
            case Comparison.AT_LEAST:
                return f"≥ {amount}"
            case Comparison.AT_MOST:
                return f"≤ {amount}"
            case Comparison.RANGE:
                return f"{shown(self.target)}～{written(self.target2, self.unit)}"
            case Comparison.ABOVE_UPPER:
                return f"高于{self.upper_name}平均（{amount}）"
            case Comparison.REACH_UPPER:
                return f"不低于{self.upper_name}平均（{amount}）"
            case Comparison.ZERO:
                return "动态清零"
            case Comparison.REMOVED:
                return "全面消除"
            case Comparison.TEXT:
                return self.requirement or "文字要求"
        return "不作要求"


@dataclass(frozen=True)
class Assessment:
    """评价结果: attainment in percent, gap in the unit (positive: beyond the line)."""

    standing: Standing
    asked: Asked
    value: Decimal | None = None
    attainment: Decimal | None = None
    gap: Decimal | None = None
    words: str = ""

    @property
    def gap_words(self) -> str:
        return shown(self.gap)

    @property
    def is_met(self) -> bool:
        return self.standing == Standing.MET


def shown(value: Decimal | None) -> str:
    """A number as people read it: at most two places, no needless zeros."""
    return "—" if value is None else number(value.quantize(CENT, ROUND_HALF_UP))


def written(value: Decimal | None, unit: str) -> str:
    return f"{shown(value)} {unit}".strip() if value is not None else "—"


def assess(
    asked: Asked,
    *,
    value: Decimal | None,
    is_reached: bool | None,
    period: Period,
    on: date,
    lights: Lights,
) -> Assessment:
    """How a value of a period stands as of a day."""
    if asked.comparison == Comparison.NONE:
        return Assessment(Standing.NOT_ASKED, asked, value, words="对这里不作要求。")
    if asked.missing:
        return Assessment(Standing.UNKNOWN, asked, value, words=asked.missing)
    if asked.comparison == Comparison.TEXT:
        return _by_words(asked, value, is_reached, period, on)
    if value is None:
        return Assessment(Standing.UNKNOWN, asked, words=f"{period.label}还没有数值。")
    line = asked.line
    if line is None:
        return Assessment(Standing.UNKNOWN, asked, value, words="还没有目标值。")
    gap = _gap(asked, value, line)
    attainment = _attainment(asked, value, line)
    if _is_met(asked, value, line):
        standing = Standing.MET
        words = f"{written(value, asked.unit)}，达到要求（{asked.words}）。"
    else:
        standing = _short_of(asked, value, line, period, on, lights)
        words = (
            f"{written(value, asked.unit)}，离要求（{asked.words}）"
            f"差 {written(abs(gap), asked.unit)}。"
        )
    return Assessment(standing, asked, value, attainment, gap, words)


def _by_words(
    asked: Asked, value: Decimal | None, is_reached: bool | None, period: Period, on: date
) -> Assessment:
    if is_reached is None:
        words = f"{period.label}还没有报送是否达到。"
        return Assessment(Standing.UNKNOWN, asked, value, words=words)
    if is_reached:
        return Assessment(Standing.MET, asked, value, HUNDRED, words="报送为已达到。")
    standing = Standing.MISSED if _is_over(asked, on) else Standing.BEHIND
    return Assessment(standing, asked, value, words="报送为没有达到。")


def _is_over(asked: Asked, on: date) -> bool:
    return asked.target_year is not None and on > date(asked.target_year, 12, 31)


def _is_met(asked: Asked, value: Decimal, line: Decimal) -> bool:
    match asked.comparison:
        case Comparison.AT_MOST | Comparison.ZERO | Comparison.REMOVED:
            return value <= line
        case Comparison.RANGE:
            return value >= line and (asked.target2 is None or value <= asked.target2)
        case Comparison.ABOVE_UPPER:
            return value < line if asked.direction == Direction.LOWER else value > line
        case Comparison.REACH_UPPER:
            return value <= line if asked.direction == Direction.LOWER else value >= line
    return value >= line


def _gap(asked: Asked, value: Decimal, line: Decimal) -> Decimal:
    if asked.comparison == Comparison.RANGE and asked.target2 is not None and value > asked.target2:
        return asked.target2 - value
    return line - value if _lower_is_good(asked) else value - line


def _lower_is_good(asked: Asked) -> bool:
    lower = (Comparison.AT_MOST, Comparison.ZERO, Comparison.REMOVED)
    upper = (Comparison.ABOVE_UPPER, Comparison.REACH_UPPER)
    return asked.comparison in lower or (
        asked.comparison in upper and asked.direction == Direction.LOWER
    )


def _attainment(asked: Asked, value: Decimal, line: Decimal) -> Decimal | None:
    """Percent of the line; for what must vanish the share of the base that is gone."""
    if _lower_is_good(asked):
        if value <= line:
            return HUNDRED
        if line > 0:
            return _percent(line / value)
        if asked.base and asked.base > 0:
            return max(_percent((asked.base - value) / asked.base), Decimal(0))
        return Decimal(0)
    if line <= 0:
        return HUNDRED if value >= line else None
    return max(_percent(value / line), Decimal(0))


def _percent(ratio: Decimal) -> Decimal:
    return min((ratio * HUNDRED).quantize(TENTH, ROUND_HALF_UP), MOST)


def _short_of(
    asked: Asked, value: Decimal, line: Decimal, period: Period, on: date, lights: Lights
) -> Standing:
    """Missed at the end of the target's year; before it the work against the time."""
    if asked.comparison == Comparison.ZERO or _is_over(asked, on):
        return Standing.MISSED
    compared = (Comparison.ABOVE_UPPER, Comparison.REACH_UPPER)
    if asked.comparison in compared and on > period.ends:
        return Standing.MISSED if period.months == 12 else Standing.BEHIND
    done, passed = _done(asked, value, line), _time(asked, period, on)
    if done is None:
        return Standing.BEHIND
    if passed <= 0 or done / passed >= lights.on_way:
        return Standing.ON_WAY
    return Standing.BEHIND


def _done(asked: Asked, value: Decimal, line: Decimal) -> Decimal | None:
    """How much of the way is gone, 0 to 1: from the base where one is known, else from nothing."""
    if asked.base is not None and not asked.accumulates and asked.base != line:
        return (value - asked.base) / (line - asked.base)
    if _lower_is_good(asked):
        return line / value if value > 0 and line > 0 else None
    return value / line if line > 0 else None


def _time(asked: Asked, period: Period, on: date) -> Decimal:
    """The share of the time that has passed; a level without a base is asked for at once."""
    until = date(asked.target_year or period.year, 12, 31)
    day = min(on, period.ends)
    if asked.accumulates:
        begins = date(until.year, 1, 1)
    elif asked.base is not None and asked.base_year:
        begins = date(asked.base_year, 12, 31)
    else:
        return Decimal(1)
    whole = (until - begins).days
    return Decimal(1) if whole <= 0 else Decimal((day - begins).days) / whole
