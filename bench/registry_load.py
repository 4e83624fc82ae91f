"""档案入库实测: a county's people into the registry's tables, encrypted, hashed, with their history.

Reading the workbooks is timed apart. Beside it stands django-import-export, which many Django
projects use for this, on 10,000 people of the same workbooks with the same encryption and hashes.
"""

import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench import databases, installation, measure

HOUSEHOLDS = 50_000
OTHERS = 10_000
SEED = 2026
EXPORTED, LATER = date(2025, 12, 31), date(2026, 3, 31)
SPEED_TARGET, TIMES_TARGET = 20_000, 50
CIPHERS = ("AES-256-GCM", "SM4-GCM")
BOOKS = "input/乡村振兴局"


def make(folder: str, households: int) -> dict[str, Any]:
    """The workbooks of the demo county; a folder that is complete is used again."""
    from shouwang.demo import make_county

    place = Path(folder)
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        make_county(place, households=households, seed=SEED)
        (place / "complete").touch()
    return {}


def _books(folder: str) -> list[tuple[Path, str]]:
    return [(path, path.name) for path in sorted((Path(folder) / BOOKS).glob("*.xlsx"))]


class _CountedHasher:
    """The installation's keyed hash, with the seconds that it takes."""

    def __init__(self, hasher: Any, watch: measure.Stopwatch) -> None:
        self.digest_many = watch.around(hasher.digest_many)


def load(folder: str) -> dict[str, Any]:
    """A first import, then an export three months later in which some values changed."""
    installation.begin()
    first = _timed_import(folder, EXPORTED, changed=False)
    second = _timed_import(folder, LATER, changed=True)
    from shouwang.registry.models import Member, RecordChange

    return {
        **first,
        "again": second,
        "people": Member.objects.count(),
        "history": RecordChange.objects.count(),
    }


def _timed_import(folder: str, on: date, *, changed: bool) -> dict[str, float]:
    from shouwang.core.actor import system_actor
    from shouwang.registry.operations import importing, receive_import

    actor = system_actor("实测")
    reading, hashing, checking = (measure.Stopwatch() for _ in range(3))
    original = importing.prepare_registry, importing.check_snapshot

    def prepare(sources: Any, *, hasher: Any, **rest: Any) -> Any:
        prepared = original[0](sources, hasher=_CountedHasher(hasher, hashing), **rest)
        return _changed(prepared) if changed else prepared

    importing.prepare_registry = reading.around(prepare)
    importing.check_snapshot = checking.around(original[1])
    received = receive_import(actor, _books(folder), on)
    begun = time.perf_counter()
    importing.apply_import(actor, received, straight=True)
    whole = time.perf_counter() - begun
    importing.prepare_registry, importing.check_snapshot = original
    return {
        "whole": whole,
        "reading": reading.seconds - hashing.seconds,
        "hashing": hashing.seconds,
        "checking": checking.seconds,
        "seconds": whole - reading.seconds - checking.seconds + hashing.seconds,
    }


