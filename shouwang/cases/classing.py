"""类别建议: the class that facts speak for, with its reasons; a person decides."""

from dataclasses import dataclass
from typing import Any

from .facts import Facts, Finding, finding
from .regimes import Dimension, Regime, Value
from .states import Answer


@dataclass(frozen=True)
class Reason:
    """Why a dimension got its value: the findings of the value, or of the nearest one."""

    dimension: str
    label: str
    value: str
    value_label: str
    state: str
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "dimension": self.dimension,
            "label": self.label,
            "value": self.value,
            "value_label": self.value_label,
            "state": str(self.state),
            "findings": [each.as_json() for each in self.findings],
        }


@dataclass(frozen=True)
class Proposal:
    """建议: the keys if every dimension has one, the sentence, the reasons."""

    keys: dict[str, str]
    state: str
    sentence: str
    reasons: tuple[Reason, ...]


def propose(regime: Regime, facts: Facts) -> Proposal:
    """Of each dimension the first value whose findings are all met.

    A value that could still be met leaves the dimension unknown: those after it are not certain.
    """
    reasons = tuple(_reason(dimension, facts) for dimension in regime.dimensions)
    keys = {each.dimension: each.value for each in reasons if each.state == Answer.MET}
    if len(keys) == len(reasons):
        label = regime.class_label(keys)
        return Proposal(keys, Answer.MET, f"建议认定为{label}", reasons)
    if any(each.state == Answer.NOT_MET for each in reasons):
        return Proposal({}, Answer.NOT_MET, f"事实不支持纳入{regime.object_name}", reasons)
    gaps = dict.fromkeys(
        found.text
        for reason in reasons
        for found in reason.findings
        if found.state == Answer.UNKNOWN
    )
    return Proposal({}, Answer.UNKNOWN, f"无法判断：{'；'.join(gaps)}", reasons)


def _reason(dimension: Dimension, facts: Facts) -> Reason:
    looked = [
        (value, tuple(finding(facts, name) for name in value.when)) for value in dimension.values
    ]
    for value, found in looked:
        states = {each.state for each in found}
        if states == {Answer.MET}:
            return _made(dimension, value, Answer.MET, found)
        if Answer.NOT_MET not in states:  # it could still be met, so no later value is certain
            return _made(dimension, None, Answer.UNKNOWN, found)
    every = dict.fromkeys(each for _, found in looked for each in found)
    return _made(dimension, None, Answer.NOT_MET, tuple(every))


def _made(
    dimension: Dimension, value: Value | None, state: Answer, found: tuple[Finding, ...]
) -> Reason:
    return Reason(
        dimension.key,
        dimension.label,
        value.key if value else "",
        value.label if value else "",
        state,
        found,
    )
