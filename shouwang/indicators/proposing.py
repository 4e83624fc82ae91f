"""读表 (proposing): rows of a paper's indicator tables become proposed definitions. Pure.

What the reader found is taken as it is; what it could not know (level, rhythm, formula) is a
suggestion that a person looks at.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.divisions.levels import Level

from .parameters import is_zero_word, known_for
from .states import Attribute, Comparison, Direction, PlaceClass, Source, Spread

BRACKET = re.compile(r"[(（]([^()（）]{1,8})[)）]")
BASE_YEAR = re.compile(r"以(\d{4})年")
LEVEL_WORDS = (("全省", Level.PROVINCE), ("全市", Level.PREFECTURE), ("全州", Level.PREFECTURE),
               ("全县", Level.COUNTY), ("全国", Level.PROVINCE))  # fmt: skip
LOWER_WORDS = ("事故", "死亡率", "失业率", "使用量", "发生率", "负担")
RED_WORDS = ("红线", "返贫人口", "规模性返贫", "耕地保有量", "永久基本农田")
BIG_UNITS = {"万元": "元", "亿元": "元", "万亩": "亩", "万头": "头", "万人": "人", "万吨": "吨"}


@dataclass(frozen=True)
class Row:
    """One row as a proposal; the fields are those of the model."""

    values: Mapping[str, Any]
    parent: int | None


def rows_of(indicators: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Every row of every table, in order; a sub-row knows the place of its whole."""
    found: list[Row] = []
    for at, raw in enumerate(indicators):
        found.append(Row(_values(raw), _whole(indicators, at)))
    return found


