"""比较词 (comparators): what the words around a number say: 不低于, 以上, 左右, 增长, 红线."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwang.policydocs.words import any_of, keys, one_of, words

BEFORE_KIND = {
    word: kind
    for kind in keys("comparators.before")
    for word in words(f"comparators.before.{kind}")
}
BEFORE = re.compile(one_of(BEFORE_KIND))
SHORT_BEFORE = 1
"""One-character words (约, 近, 超, 逾) count only right before the number."""
NEAR_ONLY = frozenset(["不足", "不到", "最高", "最低", "将近", "接近", "上限为", "限额为"])
NOT_COMPARATORS = re.compile(
    r"超(?:前|标|额|市|级|限|龄|载|采|出|越|高|强|大|低|声|算|常|期|短|薄|载)|近(?:年|期|日|郊|视|水|零)|约(?:束|定|谈|会)|最低(?:生活|工资|收入|档|缴费)|最高(?:人民|法|检)|高于一切"
)
AFTER_KIND = {
    word: kind for kind in keys("comparators.after") for word in words(f"comparators.after.{kind}")
}
AFTER = re.compile(r"(?:\((?:含|不含)[^()]{0,6}\))?(" + one_of(AFTER_KIND) + ")")
NOT_AFTER = re.compile(
    r"以上(?:述|级|所)|左右(?:两|岸|侧)|以下(?:简称|几|方面|工作|措施|条件|问题)"
)
UP, DOWN = any_of("comparators.increase"), any_of("comparators.decrease")
NOUN_OF_CHANGE = r"(?!率|幅|速|长率|值|标准|质量|水平)"
WITH_ANOTHER_VERB = "".join(f"(?<!{verb})" for verb in words("verbs_before_change"))
CHANGE = re.compile(
    rf"(?<![新倍净]){WITH_ANOTHER_VERB}(?:(?P<up>{UP})|(?P<down>{DOWN}))了?{NOUN_OF_CHANGE}"
)
ARRIVAL = re.compile(
    rf"(?:{UP}|{DOWN}|稳定|保持|控制|提质|扩大|压缩|恢复|发展){any_of('comparators.arrival')}"
)
WORKS = frozenset([*words("measures.works"), "个", "家", "处"])
GROWING_OBJECT = re.compile(r"(?:增加|减少|压减|核减|削减)[^,。;、0-9]{1,12}$")
RED_LINE = re.compile(rf"{any_of('comparators.keep')}[^,。;]*$")
RED_LINE_AFTER = re.compile(
    rf"^[^,。;]{{0,24}}{any_of('comparators.red_line')}|^[^,。;]{{0,20}}(?:不减少|不降低|只增不减|不下降)"
)
RELATIVE = re.compile(r"(?<!不)(?:高于|快于|高出|超过|超出|优于|领先)(?P<base>[^,。;、]{2,30}?)$")


@dataclass(frozen=True, slots=True)
class Comparison:
    """比较: the comparator, where its words begin and end, and the base of a relative one."""

    comparator: str
    start: int
    end: int
    base: str | None = None


def comparison(text: str, start: int, end: int, clause_start: int, shared_end: int) -> Comparison:
    """How the quantity text[start:end] is to be compared.

    `clause_start`: words before this place do not bear on it. `shared_end`: where the list ends
    that it belongs to, so that 85%、90%以上 gives both of them 以上.
    """
    before = text[clause_start:start]
    after_kind, last = _after(text, end) or _after(text, shared_end) or (None, end)
    if last > end and shared_end > end:
        last = end
    word = _word_before(before)
    change = None if _is_upgrade(before, text[end - 1]) else _change(before)
    base = _base(before)
    first = start
    if word is not None:
        first = clause_start + word[0]
    elif change is not None:
        first = clause_start + change[0]
    kind = after_kind or (word[1] if word else None)
    if kind is None and change is not None:
        kind = change[1]
    if kind is None and _is_red_line(before, text[end : end + 40]):
        kind = "ge"
    return Comparison(kind or "eq", first, last, base)


def _after(text: str, end: int) -> tuple[str, int] | None:
    match = AFTER.match(text, end)
    if match is None or NOT_AFTER.match(text, match.start(1)):
        return None
    return AFTER_KIND[match[1]], match.end()


def _word_before(before: str) -> tuple[int, str] | None:
    """The last comparator word of the clause that reaches the number."""
    found: tuple[int, str] | None = None
    barred = [match.span() for match in NOT_COMPARATORS.finditer(before)]
    for match in BEFORE.finditer(before):
        if any(a <= match.start() < b for a, b in barred):
            continue
        gap = len(before) - match.end()
        word = match[0]
        if (len(word) == SHORT_BEFORE and gap > 0) or (word in NEAR_ONLY and gap > 6):
            continue
        found = (match.start(), BEFORE_KIND[word])
    return found


def _change(before: str) -> tuple[int, str] | None:
    """增长, 提高, 下降 right before the number; 增加 and 减少 also over a short object."""
    if re.search(rf"{ARRIVAL.pattern}$", before):
        return None
    near = None
    for match in CHANGE.finditer(before):
        near = match
    if near is None:
        return None
    gap = len(before) - near.end()
    kind = "increase" if near["up"] else "decrease"
    if gap == 0:
        return near.start(), kind
    if (
        len(near[0]) > 1
        and GROWING_OBJECT.search(before[near.start() :])
        and "到" not in before[near.end() :]
    ):
        return near.start(), kind
    return None


def _is_upgrade(before: str, measure: str) -> bool:
    """新建6个、提升10个: so many are made better, not so many more."""
    return before.endswith("提升") and measure in WORKS


def _base(before: str) -> str | None:
    match = RELATIVE.search(before)
    return match["base"] if match else None


def _is_red_line(before: str, after: str) -> bool:
    return RED_LINE.search(before) is not None or RED_LINE_AFTER.match(after) is not None
