"""公示内容: what may hang on a wall, built from a whitelist and never from the record.

Each field that the regime names is made by its own function here; there is none for numbers,
phones, accounts or health. The result is looked through once more for anything like a number.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.masking import mask_text
from shouwang.divisions.models import Division
from shouwang.divisions.offices import office_of

from .models import Case
from .regimes import Regime, regime
from .states import NoticeKind, Stage

COMMITTEES = ("村民委员会", "村委会", "居民委员会", "居委会")
_DIGITS = re.compile(r"\d{7,}|[Xx]\d{6,}|\d{6,}[Xx]")


class NotPublic(DomainError):
    """Something like a personal number was about to be published."""

    default_code = "not_public"


def _head_name(case: Case, rules: Regime) -> str:
    return case.household.head_name or ""


def _group(case: Case, rules: Regime) -> str:
    return case.household.group_name or ""


def _size(case: Case, rules: Regime) -> str:
    check = [each for each in case.checks.all() if each.is_submitted and not each.is_void]
    size = check[-1].size if check else case.household.household_size
    return "" if size is None else str(int(size))


def _class(case: Case, rules: Regime) -> str:
    return rules.class_label(case.decided or case.proposed)


def _risks(case: Case, rules: Regime) -> str:
    """In general words: what a person suffers from is nobody's business."""
    words: Mapping[str, str] = rules.data["notice"]["risk_words"]
    named = (words.get(risk.key, words["other"]) for risk in case.risks.all())
    return "、".join(dict.fromkeys(named))


FIELDS: dict[str, tuple[str, Callable[[Case, Regime], str]]] = {
    "head_name": ("户主", _head_name),
    "group": ("村民小组", _group),
    "size": ("人口", _size),
    "class": ("类别", _class),
    "risks": ("主要困难", _risks),
}


def content(
    cases: Sequence[Case],
    *,
    kind: str,
    stage: str,
    village: Division,
    town: str,
    first_day: date,
    last_day: date,
) -> dict[str, Any]:
    """The whole notice as values: head, sentences, table, foot. All cases are of one regime."""
    rules = regime(cases[0].regime)
    names: list[str] = list(rules.data["notice"]["fields"])
    rows = [[FIELDS[name][1](case, rules) for name in names] for case in cases]
    built = {
        "title": _title(kind, stage, rules),
        "village": village.name,
        "town": town,
        "kind": kind,
        "stage": stage,
        "paragraphs": _paragraphs(kind, stage, rules, village, len(cases), first_day, last_day),
        "columns": [FIELDS[name][0] for name in names],
        "rows": rows,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "hotlines": [str(each) for each in rules.data["notice"]["hotlines"]],
        "signature": _signature(kind, village, town),
    }
    check_public(built)
    return built


def _signature(kind: str, village: Division, town: str) -> str:
    """Who signs: the village's committee, for an announcement the office of the town."""
    if kind == NoticeKind.ANNOUNCEMENT:
        return office_of(town)
    return village.name if village.name.endswith(COMMITTEES) else f"{village.name}{COMMITTEES[0]}"


def _title(kind: str, stage: str, rules: Regime) -> str:
    what = "风险消除" if stage == Stage.EXIT else "拟纳入"
    if kind == NoticeKind.ANNOUNCEMENT:
        what = "风险消除" if stage == Stage.EXIT else "纳入"
    return f"{what}{rules.object_name}名单{NoticeKind(kind).label}"


def _paragraphs(
    kind: str,
    stage: str,
    rules: Regime,
    village: Division,
    count: int,
    first_day: date,
    last_day: date,
) -> list[str]:
    done = "风险消除" if stage == Stage.EXIT else "纳入"
    if kind == NoticeKind.ANNOUNCEMENT:
        return [
            f"经村评议公示、乡镇审核、县级审定，下列 {count} 户"
            f"{done}{rules.object_name}，现予公告。"
        ]
    hotlines = "、".join(str(each) for each in rules.data["notice"]["hotlines"])
    return [
        f"经入户核查和民主评议，{village.name}下列 {count} 户"
        f"拟{done}{rules.object_name}，现予公示。",
        f"公示期：{_day(first_day)}至{_day(last_day)}。",
        f"对名单有异议的，请在公示期内向村民委员会或乡镇人民政府提出，也可拨打 {hotlines} 反映。",
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def check_public(node: Any) -> None:
    """Refuse anything like an ID number, a phone or an account, wherever it stands."""
    if isinstance(node, Mapping):
        for value in node.values():
            check_public(value)
    elif isinstance(node, list | tuple):
        for value in node:
            check_public(value)
    elif isinstance(node, str) and (_DIGITS.search(node) or mask_text(node) != node):
        raise NotPublic(
            "公示内容里出现了像证件号码、电话或账号的数字，请先改正档案里的姓名和组名。"
        )
