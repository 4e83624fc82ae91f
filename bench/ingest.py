"""接收实测: a file of 500,000 rows from disk to stored rows, beside the plain reading of it.

The files are made here: people that nobody is, of region 999901; most of them are registered, a
few have mistyped or missing numbers, and a few cells are as departments write them.
"""

import random
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench import measure

ROWS = 500_000
PEOPLE = 270_000
HOUSEHOLD = 4
FEED = "medical_settlement"
START, END = date(2026, 6, 1), date(2026, 6, 30)
CAPTIONS = ("结算流水号", "姓名", "身份证号", "结算日期", "医疗类别", "医疗总费用", "个人自付金额")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SURNAMES = "甲乙丙丁戊己庚辛壬癸"
GIVEN = "东南西北春夏秋冬山水云石林禾田安宁和平文明光华"
VISITS = ("住院", "门诊慢特病", "普通门诊", "普通住院", "门诊统筹")
XLSX_TARGET, CSV_TARGET, MEMORY_TARGET = 3.0, 4.0, 1536

Person = tuple[str, str, date]


def make(folder: str | Path, rows: int, people: int) -> None:
    """Workbook, CSV and registry; a folder that is complete is used again."""
    folder = Path(folder)
    if (folder / "complete").exists():
        return
    from shouwang.demo.writing import Page, write_csv, write_xlsx

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    persons = list(_people(people))
    _registry(folder / "registry", persons)
    lines = [CAPTIONS, *_lines(persons, rows)]
    write_xlsx(folder / "medical.xlsx", [Page("明细", lines)])
    text = [[str(cell) for cell in line] for line in lines]
    write_csv(folder / "medical.csv", text, bom=False)
    (folder / "complete").touch()


def _people(count: int) -> Iterator[Person]:
    draw = random.Random(7)
    first = date(1935, 1, 1)
    for number in range(count):
        born = first + timedelta(days=draw.randrange(33_000))
        body = f"999901{born:%Y%m%d}{number % 1000:03d}"
        total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(["", *GIVEN])
        yield name, body + CHECKS[total % 11], born


def _lines(persons: list[Person], rows: int) -> Iterator[tuple[Any, ...]]:
    draw = random.Random(8)
    for number in range(rows):
        name, id_no, _ = persons[draw.randrange(len(persons))]
        chance = draw.random()
        if chance < 0.01:
            id_no = id_no[:9] + str((int(id_no[9]) + 1) % 10) + id_no[10:]
        elif chance < 0.02:
            id_no = ""
        elif chance < 0.025:
            id_no = id_no.lower() + " "
        elif chance < 0.03:
            name = f"{name[0]} {name[1:]}"
        elif chance < 0.04:
            name = "外乡人"
        paid = round(draw.lognormvariate(6, 1.1), 2)
        day = START + timedelta(days=draw.randrange(30))
        yield (
            f"S{number:09d}",
            name,
            id_no,
            day,
            draw.choice(VISITS),
            round(paid * 3.1, 2),
            "—" if draw.random() < 0.001 else paid,
        )


def _registry(folder: Path, persons: list[Person]) -> None:
    """A snapshot as the registry leaves it, with the columns that linking reads and more."""
    import pyarrow as pa

    from shouwang.engine import write_registry_snapshot

    count = len(persons)
    households = [number // HOUSEHOLD + 1 for number in range(count)]
    total = households[-1]
    village = [f"示例{number // 400}村" for number in range(1, total + 1)]
    births = pa.array([born for _, _, born in persons], pa.date32())
    folder.mkdir()
    write_registry_snapshot(
        pa.table(
            {
                "person_id": pa.array(range(1, count + 1), pa.int32()),
                "household_id": pa.array(households, pa.int32()),
                "person_no": [f"P{number:010d}" for number in range(count)],
                "household_no": [f"H{number:09d}" for number in households],
                "name": [name for name, _, _ in persons],
                "name_norm": [name for name, _, _ in persons],
                "village_norm": [village[number - 1] for number in households],
                "id_hash": pa.array(hasher().digest_many([p[1] for p in persons]), pa.binary()),
                "id_valid": [True] * count,
                "birth_date": births,
                "birth": births,
                "id_no": [id_no for _, id_no, _ in persons],
            }
        ),
        pa.table(
            {
                "household_id": pa.array(range(1, total + 1), pa.int32()),
                "household_no": [f"H{number:09d}" for number in range(1, total + 1)],
                "village_code": [f"9999010010{number // 400 % 90 + 10}" for number in range(total)],
                "village_norm": village,
                "town": ["示例镇"] * total,
            }
        ),
        folder,
    )


def hasher() -> Any:
    """The keyed hash of an installation, with keys of its own."""
    from shouwang.core.ciphers import KeyedHash

    class Hasher:
        index = KeyedHash(b"bench" * 7, "HMAC-SHA256")

        def digest_many(self, values: Any) -> list[bytes]:
            return self.index.digest_many(values, 16)

    return Hasher()


# ---- steps, each in a process of its own


def read_calamine(source: str) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    begun = time.perf_counter()
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    return {"seconds": time.perf_counter() - begun, "rows": len(rows) - 1}


def read_pyarrow(source: str) -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import csv

    pa.set_cpu_count(2)
    begun = time.perf_counter()
    rows = csv.read_csv(source, read_options=csv.ReadOptions(encoding="gb18030"))
    return {"seconds": time.perf_counter() - begun, "rows": len(rows)}


def prepare(source: str, registry: str, out: str) -> dict[str, Any]:
    """The engine alone: read, cleaned, linked, stored."""
    from shouwang.engine import Rulebook, prepare_batch

    rulebook = Rulebook.load()
    begun = time.perf_counter()
    report = prepare_batch(
        Path(source),
        rulebook.feeds[FEED],
        rulebook=rulebook,
        period_end=END,
        registry=Path(registry),
        hasher=hasher(),
        out=Path(out),
    )
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "rows": report.rows,
        "accepted": report.accepted,
        "linked": report.links.linked,
        "stages": report.seconds,
    }


