"""姓名拼音 (pinyin of names): full spelling and initials, one character at a time, cached."""

from collections.abc import Iterable, Iterator
from typing import Final

from pypinyin import Style, lazy_pinyin

_SURNAMES: Final = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "盖": "ge",
    "朴": "piao", "翟": "zhai", "缪": "miao", "员": "yun", "繁": "po", "任": "ren", "秘": "bi",
    "冼": "xian", "尉": "yu", "万": "wan", "宓": "mi", "燕": "yan", "华": "hua", "葛": "ge",
}  # fmt: skip
"""Readings of characters that differ where the character is a surname."""


class _Readings(dict[str, str]):
    """Character → reading, looked up once for each character."""

    def __missing__(self, character: str) -> str:
        reading = "".join(lazy_pinyin(character, style=Style.NORMAL)).lower()
        self[character] = reading
        return reading


_READINGS: Final = _Readings()


def spelling(name: str) -> tuple[str, str]:
    """曾小红 → ("zengxiaohong", "zxh")."""
    readings = [_READINGS[character] for character in name]
    if name and name[0] in _SURNAMES:
        readings[0] = _SURNAMES[name[0]]
    return "".join(readings), "".join([reading[:1] for reading in readings])


def spellings(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for name in names:
        full, initials = spelling(name)
        yield name, full[:360], initials[:60]
