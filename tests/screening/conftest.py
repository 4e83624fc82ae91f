"""A little county for the screening tests: four households, and hits that a test names itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.core.clock import now
from shouwang.engine.rules.batches import Batch, ScreeningInput
from shouwang.engine.rules.screening import ScreeningResult
from shouwang.registry.models import (
    Household,
    Member,
    RegistryFile,
    RegistryImport,
    RegistrySnapshot,
)
from shouwang.screening.operations import replaying, running
from tests.four_people import Places

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)
HIT_SCHEMA = pa.schema(
    [
        ("rule_id", pa.string()),
        ("as_of", pa.date32()),
        ("level", pa.string()),
        ("village_code", pa.string()),
        ("household_id", pa.int32()),
        ("person_id", pa.int32()),
        ("household_no", pa.string()),
        ("person_no", pa.string()),
        ("value", pa.string()),
        ("threshold", pa.string()),
        ("about_person_id", pa.int32()),
    ]
)


@dataclass
class LittleCounty:
    """Households by number, members by number, and the hits that the engine will find next."""

    places: Places
    households: dict[str, Household] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    hits: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    not_evaluated: dict[str, str] = field(default_factory=dict)

    def finds(self, as_of: date, *hits: dict[str, Any]) -> None:
        """From now on the engine finds these hits, and no others, as of a date."""
        self.hits[as_of] = list(hits)

    def person_hit(
        self, rule: str, person_no: str, value: str, threshold: str = ""
    ) -> dict[str, Any]:
        member = self.members[person_no]
        return self._hit(rule, "person", member.household, member, value, threshold)

    def household_hit(
        self, rule: str, household_no: str, value: str, threshold: str = ""
    ) -> dict[str, Any]:
        return self._hit(rule, "household", self.households[household_no], None, value, threshold)

    def village_hit(self, rule: str, value: str, threshold: str = "") -> dict[str, Any]:
        blank = dict.fromkeys(["household_id", "person_id", "about_person_id"])
        return {
            "rule_id": rule, "level": "village", "village_code": self.places.village.code,
            "household_no": "", "person_no": "", "value": value, "threshold": threshold, **blank,
        }  # fmt: skip

    def _hit(
        self, rule: str, level: str, household: Household, member: Member | None,
        value: str, threshold: str,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "rule_id": rule,
            "level": level,
            "village_code": household.village_code,
            "household_id": household.pk,
            "person_id": member.pk if member else None,
            "household_no": household.household_no,
            "person_no": member.person_no if member else "",
            "value": value,
            "threshold": threshold,
            "about_person_id": None,
        }


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def county(places: Places, monkeypatch: pytest.MonkeyPatch) -> LittleCounty:
    """Four households in three villages of two towns; the engine finds what the test says."""
    made, batches = make_county(places)
    install(made, batches, monkeypatch.setattr)
    return made


def install(county: LittleCounty, batches: list[Batch], put: Callable[..., None]) -> None:
    """Put the engine that finds what the test says in the place of the real one."""
    put(running, "screen_many", _screen_many(county))
    put(running, "effective_batches", lambda: batches)
    put(replaying, "screen", _screen(county))


def make_county(places: Places) -> tuple[LittleCounty, list[Batch]]:
    """The records of the little county, its snapshot and one list of civil assistance."""
    made = LittleCounty(places)
    received = RegistryImport.objects.create(export_date=JUNE, received_at=now(), state="applied")
    file = RegistryFile.objects.create(
        registry_import=received, name="档案.xlsx", sha256="", size=1
    )
    where = [places.village, places.village, places.other_village, places.neighbour_village]
    for number, village in enumerate(where, 1):
        household = Household.objects.create(
            household_no=f"H{number}", village=village, village_code=village.code,
            head_name=f"户主{'甲乙丙丁'[number - 1]}", household_type="脱贫户",
            monitor_class="边缘易致贫户" if number == 2 else None,
            source_file=file, source_row=number,
        )  # fmt: skip
        made.households[household.household_no] = household
        for member in (1, 2):
            name = f"成员{number}{member}"
            made.members[f"P{number}{member}"] = Member.objects.create(
                person_no=f"P{number}{member}", household=household, name=name,
                name_norm=name, name_key=name, source_file=file, source_row=number * 2 + member,
            )  # fmt: skip
    snapshot = RegistrySnapshot.objects.create(
        number=1, key="first", export_date=JUNE, created_at=now(), registry_import=received,
        household_count=4, member_count=8,
    )  # fmt: skip
    write_snapshot(made, snapshot.path)
    return made, [write_assistance(made, snapshot.path.parent.parent / "feeds", JUNE, ["P31"])]


def write_snapshot(county: LittleCounty, folder: Path) -> None:
    folder.mkdir(parents=True)
    households = list(county.households.values())
    pq.write_table(
        pa.table(
            {
                "household_id": pa.array([each.pk for each in households], pa.int32()),
                "household_no": [each.household_no for each in households],
                "village_code": [each.village_code for each in households],
                "monitor_class": pa.array([each.monitor_class for each in households], pa.string()),
                "eliminated": pa.array([None] * len(households), pa.string()),
            }
        ),
        folder / "households.parquet",
    )
    members = list(county.members.values())
    pq.write_table(
        pa.table(
            {
                "person_id": pa.array([each.pk for each in members], pa.int32()),
                "household_id": pa.array([each.household_id for each in members], pa.int32()),
                "person_no": [each.person_no for each in members],
            }
        ),
        folder / "persons.parquet",
    )


def write_assistance(
    county: LittleCounty, folder: Path, period_end: date, on_list: Sequence[str]
) -> Batch:
    """A civil assistance list with some members on it."""
    target = folder / f"civil_assist-{period_end}"
    target.mkdir(parents=True)
    ids = [county.members[number].pk for number in on_list]
    pq.write_table(
        pa.table({"person_id": pa.array(ids, pa.int32()), "kind": ["dibao"] * len(ids)}),
        target / "rows.parquet",
    )
    first = period_end.replace(day=1)
    return Batch("civil_assist", first, period_end, 1, target, f"batch-{period_end}")


def _screen(county: LittleCounty) -> Callable[..., ScreeningResult]:
    def screen(
        rulebook: Any, inputs: ScreeningInput, as_of: date, *, out: Path, **rest: Any
    ) -> ScreeningResult:
        out.mkdir(parents=True)
        hits = county.hits.get(as_of, [])
        rows = [{**hit, "as_of": as_of} for hit in hits]
        path = out / "hits.parquet"
        pq.write_table(pa.Table.from_pylist(rows, HIT_SCHEMA), path)
        counts: dict[str, int] = {}
        for hit in hits:
            counts[hit["rule_id"]] = counts.get(hit["rule_id"], 0) + 1
        return ScreeningResult(as_of, path, counts, dict(county.not_evaluated), {"total": 0.01})

    return screen


def _screen_many(county: LittleCounty) -> Callable[..., list[ScreeningResult]]:
    def screen_many(
        rulebook: Any, inputs: ScreeningInput, dates: Sequence[date], *, out: Path, **rest: Any
    ) -> list[ScreeningResult]:
        screen = _screen(county)
        return [screen(rulebook, inputs, day, out=out / day.isoformat()) for day in dates]

    return screen_many
