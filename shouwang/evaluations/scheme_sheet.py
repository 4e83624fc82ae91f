"""方案的表格: items of a scheme from a spreadsheet, read with the place of every mistake.

Rules are written as people write them: 完成率 目标100 起分60; 分档 95:100 90:85; 扣分 每件2 上限20;
排名 末名60; 加分 每件1; 评委打分 去极端; 直接评分.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import read_whole_list

from .scoring import KINDS, problem_of
from .states import Missing, Nature, Source

CAPTIONS = {
    "part": ("组成部分", "部分", "类别"),
    "number": ("编号", "序号"),
    "name": ("考核内容", "考核指标", "指标", "内容"),
    "weight": ("分值", "权重"),
    "nature": ("性质",),
    "source": ("数据来源", "来源"),
    "source_key": ("取数代码", "代码"),
    "rule": ("评分规则", "评分标准", "规则"),
    "missing": ("缺数时",),
    "evidence": ("佐证", "需要的佐证"),
    "type": ("类型",),
    "veto_cap": ("总分不超过",),
}
NEEDED = {"part", "number", "name", "weight"}
HEADS = [names[0] for names in CAPTIONS.values()]
MOST_ROWS = 400
STEP = re.compile(r"(-?[\d.]+)\s*[::]\s*([\d.]+)")


def read_scheme_items(content: bytes) -> list[dict[str, Any]]:
    """Items of the first sheet that has the heads; DomainError names every row that is wrong."""
    no_head = "表格里没有找到表头，至少要有“组成部分、编号、考核内容、分值”四列。"
    return read_whole_list(content, CAPTIONS, NEEDED, _item, rows=MOST_ROWS, no_head=no_head)


def _item(values: dict[str, str]) -> dict[str, Any]:
    weight = _number(values["weight"], "分值")
    number = values["number"].strip()
    above = number.rpartition(".")[0]
    kind = values.get("type", "")
    rule = read_rule(values.get("rule", ""))
    if rule and (reason := problem_of(rule, weight or Decimal(1))):
        raise DomainError(reason)
    cap = values.get("veto_cap", "")
    return {
        "part": values["part"], "number": number, "parent": above, "name": values["name"],
        "weight": weight, "rule": rule,
        "nature": _choice(values.get("nature", ""), Nature, "性质") or Nature.QUANTITATIVE,
        "source": _choice(values.get("source", ""), Source, "数据来源"),
        "source_key": values.get("source_key", ""),
        "missing": _choice(values.get("missing", ""), Missing, "缺数时") or Missing.NO_POINTS,
        "evidence": values.get("evidence", ""),
        "is_bonus": kind == "加分", "is_veto": kind == "颠覆性问题",
        "veto_cap": _number(cap, "总分不超过") if cap else None,
    }  # fmt: skip


def _choice(text: str, choices: Any, label: str) -> str:
    if not text:
        return ""
    for value, name in choices.choices:
        if text == name:
            return str(value)
    names = "、".join(name for _, name in choices.choices)
    raise DomainError(f"“{label}”写的是“{text[:20]}”，只能写：{names}")


def _number(text: str, label: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").rstrip("分%"))
    except InvalidOperation as error:
        raise DomainError(f"“{label}”写的是“{text[:20]}”，应是数字") from error
    if not value.is_finite() or not 0 <= value <= 1000 or value.as_tuple().exponent < -2:  # type: ignore[operator]
        raise DomainError(f"“{label}”写的是“{text[:20]}”，应在 0 到 1000 之间，最多两位小数")
    return value


def read_rule(text: str) -> dict[str, Any]:
    """A rule in words; empty for a heading item."""
    bare = text.strip()
    if not bare:
        return {}
    kind = next((key for key, name in KINDS.items() if bare.startswith(name)), "")
    if not kind:
        raise DomainError(f"“评分规则”写的是“{bare[:20]}”，开头要写{'、'.join(KINDS.values())}之一")
    rule: dict[str, Any] = {"kind": kind}
    names = {
        "target": "目标", "floor": "(?:起分|末名)", "each": "每件", "limit": "上限", "top": "满分",
    }  # fmt: skip
    for key, name in names.items():
        if found := re.search(rf"{name}\s*(-?[\d.]+)", bare):
            rule[key] = found.group(1)
    if kind == "threshold":
        rule["table"] = [{"at": at, "share": share} for at, share in STEP.findall(bare)]
    if "越低越好" in bare:
        rule["direction"] = "lower"
    if kind == "expert" and "去极端" in bare:
        rule["drop"] = True
    return rule
