"""任务实测: boards of 50 papers, 5,000 tasks and 100,000 progress reports.

The county is made row by row past the rooms: how it came to be is not what is measured.
"""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import cases_county, databases, looks, measure

PAPERS, TASKS, REPORTS, TIMES = 50, 5_000, 100_000, 20
P95_TARGET = 0.3
STATES = ("open", "going", "going", "going", "finishing", "done")
ROLES = ("county", "clerk", "village", "office")
PAGES = {
    "board": "页面 单位看板 board",
    "overview": "页面 总览 overview",
    "initiatives": "页面 专项行动 initiatives",
    "gantt": "页面 甘特图 Gantt",
    "calendar": "页面 日历 calendar",
    "dispatch": "页面 调度单 dispatch",
    "tasks": "页面 清单 list",
    "mine": "页面 我的任务 my tasks",
    "reports": "页面 审看 reports to check",
    "papers": "页面 文件 papers",
    "plans": "页面 方案 plans",
}
PIECES, MEASURES = 60, 9
"""Pieces of a paper; measures of the first task, each split among all towns."""


def fill(papers: int, tasks: int, reports: int) -> dict[str, Any]:
    """An empty installation with places, people, papers, tasks, their units and reports."""
    cases_county.set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    make(papers, tasks, reports)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"seconds": time.perf_counter() - begun}


def make(papers: int, tasks: int, reports: int) -> None:
    """Everything into an empty database."""
    from django.db import transaction

    with transaction.atomic():
        villages = _places()
        _people(villages)
        county = villages[0].parent.parent
        _tasks(county, _papers(county, papers), tasks)
        _units(villages)
        _reports(reports)


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
    make_post(make_account("village"), "village_worker", villages[0])
    make_post(make_account("office"), "department_officer", town.parent, office)


def _papers(county: Any, count: int) -> list[int]:
    """Papers of 12,000 characters, each cut into pieces."""
    from shouwang.core import clock
    from shouwang.workplans.models import Paper, Piece

    sentence = f"{'改造提升老旧设施若干处，' * 16}由示例1局牵头，各乡镇负责，6月底前完成。\n"

    made = Paper.objects.bulk_create(
        Paper(
            title=f"第{number}号工作要点", division=county, file_name="x.txt", sha256=f"{number:064d}",
            text=sentence * PIECES, state="confirmed", uploaded_at=clock.now(), uploaded_by_label="x",
        )
        for number in range(count)
    )  # fmt: skip
    Piece.objects.bulk_create(
        (
            Piece(
                paper=paper, place=at, text=sentence.strip(), path=["一、重点任务", f"（{at}）"],
                spans=[[at * len(sentence), (at + 1) * len(sentence) - 1]],
                lead_units=["示例1局"], responsible_units=["各乡镇"], targets=[{"raw": "若干处"}],
                state="accepted",
            )
            for paper in made
            for at in range(PIECES)
        ),
        batch_size=1000,
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
    Task.objects.bulk_update(_measures(wholes), ["parent", "is_measure", "target_name"])
    Task.objects.bulk_create(
        [
            task(number, wholes[_whole(number, len(wholes))])
            for number in range(count - len(wholes))
        ],
        batch_size=1000,
    )


def _whole(number: int, wholes: int) -> int:
    """The first ones are parts of the first task and its measures, one for each town."""
    table = min(MEASURES + 1, wholes)
    return number // 15 if number < table * 15 else number % wholes


def _measures(wholes: list[Any]) -> list[Any]:
    """What makes the first task a table: measures of it, one after another."""
    made = wholes[1 : MEASURES + 1]
    for number, measure_ in enumerate(made):
        measure_.parent, measure_.is_measure, measure_.target_name = (
            wholes[0],
            True,
            f"指标{number}",
        )
    return made


def _units(villages: list[Any]) -> None:
    from shouwang.accounts.models import Department
    from shouwang.divisions.models import Division
    from shouwang.workplans.models import Task, TaskUnit

    offices = list(Department.objects.filter(code__startswith="b").order_by("pk"))
    towns = sorted({village.parent_id for village in villages})
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
            village = villages[number // 7 % len(villages)]
            if number % 3 == 0:
                units.append(
                    TaskUnit(task_id=key, duty="responsible", name=village.name, division=village)
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
    """Each question and each page so many times, as one person; each what lies in reach."""
    looks.set_up()
    from django.urls import reverse

    from shouwang.core.clock import today
    from shouwang.workplans import overview, queries, waiting
    from shouwang.workplans.models import Paper, Task
    from shouwang.workplans.operations.splitting import may_split

    actor, page = looks.person(role)
    seen = Task.objects.visible_to(actor).order_by("pk")
    tasks = reverse("workplans:tasks")
    asked: dict[str, Callable[[], Any]] = {
        "单位看板 board": lambda: queries.board(actor),
        "总览 by paper": lambda: overview.by_paper(actor, today()),
        "等我办的 badge": lambda: waiting.badge(actor),
        **{title: page(reverse(f"workplans:{name}")) for name, title in PAGES.items()},
        "页面 红灯清单 red list": page(f"{tasks}?light=red&level=leaf"),
        "页面 按单位 list of a unit": page(f"{tasks}?unit=示例1局&sort=-ends_on"),
        "页面 末页 last page of the list": page(f"{tasks}?page=9999"),
    }
    if one := seen.exclude(parent=None).first():
        asked["页面 任务 task page"] = page(one.get_absolute_url())
    if paper := Paper.objects.visible_to(actor).order_by("pk").first():
        asked["页面 文件 paper page"] = page(paper.get_absolute_url())
    whole = seen.filter(parent=None, parts__is_measure=True).first()
    if whole and may_split(actor, whole):
        asked["页面 分解表 matrix"] = page(reverse("workplans:matrix", args=[whole.pk]))
    return {"lines": looks.look(asked, times)}


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
            told = ", ".join(f"{count:,} {what}" for what, count in sizes.items())
            slowest |= looks.as_people(name, told, "bench.plans", roles, times, environment)
    shutil.rmtree(place, ignore_errors=True)
    looks.slowest(slowest, P95_TARGET)
    return {"slowest": slowest}


if __name__ == "__main__":
    main(Path(os.environ.get("SHOUWANG_BENCH_DIR", "data/bench")).resolve())
