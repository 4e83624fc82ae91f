"""完成状态 (states): 全覆盖, 动态清零, “零”返贫, 第一方阵: targets without a measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.numerals import number
from shouwang.policydocs.words import any_of

NEARLY = re.compile(any_of("states.nearly_complete"))
COMPLETE = re.compile(r"(?P<nearly>基本)?(?:实现|达到)?" + any_of("states.complete"))
NEARLY_BEFORE = re.compile("基本(?:实现|达到|做到)[^,。;0-9]{2,60}$")
ZERO = re.compile(any_of("states.zero"))
ZERO_NOUN = re.compile(rf"[“\"]?零[”\"]?{any_of('states.zero_noun')}[”\"]?")
RANK = re.compile(r"第一方阵|前(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})[名位强](?!单)")
COUNTED = re.compile(r"[一二两三四五六七八九十0-9]个?[“\"]?$")


@dataclass(frozen=True, slots=True)
class State:
    start: int
    end: int
    word: int
    comparator: str
    value: Decimal | None
    unit: str


def states(passage: Passage) -> list[State]:
    text = passage.text
    found: list[State] = []
    for match in COMPLETE.finditer(text):
        nearly = match["nearly"] or NEARLY_BEFORE.search(passage.before(match.start()))
        found.append(_state(match, "about" if nearly else "eq", Decimal(100), "%"))
    found += [_state(match, "about", Decimal(100), "%") for match in NEARLY.finditer(text)]
    found += [_state(match, "eq", Decimal(0), "") for match in ZERO.finditer(text)]
    found += [_state(match, "eq", Decimal(0), "") for match in ZERO_NOUN.finditer(text)]
    for match in RANK.finditer(text):
        value = number(match["n"]) if match["n"] else None
        found.append(_state(match, "rank", value, "名" if match["n"] else ""))
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[State] = []
    for state in found:
        if kept and state.start < kept[-1].end:
            continue
        if not _is_name(passage, state):
            kept.append(state)
    return kept


def _state(match: re.Match[str], comparator: str, value: Decimal | None, unit: str) -> State:
    return State(match.start(), match.end(), match.start(), comparator, value, unit)


def _is_name(passage: Passage, state: State) -> bool:
    """In a quoted name, after 四个, or in a list of work streams: not a requirement."""
    name = passage.name_at(state.start)
    if name is not None and not (
        name[0] == state.start or name == (state.start - 1, state.end + 1) or name[1] - name[0] <= 4
    ):
        return True
    if COUNTED.search(passage.text[max(0, state.start - 6) : state.start]):
        return True
    after = passage.text[state.end : state.end + 8]
    if state.comparator == "rank" and re.match("的|[^,。;0-9]{0,4}(?:奖励|奖补|补助)", after):
        return True  # 对排名前3位的县给予奖励, 前3名乡镇奖励
    return re.match(r"(?:行动|攻坚|专项|工程|、[^,。;]{2,12}同)", after) is not None
