"""目标 (targets): the required quantities and complete states of a task, and why others are not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.clauses import Passage, Ranges
from shouwang.policydocs.comparators import CHANGE, Comparison, comparison
from shouwang.policydocs.dates import Moment
from shouwang.policydocs.quantities import Quantity
from shouwang.policydocs.refusals import reason_against
from shouwang.policydocs.states import State, states

QUALIFIERS = re.compile(
    r"每(?:个)?(?:村|户|镇|乡镇|县|区|人|年|月|季度|周|所|座|家|亩|名|个[^,。;、0-9]{0,8}?(?:村|镇|县|乡|区|点|户|站|园))|年均|同比|占比|累计|年内|人均|户均|村均|年末|各"
)
PART_OF = re.compile(r"其中[:,]?|各(?=[0-9])|分别")
NAME_BEFORE = re.compile(r"([^,。;:、]*)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A target in the text of its task: ranges count characters of that text."""

    start: int
    end: int
    comparator: str
    value: Decimal | None
    unit: str
    value2: Decimal | None
    qualifier: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Refused:
    start: int
    end: int
    reason: str


def targets(
    passage: Passage,
    numbers: list[Quantity],
    dates: list[Moment],
    taken: list[tuple[int, int]],
    year: int | None,
) -> tuple[list[Found], list[Refused]]:
    """Targets in order, and the figures left out. `taken`: ranges of rhythms and of funds."""
    found: list[Found] = []
    refused: list[Refused] = []
    apart = Ranges([*((date.start, date.end) for date in dates), *taken])
    for index, quantity in enumerate(numbers):
        if quantity.start in apart:
            continue
        compared = _compared(passage, numbers, index)
        unit, value, value2 = _unit(passage, numbers, index)
        reason = reason_against(
            passage, quantity, unit, compared, numbers[max(0, index - NEAR) : index + NEAR], year
        )
        if reason is None and compared.comparator == "eq":
            reason = _listed_with(passage, quantity, refused)
        if reason is not None:
            if not quantity.chinese and quantity.unit != "年":
                refused.append(Refused(quantity.start, quantity.end, reason))
            continue
        start, end = _raw(passage.text, quantity, compared)
        found.append(
            Found(
                start,
                end,
                compared.comparator,
                value,
                unit,
                value2,
                _qualifier(passage, quantity, compared),
                _name(passage, quantity, start, end),
            )
        )
    found += [_of_state(passage, each) for each in states(passage)]
    found.sort(key=lambda each: (each.start, each.end))
    return found, refused


STOCK = "存量或范围"
NEAR = 12
"""How many numbers on each side can bear on one."""


def _listed_with(passage: Passage, quantity: Quantity, refused: list[Refused]) -> str | None:
    """对1个镇、4个村倾斜支持: the next member of a list of what there is."""
    if not refused or refused[-1].reason != STOCK:
        return None
    between = passage.text[refused[-1].end : quantity.start]
    return STOCK if re.fullmatch(r"[^,。;:、]{1,14}[、和]", between) else None


def _compared(passage: Passage, numbers: list[Quantity], index: int) -> Comparison:
    quantity = numbers[index]
    begin = passage.clause(quantity.start)[0]
    first = index
    shared_end = quantity.end
    if quantity.group:
        while first > max(0, index - NEAR) and numbers[first - 1].group == quantity.group:
            first -= 1
        last = index
        limit = min(len(numbers), index + NEAR)
        while last + 1 < limit and numbers[last + 1].group == quantity.group:
            last += 1
        shared_end = numbers[last].end
        begin = passage.clause(numbers[first].start)[0]
    if first > 0 and numbers[first - 1].end > begin:
        begin = numbers[first - 1].end
    place = numbers[first].start if quantity.group else quantity.start
    compared = comparison(passage.text, place, quantity.end, begin, shared_end)
    if quantity.over and compared.comparator == "eq":
        return Comparison("gt", compared.start, compared.end, compared.base)
    return compared


def _unit(
    passage: Passage, numbers: list[Quantity], index: int
) -> tuple[str, Decimal, Decimal | None]:
    """A number with a scale alone (存栏1.1万、出栏1.9万头) takes the measure that follows soon."""
    quantity = numbers[index]
    if quantity.unit == "成":
        return "%", quantity.value * 10, quantity.value2 and quantity.value2 * 10
    if quantity.unit or not quantity.scaled:
        return quantity.unit, quantity.value, quantity.value2
    end = passage.sentence(quantity.start)[1]
    for other in numbers[index + 1 : index + 3]:
        if other.start < min(end, quantity.end + 16) and other.unit:
            return other.unit, quantity.value, quantity.value2
    return "", quantity.value, quantity.value2


SOFTENING = re.compile(r"(?:达到?|实现|完成|稳定在|保持在|新增|新建|建成|稳定|控制在|力争)$")


def _raw(text: str, quantity: Quantity, compared: Comparison) -> tuple[int, int]:
    """The shortest range with number, measure and comparator word."""
    start = quantity.start
    if compared.start < start and start - compared.start <= 24:
        start = compared.start
    else:
        match = SOFTENING.search(text[max(0, start - 6) : start])
        start -= len(match[0]) if match else 0
    return start, max(quantity.end, compared.end)


def _qualifier(passage: Passage, quantity: Quantity, compared: Comparison) -> str | None:
    if compared.base:
        return "高于" + compared.base
    matches = QUALIFIERS.findall(passage.before(quantity.start))
    return matches[-1] if matches else None


MODAL = re.compile(
    "^(?:把|将|要|并|确保|力争|争取|努力|着力|切实|牢牢|坚决|实现|做到|完成|保持|守住|持续|进一步|稳步)+"
)
"""确保粮食面积…: that it must be so is no part of what is measured."""
ANOTHER_AFTER = re.compile(r"[和及与](?=[0-9])")
ANOTHER_BEFORE = re.compile(r"^.*[0-9][^,。;]*[和及与]$")
OPEN_BRACKET = re.compile(r"^.*\((?=[^()]*$)")


def _name(passage: Passage, quantity: Quantity, start: int, end: int) -> str:
    """What the number is said of: the words before it in its clause, else those after it."""
    clause_start, clause_end = passage.clause(quantity.start)
    before = NAME_BEFORE.search(passage.text[clause_start:start])
    name = PART_OF.sub("", before[1]) if before else ""
    name = ANOTHER_BEFORE.sub("", OPEN_BRACKET.sub("", CHANGE.sub("", name)))
    name = MODAL.sub("", name)
    after = ANOTHER_AFTER.split(passage.text[end:clause_end], maxsplit=1)[0]
    match = re.match(r"(?:的)?([^,。;、()]{2,24})", after)
    if match and quantity.unit not in ("%", "个百分点") and len(name) < 12:
        return (name + match[1])[:40]
    return name[-40:] or (match[1] if match else passage.text[clause_start:clause_end][:40])


def _of_state(passage: Passage, state: State) -> Found:
    clause_start = passage.clause(state.start)[0]
    said = passage.text[clause_start : state.word][-40:]
    name = MODAL.sub("", said) or passage.text[state.start : state.end]
    return Found(
        state.start, state.end, state.comparator, state.value, state.unit, None, None, name
    )
