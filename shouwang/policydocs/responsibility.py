"""责任 (who is responsible): 〔牵头单位:…;责任单位:…〕, (甲局牵头,乙局配合), (甲局、乙局、各镇).

Only explicit markers count: a labelled or role-ended statement, or a bracket at the end of an item
that holds nothing but bodies. A subject inside a sentence is not a marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from shouwang.policydocs.brackets import outer_pairs
from shouwang.policydocs.organisations import (
    ROLE_LEAD,
    ROLE_RESPONSIBLE,
    is_unit,
    members,
)
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.words import one_of, words

LABEL_KINDS = ("lead", "responsible", "persons", "time", "other")
KIND_OF = {word: kind for kind in LABEL_KINDS for word in words(f"labels.{kind}", "units")}
LABEL = re.compile(rf"({one_of(KIND_OF)})(?:及(?:配合|责任)单位)?(?:\([^()]{{1,8}}\))?:")
SURE = one_of(word for word in KIND_OF if len(word) >= 4)
SURE_LABEL = re.compile(
    rf"({SURE})(?:及(?:配合|责任)单位)?(?:\([^()]{{1,8}}\))?(?::|为(?![了主期]))?"
)
LONG_LABEL = one_of(word for word in KIND_OF if len(word) >= 3)
LABEL_LINE = re.compile(rf"^[●◆■·*]?[【〔(\[]?{LONG_LABEL}[】〕)\]]?:")

PERSONS_LINE = re.compile(
    rf"^[●◆■·*]?[【〔(\[]?{one_of(words('labels.persons', 'units'))}[】〕)\]]?:.{{1,30}}$"
)

ROLE = re.compile(
    rf"(?:等(?:部门|单位)?)?(?:分别|共同|联合)?(?:({ROLE_LEAD})|({ROLE_RESPONSIBLE}))$"
)
FIRST_LEADS = re.compile(
    r"[,;。]?(?:列|排)(?:在|名)?(?:首位|第一位?|最前面?)的?(?:单位|部门)?为(?:牵头|主办|主责)(?:单位|部门)(?:,下同)?$"
)
"""甲局、乙局,列首位的为牵头单位."""
PERSON = re.compile(r"[\u4e00-\u9fff]{2,3}")
LONGEST = 400


@dataclass
class Statement:
    """Ranges of the bodies that a statement names, in order; a body is in one list only."""

    lead: list[tuple[int, int]] = field(default_factory=list)
    responsible: list[tuple[int, int]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, ranges: Iterable[tuple[int, int]]) -> None:
        (self.lead if kind == "lead" else self.responsible).extend(ranges)

    def __bool__(self) -> bool:
        return bool(self.lead or self.responsible)


def statement(text: str, *, bare: bool) -> Statement | None:
    """What the inside of a bracket (or a line) says; None where it says nothing of bodies.

    `bare`: a plain list of bodies counts too.
    """
    if not 2 <= len(text) <= LONGEST:
        return None
    labels = list(LABEL.finditer(text)) or _labels_without_colon(text)
    found = Statement()
    if labels:
        _labelled(text, labels, found)
        return found if found or found.times else None
    if (said := FIRST_LEADS.search(text)) is not None:
        _by_roles(text[: said.start()], 0, "responsible", found)
        if _only_units(text[: said.start()]):
            return Statement(found.responsible[:1], found.responsible[1:])
        found = Statement()
    _by_roles(text, 0, "responsible", found)
    if found and _ends_in_role(text):
        return found if _mostly_units(text, found) else None
    return found if bare and found and _only_units(text) else None


def _labels_without_colon(text: str) -> list[re.Match[str]]:
    first = SURE_LABEL.match(text)
    return [first, *SURE_LABEL.finditer(text, first.end())] if first else []


def _labelled(text: str, labels: list[re.Match[str]], found: Statement) -> None:
    if labels[0].start() > 0:
        _by_roles(text[: labels[0].start()], 0, "responsible", found)
    for index, match in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        kind = KIND_OF[match[1]]
        if kind == "time":
            found.times.append((match.end(), end))
        elif kind in ("lead", "responsible"):
            _by_roles(text[match.end() : end], match.end(), kind, found, labelled=True)


def _by_roles(
    text: str, start: int, kind: str, found: Statement, *, labelled: bool = False
) -> None:
    """Members up to a role word take that role; those after the last take `kind`."""
    stop = text.find("。")
    if 0 <= stop < len(text) - 1:
        _by_roles(text[:stop], start, kind, found, labelled=labelled)
        _by_roles(text[stop + 1 :], start + stop + 1, kind, found)
        return
    waiting: list[tuple[int, int]] = []
    for first, end in members(text):
        last = _without_note(text, first, end)
        role = ROLE.search(text[first:last])
        if role is None:
            name = text[first:last]
            if is_unit(name) and LEADS.fullmatch(text[last:end]):
                found.add("lead", [(start + first, start + last)])
            elif is_unit(name) or (labelled and not PERSON.fullmatch(name) and len(name) <= 30):
                waiting.append((start + first, start + last))
            continue
        waiting += [
            (start + a, start + b)
            for a, b in members(text[first : first + role.start()], first)
            if is_unit(text[a:b]) or (labelled and b - a >= 2)
        ]
        found.add("lead" if role[1] else "responsible", waiting)
        waiting = []
    found.add(kind, waiting)


NOTE = re.compile(r"[(〔\[][^()〔〕\[\]]{0,30}(?:牵头|主办|下同)[^()〔〕\[\]]{0,12}[)〕\]]$")


LEADS = re.compile(r"[(〔\[](?:牵头|牵头单位|主办|主责)[)〕\]]")


def _without_note(text: str, first: int, last: int) -> int:
    """Where a body ends before (列首位的为牵头单位,下同), which is no part of its name."""
    note = NOTE.search(text[first:last])
    return first + note.start() if note is not None and note.start() > 1 else last


def _ends_in_role(text: str) -> bool:
    return any(ROLE.search(text[first:last]) for first, last in members(text))


def _mostly_units(text: str, found: Statement) -> bool:
    named = [text[a:b] for a, b in [*found.lead, *found.responsible]]
    return sum(map(is_unit, named)) * 10 >= 7 * len(named)


def _only_units(text: str) -> bool:
    named = [text[a:b] for a, b in members(text)]
    return bool(named) and sum(map(is_unit, named)) * 10 >= 9 * len(named)


@dataclass(frozen=True, slots=True)
class Marker:
    """A bracket or line that says who is responsible, as a range of the item's text."""

    start: int
    end: int
    lead: tuple[tuple[int, int], ...]
    responsible: tuple[tuple[int, int], ...]
    times: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def markers(text: str) -> tuple[Marker, ...]:
    """Every responsibility marker in a paragraph, in order."""
    in_one_bracket = any(
        start == 0 and not text[end:].strip("。;,.") for start, end in outer_pairs(text)
    )
    if LABEL_LINE.match(text) and not in_one_bracket:
        found = statement(text.rstrip("。;"), bare=True)
        if found is None and PERSONS_LINE.match(text):
            found = Statement()  # 牵头领导:某某: no body, and no part of the task either
        return (_marker(0, len(text), 0, found),) if found is not None else ()
    if (framed := _framed_labels(text)) is not None:
        return (framed,)
    result: list[Marker] = []
    for start, end in outer_pairs(text):
        trailing = not text[end:].strip("。;,.")
        inside = text[start + 1 : end - 1]
        found = statement(
            inside, bare=(trailing or text[start] in "〔[【") and _stands_off(text, start, inside)
        )
        if found is not None:
            result.append(_marker(start, end, start + 1, found))
    return tuple(result) or _unbracketed(text)