def shared_values(
    values: Mapping[str, Any], there: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    """A row that is measured already, in this paper or in the county: one number, typed once."""
    code = there.get((values["name"], values["unit"]))
    if code is None or values["formula"] or values["comparison"] == Comparison.TEXT:
        return {}
    if values["level"] != Level.COUNTY:
        return {}
    return {
        "source": Source.FORMULA, "formula": f"指标.{code}",
        "note": "和已有的同名指标用同一个数，不用再报一次。",
    }  # fmt: skip


def _whole(indicators: Sequence[Mapping[str, Any]], at: int) -> int | None:
    """A row is part of the one above when the table, number and place are the same."""
    own = indicators[at]
    for before in range(at - 1, -1, -1):
        other = indicators[before]
        same = all(own.get(key) == other.get(key) for key in ("table", "no", "scope"))
        if not same or not own.get("no"):
            return None
        name, whole = str(own["name"]), str(other["name"])
        if name != whole and name.startswith(whole):
            return before
    return None


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    name, cell = str(raw["name"]), str(raw.get("target_raw") or "")
    scope = str(raw.get("scope") or "")
    comparison = _comparison(raw, name, cell)
    known = known_for(name)
    place = raw.get("at") or {}
    return {
        "number": str(raw.get("no") or "")[:20],
        "table": str(raw.get("table") or "")[:80],
        "name": _plain_name(name)[:120],
        "unit": _unit(raw, name)[:20],
        "attribute": Attribute.BINDING if "约束" in str(raw.get("kind") or "") else (
            Attribute.EXPECTED
        ),
        "direction": _direction(name, comparison),
        "comparison": comparison,
        "upper_level": _upper_level(cell),
        "level": _level(scope, name),
        "place_class": _place_class(scope),
        "scope_words": scope[:200],
        "source": Source.FORMULA if known else Source.REPORTED,
        "formula": known.formula if known else "",
        "note": known.note if known else "",
        "spread": Spread.SAME if _is_ratio(raw, name) else Spread.SUM,
        "is_red_line": any(word in name for word in RED_WORDS),
        "targets": _targets(raw),
        "requirement": cell[:300],
        "span_start": place.get("start"),
        "span_end": place.get("end"),
        **_condition(cell, comparison),
    }  # fmt: skip


def _plain_name(name: str) -> str:
    """The name without the bracket of its unit, which has a field of its own."""
    bare = BRACKET.sub(lambda found: "" if _is_unit(found[1]) else found[0], name)
    return bare.strip() or name


def _is_unit(text: str) -> bool:
    return text in ("%", "％", "人", "个", "元", "亩", "头", "公里", "户", "座", "处", "吨") or (
        text in BIG_UNITS
    )


def _unit(raw: Mapping[str, Any], name: str) -> str:
    """The unit of the value; where there is none yet, that of the bracket in its base."""
    if raw.get("unit"):
        return str(raw["unit"])
    for found in BRACKET.findall(name):
        if _is_unit(found):
            return BIG_UNITS.get(found, "%" if found == "％" else found)
    return "人" if "人口" in name and "率" not in name else ""


def _comparison(raw: Mapping[str, Any], name: str, cell: str) -> str:
    comparator, has_value = raw.get("comparator"), raw.get("value") is not None
    if "基准" in cell and "低于" in cell:
        return Comparison.CONDITIONAL
    if "清零" in cell or (has_value and is_zero_word(name) and raw["value"] == 0):
        return Comparison.ZERO
    if has_value:
        if raw.get("value2") is not None:
            return Comparison.RANGE
        return Comparison.AT_MOST if comparator in ("le", "lt", "decrease") else Comparison.AT_LEAST
    if "平均" in cell:
        return Comparison.ABOVE_UPPER if comparator == "gt" else Comparison.REACH_UPPER
    return Comparison.TEXT


def _direction(name: str, comparison: str) -> str:
    lower = comparison in (Comparison.AT_MOST, Comparison.ZERO, Comparison.REMOVED)
    return Direction.LOWER if lower or any(word in name for word in LOWER_WORDS) else (
        Direction.HIGHER
    )  # fmt: skip


def _upper_level(cell: str) -> str:
    return next((level for word, level in LEVEL_WORDS if word in cell), Level.PROVINCE)


def _level(scope: str, name: str) -> str:
    """Which places are measured: a scope that names only villages or towns, else the county."""
    if "县" in scope or not scope:
        return Level.COUNTY
    if "村" in scope and "乡村振兴" not in scope.replace("帮扶村", ""):
        return Level.VILLAGE
    return Level.TOWN if "镇" in scope else Level.COUNTY


def _place_class(scope: str) -> str:
    if "重点帮扶" in scope:
        return PlaceClass.KEY_HELP
    return PlaceClass.DEMONSTRATION if "示范" in scope else PlaceClass.ANY


def _is_ratio(raw: Mapping[str, Any], name: str) -> bool:
    words = ("率", "比例", "占比", "增速", "每千人", "人均", "年收入")
    return _unit(raw, name) == "%" or any(word in name for word in words)


def _condition(cell: str, comparison: str) -> dict[str, Any]:
    """以2020年…为基准，低于基准的…不低于全省平均水平，高于基准的…不作要求."""
    if comparison != Comparison.CONDITIONAL:
        return {}
    year = BASE_YEAR.search(cell)
    below, _, above = cell.partition("高于基准")
    _, _, below = below.partition("低于基准")
    return {
        "base_year": int(year[1]) if year else None,
        "rule_below": _rule(below),
        "rule_above": _rule(above),
    }


def _rule(words: str) -> str:
    if "不作要求" in words or "不做要求" in words or not words.strip():
        return Comparison.NONE
    if "不低于" in words or "达到" in words:
        return Comparison.REACH_UPPER
    return Comparison.ABOVE_UPPER


def _targets(raw: Mapping[str, Any]) -> dict[str, str]:
    """Numbers by year: the value of the last year in its base unit, earlier ones in its scale."""
    year, value = raw.get("year"), raw.get("value")
    if value is None or year is None:
        return {}
    amount = Decimal(str(value))
    found = {str(year): str(amount)}
    printed = _number(raw.get("target_raw"))
    for other, cell in (raw.get("by_year") or {}).items():
        small = _number(cell)
        if other not in found and small is not None and printed:
            found[other] = str(small * amount / printed)
    if raw.get("value2") is not None:
        found[f"{year}至"] = str(raw["value2"])
    return found


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text).strip().rstrip("%％"))
    except InvalidOperation:
        return None