def _changed(prepared: Any) -> Any:
    """One household in four earned more, one person in ten worked another number of
    months: values that change, each with its history."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    homes = prepared.households
    rows = pa.array(np.arange(len(homes)) % 4 == 0)
    at = homes.column_names.index("wage_income")
    raised = pc.if_else(rows, pc.add(homes["wage_income"], 100_00), homes["wage_income"])
    prepared.households = homes.set_column(at, "wage_income", raised)
    people = prepared.persons
    rows = pa.array(np.arange(len(people)) % 10 == 0)
    at = people.column_names.index("work_months")
    months = people["work_months"]
    other = pc.cast(pa.array(np.arange(len(people)) % 12, pa.int16()), months.type)
    prepared.persons = people.set_column(at, "work_months", pc.if_else(rows, other, months))
    return prepared


def import_export(folder: str, rows: int, bulk: bool) -> dict[str, Any]:
    """The same people through a ModelResource of django-import-export."""
    installation.begin()
    import tablib
    from django.db import transaction
    from import_export import resources

    from shouwang.core import crypto
    from shouwang.engine import Rulebook, prepare_registry
    from shouwang.registry.columns import MEMBER_KEYS, field_of
    from shouwang.registry.models import Member
    from shouwang.registry.secrets import ID_NO, MEMBER_PHONE

    prepared = prepare_registry(
        _books(folder)[:1],
        rulebook=Rulebook.load(),
        export_date=EXPORTED,
        hasher=crypto.provider(),
    )
    people = prepared.persons.slice(0, rows)
    households, file = _households(people)
    protector = crypto.provider()

    class People(resources.ModelResource):
        class Meta:
            model = Member
            fields = (
                "person_no",
                "household",
                "name",
                "name_norm",
                "name_key",
                "id_no",
                "phone",
                "source_file",
                "source_row",
                *map(field_of, MEMBER_KEYS),
            )
            import_id_fields = ("person_no",)
            use_bulk = bulk
            batch_size = 1000

        def before_save_instance(self, instance: Any, row: Any, **rest: Any) -> None:
            number, phone = row["id_no"], row["phone"]
            instance.id_enc = protector.encrypt(number, ID_NO) if number else None
            instance.id_hash = protector.digest(number) if number else None
            instance.phone_enc = protector.encrypt(phone, MEMBER_PHONE) if phone else None
            instance.phone_hash = protector.digest(phone) if phone else None

    values = {field_of(key): people[key].to_pylist() for key in (*MEMBER_KEYS, "id_no", "phone")}
    values |= {
        "person_no": people["person_no"].to_pylist(),
        "name_norm": people["name_norm"].to_pylist(),
        "name_key": [name[:60] for name in people["name_norm"].to_pylist()],
        "household": [households[no] for no in people["household_no"].to_pylist()],
        "source_file": [file] * len(people),
        "source_row": people["row"].to_pylist(),
    }
    data = tablib.Dataset(*zip(*values.values(), strict=True), headers=list(values))
    begun = time.perf_counter()
    with transaction.atomic():
        result = People().import_data(data, dry_run=False, raise_errors=True)
    seconds = time.perf_counter() - begun
    assert Member.objects.count() == result.total_rows == len(set(values["person_no"]))
    return {"seconds": seconds, "people": len(people)}


def _households(people: Any) -> tuple[dict[str, int], int]:
    """What the people belong to, made beforehand and not timed."""
    from shouwang.core.clock import now
    from shouwang.divisions.models import Division
    from shouwang.registry.models import Household, RegistryFile, RegistryImport

    source = RegistryImport.objects.create(
        export_date=EXPORTED, received_at=now(), received_by_label="实测"
    )
    file = RegistryFile.objects.create(registry_import=source, name="1", sha256="0" * 64, size=1)
    place = Division.objects.order_by("pk").last()
    numbers = sorted(set(people["household_no"].to_pylist()))
    Household.objects.bulk_create(
        Household(household_no=no, village=place, village_code="", source_file=file, source_row=1)
        for no in numbers
    )
    return dict(Household.objects.values_list("household_no", "pk")), file.pk


def main(
    folder: Path, *, households: int = HOUSEHOLDS, others: int = OTHERS, postgres: bool = True
) -> dict[str, Any]:
    """Both databases, both ciphers, then the alternative; prints the tables."""
    county = folder / f"county-{households}"
    measure.run("bench.registry_load", "make", folder=str(county), households=households)
    work = folder / "load"
    lines: list[list[object]] = []
    speeds: dict[str, float] = {}
    rivals: list[list[object]] = []
    with databases.offered(work, postgres=postgres) as addresses:
        for name, address in addresses.items():
            for cipher in CIPHERS:
                environment = databases.fresh(address, work) | {"SHOUWANG_CIPHER": cipher}
                done = measure.run(
                    "bench.registry_load", "load", folder=str(county), environment=environment
                )
                given, people = done.given, done.given["people"]
                speeds[f"{name} {cipher}"] = people / given["seconds"]
                lines.append(
                    [
                        name,
                        cipher,
                        people,
                        given["reading"],
                        given["hashing"],
                        given["seconds"],
                        people / given["seconds"],
                        given["checking"],
                        given["again"]["seconds"],
                        given["history"],
                        done.rss_mib,
                    ]
                )
            for bulk in (False, True):
                done = measure.run(
                    "bench.registry_load",
                    "import_export",
                    folder=str(county),
                    rows=others,
                    bulk=bulk,
                    environment=databases.fresh(address, work),
                )
                speed = done.given["people"] / done.seconds
                ours = speeds[f"{name} {CIPHERS[0]}"]
                rivals.append(
                    [
                        name,
                        "use_bulk" if bulk else "as it comes",
                        done.given["people"],
                        done.seconds,
                        speed,
                        ours / speed,
                    ]
                )
    shutil.rmtree(work, ignore_errors=True)
    measure.table(
        f"registry: {households:,} households; load = compare, encrypt, hash, snapshot, write",
        [
            "database",
            "cipher",
            "people",
            "reading workbooks s",
            "of load: hashes s",
            "load s",
            "people/s",
            "quality checks s",
            "next export's load s",
            "history entries",
            "peak MiB",
        ],
        lines,
    )
    measure.table(
        "django-import-export on the same people",
        ["database", "mode", "people", "s", "people/s", "ours is × as fast"],
        rivals,
    )
    slowest = min(speeds.values())
    print(f"people/s, slowest: {measure.verdict(slowest, SPEED_TARGET, at_most=False)}")
    times = min(float(str(line[5])) for line in rivals if line[1] != "use_bulk")
    print(f"× django-import-export: {measure.verdict(times, TIMES_TARGET, at_most=False)}")
    return {"speeds": speeds, "times": times}