PLACE = re.compile(
    r"(?!各|全|有关|相关).{1,12}(?:镇|乡|村|社区|街道|县|区|市|园|园区|基地|公司|合作社)"
)


def _stands_off(text: str, start: int, inside: str) -> bool:
    """乡镇(街道) is one name, 示范镇(甲镇、乙镇) names objects; after a sentence it counts."""
    if start == 0 or text[start - 1] in "。;!?”":
        return True
    named = [inside[first:last] for first, last in members(inside)]
    if all(PLACE.fullmatch(each) for each in named):
        return False
    return any(len(each) >= 3 for each in named)


FRAMED = re.compile(rf"[【〔\[]({LONG_LABEL})[】〕\]]:?")


def _framed_labels(text: str) -> Marker | None:
    """…。【牵头单位】县住建局【责任单位】各乡镇 at the end of a paragraph or as a line."""
    labels = list(FRAMED.finditer(text))
    if not labels or (labels[0].start() > 0 and text[labels[0].start() - 1] not in "。;!?”)"):
        return None
    found = Statement()
    ends = [*(each.start() for each in labels[1:]), len(text.rstrip("。;"))]
    for match, end in zip(labels, ends, strict=True):
        kind = KIND_OF[match[1]]
        inside = text[match.end() : end]
        if kind == "time":
            found.times.append((match.end(), end))
        elif kind in ("lead", "responsible") and "。" not in inside and len(inside) <= LONGEST:
            _by_roles(inside, match.end(), kind, found, labelled=True)
    return _marker(labels[0].start(), len(text), 0, found) if found else None


