"""评分 (scoring): figures into points, with every step in words. Pure: no database, Decimal only.

What is missing is not zero: a score whose figure is missing has no points, and the scheme says
whether the item then counts as nothing got or is taken out and the other weights rescaled.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
ROUNDING = "四舍五入，保留 2 位小数"
HUNDRED = Decimal(100)
ZERO = Decimal(0)

Rule = Mapping[str, Any]
Points = Sequence[Decimal]


class BadRule(ValueError):
    """A scoring rule that cannot be used; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Score:
    """Points of one item, None where it cannot be told, and how they came about."""

    points: Decimal | None
    full: Decimal
    formula: str
    figures: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As it is kept: what was put in, how it was counted, how it was rounded."""
        return {
            "points": None if self.points is None else str(self.points),
            "full": str(self.full),
            "formula": self.formula,
            "figures": [list(pair) for pair in self.figures],
            "steps": list(self.steps),
            "rounding": ROUNDING,
        }


@dataclass(frozen=True)
class Given:
    """What goes into a rule: the own figure, those of all objects, marks of reviewers."""

    value: Decimal | None = None
    field: Mapping[str, Decimal] | None = None
    marks: Points = ()
    label: str = "数值"


def words(number: Decimal) -> str:
    """A number without needless zeros."""
    return f"{number.normalize():,f}" if number else "0"


def _round(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


def _within(points: Decimal, full: Decimal) -> Decimal:
    return _round(min(max(points, ZERO), full))


def _number(rule: Rule, name: str, default: str | None = None) -> Decimal:
    raw = rule.get(name, default)
    try:
        found = Decimal(str(raw))
    except InvalidOperation as error:
        raise BadRule(f"评分规则的“{_LABELS.get(name, name)}”不是数字：{raw}。") from error
    if not found.is_finite():
        raise BadRule(f"评分规则的“{_LABELS.get(name, name)}”不是数字：{raw}。")
    return found


_LABELS = {
    "target": "目标值", "floor": "起分线", "each": "每件分值", "limit": "扣分上限",
    "drop": "去掉极端分", "top": "打分满分", "at": "分档线", "share": "得分比例",
}  # fmt: skip


def ratio(value: Decimal, full: Decimal, rule: Rule) -> Score:
    """完成率: done / target × points, not more than full; under the floor nothing."""
    target, floor = _number(rule, "target"), _number(rule, "floor", "0")
    if target <= 0:
        raise BadRule("完成率的目标值要大于 0。")
    done = value / target
    percent = _round(done * HUNDRED)
    steps = [f"完成率 = {words(value)} ÷ {words(target)} = {words(percent)}%"]
    if done * HUNDRED < floor:
        points = Decimal("0.00")
        steps.append(f"低于起分线 {words(floor)}%，得 0 分")
    else:
        points = _within(done * full, full)
        steps.append(f"{words(percent)}% × {words(full)} 分，最高 {words(full)} 分，得 {points} 分")
    return Score(points, full, "完成数 ÷ 目标值 × 分值", (("目标值", words(target)),), tuple(steps))


def threshold(value: Decimal, full: Decimal, rule: Rule) -> Score:
    """分档: the best step that the value reaches gives its share of the points."""
    falls = rule.get("direction", "higher") == "lower"
    table = [(_number(row, "at"), _number(row, "share")) for row in rule.get("table", ())]
    if not table:
        raise BadRule("分档评分要有至少一档。")
    reached = [
        (share, at) for at, share in table if (value <= at if falls else value >= at)
    ]  # fmt: skip
    sign = "≤" if falls else "≥"
    if reached:
        share, at = max(reached)
        points = _within(full * share / HUNDRED, full)
        step = f"{words(value)} {sign} {words(at)}，得 {words(share)}%，即 {points} 分"
    else:
        points, step = Decimal("0.00"), f"{words(value)} 没有达到任何一档，得 0 分"
    steps = "；".join(f"{sign}{words(at)} 得 {words(share)}%" for at, share in table)
    return Score(points, full, f"分档：{steps}", (), (step,))


def deduction(value: Decimal, full: Decimal, rule: Rule) -> Score:
    """扣分: so many points off a case, down to a limit."""
    each, limit = _number(rule, "each"), _number(rule, "limit", str(full))
    if each < 0 or limit < 0 or value < 0:
        raise BadRule("每件扣分、扣分上限和件数不能是负数。")
    off = min(each * value, limit, full)
    points = _within(full - off, full)
    step = f"{words(value)} × {words(each)} 分，扣 {words(off)} 分，得 {points} 分"
    formula = f"每件扣 {words(each)} 分，最多扣 {words(min(limit, full))} 分"
    return Score(points, full, formula, (), (step,))


def place_of(value: Decimal, field: Sequence[Decimal], *, falls: bool = False) -> int:
    """Place in the league: one more than those who are better, so equals share a place."""
    return 1 + sum(1 for other in field if (other < value if falls else other > value))


def rank(value: Decimal, full: Decimal, rule: Rule, field: Mapping[str, Decimal]) -> Score:
    """排名: the first has all points, the last the share of the floor, even steps between.

    Those who are equal share the mean of the places they take together, so that nobody gains by
    the order of names.
    """
    falls = rule.get("direction", "higher") == "lower"
    floor = _number(rule, "floor", "0")
    if not 0 <= floor <= HUNDRED:
        raise BadRule("末位得分比例应在 0 到 100 之间。")
    values = list(field.values())
    place = place_of(value, values, falls=falls)
    ties = max(1, sum(1 for other in values if other == value))
    mean = Decimal(2 * place + ties - 1) / 2
    many = max(len(values), 1)
    share = HUNDRED - (HUNDRED - floor) * (mean - 1) / (many - 1) if many > 1 else HUNDRED
    points = _within(full * share / HUNDRED, full)
    tied = f"（{ties} 家并列，按平均名次 {words(mean)}）" if ties > 1 else ""
    step = f"在 {many} 家中排第 {place}{tied}，得 {words(_round(share))}%，即 {points} 分"
    formula = f"第一名得满分，末名得 {words(floor)}%，中间等差"
    return Score(points, full, formula, (("参加排名", f"{many} 家"),), (step,))


def bonus(value: Decimal, full: Decimal, rule: Rule) -> Score:
    """加分: so many points a case, not more than the cap, which is the item's full points."""
    each = _number(rule, "each")
    if each < 0 or value < 0:
        raise BadRule("每件加分和件数不能是负数。")
    points = _within(each * value, full)
    step = f"{words(value)} × {words(each)} 分，最多 {words(full)} 分，加 {points} 分"
    return Score(points, full, f"每件加 {words(each)} 分，最多 {words(full)} 分", (), (step,))


