"""查看 (looks): pages asked again and again as different people, on either database.

Pages go through Django's test client, so all counts but the network and the browser. The numbers in
the navigation, which a server counts twice a minute, are counted anew for every page here.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench import measure

Deed = Callable[[], Any]
Line = dict[str, float]


def set_up() -> None:
    """Make the program ready in a process of its own, as the server does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django
    from django.apps import apps

    if apps.ready:
        return
    django.setup()
    from shouwang.core.memory import settle

    settle()


def person(username: str) -> tuple[Any, Callable[[str], Deed]]:
    """Who an account is today, and a maker of visits to addresses under that account."""
    from django.test import Client

    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.core.clock import today

    account = Account.objects.get(username=username)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account, "shouwang.accounts.backends.AccountBackend")

    def page(address: str) -> Deed:
        def visit() -> None:
            answer = client.get(address)
            _ = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code != 200:
                raise AssertionError(f"{address} as {username}: {answer.status_code}")

        return visit

    return actor_for(account, today()), page


def look(deeds: Mapping[str, Deed], times: int) -> dict[str, Line]:
    """Each so many times: the middle and the slowest 5 %, processor seconds, queries."""
    from django.db import connection
    from django.test import override_settings

    asked = [0]

    def counted(execute: Any, *arguments: Any) -> Any:
        asked[0] += 1
        return execute(*arguments)

    lines = {}
    with override_settings(SHOUWANG_BADGE_SECONDS=0):
        for title, deed in deeds.items():
            deed()  # templates are compiled once in the life of a server
            asked[0] = 0
            with connection.execute_wrapper(counted):
                deed()
            lines[title] = {**(timed(deed, times) if times else {}), "queries": asked[0]}
    return lines


def timed(deed: Deed, times: int) -> Line:
    seconds, busy = [], []
    for _ in range(times):
        begun, processor = time.perf_counter(), time.process_time()
        deed()
        seconds.append(time.perf_counter() - begun)
        busy.append(time.process_time() - processor)
    worst = sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]
    return {"p50": statistics.median(seconds), "p95": worst, "cpu": statistics.median(busy)}


def as_people(
    name: str,
    told: str,
    module: str,
    roles: Sequence[str],
    times: int,
    environment: dict[str, str],
) -> dict[str, float]:
    """One table of a database: what was asked; for each person p50, p95 and processor time."""
    found = {
        role: measure.run(module, "look", role=role, times=times, environment=environment).given[
            "lines"
        ]
        for role in roles
    }
    titles = list(dict.fromkeys(title for lines in found.values() for title in lines))
    measure.table(
        f"{name}: {told}, {times} times each; {measure.machine()}",
        ["what", "queries", *[f"{role} {kind} ms" for role in roles for kind in KINDS]],
        [
            [
                title,
                int(max(lines[title]["queries"] for lines in found.values() if title in lines)),
                *[_cell(found[role].get(title), kind) for role in roles for kind in KINDS],
            ]
            for title in titles
        ],
    )
    return {
        f"{title}, {role}, {name}": line["p95"]
        for role, lines in found.items()
        for title, line in lines.items()
    }


KINDS = ("p50", "p95", "cpu")


def _cell(line: Line | None, kind: str) -> object:
    """Nothing where the person has no such page."""
    return "–" if line is None else round(line[kind] * 1000)


def slowest(found: Mapping[str, float], target: float) -> None:
    """Say what was slowest, and everything that misses the target."""
    worst = max(found, key=lambda title: found[title])
    print(f"slowest: {worst}, p95 {measure.verdict(found[worst], target)} s")
    for title, seconds in sorted(found.items(), key=lambda each: -each[1]):
        if seconds > target and title != worst:
            print(f"  missed too: {title}, p95 {seconds * 1000:.0f} ms")
