"""A whole county by the specification: registry, batches, links (feeds.yaml)."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .reading import Reader, Row, Unreadable, id_valid, key_of, name_of, squeeze


@dataclass(eq=False)
class Person:
    row: Row
    household: Household
    number: str | None
    name: str
    village: str | None
    birth_date: date | None
    birth: date | None

    def __getitem__(self, key: str) -> Any:
        return self.row.values[key]

    @property
    def no(self) -> str:
        return str(self["person_no"])


@dataclass(eq=False)
class Household:
    row: Row
    members: list[Person] = field(default_factory=list)

    def __getitem__(self, key: str) -> Any:
        return self.row.values[key]

    @property
    def no(self) -> str:
        return str(self["household_no"])


@dataclass
class Batch:
    feed: str
    start: date
    end: date
    version: int
    rows: list[tuple[Row, Person | None]]
    effective: bool = False


@dataclass
class County:
    households: dict[str, Household]
    persons: list[Person]
    batches: list[Batch]
    links: dict[tuple[str, str, str], tuple[str, str, str]]
    rejects: set[tuple[str, str, str, str]]
    catalogue: dict[str, Any]
    rules: dict[str, Any]


def load(folder: Path, domain: Path) -> County:
    """Read `folder`/input by the catalogue in `domain`."""
    catalogue = yaml.safe_load((domain / "feeds.yaml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((domain / "rules.yaml").read_text(encoding="utf-8"))
    with (folder / "input" / "manifest.csv").open(encoding="utf-8-sig", newline="") as source:
        entries = sorted(csv.DictReader(source), key=lambda e: (e["received_at"], e["file"]))
    reader = Reader(catalogue)
    county = County({}, [], [], {}, set(), catalogue, rules)
    repeated = duplicates(folder, entries)
    for file in repeated:
        county.rejects.add((file, "", "", "duplicate_file"))
    entries = [entry for entry in entries if entry["file"] not in repeated]
    read_registry(county, reader, folder, [e for e in entries if e["feed"] == "registry"])
    finder = Finder(county.persons, reader.variants)
    for entry in (e for e in entries if e["feed"] != "registry"):
        read_feed(county, reader, finder, folder, entry)
    choose_effective(county.batches)
    return county


def duplicates(folder: Path, entries: list[dict[str, str]]) -> set[str]:
    seen: set[tuple[str, str, str, bytes]] = set()
    repeated = set()
    for entry in entries:
        data = (folder / "input" / entry["file"]).read_bytes()
        if not data:
            continue
        key = (
            entry["feed"],
            entry["period_start"],
            entry["period_end"],
            hashlib.sha256(data).digest(),
        )
        if key in seen:
            repeated.add(entry["file"])
        seen.add(key)
    return repeated


def read_registry(
    county: County, reader: Reader, folder: Path, entries: list[dict[str, str]]
) -> None:
    persons, households = county.catalogue["registry"]["sheets"]
    pages = []
    for entry in entries:
        path = folder / "input" / entry["file"]
        try:
            for sheet in (households, persons):
                specs = sheet["columns"]
                pages.append(
                    (
                        sheet,
                        reader.read(path, entry["file"], sheet["sheet"], specs, period_end=None),
                    )
                )
        except Unreadable as error:
            county.rejects.add((entry["file"], "", "", str(error)))
    towns = set()
    for sheet, page in pages:
        county.rejects |= {tuple(map(str, reject)) for reject in page.rejects}  # type: ignore[misc]
        towns |= {squeeze(row.values["town"]) for row in page.rows if row.values["town"]}
        if sheet is households:
            for row in page.rows:
                county.households.setdefault(row.values["household_no"], Household(row))
    reader.towns = sorted(towns, key=len, reverse=True)
    from .reading import village_of

    for sheet, page in pages:
        for row in page.rows:
            if row.values["village"]:
                row.values["village"] = village_of(row.values["village"], reader.towns)
            if sheet is not persons:
                continue
            home = county.households.get(row.values["household_no"])
            if home is None:
                county.rejects.add((row.file, row.sheet, str(row.number), "unknown_household"))
                continue
            person = person_of(row, home, reader.variants)
            home.members.append(person)
            county.persons.append(person)


def person_of(row: Row, home: Household, variants: dict[str, str]) -> Person:
    number = id_valid(row.values["id_no"]) if row.values["id_no"] else None
    born = row.values["birth_date"]
    inside = date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if number else None
    return Person(
        row=row, household=home, number=number, name=name_of(row.values["name"], variants),
        village=row.values["village"], birth_date=born, birth=born or inside,
    )  # fmt: skip


class Finder:
    """Steps A and B over the accepted registry persons."""

    def __init__(self, persons: list[Person], variants: dict[str, str]) -> None:
        self.variants = variants
        self.by_number: dict[str, list[Person]] = defaultdict(list)
        self.by_name: dict[tuple[str, date, str], list[Person]] = defaultdict(list)
        for person in persons:
            if person.number:
                self.by_number[person.number].append(person)
            if person.name and person.birth_date and person.village:
                self.by_name[person.name, person.birth_date, person.village].append(person)

    def find(self, values: dict[str, Any]) -> tuple[Person | None, str, str]:
        key = key_of(values)
        number = id_valid(key) if key else None
        name = name_of(values["name"], self.variants)
        if number and (found := self.by_number.get(number)):
            same = [p for p in found if p.name == name and name]
            if len(found) == 1:
                return (found[0], "id", "") if same else (None, "none", "name_conflict")
            return (same[0], "id", "") if len(same) == 1 else (None, "none", "ambiguous")
        missing = "outside" if number else "id_invalid" if key else "id_missing"
        born, village = values.get("birth_date"), values.get("village")
        if name and born and village:
            found = self.by_name.get((name, born, village), [])
            if number:
                found = [p for p in found if p.number is None]
            if len(found) == 1:
                return found[0], "name_birth_village", ""
            if found:
                return None, "none", "ambiguous"
        return None, "none", missing


def read_feed(
    county: County, reader: Reader, finder: Finder, folder: Path, entry: dict[str, str]
) -> None:
    feed = next(feed for feed in county.catalogue["feeds"] if feed["key"] == entry["feed"])
    file, end = entry["file"], date.fromisoformat(entry["period_end"])
    try:
        page = reader.read(
            folder / "input" / file,
            file,
            "",
            feed["columns"],
            period_end=end,
            events=feed["mode"] == "event",
        )
    except Unreadable as error:
        county.rejects.add((file, "", "", str(error)))
        return
    county.rejects |= {tuple(map(str, reject)) for reject in page.rejects}  # type: ignore[misc]
    start = date.fromisoformat(entry["period_start"])
    batch = Batch(feed["key"], start, end, int(entry["version"] or 1), [])
    for row in page.rows:
        person, method, reason = finder.find(row.values)
        batch.rows.append((row, person))
        county.links[file, "", str(row.number)] = (person.no if person else "", method, reason)
    county.batches.append(batch)


def choose_effective(batches: list[Batch]) -> None:
    best: dict[tuple[str, date, date], Batch] = {}
    for batch in batches:
        key = batch.feed, batch.start, batch.end
        if key not in best or best[key].version < batch.version:
            best[key] = batch
    for batch in best.values():
        batch.effective = True
