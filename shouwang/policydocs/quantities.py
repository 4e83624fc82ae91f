"""数量 (quantities): number, scale and measure word, with ranges and lists that share a measure.

quantity := number [余|多] [scale] [余|多] [measure]
range    := quantity (-|~|至|到) quantity
list     := quantity ((、|和|及|,) quantity)+      the last one's scale and measure are for all
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from shouwang.policydocs.numerals import ARABIC, CHINESE, SCALE, number, scale_value
from shouwang.policydocs.words import keys, one_of, words

MEASURES = [*words("measures"), *words("measures_of_repetition")]
MEASURE = one_of(MEASURES)
DENIED = {measure: one_of(words(f"not_measures.{measure}")) for measure in keys("not_measures")}
BARE_RATIO = re.compile(rf"百分之({ARABIC}|{CHINESE}+)")
FRACTION = re.compile(rf"({CHINESE}{{1,2}}|[0-9]{{1,2}})分之({CHINESE}{{1,2}}|[0-9]{{1,2}})")
HALF = re.compile("一半|半数|过半")
ONE = (
    rf"(?P<number{{n}}>{ARABIC}|{CHINESE}+)(?P<over{{n}}>余|多)?(?P<scale{{n}}>{SCALE})??"
    rf"(?:余|多)?(?P<measure{{n}}>{MEASURE})"
)
ONE_SCALED = rf"(?P<number{{n}}>{ARABIC})(?P<over{{n}}>余|多)?(?P<scale{{n}}>{SCALE})"
ONE_BARE = rf"(?P<number{{n}}>{ARABIC})"
TO = "(?:-{1,2}|[—–~～－]{1,2}|至|到)"
BEFORE = r"(?<![0-9A-Za-z.第+/＋号〔])"


def _part(pattern: str, n: int) -> str:
    return pattern.replace("{n}", str(n))


RANGE = re.compile(
    rf"{BEFORE}(?P<number1>{ARABIC}|{CHINESE}{{1,4}})(?P<scale1>{SCALE})??(?P<measure1>{MEASURE})?{TO}"
    + _part(ONE, 2)
)
SINGLE = re.compile(BEFORE + _part(ONE, 1))
SCALED = re.compile(BEFORE + _part(ONE_SCALED, 1) + r"(?![0-9A-Za-z])")
BARE = re.compile(BEFORE + _part(ONE_BARE, 1) + r"(?=[、和及,])")
VALUE = re.compile(
    rf"(?<=[到在至于为过])(?P<number>{ARABIC})(?::1)?(?=[,。;、)]|以上|以下|以内|之内|左右|$)"
)
START = re.compile(rf"[0-9]|{CHINESE}|过半|半数")
RENAMED = {
    "百分点": "个百分点",
    "㎡": "平方米",
    "km2": "平方公里",
    "km²": "平方公里",
    "m2": "平方米",
    "m²": "平方米",
    "m3": "立方米",
    "m³": "立方米",
    "km": "公里",
    "人民币": "元",
}
LIST_GAP = re.compile(r"(?:以上|\(含\)|以内)?[、和及,]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """数量: its place in the text, its value in the base unit, and how it was written."""

    start: int
    end: int
    value: Decimal
    unit: str
    value2: Decimal | None = None
    chinese: bool = False
    over: bool = False
    scaled: bool = False
    group: int = 0
    """Quantities of one list have one number above 0."""


def quantities(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    place = 0
    while (match := START.search(text, place)) is not None:
        quantity = _at(text, match.start())
        if quantity is None:
            place = _after_number(text, match.start())
        else:
            found.append(quantity)
            place = quantity.end
    return list(_shared(text, found))


def _after_number(text: str, start: int) -> int:
    run = re.compile(rf"{ARABIC}|{CHINESE}+|.", re.S).match(text, start)
    return run.end() if run else start + 1


def _at(text: str, start: int) -> Quantity | None:
    return (
        _ratio(text, start)
        or _range(text, start)
        or _single(text, start)
        or _scaled(text, start)
        or _value(text, start)
        or _bare(text, start)
    )


def _ratio(text: str, start: int) -> Quantity | None:
    if match := BARE_RATIO.match(text, start):
        value = number(match[1])
        return (
            Quantity(start, match.end(), value, "%", chinese=False) if value is not None else None
        )
    if match := HALF.match(text, start):
        return Quantity(start, match.end(), Decimal(50), "%", chinese=True)
    if match := FRACTION.match(text, start):
        whole, part = number(match[1]), number(match[2])
        if whole and part and whole > part:
            value = (part * 100 / whole).quantize(Decimal("0.01")).normalize()
            return Quantity(start, match.end(), value, "%", chinese=True)
    return None


def _range(text: str, start: int) -> Quantity | None:
    match = RANGE.match(text, start)
    if match is None or _denied(text, match, "measure2"):
        return None
    first, second = number(match["number1"]), number(match["number2"])
    if first is None or second is None:
        return None
    scale2 = scale_value(match["scale2"] or "")
    scale1 = scale_value(match["scale1"] or "") if match["scale1"] or match["measure1"] else scale2
    if first * scale1 >= second * scale2:
        return None
    return Quantity(
        start,
        match.end(),
        first * scale1,
        _unit(match["measure2"]),
        second * scale2,
        chinese=not match["number1"][0].isascii(),
        scaled=bool(match["scale2"]),
    )


def _single(text: str, start: int) -> Quantity | None:
    match = SINGLE.match(text, start)
    if match is None or _denied(text, match, "measure1"):
        return None
    value = number(match["number1"])
    if value is None:
        return None
    return Quantity(
        start,
        match.end(),
        value * scale_value(match["scale1"] or ""),
        _unit(match["measure1"]),
        chinese=not match["number1"][0].isascii(),
        over=re.search("[余多]", match[0]) is not None,
        scaled=bool(match["scale1"]),
    )


def _scaled(text: str, start: int) -> Quantity | None:
    match = SCALED.match(text, start)
    if match is None or (len(match["scale1"]) == 1 and match["scale1"] not in "万亿"):
        return None
    value = number(match["number1"])
    if value is None:
        return None
    return Quantity(
        start,
        match.end(),
        value * scale_value(match["scale1"]),
        "",
        over=bool(match["over1"]),
        scaled=True,
    )


AFTER_WHAT = re.compile(
    r"(?:达到|(?:提高|提升|下降|降低|降|缩小|缩减|压减|减少|增加|调整|扩大|发展)(?:到|至)"
    r"|(?:控制|保持|稳定|维持)在|不低于|不高于|不超过|超过|之比为|比例为|系数为)$"
)


def _value(text: str, start: int) -> Quantity | None:
    """产值之比提高到2.2: a number without a measure after a word of arrival."""
    match = VALUE.match(text, start)
    value = number(match["number"]) if match else None
    if match is None or value is None or not AFTER_WHAT.search(text[max(0, start - 6) : start]):
        return None
    if 1900 <= value <= 2100:
        return None
    return Quantity(start, match.end(), value, "", scaled=True)


def _bare(text: str, start: int) -> Quantity | None:
    """A number alone counts only as a member of a list that ends in a measure."""
    match = BARE.match(text, start)
    value = number(match["number1"]) if match else None
    return Quantity(start, match.end(), value, "") if match and value is not None else None


def _denied(text: str, match: re.Match[str], name: str) -> bool:
    """3部门, 2类县 … the measure is the beginning of another word."""
    measure = match[name]
    pattern = DENIED.get(measure)
    return (
        pattern is not None and re.match(pattern, text[match.end() : match.end() + 4]) is not None
    )


def _unit(measure: str) -> str:
    return RENAMED.get(measure, measure)


def _shared(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Members of a list take what only the last one says: 2个、3个、3个百分点; 1.2、3.4万亩."""
    group = 0
    index = 0
    while index < len(found):
        last = index
        while last + 1 < len(found) and LIST_GAP.fullmatch(
            text[found[last].end : found[last + 1].start]
        ):
            last += 1
        if last == index:
            if found[index].unit or found[index].scaled:
                yield found[index]
        else:
            group += 1
            yield from _one_list(text, found[index : last + 1], group)
        index = last + 1


def _one_list(text: str, run: list[Quantity], group: int) -> Iterator[Quantity]:
    ending = run[-1]
    factor = Decimal(1)
    if ending.scaled:
        written = re.match(ARABIC, text[ending.start : ending.end])
        plain = number(written[0]) if written else None
        factor = ending.value / plain if plain else factor
    for each in run:
        if each.unit == ending.unit:
            yield replace(each, group=group)
        elif not each.unit and ending.unit:
            value = each.value if each.scaled else each.value * factor
            yield replace(each, value=value, unit=ending.unit, group=group)
        elif each.unit == "个" and ending.unit == "个百分点":
            yield replace(each, unit=ending.unit, group=group)
        elif each.unit:
            yield each
