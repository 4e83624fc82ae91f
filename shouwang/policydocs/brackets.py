"""括号 (brackets): pairs of any kind, also badly set ones, nested or not."""

from collections.abc import Iterator
from itertools import accumulate

PAIRS = {"(": ")", "〔": "〕", "[": "]", "【": "】", "{": "}", "<": ">", "〈": "〉"}
CLOSING = {close: opening for opening, close in PAIRS.items()}
DEEPEST = 12
"""Papers nest two or three deep; what lies deeper is not searched for a forgotten sign."""


def pairs(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every bracket with its content, inner before outer."""
    stack: list[int] = []
    for place, character in enumerate(text):
        if character in PAIRS:
            stack.append(place)
        elif character in CLOSING and stack:
            if text[stack[-1]] == CLOSING[character]:
                yield stack.pop(), place + 1
            elif any(text[each] == CLOSING[character] for each in stack[-DEEPEST:]):
                while text[stack[-1]] != CLOSING[character]:
                    stack.pop()
                yield stack.pop(), place + 1
            elif len(stack) == 1:  # 〔牵头单位:县水利局]: opened and closed by different signs
                yield stack.pop(), place + 1


def outer_pairs(text: str) -> list[tuple[int, int]]:
    """The brackets that lie in no other, in order."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(pairs(text), key=lambda each: (each[0], -each[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def depths(text: str) -> list[int]:
    """How many brackets each character lies in (the signs themselves count as inside)."""
    steps = [0] * (len(text) + 1)
    for start, end in pairs(text):
        steps[start] += 1
        steps[end] -= 1
    return list(accumulate(steps[:-1]))


def split_outside(text: str, separators: str) -> list[tuple[int, int]]:
    """Ranges between separators that stand outside of brackets."""
    depth = depths(text)
    ranges: list[tuple[int, int]] = []
    start = 0
    for place, character in enumerate(text):
        if character in separators and depth[place] == 0:
            ranges.append((start, place))
            start = place + 1
    ranges.append((start, len(text)))
    return ranges
