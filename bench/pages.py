"""页面实测: how long a page takes on the server and how many queries it asks, for two roles.

The county is a demo that `shouwang demo` has built; the pages go through Django's test client, so
everything counts but the network and the browser.
"""

import json
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench import looks, measure
from shouwang.cli.demo import ROOMS

SIZES = (20_000, 100_000)
ROLES = ("county", "clerk")
TIMES = 30
P95_TARGET = 0.3
VERDICTS = "全部规则的结论 verdicts"
"""No page but a part of one, opened on request: all rules are evaluated anew for a household."""
NEWER = (
    "cases:inbox", "cases:list", "cases:clues", "cases:map", "cases:long", "support:index",
    "support:measures", "support:visits", "support:pairings", "support:register",
    "support:resolved", "support:coverage", "campaigns:sweeps", "campaigns:plan",
    "campaigns:dossiers", "localities:water", "localities:grids", "outreach:codes",
    "outreach:events", "assistance:list", "assistance:differences", "assistance:referrals",
    "inspections:problems", "inspections:mine", "inspections:board", "inspections:coverage",
    "indicators:sheet", "indicators:income", "evaluations:rounds", "workplans:mine",
    "feeds:doubtful",
)  # fmt: skip
"""Lists and boards of the rooms above screening, for whoever may see them."""


def build(folder: Path, households: int) -> dict[str, str]:
    """The demo county in a folder of its own; what is there is used again."""
    environment = {
        "SHOUWANG_DATA_DIR": str(folder),
        "SHOUWANG_DATABASE_URL": f"sqlite:///{folder / 'shouwang.sqlite3'}",
    }
    made = folder / "demo.json"
    done = json.loads(made.read_text(encoding="utf-8"))["done"] if made.exists() else []
    if {key for key, _, _ in ROOMS} <= set(done):
        return environment
    if not done:  # rooms that are missing are added
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    command = [sys.executable, "-m", "shouwang.cli", "demo", "--households", str(households)]
    took = measure.run_command([*command, "--no-serve"], environment=environment)
    print(
        f"demo of {households:,} households: {took.wall:.0f} s, {took.cpu:.0f} CPU s, "
        f"peak {took.rss_mib:,} MiB of the tree ({measure.machine()})"
    )
    return environment


def visit(role: str, times: int) -> dict[str, Any]:
    """Each page as one account sees it, each time another record where there are records."""
    looks.set_up()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from shouwang.accounts.models import Account

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # as `shouwang serve` does
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        Account.objects.get(username=role), "shouwang.accounts.backends.AccountBackend"
    )
    count = [0]

    def counted(execute: Any, *arguments: Any) -> Any:
        count[0] += 1
        return execute(*arguments)

    lines = {}
    for title, addresses in _pages(role).items():
        if client.get(addresses[0]).status_code == 403:  # also compiles the templates
            continue
        seconds, busy, queries, sizes = [], [], [], []
        for number in range(times):
            count[0] = 0
            begun, processor = time.perf_counter(), time.process_time()
            with connection.execute_wrapper(counted):
                answer = client.get(addresses[number % len(addresses)])
                content = b"".join(answer) if answer.streaming else answer.content
            seconds.append(time.perf_counter() - begun)
            busy.append(time.process_time() - processor)
            queries.append(count[0])
            sizes.append(len(content))
            if answer.status_code != 200:
                raise AssertionError(f"{title}: {answer.status_code} for {role}")
        lines[title] = {
            "p50": statistics.median(seconds),
            "p95": sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)],
            "cpu": statistics.median(busy),
            "queries": max(queries),
            "size": max(sizes),
        }
    return {"lines": lines}


def _pages(role: str) -> dict[str, list[str]]:
    """Addresses of the main pages, for records within the account's reach."""
    from django.urls import reverse

    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from shouwang.core.clock import today
    from shouwang.registry.queries import households_visible_to
    from shouwang.screening.models import Clue, Run

    actor = actor_for(Account.objects.get(username=role), today())
    homes = households_visible_to(actor).order_by("pk")
    some = list(homes.values_list("household_no", "head_name")[:2000:97])
    clues = list(Clue.objects.visible_to(actor).values_list("pk", flat=True)[:200:7])
    run = Run.objects.order_by("-pk").first()
    assert run is not None
    households = reverse("registry:households")
    pages = {
        "首页 home": ["/"],
        "农户列表 registry list": [households, f"{households}?page=7"],
        "农户 household": [reverse("registry:household", args=[no]) for no, _ in some],
        "线索列表 clue list": [reverse("screening:clues"), f"{reverse('screening:clues')}?page=3"],
        "线索 clue": [reverse("screening:clue", args=[pk]) for pk in clues],
        "农户的线索 household's clues": [
            reverse("screening:household-clues", args=[no]) for no, _ in some
        ],
        VERDICTS: [reverse("screening:verdicts", args=[pk, run.uuid]) for pk in clues],
        "数据质量 quality": [reverse("registry:quality")],
        "质量问题 findings": [reverse("registry:findings")],
        "规则库 rulebook": [reverse("screening:rulebook")],
        "搜索姓名 search by name": [f"/search/?q={name}" for _, name in some if name],
        "搜索编号 search by number": [f"/search/?q={no}" for no, _ in some],
        "找农户 find by initials": [f"{reverse('registry:find')}?q=w", "/search/?q=lx"],
    }
    if actor.can("feeds.view"):
        pages["农户的部门数据 household's facts"] = [
            reverse("feeds:household-facts", args=[no]) for no, _ in some
        ]
        pages["部门数据 feeds grid"] = [reverse("feeds:list")]
        pages["批次列表 batches"] = [reverse("feeds:batches")]
    if households_visible_to(actor).exists() and actor.can("screening.run"):
        pages["筛查记录 runs"] = [reverse("screening:runs")]
        pages["一次筛查 run"] = [reverse("screening:run", args=[run.uuid])]
    return pages | {f"{name} {reverse(name)}": [reverse(name)] for name in NEWER}


def main(folder: Path, *, sizes: tuple[int, ...] = SIZES, times: int = TIMES) -> dict[str, Any]:
    """Both counties, both roles; prints a table for each."""
    slowest: dict[str, float] = {}
    for households in sizes:
        environment = build(folder / f"demo-{households}", households)
        for role in ROLES:
            done = measure.run(
                "bench.pages", "visit", role=role, times=times, environment=environment
            )
            lines: list[list[object]] = []
            for title, one in done.given["lines"].items():
                lines.append(
                    [
                        title,
                        one["p50"] * 1000,
                        one["p95"] * 1000,
                        one["cpu"] * 1000,
                        one["queries"],
                        one["size"] // 1024,
                    ]
                )
                if title != VERDICTS:
                    slowest[f"{title}, {role}, {households:,}"] = one["p95"]
            measure.table(
                f"pages: {households:,} households, as `{role}`, {times} times each; "
                f"{measure.machine()}",
                ["page", "p50 ms", "p95 ms", "p50 CPU ms", "queries", "KiB"],
                lines,
            )
    worst = max(slowest, key=lambda title: slowest[title])
    print(f"slowest p95 in ms: {worst} {measure.verdict(slowest[worst] * 1000, P95_TARGET * 1000)}")
    return {"slowest": slowest}
