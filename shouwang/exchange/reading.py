"""读取导出表 (reading): workbooks of the national system, row by row, with what cannot be used.

Clear ID numbers exist only here, in memory, until their keyed hashes are made.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from shouwang.core import crypto
from shouwang.core.masking import mask_id
from shouwang.engine import FileRejected, Rulebook
from shouwang.engine.cleaning.arrays import as_mask, plain
from shouwang.engine.cleaning.columns import ColumnCleaner
from shouwang.engine.cleaning.identity import id_facts
from shouwang.engine.cleaning.rejects import BY_TYPE, SENTENCES, reject_table
from shouwang.engine.cleaning.tables import CleanSheet, clean_sheet, reject_duplicates
from shouwang.engine.contracts import SheetContract
from shouwang.engine.ingest import hash_numbers
from shouwang.engine.reading import OpenFile, open_file
from shouwang.engine.reading.headers import find_header

from .contract import contract

HOUSEHOLD_ONCE = (
    "monitor_class", "identified_month", "eliminated", "eliminated_month", "elimination_way",
)  # fmt: skip

UNREAD: Final = object()
"""The value of a cell that could not be read: nothing is said about it."""


@dataclass(frozen=True)
class Trouble:
    """A row that cannot be used: where it stands and what to do."""

    file: str
    sheet: str
    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True)
class PersonRow:
    """One row of the national export; `hash` finds the person, `masked` is what may be shown."""

    file: str
    row: int
    values: Mapping[str, Any]
    hash: bytes | None
    masked: str


@dataclass
class NationalHousehold:
    """One household as the national system has it: its values and its people."""

    number: str
    values: dict[str, Any]
    people: list[PersonRow] = field(default_factory=list)


@dataclass
class Export:
    """What all workbooks together say. `columns` are those that any of them has."""

    households: dict[str, NationalHousehold] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    rows: int = 0


def read_export(sources: Iterable[tuple[Path, str]], rulebook: Rulebook) -> Export:
    """Read workbooks with 监测对象基础信息; one that cannot be used is told, the others count."""
    found = Export()
    cleaner = ColumnCleaner.of(rulebook.conventions, rulebook.codes)
    for path, name in sources:
        try:
            opened = open_file(path, rulebook.conventions.limits)
            _read(opened, name, rulebook, cleaner, found)
        except FileRejected as refusal:
            found.troubles.append(Trouble(name, "", None, "", refusal.message))
    found.troubles.sort(key=lambda one: (one.file, one.sheet, one.row or 0))
    return found


def _read(
    opened: OpenFile, name: str, rulebook: Rulebook, cleaner: ColumnCleaner, found: Export
) -> None:
    wanted = contract().objects
    conventions = rulebook.conventions
    seen = False
    for sheet_name in opened.sheet_names:
        sheet = opened.sheet(sheet_name)
        header = find_header(sheet, wanted, conventions.header_units, conventions.header_rows)
        if header is None:
            continue
        seen = True
        clean = clean_sheet(sheet.body(header.last_row + 1), header, wanted, cleaner)
        reject_duplicates(clean)
        _take(clean, wanted, name, sheet_name, found)
    if not seen:
        needed = "、".join(column.header for column in wanted.required)
        raise FileRejected(
            "file_corrupt",
            f"每个工作表的前{conventions.header_rows}行里都没有「{wanted.title}」的表头，"
            f"必须有这些栏目：{needed}。请用国家系统导出的原表。",
        )


def _take(sheet: CleanSheet, wanted: SheetContract, file: str, name: str, found: Export) -> None:
    for line in reject_table(sheet.verdicts, sheet.rows, sheet.places, name).to_pylist():
        caption = wanted.column(line["column_key"] or "")
        found.troubles.append(
            Trouble(file, name, line["row"], caption.header if caption else "", line["detail"])
        )
    kept = sheet.take_accepted()
    found.columns |= set(kept.columns)
    columns = {
        key: plain(cleaned.values).to_pylist()
        for key, cleaned in kept.columns.items()
        if key != "id_no"
    }
    for key, at in _unread(kept, wanted, file, name, found):
        columns[key][at] = UNREAD
    hashes, masks = _numbers(kept)
    for at, row in enumerate(kept.rows):
        values = {key: column[at] for key, column in columns.items()}
        person = PersonRow(file, int(row), values, hashes[at], masks[at])
        _add(person, name, wanted, found)


def _unread(
    sheet: CleanSheet, wanted: SheetContract, file: str, name: str, found: Export
) -> Iterator[tuple[str, int]]:
    """Cells of optional columns that cannot be read: told one by one, the row still counts."""
    for column in wanted.columns:
        cleaned = sheet.columns.get(column.key)
        if cleaned is None or column.key == "id_no" or not cleaned.bad.any():
            continue
        words = SENTENCES[BY_TYPE[column.type]].format(caption=column.header)
        for at in cleaned.bad.nonzero()[0].tolist():
            sentence = f"{words}这一格没有参加比对。"
            found.troubles.append(Trouble(file, name, int(sheet.rows[at]), column.header, sentence))
            yield column.key, at


def _numbers(sheet: CleanSheet) -> tuple[list[bytes | None], list[str]]:
    """Keyed hash and masked number of each row."""
    column = sheet.columns.get("id_no")
    if column is None or column.numbers is None:
        return [None] * len(sheet.rows), [""] * len(sheet.rows)
    facts = id_facts(column.numbers.written)
    hashed = hash_numbers(facts["number"], as_mask(facts["id_valid"]), crypto.provider())
    written = column.numbers.written.to_pylist()
    return hashed.cast(pa.binary()).to_pylist(), [mask_id(one) for one in written]


def _add(person: PersonRow, sheet: str, wanted: SheetContract, found: Export) -> None:
    """Put a person under the household; a household that contradicts itself is told."""
    number = str(person.values["household_no"])
    household = found.households.get(number)
    if household is None:
        found.households[number] = NationalHousehold(number, dict(person.values), [person])
        found.rows += 1
        return
    for key in HOUSEHOLD_ONCE:
        told, before = person.values.get(key), household.values.get(key)
        if told is UNREAD or before is UNREAD:
            continue
        if told is not None and before is None:
            household.values[key] = told
        elif told is not None and told != before:
            column = wanted.column(key)
            caption = column.header if column else key
            found.troubles.append(
                Trouble(
                    person.file, sheet, person.row, caption,
                    f"同一户（{number}）的「{caption}」前后不一致，按先出现的一行比对，请核对。",
                )
            )  # fmt: skip
            break
    household.people.append(person)
    found.rows += 1


def text_of(value: Any) -> str:
    """A value as both sides write it: 2026-06, 4, trimmed text."""
    if value is None or value is UNREAD:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "normalize"):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value).strip()