def upload(source: str, registry: str) -> dict[str, Any]:
    """What an upload does: original kept encrypted, batch recorded, imported, audited."""
    from bench import installation

    installation.begin()
    from shouwang.core.actor import system_actor
    from shouwang.feeds import operations

    installation.snapshot(Path(registry))
    actor = system_actor("实测")
    begun = time.perf_counter()
    batch = operations.receive_file(
        actor, Path(source), feed=FEED, period_start=START, period_end=END, version=1
    )
    received = time.perf_counter() - begun
    batch = operations.import_batch(actor, batch)
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "received": received,
        "accepted": batch.row_count,
        "linked": batch.linked_count,
    }


def main(folder: Path, *, rows: int = ROWS, people: int = PEOPLE) -> dict[str, Any]:
    """Run all steps and print the tables."""
    place = folder / f"ingest-{rows}-{people}"
    measure.run("bench.ingest", "make", folder=str(place), rows=rows, people=people)
    lines: list[list[object]] = []
    found: dict[str, Any] = {}
    plain = {
        "xlsx": ("python-calamine", read_calamine, XLSX_TARGET),
        "csv": ("pyarrow.csv", read_pyarrow, CSV_TARGET),
    }
    for kind, (reader, function, target) in plain.items():
        source = str(place / f"medical.{kind}")
        step = partial(measure.run, "bench.ingest")
        read = step(function.__name__, source=source)
        out = place / "out"
        shutil.rmtree(out, ignore_errors=True)
        ours = step("prepare", source=source, registry=str(place / "registry"), out=str(out))
        work = place / "installation"
        shutil.rmtree(work, ignore_errors=True)
        sent = step(
            "upload",
            source=source,
            registry=str(place / "registry"),
            environment={
                "SHOUWANG_DATA_DIR": str(work),
                "SHOUWANG_DATABASE_URL": f"sqlite:///{work / 'db.sqlite3'}",
            },
        )
        shutil.rmtree(work, ignore_errors=True)
        for title, one in (
            (f"{reader} only reads", read),
            ("prepare_batch", ours),
            ("upload: receive + import", sent),
        ):
            lines.append(
                [
                    kind,
                    title,
                    one.seconds,
                    one.wall,
                    one.cpu,
                    one.rss_mib,
                    rows / one.seconds,
                    one.seconds / read.seconds,
                    one.wall / read.wall,
                ]
            )
        found[kind] = {
            "ratio": ours.seconds / read.seconds,
            "rss": ours.rss_mib,
            "upload_ratio": sent.seconds / read.seconds,
            "linked": ours.given["linked"],
            "stages": ours.given["stages"],
            "target": target,
        }
    measure.table(
        f"ingest: {rows:,} rows × {len(CAPTIONS)} columns, registry of {people:,} people",
        [
            "file",
            "step",
            "s",
            "s with process",
            "CPU s",
            "peak MiB",
            "rows/s",
            "× reading",
            "× with process",
        ],
        lines,
    )
    for kind, one in found.items():
        print(
            f"{kind}: {measure.verdict(one['ratio'], one['target'])} times the reading; "
            f"upload {measure.verdict(one['upload_ratio'], one['target'])}; "
            f"peak MiB {measure.verdict(one['rss'], MEMORY_TARGET)}; "
            f"linked {one['linked']:,}; stages {one['stages']}"
        )
    return found
