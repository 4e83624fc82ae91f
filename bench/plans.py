"""任务实测: boards of 50 papers, 5,000 tasks and 100,000 progress reports.

The county is made row by row past the rooms: how it came to be is not what is measured.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import cases_county, databases, measure

PAPERS, TASKS, REPORTS, TIMES = 50, 5_000, 100_000, 20
P95_TARGET = 0.3
STATES = ("open", "going", "going", "going", "finishing", "done")
ROLES = ("county", "leader", "clerk", "office")
PAGES = (
    "tasks", "mine", "overview", "board", "initiatives", "calendar", "gantt", "dispatch", "plans",
    "papers",
)  # fmt: skip


def fill(papers: int, tasks: int, reports: int) -> dict[str, Any]:
    """An empty installation with places, people, papers, tasks, their units and reports."""
    cases_county.set_up()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    with transaction.atomic():
        villages = _places()
        _people(villages)
        county = villages[0].parent.parent
        _tasks(county, _papers(county, papers), tasks)
        _units(sorted({village.parent_id for village in villages}))
        _reports(reports)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"seconds": time.perf_counter() - begun}


def _places() -> list[Any]:
    """A county of fifteen towns with two villages each."""
    from shouwang.divisions.levels import Level
    from tests.four_people import make_division

    province = make_division("99", "示例省", Level.PROVINCE)
    prefecture = make_division("9999", "示例市", Level.PREFECTURE, province)
    county = make_division("999901", "示例县", Level.COUNTY, prefecture)
    found = []
    for town in range(15):
        place = make_division(f"999901{101 + town}", f"第{town}镇", Level.TOWN, county)
        for village in range(2):
            code = f"999901{101 + town}{201 + village}"
            found.append(make_division(code, f"第{village}村", Level.VILLAGE, place))
    return found


def _people(villages: list[Any]) -> None:
    from shouwang.accounts.models import Department
    from tests.four_people import make_account, make_post

    town = villages[0].parent
    for number in range(30):
        Department.objects.get_or_create(code=f"b{number}", defaults={"name": f"示例{number}局"})
    office = Department.objects.get(code="b0")
    make_post(make_account("county"), "county_officer", town.parent)
    make_post(make_account("leader"), "county_leader", town.parent)
    make_post(make_account("clerk"), "town_clerk", town)
    make_post(make_account("office"), "department_officer", town.parent, office)


def _papers(county: Any, count: int) -> list[int]:
    from shouwang.core import clock
    from shouwang.workplans.models import Paper

    made = Paper.objects.bulk_create(
        Paper(
            title=f"第{number}号工作要点", division=county, file_name="x.txt", sha256=f"{number:064d}",
            text="示例", state="confirmed", uploaded_at=clock.now(), uploaded_by_label="x",
        )
        for number in range(count)
    )  # fmt: skip
    return [paper.pk for paper in made]


def _tasks(county: Any, papers: list[int], count: int) -> None:
    """One whole with four parts, again and again."""
    from shouwang.core import clock
    from shouwang.workplans.models import Task

    today, now = clock.today(), clock.now()

    def task(number: int, parent: Any = None) -> Any:
        ends = today + timedelta(days=number % 300 - 60)
        state = STATES[number % len(STATES)]
        return Task(
            number=f"{number}", title=f"任务{number}：改造提升若干处", paper_id=papers[number % len(papers)],
            parent=parent, division=county, quantity=Decimal(100), unit="处", place="x", person="x",
            begins_on=today - timedelta(days=120), ends_on=ends, state=state,
            done=Decimal(number % 100), share=Decimal(number % 100) / 100, reported_on=today,
            tags=[f"行动{number % 7}"] if number % 3 == 0 else [], made_at=now, made_by_label="x",
        )  # fmt: skip

    wholes = Task.objects.bulk_create(task(number) for number in range(max(count // 5, 1)))
    Task.objects.bulk_create(
        [task(number, wholes[number % len(wholes)]) for number in range(count - len(wholes))],
        batch_size=1000,
    )


def _units(towns: list[int]) -> None:
    from shouwang.accounts.models import Department
    from shouwang.divisions.models import Division
    from shouwang.workplans.models import Task, TaskUnit

    offices = list(Department.objects.filter(code__startswith="b").order_by("pk"))
    names = dict(Division.objects.filter(pk__in=towns).values_list("pk", "name"))
    units = []
    for number, (key, parent) in enumerate(Task.objects.values_list("pk", "parent").order_by("pk")):
        office = offices[number % len(offices)]
        town = towns[number % len(towns)]
        if parent is None:
            units.append(TaskUnit(task_id=key, duty="lead", name=office.name, department=office))
        else:
            units.append(TaskUnit(task_id=key, duty="lead", name=names[town], division_id=town))
            units.append(
                TaskUnit(task_id=key, duty="responsible", name=office.name, department=office)
            )
    TaskUnit.objects.bulk_create(units, batch_size=1000)


def _reports(count: int) -> None:
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows
    from shouwang.workplans.models import Progress, Task

    keys = list(Task.objects.exclude(parent=None).values_list("pk", flat=True))
    today, now = clock.today(), clock.now()
    copy_rows(
        Progress,
        ("task", "as_of", "value", "share", "text", "is_counted", "state", "check_note",
         "reported_at", "reported_by_label", "checked_at", "checked_by_label"),
        ((keys[n % len(keys)], today - timedelta(days=n // len(keys) * 5), Decimal(n % 100),
          Decimal(n % 100) / 100, "按计划推进", False, "submitted" if n < len(keys) // 10 else "accepted",
          "", now, "x", None, "")
         for n in range(count)),
    )  # fmt: skip


def look(role: str, times: int) -> dict[str, Any]:
    """Each question and each page so many times; seconds of the middle and of the slowest 5 %."""
    cases_county.set_up()
    from django.test import Client
    from django.urls import reverse

    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.core.clock import today
    from shouwang.workplans import overview, queries, waiting
    from shouwang.workplans.models import Task

    account = Account.objects.get(username=role)
    actor = actor_for(account, today())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account, "shouwang.accounts.backends.AccountBackend")

    def page(url: str) -> Callable[[], None]:
        def get() -> None:
            answer = client.get(url)
            if answer.status_code != 200:
                raise AssertionError(f"{url}: {answer.status_code}")

        return get

    one = Task.objects.visible_to(actor).exclude(parent=None).order_by("pk").first()
    assert one is not None
    asked: dict[str, Callable[[], Any]] = {
        "单位看板 board": lambda: queries.board(actor),
        "总览 by paper": lambda: overview.by_paper(actor, today()),
        "等我办的 badge": lambda: waiting.badge(actor),
        "页面 task": page(one.get_absolute_url()),
        "页面 red tasks": page(f"{reverse('workplans:tasks')}?light=red&level=leaf"),
    } | {f"页面 {name}": page(reverse(f"workplans:{name}")) for name in PAGES}
    return {"lines": {title: _timed(deed, times) for title, deed in asked.items()}}


def _timed(deed: Callable[[], Any], times: int) -> dict[str, float]:
    deed()  # templates are compiled once in the life of a server
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        deed()
        seconds.append(time.perf_counter() - begun)
    worst = sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]
    return {"p50": statistics.median(seconds), "p95": worst}


def main(
    folder: Path,
    *,
    papers: int = PAPERS,
    tasks: int = TASKS,
    reports: int = REPORTS,
    times: int = TIMES,
    roles: Sequence[str] = ROLES,
    postgres: bool = True,
) -> dict[str, Any]:
    """Make the county on each database and look as four people; prints a table for each."""
    place = folder / f"plans-{tasks}"
    sizes = {"papers": papers, "tasks": tasks, "reports": reports}
    slowest: dict[str, float] = {}
    with databases.offered(place, postgres=postgres) as addresses:
        for name, address in addresses.items():
            environment = databases.fresh(address, place)
            measure.run("bench.plans", "fill", environment=environment, **sizes)
            slowest |= _looked(name, sizes, times, roles, environment)
    shutil.rmtree(place, ignore_errors=True)
    worst = max(slowest, key=lambda title: slowest[title])
    print(f"slowest: {worst}, p95 {measure.verdict(slowest[worst], P95_TARGET)} s")
    return {"slowest": slowest}


def _looked(
    name: str,
    sizes: dict[str, int],
    times: int,
    roles: Sequence[str],
    environment: dict[str, str],
) -> dict[str, float]:
    found = {
        role: measure.run(
            "bench.plans", "look", role=role, times=times, environment=environment
        ).given["lines"]
        for role in roles
    }
    told = ", ".join(f"{count:,} {what}" for what, count in sizes.items())
    measure.table(
        f"{name}: {told}, {times} times each",
        ["what", *[f"{role} {what} ms" for role in roles for what in ("p50", "p95")]],
        [
            [
                title,
                *[found[role][title][what] * 1000 for role in roles for what in ("p50", "p95")],
            ]
            for title in found[roles[0]]
        ],
    )
    return {
        f"{title}, {role}, {name}": line["p95"]
        for role, lines in found.items()
        for title, line in lines.items()
    }


if __name__ == "__main__":
    main(Path(os.environ.get("SHOUWANG_BENCH_DIR", "data/bench")).resolve())
