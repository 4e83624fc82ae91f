"""A process that screens without end, to be killed: `python -m tests.screening.killed_worker`.

On start it looks at what the last one left and says on one line whether everything is whole.
"""

import json
import os
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from shouwang.core.actor import system_actor  # noqa: E402
from shouwang.registry.models import Household, Member  # noqa: E402
from shouwang.screening.models import Clue, ClueEvidence, Run  # noqa: E402
from shouwang.screening.operations import freezing, hit_files, run  # noqa: E402
from shouwang.screening.operations.running import freeze  # noqa: E402
from tests.four_people import Places, make_places  # noqa: E402
from tests.screening import conftest  # noqa: E402
from tests.screening.conftest import JUNE, MAY, LittleCounty  # noqa: E402


def prepare() -> tuple[LittleCounty, list[Any]]:
    """The little county, made on the first start and found again later."""
    if not Household.objects.exists():
        return conftest.make_county(make_places())
    from shouwang.divisions.models import Division

    village = Division.objects.get(code="999901101201")
    places = Places(**{each.name: village for each in fields(Places)})
    county = LittleCounty(places)
    county.households = {each.household_no: each for each in Household.objects.all()}
    county.members = {each.person_no: each for each in Member.objects.select_related("household")}
    folder = Path(settings.SHOUWANG_DATA_DIR) / "feeds" / f"civil_assist-{JUNE}"
    from shouwang.engine.rules.batches import Batch

    return county, [Batch("civil_assist", JUNE.replace(day=1), JUNE, 1, folder, f"batch-{JUNE}")]


def find_something(county: LittleCounty, turn: int) -> None:
    """Other hits every turn, so that a mixture of two runs would show."""
    rules = list(freeze().rulebook.rules.values())
    for day in (MAY, JUNE):
        hits = []
        for number, rule in enumerate(rules):
            if rule.level == "person" and (number + turn) % 3:
                hits += [county.person_hit(rule.id, each, f"{turn}") for each in county.members]
            if rule.level == "household" and (number + turn) % 2:
                hits += [county.household_hit(rule.id, no, f"{turn}") for no in county.households]
        county.finds(day, *hits)


def faults() -> list[str]:
    """Everything that is not whole; an empty list is what the test wants."""
    found = []
    data = Path(settings.SHOUWANG_DATA_DIR)
    runs = list(Run.objects.all())
    freezing.sweep([str(each.uuid) for each in runs], older_than=time.time() + 1)
    if {path.name for path in (data / "runs").glob("*")} != {str(each.uuid) for each in runs}:
        found.append("run folders and runs differ")
    if list((data / "tmp").glob("run-*")):
        found.append("work in progress was left")
    for each in runs:
        folder = freezing.run_folder(each.uuid)
        tallied = sum(each.tallies.filter(rule_id="").values_list("hits", flat=True))
        if not each.hit_count == each.hits.count() == tallied:
            found.append(f"{each}: {each.hit_count} hits, stored {each.hits.count()}")
        if hit_files.digest(folder / "hits.parquet") != each.hits_digest:
            found.append(f"{each}: another file")
        if len({hit.value for hit in each.hits.all()}) > 1:
            found.append(f"{each}: hits of two turns")
    for day in (MAY, JUNE):
        numbers = [each.number for each in runs if each.as_of == day]
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            found.append(f"{day}: numbers {numbers}")
    return found + clue_faults()


def clue_faults() -> list[str]:
    found = []
    for clue in Clue.objects.select_related("main_hit__run"):
        hits = list(ClueEvidence.objects.filter(clue=clue).select_related("run"))
        days = {hit.run.as_of for hit in hits}
        if (clue.first_seen, clue.last_seen) != (min(days, default=None), max(days, default=None)):
            found.append(f"clue {clue.pk}: seen {clue.first_seen} to {clue.last_seen}")
        if bool(clue.main_hit) != bool(hits) or (hits and clue.main_hit.run.state != "valid"):
            found.append(f"clue {clue.pk}: main hit")
    return found


def main() -> None:
    if "--migrate" in sys.argv:
        call_command("migrate", verbosity=0)
    county, batches = prepare()
    conftest.install(county, batches, setattr)
    sys.stdout.write(json.dumps({"faults": faults(), "runs": Run.objects.count()}) + "\n")
    sys.stdout.flush()
    if "--last" in sys.argv:
        return
    turn = Run.objects.count()
    while True:
        turn += 1
        find_something(county, turn)
        run(system_actor("测试"), [MAY, JUNE])
        sys.stdout.write(json.dumps({"turn": turn}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
