"""事实 (facts): what is known of a household when its class is proposed or its risk is judged.

Three-valued throughout: what nobody asked or recorded is unknown, never no.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shouwang.core import formats

from .states import Answer

FULL_LABOUR = frozenset({"普通劳动力", "技能劳动力"})
SOME_LABOUR = FULL_LABOUR | {"弱劳动力或半劳动力"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: met, not met or unknown, with what it rests on."""

    key: str
    state: str
    text: str
    value: str = ""
    threshold: str = ""
    source: str = ""

    def negated(self) -> "Finding":
        turned = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}
        state = turned.get(Answer(self.state), Answer.UNKNOWN)
        return Finding(f"not {self.key}", state, self.text, self.value, self.threshold, self.source)

    def as_json(self) -> dict[str, str]:
        return {
            "key": self.key,
            "state": str(self.state),
            "text": self.text,
            "value": self.value,
            "threshold": self.threshold,
            "source": self.source,
        }


@dataclass(frozen=True)
class Facts:
    """What the class rests on. Amounts in yuan per year; shares as fractions of one."""

    risks: tuple[str, ...] | None = None
    was_poor: bool | None = None
    size: int | None = None
    net: Decimal | None = None
    per_person: Decimal | None = None
    self_paid: Decimal | None = None
    before: Decimal | None = None
    """人均纯收入 of the last year in the register."""
    line: Decimal | None = None
    line_source: str = ""
    rigid_share: Decimal | None = None
    rigid_source: str = ""
    fall_share: Decimal | None = None
    fall_source: str = ""
    event: bool | None = None
    """突发事件: an emergency clue, the checkers say so, or the risk is one."""
    full_labour: bool | None = None
    some_labour: bool | None = None


def state_of(value: bool | None) -> str:
    if value is None:
        return Answer.UNKNOWN
    return Answer.MET if value else Answer.NOT_MET


def either(values: Iterable[bool | None]) -> bool | None:
    """True if one is, unknown if one could be, else false."""
    seen = list(values)
    if any(value is True for value in seen):
        return True
    return None if any(value is None for value in seen) else False


def labour_of(codes: Iterable[str | None], wanted: frozenset[str]) -> bool | None:
    """Whether anybody has such labour; a person without a record leaves it open."""
    return either(None if code is None else code in wanted for code in codes)


def has_risk(facts: Facts) -> Finding:
    known = facts.risks is not None
    text = f"核查登记 {len(facts.risks or ())} 项风险" if known else "还没有核查风险"
    return Finding("has_risk", state_of(bool(facts.risks) if known else None), text)


def was_poor(facts: Facts) -> Finding:
    words = {True: "登记为脱贫户", False: "登记不是脱贫户", None: "登记没有户类型"}
    return Finding("was_poor", state_of(facts.was_poor), words[facts.was_poor])


def within_line(facts: Facts) -> Finding:
    return _against_line("within_line", "人均纯收入", facts.per_person, facts)


def within_line_after_spending(facts: Facts) -> Finding:
    left = None
    if facts.net is not None and facts.self_paid is not None and facts.size:
        left = ((facts.net - facts.self_paid) / facts.size).quantize(Decimal("0.01"))
    return _against_line("within_line_after_spending", "扣除合规自付后人均", left, facts)


def _against_line(key: str, what: str, amount: Decimal | None, facts: Facts) -> Finding:
    if amount is None or facts.line is None:
        missing = what if amount is None else "当年监测范围线"
        return Finding(key, Answer.UNKNOWN, f"缺少{missing}", _yuan(amount), _yuan(facts.line))
    under = amount <= facts.line
    text = f"{what} {_yuan(amount)} {'不高于' if under else '高于'}监测范围线 {_yuan(facts.line)}"
    return Finding(key, state_of(under), text, _yuan(amount), _yuan(facts.line), facts.line_source)


def high_spending(facts: Facts) -> Finding:
    key, line = "high_spending", facts.rigid_share
    if facts.self_paid is None or facts.net is None or line is None:
        return Finding(key, Answer.UNKNOWN, "缺少合规自付支出、纯收入或预警线")
    high = facts.self_paid > 0 if facts.net <= 0 else facts.self_paid >= facts.net * line
    share = "" if facts.net <= 0 else formats.share(facts.self_paid / facts.net)
    text = f"合规自付支出 {_yuan(facts.self_paid)}" + (f"，占纯收入 {share}" if share else "")
    text += f"，{'达到' if high else '未达到'}预警线 {formats.share(line)}"
    return Finding(key, state_of(high), text, share, formats.share(line), facts.rigid_source)


def income_fall(facts: Facts) -> Finding:
    key, line = "income_fall", facts.fall_share
    if facts.per_person is None or not facts.before or line is None:
        return Finding(key, Answer.UNKNOWN, "缺少上年人均纯收入，无法判断收入是否骤减")
    fall = (facts.before - facts.per_person) / facts.before
    met = fall >= line
    text = f"人均纯收入比上年{'减少' if fall >= 0 else '增加'} {formats.share(abs(fall))}"
    text += f"，{'达到' if met else '未达到'}骤减线 {formats.share(line)}"
    return Finding(
        key, state_of(met), text, formats.share(fall), formats.share(line), facts.fall_source
    )


def sudden_hardship(facts: Facts) -> Finding:
    """Rigid spending over the warning level, or income down sharply (§1.2)."""
    spending, fall = high_spending(facts), income_fall(facts)
    states = [spending.state, fall.state]
    if Answer.MET in states:
        chosen = spending if spending.state == Answer.MET else fall
        return Finding(
            "sudden_hardship", Answer.MET, chosen.text, chosen.value, chosen.threshold,
            chosen.source,
        )  # fmt: skip
    state = Answer.UNKNOWN if Answer.UNKNOWN in states else Answer.NOT_MET
    return Finding("sudden_hardship", state, f"{spending.text}；{fall.text}")


def sudden_event(facts: Facts) -> Finding:
    words = {True: "有突发事件", False: "没有突发事件", None: "没有登记是否突发事件"}
    return Finding("sudden_event", state_of(facts.event), words[facts.event])


def full_labour(facts: Facts) -> Finding:
    words = {True: "有普通或技能劳动力", False: "没有普通或技能劳动力", None: "劳动能力登记不全"}
    return Finding("full_labour", state_of(facts.full_labour), words[facts.full_labour])


def some_labour(facts: Facts) -> Finding:
    words = {True: "有劳动力（含弱、半）", False: "整户没有劳动能力", None: "劳动能力登记不全"}
    return Finding("some_labour", state_of(facts.some_labour), words[facts.some_labour])


def _yuan(value: Decimal | None) -> str:
    return "" if value is None else f"{formats.amount(value)} 元"


FINDINGS = {
    each.__name__: each
    for each in (
        has_risk, was_poor, within_line, within_line_after_spending, high_spending, income_fall,
        sudden_hardship, sudden_event, full_labour, some_labour,
    )
}  # fmt: skip


def finding(facts: Facts, name: str) -> Finding:
    """A finding by the name that the regime uses; `not x` turns it round."""
    if name.startswith("not "):
        return FINDINGS[name.removeprefix("not ")](facts).negated()
    return FINDINGS[name](facts)
