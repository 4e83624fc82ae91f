"""个案实测: inbox, board, funnel, lists of 20,000 cases in 100,000 households; 500 approvals at once.

Each question and each page is asked as three people (county, town, village), on SQLite and on
PostgreSQL; pages go through Django's test client, so all but the network and the browser counts.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import cases_county, databases, looks, measure
from bench.cases_county import APPROVALS

HOUSEHOLDS, TIMES = 100_000, 20
P95_TARGET, BULK_TARGET = 0.3, 10.0
ROLES = ("county", "clerk", "village")
PAGES = {
    "页面 待办 inbox": "inbox",
    "页面 待办清单 waiting cases": "waiting/checking/",
    "页面 待核实线索 waiting clues": "waiting/clues/",
    "页面 今日 today": "today/",
    "页面 个案 cases": "list/",
    "页面 超期个案 late cases": "list/?phase=open&timing=late",
    "页面 一村个案 cases of a village": "list/?village=999901101201&per_page=100",
    "页面 按风险 cases by risk, sorted": "list/?risk=illness&sort=-identified_on",
    "页面 末页 last page of cases": "list/?page=9999",
    "页面 线索 clues": "clues/",
    "页面 超期线索 late clues": "clues/?state=received&timing=late",
    "页面 一村线索 clues of a village": "clues/?village=999901101201",
    "页面 末页 last page of clues": "clues/?page=9999",
    "页面 看板 board": "board/",
    "页面 漏斗 funnel": "funnel/",
    "页面 漏斗按规则 funnel by rule": "funnel/?by=rule",
    "页面 漏斗按乡镇 funnel by town": "funnel/?by=town",
    "页面 负担 load": "load/",
}
QUESTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "待办计数 inbox counts": lambda queries, actor: queries.inbox(actor),
    "期限看板 board": lambda queries, actor: queries.board(actor),
    "乡镇看板 board by town": lambda queries, actor: queries.board_by_town(actor),
    "漏斗 funnel by town": lambda queries, actor: queries.funnel(actor, "town"),
    "漏斗 funnel by rule": lambda queries, actor: queries.funnel(actor, "rule"),
    "负担 load": lambda queries, actor: queries.load_per_worker(actor),
}


def fill(households: int, cases: int) -> dict[str, Any]:
    return cases_county.fill(households, cases)


def look(role: str, times: int) -> dict[str, Any]:
    """Each question and each page so many times, as one person."""
    looks.set_up()
    from django.urls import reverse

    from shouwang.cases import queries

    actor, page = looks.person(role)
    root = reverse("cases:inbox")
    deeds: dict[str, Callable[[], Any]] = {
        title: partial(question, queries, actor) for title, question in QUESTIONS.items()
    }
    deeds |= {
        title: page(root if name == "inbox" else f"{root}{name}") for title, name in PAGES.items()
    }
    return {"lines": looks.look(deeds, times)}


def approve(count: int) -> dict[str, Any]:
    """Approve so many at once, as the county's leader."""
    looks.set_up()
    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.cases import operations
    from shouwang.cases.models import Case
    from shouwang.core.clock import today

    actor = actor_for(Account.objects.get(username="leader"), today())
    waiting = Case.objects.filter(state="approval").order_by("pk")[:count]
    chosen = dict(waiting.values_list("pk", "version"))
    begun, processor = time.perf_counter(), time.process_time()
    outcome = operations.approve_many(actor, chosen, note="同意")
    seconds, busy = time.perf_counter() - begun, time.process_time() - processor
    if outcome.refused:
        raise AssertionError(f"refused: {next(iter(outcome.refused.items()))}")
    return {"seconds": seconds, "cpu": busy, "done": len(outcome.done)}


def main(
    folder: Path,
    *,
    households: int = HOUSEHOLDS,
    approvals: int = APPROVALS,
    times: int = TIMES,
    roles: Sequence[str] = ROLES,
    postgres: bool = True,
) -> dict[str, Any]:
    """Make the county (every fifth household has a case), look as the people, approve."""
    place, cases = folder / f"cases-{households}", households // 5
    approvals = min(approvals, cases // len(cases_county.STATES))
    slowest: dict[str, float] = {}
    bulk: dict[str, float] = {}
    with databases.offered(place, postgres=postgres) as addresses:
        for name, address in addresses.items():
            environment = databases.fresh(address, place)
            measure.run(
                "bench.cases", "fill", households=households, cases=cases, environment=environment
            )
            told = f"{households:,} households, {cases:,} cases"
            slowest |= looks.as_people(name, told, "bench.cases", roles, times, environment)
            done = measure.run("bench.cases", "approve", count=approvals, environment=environment)
            if done.given["done"] != approvals:
                raise AssertionError(f"{done.given['done']} of {approvals} were approved")
            bulk[name] = done.seconds
            print(
                f"approvals, {name}: {done.given['cpu']:.1f} s of processor time; {measure.machine()}"
            )
    shutil.rmtree(place, ignore_errors=True)
    looks.slowest(slowest, P95_TARGET)
    for name, seconds in bulk.items():
        print(f"{approvals} approvals, {name}: {measure.verdict(seconds, BULK_TARGET)} s")
    return {"slowest": slowest, "approve": bulk}
