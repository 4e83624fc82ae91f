"""消除条件: each computed by itself as met, not met or cannot tell, with what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouwang.core import formats

from . import income
from .dossier import Dossier
from .regimes import source_words
from .states import Answer, ResolutionWay


@dataclass(frozen=True)
class Condition:
    """One condition of the resolution: state, the sentence, value and line, the missing fact."""

    key: str
    label: str
    state: str
    sentence: str
    value: str = ""
    threshold: str = ""
    missing: str = ""
    source: str = ""
    is_optional: bool = False
    """What is not known of it is shown and does not stand in the way."""

    @property
    def blocks(self) -> bool:
        return not self.is_met and not (self.is_optional and self.state == Answer.UNKNOWN)

    @property
    def is_met(self) -> bool:
        return self.state == Answer.MET

    @property
    def state_label(self) -> str:
        return str(Answer(self.state).label)


Outcome = tuple[bool | None, str, dict[str, str]]
"""Met, not met or unknown; the sentence; value, threshold and missing where there are any."""


def conditions(dossier: Dossier) -> list[Condition]:
    """All conditions of the regime, in its order."""
    return [_condition(dossier, row) for row in dossier.regime.data["resolution"]["conditions"]]


def unmet(dossier: Dossier) -> list[Condition]:
    return [each for each in conditions(dossier) if each.blocks]


def _condition(dossier: Dossier, row: dict[str, Any]) -> Condition:
    met, sentence, more = JUDGES[row["key"]](dossier, row)
    state = Answer.UNKNOWN if met is None else Answer.MET if met else Answer.NOT_MET
    source = source_words(row["source"])
    optional = bool(row.get("optional"))
    return Condition(
        row["key"], row["label"], state, sentence, source=source, is_optional=optional, **more
    )


def _no_check() -> Outcome:
    return None, "还没有提交消除核查", {"missing": "消除核查"}


def _income(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    """Over the line of the year of the resolution, not that of the identification."""
    check = dossier.exit_check
    if check is None:
        return _no_check()
    day = check.visited_on or dossier.today
    line = income.line_on(day, dossier.county, dossier.regime.data["facts"]["line"])
    if check.per_person is None:
        return None, "消除核查没有算出人均纯收入", {"missing": "收入项目"}
    if line is None:
        return None, f"没有 {day.year} 年的监测范围线", {"missing": "监测范围线"}
    over = check.per_person > line.amount
    value, threshold = formats.amount(check.per_person), formats.amount(line.amount)
    sentence = f"人均纯收入 {value} 元，{'高于' if over else '不高于'}监测范围线 {threshold} 元"
    return over, sentence, {"value": value, "threshold": threshold}


def _stable(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    check = dossier.exit_check
    if check is None:
        return _no_check()
    least, since = int(row["months"]), dossier.case.identified_on
    if since is None:
        return None, "没有识别日期", {"missing": "识别日期"}
    months = months_between(since, check.visited_on or dossier.today)
    more = {"value": f"{months} 个月", "threshold": f"{least} 个月"}
    if months < least:
        return False, f"识别至今 {months} 个月，不足 {least} 个月", more
    if check.income_stable is None:
        return None, "核查没有写明收入是否稳定", {**more, "missing": "收入稳定"}
    words = "收入稳定" if check.income_stable else "收入还不稳定"
    return check.income_stable, f"识别至今 {months} 个月，核查认为{words}", more


def _guarantee(name: str) -> Callable[[Dossier, dict[str, Any]], Outcome]:
    def judge(dossier: Dossier, row: dict[str, Any]) -> Outcome:
        check = dossier.exit_check
        if check is None:
            return _no_check()
        value: bool | None = getattr(check, f"{name}_ok")
        label = str(row["label"]).removesuffix("有保障")
        if value is None:
            return None, f"核查没有写明{label}情况", {"missing": label}
        return value, f"{label}{'有保障' if value else '没有保障'}", {}

    return judge


def _risks_gone(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    check = dossier.exit_check
    if check is None:
        return _no_check()
    names = "、".join(risk.label for risk in dossier.risks) or "（没有登记）"
    if check.risks_gone is None:
        return None, f"核查没有写明原风险（{names}）是否消除", {"missing": "原风险"}
    return check.risks_gone, f"原风险（{names}）{'已' if check.risks_gone else '没有'}消除", {}


def _no_new_risk(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    check = dossier.exit_check
    if check is None:
        return _no_check()
    if check.new_risk is None:
        return None, "核查没有写明有没有新风险", {"missing": "新风险"}
    return not check.new_risk, "有新的风险" if check.new_risk else "没有新的风险", {}


def _spending(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    """Rigid spending is under the warning level of the county."""
    from .facts import high_spending

    if dossier.exit_check is None:
        return _no_check()
    found = high_spending(dossier.facts)
    more = {"value": found.value, "threshold": found.threshold}
    if found.state == Answer.UNKNOWN:
        return None, found.text, {**more, "missing": "合规自付支出"}
    return found.state == Answer.NOT_MET, found.text, more


def _measures(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    if dossier.case.resolution_way == ResolutionWay.NATURAL:
        return True, "按自然消除办理，不要求有帮扶措施", {}
    count = dossier.provided.get("measures")
    if count is None:
        count = registered_measures(dossier)
    if count is None:
        return None, "没有帮扶措施的记录可查", {"missing": "帮扶措施"}
    return count > 0, f"记录帮扶措施 {count} 项", {"value": str(count)}


def _effect(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    """What the last effect review of this round says of the help (成效评议)."""
    review: Mapping[str, Any] | None = dossier.provided.get("effect_review")
    if review is None:
        if dossier.case.resolution_way == ResolutionWay.NATURAL:
            return True, "按自然消除办理，不要求有成效评议", {}
        return None, "这一轮帮扶还没有做成效评议，建议先评议再消除", {"missing": "成效评议"}
    sentence = f"{review['on']:%Y-%m-%d} 成效评议：{review['words']}"
    return bool(review["is_stable"]), sentence, {"value": str(review["words"])}


def registered_measures(dossier: Dossier) -> int | None:
    """Kinds of measures that the national register notes; None if it notes none at all."""
    from shouwang.registry.columns import MEASURES

    noted = [getattr(dossier.household, name) for name in MEASURES]
    if all(value is None for value in noted):
        return None
    return sum(1 for value in noted if value)


def _labour(dossier: Dossier, row: dict[str, Any]) -> Outcome:
    some = dossier.labour[1]
    if some is None:
        return None, "成员的劳动能力登记不全", {"missing": "劳动能力"}
    if some:
        return True, "家庭有劳动力", {}
    return False, "整户没有劳动能力：落实兜底保障后继续跟踪，暂不标注风险消除", {}


JUDGES: dict[str, Callable[[Dossier, dict[str, Any]], Outcome]] = {
    "income": _income,
    "stable": _stable,
    "education": _guarantee("education"),
    "medical": _guarantee("medical"),
    "housing": _guarantee("housing"),
    "water": _guarantee("water"),
    "risks_gone": _risks_gone,
    "no_new_risk": _no_new_risk,
    "spending": _spending,
    "measures": _measures,
    "effect": _effect,
    "labour": _labour,
}


def months_between(start: date, end: date) -> int:
    """Completed months."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
