"""A little sweep: four households in three villages of two towns, one of them a priority."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shouwang.campaigns.models import Sweep
from shouwang.campaigns.operations import plan_sweep
from shouwang.cases.checklists import checklists
from shouwang.core.actor import Actor, system_actor
from shouwang.core.clock import now, today
from shouwang.registry.models import Household, Member, RegistryFile, RegistryImport
from tests.four_people import Places


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def homes(places: Places) -> dict[str, Household]:
    """H1 has no labour; H1 and H2 lie in one village, H3 in another, H4 in the other town."""
    received = RegistryImport.objects.create(
        export_date=today(), received_at=now(), state="applied"
    )
    file = RegistryFile.objects.create(
        registry_import=received, name="档案.xlsx", sha256="", size=1
    )
    where = [places.village, places.village, places.other_village, places.neighbour_village]
    made = {}
    for number, village in enumerate(where, 1):
        home = Household.objects.create(
            household_no=f"H{number}", village=village, village_code=village.code,
            head_name=f"户主{number}", source_file=file, source_row=number,
        )  # fmt: skip
        Member.objects.create(
            person_no=f"P{number}", household=home, name=f"成员{number}", name_norm=f"成员{number}",
            name_key=f"成员{number}", labour="无劳动力" if number == 1 else "普通劳动力",
            source_file=file, source_row=number,
        )  # fmt: skip
        made[home.household_no] = home
    return made


@pytest.fixture
def planned(homes, places: Places, officer: Actor) -> Callable[..., Sweep]:
    def make(**changes: Any) -> Sweep:
        values = {
            "title": "下半年集中排查", "kind": "all", "division": places.county,
            "checklist": checklists()["six_looks_six_checks"], "chosen": ["no_labour"],
            "starts_on": today() - timedelta(days=5), "ends_on": today() + timedelta(days=20),
        }  # fmt: skip
        return plan_sweep(officer, **(values | changes))

    return make
