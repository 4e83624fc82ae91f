"""相像 (resemblance): who a row that found nobody may be about. For a person's eye, never a link.

Names that differ by one character or sound the same; numbers that differ by one digit.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from shouwang.engine.cleaning.identity import NUMBER_LENGTH, valid_number

DIGITS = "0123456789"
SHORTEST_NAME = 3
"""Two characters of which one differs share a family name and nothing else."""


def near_numbers(text: str) -> list[str]:
    """The valid numbers from which one slip makes `text`: a digit wrong, two swapped, one missing
    or one too many."""
    if abs(len(text) - NUMBER_LENGTH) > 1:
        return []
    found = {number for slip in _slips(text) if (number := valid_number(slip)) is not None}
    return sorted(found)


def _slips(text: str) -> set[str]:
    size = len(text)
    if size == NUMBER_LENGTH - 1:
        return {
            text[:at] + mark + text[at:] for at in range(size + 1) for mark in _marks(at, size + 1)
        }
    if size == NUMBER_LENGTH + 1:
        return {text[:at] + text[at + 1 :] for at in range(size)}
    wrong = {text[:at] + mark + text[at + 1 :] for at in range(size) for mark in _marks(at, size)}
    swapped = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(size - 1)}
    return (wrong | swapped) - {text}


def _marks(at: int, size: int) -> str:
    """X stands only at the end."""
    return DIGITS + "X" if at == size - 1 else DIGITS


def name_resemblance(one: str, other: str) -> str:
    """How two names, as they are compared, resemble each other, in words; empty if they do not."""
    if not one or not other:
        return ""
    if one == other:
        return "同名"
    if max(len(one), len(other)) >= SHORTEST_NAME and _one_apart(one, other):
        return "姓名差一字"
    if len(one) == len(other) and _sounds(one) == _sounds(other):
        return "姓名同音"
    return ""


def _one_apart(one: str, other: str) -> bool:
    """One character replaced, missing or too many."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )


@lru_cache(maxsize=1 << 16)
def _sounds(name: str) -> tuple[str, ...]:
    """One name of a row stands beside all names of its village, page after page."""
    return tuple(lazy_pinyin(name, style=Style.NORMAL))
