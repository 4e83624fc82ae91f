"""个案实测: inbox, board and funnel of 20,000 cases in 100,000 households; 500 approvals at once.

The county is made row by row past the rooms: how it came to be is not what is measured.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import measure

HOUSEHOLDS, CASES, APPROVALS, TIMES = 100_000, 20_000, 500, 20
P95_TARGET, BULK_TARGET = 0.3, 10.0
TOWNS, VILLAGES = 15, 12
STATES = (
    "consent", "checking", "appraisal", "notice", "review", "approval", "announcement", "filing",
    "monitored", "monitored", "monitored", "monitored", "monitored", "exit_check", "exit_notice",
    "resolved", "resolved", "resolved", "refused", "withdrawn",
)  # fmt: skip
ROLES = ("county", "clerk", "village")


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()


def fill(households: int, cases: int) -> dict[str, Any]:
    """An empty installation with places, people, households, cases and clues."""
    _django()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    with transaction.atomic():
        villages = _places()
        _people(villages)
        keys = _households(villages, households)
        _cases(keys[:cases])
        _clues(keys)
        _papers()
    return {"seconds": time.perf_counter() - begun}


def _places() -> list[Any]:
    from shouwang.divisions.levels import Level
    from tests.four_people import make_division

    province = make_division("99", "示例省", Level.PROVINCE)
    prefecture = make_division("9999", "示例市", Level.PREFECTURE, province)
    county = make_division("999901", "示例县", Level.COUNTY, prefecture)
    found = []
    for town in range(TOWNS):
        place = make_division(f"999901{101 + town}", f"第{town}镇", Level.TOWN, county)
        for village in range(VILLAGES):
            code = f"999901{101 + town}{201 + village}"
            found.append(make_division(code, f"第{village}村", Level.VILLAGE, place))
    return found


def _people(villages: list[Any]) -> None:
    from tests.four_people import make_account, make_post

    first = villages[0]
    make_post(make_account("county"), "county_officer", first.parent.parent)
    make_post(make_account("leader"), "county_leader", first.parent.parent)
    make_post(make_account("clerk"), "town_clerk", first.parent)
    for place in villages:
        name = "village" if place is first else f"v{place.pk}"
        make_post(make_account(name), "village_worker", place)


def _households(villages: list[Any], count: int) -> list[tuple[int, int]]:
    """(household, village) keys; every household has two members."""
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows
    from shouwang.registry.models import Household, Member, RegistryFile, RegistryImport

    received = RegistryImport.objects.create(
        export_date=clock.today(), received_at=clock.now(), state="applied"
    )
    file = RegistryFile.objects.create(registry_import=received, name="x", sha256="", size=1)
    places = [villages[number % len(villages)] for number in range(count)]
    copy_rows(
        Household,
        ("household_no", "village", "village_code", "head_name", "head_key", "household_type",
         "household_size", "water_ok", "danger_house", "group_name", "source_file", "source_row"),
        ((f"H{n:07d}", place.pk, place.code, f"户主{n}", f"户主{n}", "一般农户", 2, "是", "否", "一组",
          file.pk, n) for n, place in enumerate(places)),
    )  # fmt: skip
    keys = list(Household.objects.order_by("pk").values_list("pk", "village_id"))
    copy_rows(
        Member,
        ("person_no", "occurrence", "household", "name", "name_norm", "name_key", "labour",
         "resident_medical", "source_file", "source_row"),
        ((f"P{key}-{each}", 0, key, f"人{key}", f"人{key}", f"人{key}", "普通劳动力", "是",
          file.pk, 1) for key, _ in keys for each in range(2)),
    )  # fmt: skip
    return keys


def _cases(keys: list[tuple[int, int]]) -> None:
    from shouwang.cases.lifecycles import table_of
    from shouwang.cases.models import Case
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows
    from shouwang.divisions.models import Division

    today, table = clock.today(), table_of("2026")
    codes = dict(Division.objects.values_list("pk", "code"))
    rows = []
    for number, (household, village) in enumerate(keys):
        state = STATES[number // len(codes) % len(STATES)]
        began = today - timedelta(days=number % 40)
        stands = table.state(state)
        identified = began if state in ("monitored", "resolved") or "exit" in state else None
        ended = stands.is_end or state == "resolved"
        keys_ = {"difficulty": "heavy", "type": "income", "labour": "able"}
        rows.append(
            (
                f"999901-2026-{number:06d}", household, village, "2026", 1, "worked", state,
                not ended, began, began + timedelta(days=5) if stands.limit else None, began,
                began + timedelta(days=15) if stands.limit else None, "", False, keys_, [],
                clock.now(), keys_, "marginal", "", "", "", identified,
                began if state == "resolved" else None, "", 0, {}, {}, clock.now(), "x", 1,
            )
        )  # fmt: skip
        assert codes[village]
    copy_rows(
        Case,
        ("number", "household", "village", "regime", "round", "origin", "state", "is_open",
         "entered_on", "due_on", "clock_started_on", "deadline_on", "emergency", "is_green",
         "proposed", "proposal_reasons", "proposed_at", "decided", "class_key",
         "departure_reason", "refusal_code", "refusal_reason", "identified_on", "resolved_on",
         "resolution_way", "times_taken_back", "entry_snapshot", "exit_snapshot", "opened_at",
         "opened_by_label", "version"),
        rows,
    )  # fmt: skip


def _clues(keys: list[tuple[int, int]]) -> None:
    """One of each case, and as many again that wait."""
    from uuid import uuid4

    from shouwang.cases.models import Case, RegisteredClue
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows

    cases = dict(Case.objects.values_list("household", "pk"))
    today = clock.today()
    channels = ("department", "self_report", "cadre_visit", "supervision", "rescue_platform")
    some = keys[: len(cases) * 2]
    copy_rows(
        RegisteredClue,
        ("uuid", "channel", "village", "household", "subject_name", "risks", "text",
         "department", "outside_no", "on_behalf", "relation", "received_on", "emergency",
         "severity", "times", "state", "due_on", "case", "conclusion", "conclusion_note",
         "concluded_by_label", "registered_at", "registered_by_label", "version"),
        ((uuid4(), channels[n % 5], village, household, "", ["illness"], "", "医疗保障局", "",
          False, "", today - timedelta(days=n % 40), "", 2, 1,
          "attached" if household in cases else "received",
          None if household in cases else today + timedelta(days=n % 9 - 4),
          cases.get(household), "", "", "", clock.now(), "x", 1)
         for n, (household, village) in enumerate(some)),
    )  # fmt: skip


def _papers() -> None:
    """Everything that an approval looks at, for the cases that wait for one."""
    from shouwang.cases.models import (
        Application,
        Appraisal,
        Case,
        CaseRisk,
        CaseStep,
        ComparisonRequest,
        HouseholdCheck,
        Notice,
        NoticeEntry,
        Review,
    )
    from shouwang.cases.regimes import regime
    from shouwang.core import clock

    now, today = clock.now(), clock.today()
    waiting = list(Case.objects.filter(state="approval").order_by("pk")[:APPROVALS])
    before = today - timedelta(days=20)
    one: dict[str, Any] = {"recorded_at": now, "recorded_by_label": "x"}
    Application.objects.bulk_create(
        Application(case=case, applied_on=before, applicant_name="x", signed_on=before, **one)
        for case in waiting
    )
    HouseholdCheck.objects.bulk_create(
        HouseholdCheck(
            case=case, household_id=case.household_id, kind="identification", state="submitted",
            visited_on=before, size=2, net_income=12_000, per_person=6_000, self_paid=0,
            education_ok=True, medical_ok=True, housing_ok=True, water_ok=True,
            risks=[{"key": "illness", "note": ""}], created_at=now, created_by_label="x",
            checkers=[{"name": "甲"}, {"name": "乙"}],
        )
        for case in waiting
    )  # fmt: skip
    CaseRisk.objects.bulk_create(CaseRisk(case=case, position=1, key="illness") for case in waiting)
    ComparisonRequest.objects.bulk_create(
        ComparisonRequest(
            case=case, stage="identification", department=name, state="answered",
            requested_at=now, requested_by_label="x",
        )
        for case in waiting
        for name in regime("2026").departments
    )  # fmt: skip
    Appraisal.objects.bulk_create(
        Appraisal(
            case=case, stage="identification", held_on=before, meeting="representatives",
            entitled=20, present=20, votes_for=20, has_quorum=True, passed=True, **one,
        )
        for case in waiting
    )  # fmt: skip
    for number, case in enumerate(waiting):
        notice = Notice.objects.create(
            number=f"N{number}", kind="publicity", stage="identification",
            village_id=case.village_id, published_on=before, published_at=now,
            last_day=before + timedelta(days=5), published_by_label="x",
        )  # fmt: skip
        NoticeEntry.objects.create(
            notice=notice, case=case, kind="publicity", stage="identification"
        )
    Review.objects.bulk_create(
        Review(case=case, stage="identification", passed=True, on=today, at=now, by_label="x")
        for case in waiting
    )
    CaseStep.objects.bulk_create(
        CaseStep(
            case=case, action="pass_review", label="审核同意", from_state="review",
            to_state="approval", at=now, on=today, actor_label="x", version=1,
        )
        for case in waiting
    )  # fmt: skip


def look(role: str, times: int) -> dict[str, Any]:
    """Each question and each page so many times; seconds of the middle and of the slowest 5 %."""
    _django()
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

    def page(name: str) -> Callable[[], None]:
        def get() -> None:
            answer = client.get(reverse(name))
            if answer.status_code != 200:
                raise AssertionError(f"{name}: {answer.status_code}")

        return get

    asked: dict[str, Callable[[], Any]] = {
        "待办计数 inbox counts": lambda: queries.inbox(actor),
        "待办列表 waiting cases": lambda: list(queries.waiting_cases(actor)[:50]),
        "期限看板 board": lambda: queries.board(actor),
        "乡镇看板 board by town": lambda: queries.board_by_town(actor),
        "漏斗 funnel by town": lambda: queries.funnel(actor, "town"),
        "漏斗 funnel by channel": lambda: queries.funnel(actor, "channel"),
        "负荷 load": lambda: queries.load_per_worker(actor),
        "页面 inbox": page("cases:inbox"),
        "页面 list": page("cases:list"),
        "页面 clues": page("cases:clues"),
        "页面 board": page("cases:board"),
        "页面 funnel": page("cases:funnel"),
    }
    return {"lines": {title: _timed(deed, times) for title, deed in asked.items()}}


def _timed(deed: Callable[[], Any], times: int) -> dict[str, float]:
    deed()
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        deed()
        seconds.append(time.perf_counter() - begun)
    worst = sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]
    return {"p50": statistics.median(seconds), "p95": worst}


def approve(count: int) -> dict[str, Any]:
    """Approve so many at once, as the county's leader."""
    _django()
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
    cases: int = CASES,
    approvals: int = APPROVALS,
    times: int = TIMES,
) -> dict[str, Any]:
    """Make the county, look as three people, approve; prints a table for each."""
    place = folder / f"cases-{households}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    environment = {
        "SHOUWANG_DATA_DIR": str(place),
        "SHOUWANG_DATABASE_URL": f"sqlite:///{place / 'cases.sqlite3'}",
    }
    measure.run("bench.cases", "fill", households=households, cases=cases, environment=environment)
    slowest: dict[str, float] = {}
    for role in ROLES:
        done = measure.run("bench.cases", "look", role=role, times=times, environment=environment)
        lines = done.given["lines"]
        measure.table(
            f"{role}, {households:,} households, {cases:,} cases",
            ["what", "p50 ms", "p95 ms"],
            [[title, one["p50"] * 1000, one["p95"] * 1000] for title, one in lines.items()],
        )
        slowest |= {f"{title}, {role}": one["p95"] for title, one in lines.items()}
    worst = max(slowest, key=lambda title: slowest[title])
    print(f"slowest: {worst}, p95 {measure.verdict(slowest[worst], P95_TARGET)} s")
    bulk = measure.run("bench.cases", "approve", count=approvals, environment=environment)
    print(f"{bulk.given['done']} approvals: {measure.verdict(bulk.seconds, BULK_TARGET)} s")
    return {"slowest": slowest, "approve": bulk.seconds, "done": bulk.given["done"]}


if __name__ == "__main__":
    main(Path(os.environ.get("SHOUWANG_BENCH_DIR", "data/bench")).resolve())