def expert(marks: Points, full: Decimal, rule: Rule) -> Score:
    """评委打分: the mean; at the rule's wish without the highest and lowest of 3 or more."""
    top = _number(rule, "top", "100")
    if top <= 0 or any(not 0 <= mark <= top for mark in marks):
        raise BadRule(f"评委打分应在 0 到 {words(top)} 之间。")
    kept, steps = sorted(marks), []
    if rule.get("drop") and len(kept) >= 3:
        steps.append(f"去掉最低 {words(kept[0])}、最高 {words(kept[-1])}")
        kept = kept[1:-1]
    mean = sum(kept, ZERO) / len(kept)
    points = _within(mean / top * full, full)
    steps.append(f"{len(kept)} 个分的平均 = {words(_round(mean))}，折 {points} 分")
    figures = (("打分", "、".join(words(mark) for mark in sorted(marks))),)
    return Score(points, full, f"平均分 ÷ {words(top)} × 分值", figures, tuple(steps))


Function = Callable[[Decimal, Decimal, Rule], Score]
_ONE: dict[str, Function] = {
    "ratio": ratio, "threshold": threshold, "deduction": deduction, "bonus": bonus,
}  # fmt: skip
KINDS = {
    "ratio": "完成率", "threshold": "分档", "deduction": "扣分", "rank": "排名", "bonus": "加分",
    "expert": "评委打分", "direct": "直接评分",
}  # fmt: skip


