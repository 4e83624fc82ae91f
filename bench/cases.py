"""个案实测: inbox, board, funnel, lists of 20,000 cases in 100,000 households; 500 approvals at once.

Each question and each page is asked as three people (county, town, village), on SQLite and on
PostgreSQL; pages go through Django's test client, so all but the network and the browser counts.
"""

import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import cases_county, databases, measure
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
    """Each question and each page so many times; seconds of the middle and of the slowest 5 %."""
    cases_county.set_up()
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.cases import queries
    from shouwang.core.clock import today

    account = Account.objects.get(username=role)
    actor = actor_for(account, today())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account, "shouwang.accounts.backends.AccountBackend")
    asked = [0]

    def counted(execute: Any, *arguments: Any) -> Any:
        asked[0] += 1
        return execute(*arguments)

    def page(address: str) -> Callable[[], None]:
        def get() -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise AssertionError(f"{address}: {answer.status_code}")

        return get

    root = reverse("cases:inbox")
    deeds: dict[str, Callable[[], Any]] = {
        title: partial(question, queries, actor) for title, question in QUESTIONS.items()
    }
    deeds |= {
        title: page(root if name == "inbox" else f"{root}{name}") for title, name in PAGES.items()
    }
    lines = {}
    for title, deed in deeds.items():
        deed()  # templates are compiled once in the life of a server
        asked[0] = 0
        with connection.execute_wrapper(counted):
            deed()
        lines[title] = {**_timed(deed, times), "queries": asked[0]}
    return {"lines": lines}


def _timed(deed: Callable[[], Any], times: int) -> dict[str, float]:
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        deed()
        seconds.append(time.perf_counter() - begun)
    worst = sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]
    return {"p50": statistics.median(seconds), "p95": worst}


def approve(count: int) -> dict[str, Any]:
    """Approve so many at once, as the county's leader."""
    cases_county.set_up()
    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.cases import operations
    from shouwang.cases.models import Case
    from shouwang.core.clock import today

    actor = actor_for(Account.objects.get(username="leader"), today())
    waiting = Case.objects.filter(state="approval").order_by("pk")[:count]
    chosen = dict(waiting.values_list("pk", "version"))
    begun = time.perf_counter()
    outcome = operations.approve_many(actor, chosen, note="同意")
    seconds = time.perf_counter() - begun
    if outcome.refused:
        raise AssertionError(f"refused: {next(iter(outcome.refused.items()))}")
    return {"seconds": seconds, "done": len(outcome.done)}


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
            slowest |= _looked(name, households, cases, times, roles, environment)
            done = measure.run("bench.cases", "approve", count=approvals, environment=environment)
            if done.given["done"] != approvals:
                raise AssertionError(f"{done.given['done']} of {approvals} were approved")
            bulk[name] = done.seconds
    shutil.rmtree(place, ignore_errors=True)
    worst = max(slowest, key=lambda title: slowest[title])
    print(f"slowest: {worst}, p95 {measure.verdict(slowest[worst], P95_TARGET)} s")
    for name, seconds in bulk.items():
        print(f"{approvals} approvals, {name}: {measure.verdict(seconds, BULK_TARGET)} s")
    return {"slowest": slowest, "approve": bulk}


def _looked(
    name: str,
    households: int,
    cases: int,
    times: int,
    roles: Sequence[str],
    environment: dict[str, str],
) -> dict[str, float]:
    """One table: what was asked, and for each person the queries, the middle and the slowest."""
    found = {
        role: measure.run(
            "bench.cases", "look", role=role, times=times, environment=environment
        ).given["lines"]
        for role in roles
    }
    measure.table(
        f"{name}: {households:,} households, {cases:,} cases, {times} times each",
        ["what", "queries", *[f"{role} {what} ms" for role in roles for what in ("p50", "p95")]],
        [
            [title, found[roles[0]][title]["queries"],
             *[found[role][title][what] * 1000 for role in roles for what in ("p50", "p95")]]
            for title in found[roles[0]]
        ],
    )  # fmt: skip
    return {
        f"{title}, {role}, {name}": line["p95"]
        for role, lines in found.items()
        for title, line in lines.items()
    }
