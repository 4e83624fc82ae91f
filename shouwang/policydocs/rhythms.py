"""定期 (rhythms): 每季度至少1次, 每半年, 按月调度, 季度调度、半年督导、年终考评.

rhythm := 每 period … [comparator count 次] | 按|逐 period | period deed | 一 period count 次
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.clauses import Passage, Ranges
from shouwang.policydocs.numerals import number
from shouwang.policydocs.quantities import Quantity
from shouwang.policydocs.words import any_of, keys, one_of, words

PER_OF = {word: per for per in keys("periods") for word in words(f"periods.{per}")}
PERIOD = one_of(PER_OF)
COUNT = "[0-9一二两三四五六七八九十]{1,2}"
MANY = {"week": "weeks", "month": "months", "year": "years", "quarter": "quarters", "day": "days"}
COUNT_WORDS = {2: "two", 3: "three", 4: "four", 5: "five"}
REPEATED = frozenset(words("measures_of_repetition"))
DEED = any_of("deeds")
EACH = re.compile(rf"每(?:个|1|一)?“?(?P<period>{PERIOD})”?(?!度|薪|收入|人均|龄)")
EACH_MANY = re.compile(r"每(?:隔)?(?P<n>[2-9两二三四五])个?(?P<period>周|月|季度|年|天)(?!度)")
BY = re.compile(
    rf"(?<![按遵依照])(?:按|逐)(?P<period>{PERIOD})(?!度|薪|代|龄|[计收缴付]|次|度计划)"
)
ONE_IN = re.compile(
    rf"(?<![0-9第每])(?:一|1)(?P<period>年|个?季度?|个?月|周|天|日|旬)(?:内)?(?:不少于|不低于|至少)?"
    rf"(?P<n>{COUNT})?(?:次|{DEED}|[一两二]?小?结)"
)
WITHIN = re.compile(
    r"“?(?P<period>双月|两个月|季度|月)”?(?:内)?(?:至少|不少于|不低于)|(?P<both>双月)(?=召开|开展|组织|进行|举行)"
    r"|(?<![上下每近过])(?P<half>半年)(?=(?:开展|组织|召开|进行|举办|集中)[^,。;]{0,6}[1-9一二两]次)"
)
DEED_LIST = re.compile(
    rf"(?P<period>半年度?|半月|全年(?=一)|季度|月度|双月|年终|年度|周|旬|(?:(?<=[、,。;“:及和])|(?<=实行)|(?<=坚持)|(?<=做到)|(?<=落实)|(?<=建立)|(?<=健全)|(?<=推行)|(?<=执行)|(?<=完善)|(?<=实施))[月季年日周])(?:一|有)?(?P<deed>{DEED}|报(?=[^,。;]{{0,6}}制度))"
)
NEAR = 12
DEED_PER = {
    "全年": "year",
    "半月": "half_month",
    "年终": "year",
    "旬": "ten_days",
    "月": "month",
    "季": "quarter",
    "年": "year",
    "日": "day",
    "月度": "month",
}
NO_DUTY_BEFORE = re.compile(r"(?:纳入|作为|列入|结合|根据|依据|计入|参加|将|以|与)[^,。;、]{0,12}$")
CHANGE = re.compile(r"^(?:平均|按)?(?:增长|递增|增加|提高|下降|减少|递减|新增)")
MONEY_NEAR = re.compile(
    r"^[^,。;]{0,24}?[0-9.]+(?:万|亿)?元"
    r"|^(?:可|均|将)?(?:给予|予以|享受|发放|安排|拨付|获得?)[^,。;]{0,16}(?:经费|资助|补助|补贴|资金|奖励|津贴)"
)
OF_A_DEED = re.compile(
    "^(?:的)?(?:排名|结果|得分|等次|成绩|优秀|位次|靠[前后]|末位|指标|内容|体系|评分|方案|办法|细则)"
)
SYSTEM_AFTER = re.compile("^(?:[、和][^,。;、”]{2,6})*”?的?(?:制度|机制|办法)")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One rhythm: its place, how often in which period, the places of quantities it used up."""

    start: int
    end: int
    times: Decimal
    per: str


def rhythms(passage: Passage, found: list[Quantity]) -> list[Rhythm]:
    """All rhythms of a task in order. `found`: the quantities of the same text."""
    text = passage.text
    heads = _heads(text)
    result: list[Rhythm] = []
    starts = [each.start for each in found]
    for index, (start, end, per) in enumerate(heads):
        limit = min(
            passage.clause(start)[1], heads[index + 1][0] if index + 1 < len(heads) else len(text)
        )
        near = found[(at := bisect_left(starts, end)) : at + NEAR]
        rhythm = _counted(passage, start, end, per, limit, near)
        if rhythm is not None:
            result.append(rhythm)
    result += _short(text)
    result += [each for each in _deeds(text, bool(result)) if not _is_told_too(text, each, result)]
    result.sort(key=lambda each: each.start)
    return _without_repeats(result)


