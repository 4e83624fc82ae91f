"""逐项比对 (comparing): the national export against the cases and people here.

Pure: it is given both sides as values and gives the differences in order. A field that the export
does not have, or that nobody noted here, is not a difference; a value on one side only is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .contract import Contract
from .reading import UNREAD, Export, NationalHousehold, PersonRow, text_of

RISKS = ("risk1", "risk2", "risk3", "risk4", "risk5")
NO = "否"
MONTHS = frozenset({"identified_month", "eliminated_month"})
SEVERAL = frozenset({"health"})
"""Fields of several values, whose order says nothing."""


@dataclass(frozen=True)
class OwnPerson:
    """A member here; `values` by the keys of the contract."""

    name: str
    number: str
    hash: bytes | None
    masked: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class OwnHousehold:
    """A household here; `case` is empty where it is not monitored."""

    number: str
    head_name: str
    case: str
    path: str
    town: str
    village: str
    values: Mapping[str, Any]
    people: Sequence[OwnPerson]


@dataclass(frozen=True)
class Found:
    """One difference, before it is stored."""

    kind: str
    household: OwnHousehold | None
    number: str
    field: str = ""
    national: str = ""
    own: str = ""
    person: str = ""
    file: str = ""
    row: int | None = None
    head_name: str = ""


def compare(export: Export, own: Mapping[str, OwnHousehold], wanted: Contract) -> Iterator[Found]:
    """All differences: those of households of the export in its order, then those only here."""
    for household in export.households.values():
        here = own.get(household.number)
        yield from _household(household, here, export.columns, wanted)
    for number, here in own.items():
        if here.case and number not in export.households:
            yield Found("only_here", here, number, own=text_of(here.values.get("monitor_class")))


def _household(
    national: NationalHousehold,
    here: OwnHousehold | None,
    columns: set[str],
    wanted: Contract,
) -> Iterator[Found]:
    first = national.people[0]
    if here is None or not here.case:
        reason = "农户档案里没有这一户" if here is None else "农户档案里有，没有个案"
        yield Found(
            "only_national", here, national.number, own=reason,
            national=text_of(national.values.get("monitor_class")),
            file=first.file, row=first.row, head_name=_head(national),
        )  # fmt: skip
        return
    for key in wanted.by_household:
        if key in RISKS or key not in columns or national.values.get(key) is UNREAD:
            continue
        theirs, ours = _pair(key, national.values.get(key), here.values.get(key))
        if theirs != ours:
            yield Found("household", here, national.number, key, theirs, ours,
                        file=first.file, row=first.row)  # fmt: skip
    yield from _risks(national, here, columns, wanted)
    yield from _people(national, here, columns, wanted)


def _head(national: NationalHousehold) -> str:
    heads = [one for one in national.people if one.values.get("relation") == "户主"]
    return text_of((heads or national.people)[0].values.get("name"))


def _pair(key: str, theirs: Any, ours: Any) -> tuple[str, str]:
    left, right = text_of(theirs), text_of(ours)
    if key in MONTHS:
        return left[:7], right[:7]
    if key == "eliminated":  # an empty cell there is a risk that was not eliminated
        return left or NO, right or NO
    if key in SEVERAL:
        return _sorted(left), _sorted(right)
    return left, right


def _sorted(text: str) -> str:
    parts = text.replace("、", "+").replace(",", "+").replace("，", "+").split("+")
    return "+".join(sorted({part.strip() for part in parts if part.strip()}))


def _risks(
    national: NationalHousehold, here: OwnHousehold, columns: set[str], wanted: Contract
) -> Iterator[Found]:
    """Risks as one field: which ones, and which is the first; the order of the rest is nothing."""
    present = [key for key in RISKS if key in columns]
    if not present:
        return
    first, aliases = national.people[0], wanted.risk_aliases
    theirs = [text_of(national.values.get(key)) for key in present]
    theirs = [aliases.get(one, one) for one in theirs]
    ours = [text_of(here.values.get(key)) for key in RISKS][: len(present)]
    theirs, ours = [one for one in theirs if one], [one for one in ours if one]
    if set(theirs) != set(ours) or theirs[:1] != ours[:1]:
        yield Found("household", here, national.number, "risk1", "、".join(theirs),
                    "、".join(ours), file=first.file, row=first.row)  # fmt: skip


def _people(
    national: NationalHousehold, here: OwnHousehold, columns: set[str], wanted: Contract
) -> Iterator[Found]:
    left = list(here.people)
    for person in national.people:
        match = _match(person, left)
        if match is None:
            name = text_of(person.values.get("name"))
            yield Found("person_national", here, national.number, person=name, national=name,
                        file=person.file, row=person.row)  # fmt: skip
            continue
        left.remove(match)
        yield from _fields(person, match, here, columns, wanted)
    for member in left:
        yield Found("person_here", here, national.number, person=member.name, own=member.name)


def _match(person: PersonRow, members: Sequence[OwnPerson]) -> OwnPerson | None:
    """By the national number of the person, else by the ID number, else by the name."""
    number = text_of(person.values.get("person_no"))
    name = text_of(person.values.get("name"))
    same_number = [one for one in members if number and one.number == number]
    same_id = [one for one in members if person.hash is not None and one.hash == person.hash]
    same_name = [one for one in members if one.name == name]
    for found in (same_number, same_id, same_name):
        if len(found) == 1:
            return found[0]
    return None


def _fields(
    person: PersonRow,
    member: OwnPerson,
    here: OwnHousehold,
    columns: set[str],
    wanted: Contract,
) -> Iterator[Found]:
    for key in wanted.by_person:
        if key not in columns or person.values.get(key) is UNREAD:
            continue
        if key == "id_no":
            theirs, ours = _numbers(person, member)
        else:
            theirs, ours = _pair(key, person.values.get(key), member.values.get(key))
        if theirs != ours:
            yield Found("person", here, here.number, key, theirs, ours, member.name,
                        person.file, person.row)  # fmt: skip


def _numbers(person: PersonRow, member: OwnPerson) -> tuple[str, str]:
    """ID numbers are compared by their hashes and shown masked; two masks may look the same."""
    if person.hash == member.hash and (person.hash is not None or person.masked == member.masked):
        return "", ""
    return person.masked or "空", f"{member.masked or '空'}（两个号码不同）"