def score(rule: Rule, full: Decimal, given: Given) -> Score:
    """Points of one item by its rule; without its figure none, and the explanation says so."""
    kind = rule.get("kind", "")
    if kind not in KINDS:
        raise BadRule(f"没有“{kind}”这种评分规则，可用：{'、'.join(KINDS.values())}。")
    if kind == "expert":
        if not given.marks:
            return unknown(full, "还没有评委打分")
        return expert(given.marks, full, rule)
    if given.value is None:
        return unknown(full, f"没有“{given.label}”的数据，不能评分（缺数不按 0 计）")
    if kind == "rank":
        found = rank(given.value, full, rule, given.field or {"": given.value})
    elif kind == "direct":
        points = _within(given.value, full)
        found = Score(points, full, "直接评分，不超过分值", (), (f"评 {points} 分",))
    else:
        found = _ONE[kind](given.value, full, rule)
    figures = ((given.label, words(given.value)), *found.figures)
    return Score(found.points, full, found.formula, figures, found.steps)


def unknown(full: Decimal, reason: str) -> Score:
    return Score(None, full, "", (), (reason,))


def problem_of(rule: Rule, full: Decimal) -> str:
    """Why a rule cannot be used, or nothing; tried on a made-up figure."""
    try:
        score(rule, full, Given(Decimal(1), {"": Decimal(1)}, (Decimal(1),)))
    except BadRule as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class Line:
    """One item as it goes into the total: what it could give, what it gave, and if missing."""

    part: str
    name: str
    full: Decimal
    points: Decimal | None
    excludes: bool = False
    """Where the points are missing: taken out with weights rescaled, else nothing got."""
    is_bonus: bool = False


@dataclass(frozen=True)
class Total:
    points: Decimal | None
    parts: dict[str, Decimal | None]
    steps: tuple[str, ...]


def part_score(lines: Sequence[Line]) -> tuple[Decimal | None, list[str]]:
    """One part on the scale of 100."""
    counted = [line for line in lines if line.points is not None or not line.excludes]
    full = sum((line.full for line in counted), ZERO)
    said = [
        f"“{line.name}”缺数据，{'剔除，其余按比例折算' if line.excludes else '不得分'}"
        for line in lines
        if line.points is None
    ]
    if not full:
        return None, said
    got = sum((line.points or ZERO for line in counted), ZERO)
    return got / full * HUNDRED, said


def total(
    lines: Sequence[Line],
    weights: Mapping[str, Decimal],
    *,
    bonus_cap: Decimal = ZERO,
    cap: Decimal | None = None,
) -> Total:
    """Parts by their weights, plus what is added up to its cap; a veto (颠覆性问题) holds it down.

    Rounded once, at the end. A part of which nothing can be told leaves its weight to the others.
    """
    steps: list[str] = []
    parts: dict[str, Decimal | None] = {}
    for part in weights:
        here = [line for line in lines if line.part == part and not line.is_bonus]
        parts[part], said = part_score(here)
        steps += said
    known = sum((weights[part] for part, got in parts.items() if got is not None), ZERO)
    if not known:
        return Total(None, parts, (*steps, "没有可以评分的项目"))
    sum_ = sum((got * weights[part] for part, got in parts.items() if got is not None), ZERO)
    base = sum_ / known
    for part, got in parts.items():
        share = f"{words(weights[part])}%"
        steps.append(
            f"{part}无法评分，权重 {share} 由其余部分承担"
            if got is None
            else f"{part} {_round(got)} 分 × {share}"
        )
    more = sum((line.points or ZERO for line in lines if line.is_bonus), ZERO)
    added = min(more, bonus_cap)
    if more:
        steps.append(f"加分 {words(more)} 分，最多 {words(bonus_cap)} 分，计 {words(added)} 分")
    points = _round(base + added)
    if cap is not None and points > cap:
        steps.append(f"有颠覆性问题，{points} 分按最高 {words(cap)} 分计")
        points = _round(cap)
    steps.append(f"总分 {points} 分（{ROUNDING}）")
    rounded = {part: None if got is None else _round(got) for part, got in parts.items()}
    return Total(points, rounded, tuple(steps))


def grade_by_lines(points: Decimal | None, lines: Sequence[tuple[str, Decimal]]) -> str:
    """等次: the first whose line is reached; lines from best to worst, the last takes the rest."""
    if points is None:
        return ""
    return next((name for name, line in lines if points >= line), lines[-1][0])


def worse(first: str, second: str, order: Sequence[str]) -> str:
    """The worse of two grades: a veto never lifts."""
    if not first or not second:
        return first or second
    return max(first, second, key=order.index)