def _is_told_too(text: str, deed: Rhythm, told: list[Rhythm]) -> bool:
    """建立日报告制度,每日报送 · “月通报、季评比”机制,每月通报: a name of what is told as well."""
    same = [each for each in told if each.per == deed.per]
    if not same or SYSTEM_AFTER.match(text[deed.end : deed.end + 30]) is None:
        return False
    if text[deed.end] != "、" and text[max(0, deed.start - 1)] not in "、和及":
        return True
    what = text[deed.end - 2 : deed.end]
    return any(what in text[each.start : each.end + 6] for each in same)


def _heads(text: str) -> list[tuple[int, int, str]]:
    heads: dict[int, tuple[int, int, str]] = {}
    for match in EACH_MANY.finditer(text):
        many = number(match["n"])
        per = PER_OF[match["period"]]
        if many is not None:
            name = f"{COUNT_WORDS.get(int(many), str(many))}_{MANY.get(per, per)}"
            heads[match.start()] = (match.start(), match.end(), name)
    for pattern in (EACH, BY, WITHIN):
        known = Ranges((start, end) for start, end, _ in heads.values())
        for match in pattern.finditer(text):
            if match.start() in known:
                continue
            heads[match.start()] = (match.start(), match.end(), PER_OF[_period(match)])
    return sorted(heads.values())


def _period(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups["period"] or groups["both"] or groups["half"]


def _counted(
    passage: Passage, start: int, end: int, per: str, limit: int, found: list[Quantity]
) -> Rhythm | None:
    text = passage.text
    if passage.name_at(start) is not None and text[start] != "“" and text[start - 1] not in "“、":
        return None
    rest = text[end:limit]
    if rest.startswith("的") or CHANGE.match(rest) or MONEY_NEAR.match(rest):
        return None
    inside = [each for each in found if end <= each.start < limit and text[each.start - 1] != "满"]
    for each in inside:
        if each.unit in REPEATED:
            return Rhythm(start, each.end, each.value, per)
    if any(_is_amount(each) for each in inside):
        return None
    if not rest and limit < len(text) and text[limit] in ",":
        return _in_next_clause(passage, start, per, limit + 1, found)
    return Rhythm(start, min(limit, _end_of_words(text, end)), Decimal(1), per) if rest else None


def _end_of_words(text: str, start: int) -> int:
    """每周走访: the deed as far as the next sign, at most a dozen characters."""
    match = re.compile(r"[^、,。;:()]{0,12}").match(text, start)
    return match.end() if match else start


def _in_next_clause(
    passage: Passage, start: int, per: str, begin: int, found: list[Quantity]
) -> Rhythm | None:
    text, end = passage.text, passage.clause(begin)[1]
    for each in found:
        if begin <= each.start < end:
            return Rhythm(start, each.end, each.value, per) if each.unit in REPEATED else None
    return Rhythm(start, min(end, _end_of_words(text, begin)), Decimal(1), per)


def _is_amount(quantity: Quantity) -> bool:
    return not quantity.chinese and quantity.unit not in ("年", "月", "日", "周")


def _short(text: str) -> list[Rhythm]:
    """一月一调度, 一年两次."""
    result = []
    for match in ONE_IN.finditer(text):
        times = number(match["n"]) if match["n"] else Decimal(1)
        per = PER_OF[match["period"].removeprefix("个")] if match["period"] != "旬" else "ten_days"
        if times:
            result.append(Rhythm(match.start(), match.end(), times, per))
    return result


def _deeds(text: str, among_others: bool) -> list[Rhythm]:
    """季度调度、半年督导、年终考评: a yearly one alone is a noun, in a list it is a duty."""
    matches = [
        each
        for each in DEED_LIST.finditer(text)
        if not NO_DUTY_BEFORE.search(text[max(0, each.start() - 24) : each.start()])
        and text[max(0, each.start() - 1) : each.start()] not in ("每", "一")
        and OF_A_DEED.match(text[each.end() : each.end() + 4]) is None
    ]
    several = len({each["period"] for each in matches}) > 1 or among_others
    result = []
    for match in matches:
        per = DEED_PER.get(match["period"]) or PER_OF[match["period"]]
        if per == "year" and not several:
            continue
        result.append(Rhythm(match.start(), match.end(), Decimal(1), per))
    return result


def _without_repeats(found: list[Rhythm]) -> list[Rhythm]:
    kept: list[Rhythm] = []
    for each in found:
        if not kept or each.start >= kept[-1].end or each.per != kept[-1].per:
            kept.append(each)
    return kept
