"""可能是谁: for rows that found nobody, people of the registry whom a clerk may want to look at.

Worked out for the rows on one page and shown beside them; nothing is stored and nothing is linked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from shouwang.core.actor import Actor
from shouwang.core.crypto import provider
from shouwang.engine.resemblance import name_resemblance, near_numbers
from shouwang.registry import snapshots
from shouwang.registry.models import Member

from .contents import database

MOST = 3
CONFLICT, AMBIGUOUS, INVALID = "name_conflict", "ambiguous", "id_invalid"


@dataclass(frozen=True)
class Unlinked:
    """What a row says about its person. The number lives for one request and is never shown."""

    file_no: int
    reason: str
    name: str
    name_norm: str
    birth_date: date | None
    village: str
    id_hash: bytes | None
    number: str = field(default="", repr=False)


@dataclass(frozen=True)
class Suggestion:
    """A person of the registry, and in words why the row may be about them."""

    name: str
    household_no: str
    village: str
    why: str


@dataclass(frozen=True)
class _Person:
    pk: int
    name_norm: str
    birth_date: date | None
    village: str


Candidates = dict[int, tuple[int, str]]
"""Person → (rank, why); the smallest rank is the likeliest."""


def suggestions_for(actor: Actor, rows: Sequence[Unlinked]) -> list[list[Suggestion]]:
    """For each row at most three people whom the actor may see, the likeliest first."""
    snapshot = snapshots.current() if actor.can("registry.view") else None
    if snapshot is None or not rows:
        return [[] for _ in rows]
    near = _near_hashes(rows)
    by_hash, by_village, by_birth = _people(snapshot.path / "persons.parquet", rows, near)
    found: list[Candidates] = []
    for at, row in enumerate(rows):
        people: Candidates = {}
        for digest, why in _hashes_of(row, near.get(at, ())):
            for person in by_hash.get(digest, ()):
                _offer(
                    people, person, _rank_of_number(row, person), _number_words(why, row, person)
                )
        for person in by_village.get(row.village, ()) if row.village else ():
            _offer_of_village(people, row, person)
        for person in by_birth.get((row.name_norm, row.birth_date), ()):
            _offer(people, person, 4, "同名，出生日期相同")
        found.append(people)
    return _visible(actor, found)


def _near_hashes(rows: Sequence[Unlinked]) -> dict[int, list[bytes]]:
    """Hashes of the valid numbers one slip away from what was written, by row."""
    numbers = {
        at: near_numbers(row.number)
        for at, row in enumerate(rows)
        if row.reason == INVALID and row.number
    }
    texts = sorted({number for some in numbers.values() for number in some})
    digests = dict(zip(texts, provider().digest_many(texts), strict=True))
    return {at: [digests[number] for number in some] for at, some in numbers.items()}


def _hashes_of(row: Unlinked, near: Iterable[bytes]) -> list[tuple[bytes, str]]:
    own = [(row.id_hash, "号码相同")] if row.id_hash else []
    return own + [(digest, "号码差一位") for digest in near]


def _rank_of_number(row: Unlinked, person: _Person) -> int:
    return 0 if name_resemblance(row.name_norm, person.name_norm) else 2


def _number_words(why: str, row: Unlinked, person: _Person) -> str:
    """The same number or nearly so, and how the names stand to each other."""
    names = name_resemblance(row.name_norm, person.name_norm) or "姓名不同"
    return f"{why}，{names}"


def _offer_of_village(people: Candidates, row: Unlinked, person: _Person) -> None:
    names = name_resemblance(row.name_norm, person.name_norm)
    if not names:
        return
    is_same_birth = row.birth_date is not None and row.birth_date == person.birth_date
    born = "出生日期相同" if is_same_birth else ""
    if row.birth_date and person.birth_date and not is_same_birth:
        born = "出生日期不同"
    rank = (1 if is_same_birth else 3) + (0 if names == "同名" else 2)
    _offer(people, person, rank, "，".join(part for part in ("同村", names, born) if part))


def _offer(people: Candidates, person: _Person, rank: int, why: str) -> None:
    if person.pk not in people or people[person.pk][0] > rank:
        people[person.pk] = (rank, why)


def _people(
    path: Path, rows: Sequence[Unlinked], near: Mapping[int, Sequence[bytes]]
) -> tuple[
    dict[bytes, list[_Person]],
    dict[str, list[_Person]],
    dict[tuple[str, date | None], list[_Person]],
]:
    """People with one of the numbers, of one of the villages, or of the same name and birth."""
    hashes = {row.id_hash for row in rows if row.id_hash} | {
        digest for some in near.values() for digest in some
    }
    villages = {row.village for row in rows if row.village}
    births = {(row.name_norm, row.birth_date) for row in rows if row.name_norm and row.birth_date}
    asked = {
        "asked_hashes": pa.table({"id_hash": pa.array(sorted(hashes), pa.binary())}),
        "asked_villages": pa.table({"village_norm": pa.array(sorted(villages), pa.string())}),
        "asked_births": pa.table(
            {
                "name_norm": pa.array([name for name, _ in births], pa.string()),
                "birth_date": pa.array([born for _, born in births], pa.date32()),
            }
        ),
    }
    with database() as engine:
        for name, table in asked.items():
            engine.register(name, table)
        engine.read_parquet(str(path)).create_view("persons")
        found = engine.execute(_PEOPLE).fetchall()
    by_hash: dict[bytes, list[_Person]] = defaultdict(list)
    by_village: dict[str, list[_Person]] = defaultdict(list)
    by_birth: dict[tuple[str, date | None], list[_Person]] = defaultdict(list)
    for pk, name, born, village, digest in found:
        person = _Person(pk, name or "", born, village or "")
        if digest in hashes:
            by_hash[digest].append(person)
        if village in villages:
            by_village[village].append(person)
        if (name, born) in births:
            by_birth[name, born].append(person)
    return by_hash, by_village, by_birth


_PEOPLE = """
SELECT person_id, name_norm, birth_date, village_norm, id_hash FROM persons
WHERE id_hash IN (SELECT id_hash FROM asked_hashes)
   OR village_norm IN (SELECT village_norm FROM asked_villages)
   OR (name_norm, birth_date) IN (SELECT (name_norm, birth_date) FROM asked_births)
"""


def _visible(actor: Actor, found: Sequence[Candidates]) -> list[list[Suggestion]]:
    """The likeliest of each row, by the names of the registry, if the actor may see them."""
    ranked = [sorted(people, key=lambda pk: (people[pk][0], pk)) for people in found]
    keys = {pk for order in ranked for pk in order[: MOST * 2]}
    members = {
        member.pk: member
        for member in Member.objects.visible_to(actor)
        .filter(pk__in=keys)
        .select_related("household__village")
    }
    return [
        [
            Suggestion(
                members[pk].name,
                members[pk].household.household_no,
                members[pk].household.village.name,
                people[pk][1],
            )
            for pk in order[: MOST * 2]
            if pk in members
        ][:MOST]
        for order, people in zip(ranked, found, strict=True)
    ]
