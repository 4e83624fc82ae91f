"""A very small county for the tests of department files: people, files that departments send."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from shouwang.core.clock import now
from shouwang.core.crypto import provider
from shouwang.registry.models import (
    Household,
    Member,
    RegistryFile,
    RegistryImport,
    RegistrySnapshot,
)
from tests.four_people import Places

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEAD = ("姓名", "身份证号", "发放日期", "救助金额", "救助原因")
MAY = (date(2026, 5, 1), date(2026, 5, 31))
CHECKS = "10X98765432"


def id_number(serial: int, born: date = date(1980, 3, 5)) -> str:
    """A number that no person has: region 999901, with a right check digit."""
    body = f"999901{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]


def make_registry(
    places: Places, people: Sequence[tuple[str, str, str]], *, number: int = 1
) -> RegistrySnapshot:
    """People as (name, ID number, household number) in the database and as a snapshot."""
    registry_import = RegistryImport.objects.create(
        state="applied", export_date=date(2025, 12, 31), received_at=now(), received_by_label="测试"
    )
    file = RegistryFile.objects.create(
        registry_import=registry_import, name="档案.xlsx", sha256="0" * 64, size=1
    )
    members = [
        _member(places, file, place, *person) for place, person in enumerate(people, start=1)
    ]
    snapshot = RegistrySnapshot.objects.create(
        number=number,
        key=f"{number:06d}",
        export_date=date(2025, 12, 31),
        created_at=now(),
        registry_import=registry_import,
        household_count=len({person[2] for person in people}),
        member_count=len(people),
    )
    _write_snapshot(snapshot.path, members, [person[1] for person in people])
    return snapshot


def _member(
    places: Places, file: RegistryFile, place: int, name: str, number: str, household_no: str
) -> Member:
    household, _ = Household.objects.get_or_create(
        household_no=household_no,
        defaults={
            "village": places.village,
            "village_code": places.village.code,
            "head_name": name,
            "source_file": file,
            "source_row": place,
        },
    )
    member, _ = Member.objects.get_or_create(
        person_no=f"{household_no}{place:02d}",
        household=household,
        defaults={
            "name": name,
            "name_norm": name,
            "name_key": name,
            "source_file": file,
            "source_row": place,
        },
    )
    return member


def _write_snapshot(path: Path, members: list[Member], numbers: list[str]) -> None:
    path.mkdir(parents=True)
    size = len(members)
    persons = {
        "person_id": pa.array([one.pk for one in members], pa.int32()),
        "household_id": pa.array([one.household_id for one in members], pa.int32()),
        "person_no": pa.array([one.person_no for one in members], pa.string()),
        "household_no": pa.array([one.household.household_no for one in members], pa.string()),
        "name_norm": pa.array([one.name_norm for one in members], pa.string()),
        "village_norm": pa.array(["柳湾村"] * size, pa.string()),
        "birth_date": pa.array([date(1980, 3, 5)] * size, pa.date32()),
        "id_hash": pa.array(provider().digest_many(numbers), pa.binary()),
        "id_valid": pa.array([True] * size, pa.bool_()),
    }
    pq.write_table(pa.table(persons), path / "persons.parquet")
    households = pa.table(
        {"town": pa.array(["青禾镇"], pa.string()), "village_norm": pa.array(["柳湾村"])}
    )
    pq.write_table(households, path / "households.parquet")


def xlsx(
    folder: Path, name: str, rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD
) -> Path:
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(list(row))
    path = folder / name
    book.save(path)
    return path


def gb18030(
    folder: Path, name: str, rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD
) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    path = folder / name
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


def relief(name: str, number: str, day: str = "2026-05-08", amount: Any = 800) -> tuple[Any, ...]:
    """One row of 临时救助发放."""
    return (name, number, day, amount, "因病")