AFTER_A_DASH = re.compile(r"(?<=[。;!?])[—-]{1,2}([^。;!?]{3,100})[。;]?$")
"""…。——县生态环境局、各镇"""
ROLE_SENTENCE = re.compile(rf"(?<=[。;!?]){SURE}[:为]")


def _unbracketed(text: str) -> tuple[Marker, ...]:
    """…。责任单位:县水利局、各镇 at the end of the paragraph, without a bracket."""
    match = ROLE_SENTENCE.search(text)
    if match is None and (dashed := AFTER_A_DASH.search(text)) is not None:
        named = statement(dashed[1], bare=True)
        return (_marker(dashed.start(), len(text), dashed.start(1), named),) if named else ()
    if match is None:
        return ()
    found = statement(text[match.start() :].rstrip("。;"), bare=True)
    return (_marker(match.start(), len(text), match.start(), found),) if found else ()


def _marker(start: int, end: int, shift: int, found: Statement) -> Marker:
    def moved(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((shift + a, shift + b) for a, b in ranges)

    return Marker(start, end, moved(found.lead), moved(found.responsible), moved(found.times))


def cell_lines(source: str, cell: Strand) -> list[Strand]:
    """The lines of a cell where each line is a body of its own; else the cell as it is."""
    breaks = [
        i
        for i in range(1, len(cell.at))
        if "\n" in source[cell.at[i - 1] : cell.at[i]]
        and cell.text[i - 1] not in "、,;("
        and cell.text[i] not in "、,;)"
    ]
    ends = [0, *breaks, len(cell.at)]
    parts = [cell.cut(a, b) for a, b in pairwise(ends)]
    named = [part.text[a:b].rstrip("*") for part in parts for a, b in members(part.text)]
    return parts if all(is_unit(each) for each in named) else [cell]


def without_bracket(text: str) -> str:
    """The text before a responsibility marker at its end."""
    found = markers(text)
    if not found or text[found[-1].end :].strip("。;,."):
        return text
    return text[: found[-1].start]


def parted_by_blanks(source: str, strand: Strand, start: int, end: int) -> list[tuple[int, int]]:
    """县教育局 县财政局 各乡镇: bodies with nothing but blanks between them."""
    at = strand.at
    breaks = [
        i
        for i in range(start + 1, end)
        if at[i] - at[i - 1] > 1 and "\n" not in source[at[i - 1] : at[i]]
    ]
    parts = list(pairwise([start, *breaks, end]))
    whole = all(
        is_unit(strand.text[a:b]) and (b - a >= 3 or strand.text[a] == "各") for a, b in parts
    )
    return parts if whole else [(start, end)]


def strand_name(source: str, strand: Strand, start: int, end: int) -> str:
    return "".join(source[i] for i in strand.at[start:end])
