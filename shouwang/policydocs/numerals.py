"""数字 (numerals): Arabic and Chinese numbers with their scale, exact, never a float.

三百二十 320 · 二十五 25 · 两千 2000 · 1,200.5 · 12.4万 124000 · 一千二百万 · 二〇二四 2024 · 半 0.5
"""

import re
from decimal import Decimal

DIGITS = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")},
    **{c: n for n, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "○": 0,
    "俩": 2,
    "幺": 1,
    "廿": 20,
}
STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SCALES = {"万": 10**4, "亿": 10**8}

CHINESE = "[零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
CHINESE_SMALL = "[零〇○一二两三四五六七八九十百]"
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
SCALE = r"(?:万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|千|百)"

_SCALE_VALUES = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
    "": 1,
}


def scale_value(word: str) -> int:
    return _SCALE_VALUES[word]


def chinese_number(text: str) -> int | None:
    """The value of a Chinese whole number; digits read one by one where no step word is in it."""
    if not text or any(c not in DIGITS and c not in STEPS and c not in SCALES for c in text):
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text)) if "廿" not in text else None
    total = section = 0
    digit: int | None = None
    for c in text:
        if c in DIGITS:
            if digit not in (None, 0):
                return None  # 三四百: a guess between two, not a number
            digit = DIGITS[c]
        elif c in STEPS:
            section += (1 if digit is None else digit) * STEPS[c]
            digit = None
        else:
            total = (total + section + (digit or 0)) * SCALES[c]
            section, digit = 0, None
    return total + section + (digit or 0)


def number(text: str) -> Decimal | None:
    """An Arabic or Chinese number without a scale word after it."""
    if re.fullmatch(ARABIC, text):
        return Decimal(text.replace(",", ""))
    if text == "半":
        return Decimal("0.5")
    value = chinese_number(text)
    return None if value is None else Decimal(value)


def ordinal(text: str) -> int | None:
    """The number in a label: 十二, 3, ③; the dash of a badly set 一 counts as 1."""
    for first, last in ("①⑳", "⑴⒇", "⒈⒛", "㈠㈩"):
        if len(text) == 1 and first <= text <= last:
            return ord(text) - ord(first) + 1
    if text.isascii() and text.isdigit():
        return int(text[:6])
    if text in ("—", "－", "-", "―"):
        return 1
    return chinese_number(text)
