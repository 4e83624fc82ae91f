"""个案县 (county of cases): what `bench.cases` looks at, made row by row past the rooms.

How it came to be is not what is measured; it holds everything that the pages read and everything
that an approval asks for.
"""

import os
import time
from datetime import timedelta
from typing import Any

APPROVALS = 500
TOWNS, VILLAGES = 15, 12
STATES = (
    "consent", "checking", "appraisal", "notice", "review", "approval", "announcement", "filing",
    "monitored", "monitored", "monitored", "monitored", "monitored", "exit_check", "exit_notice",
    "resolved", "resolved", "resolved", "refused", "withdrawn",
)  # fmt: skip


def set_up() -> None:
    """Make the rooms ready in a process of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()


def fill(households: int, cases: int) -> dict[str, Any]:
    """An empty installation with places, people, households, cases and clues."""
    set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    make(households, cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself after a while
    return {"seconds": time.perf_counter() - begun}


def make(households: int, cases: int) -> None:
    """Everything into an empty database."""
    from django.db import transaction

    with transaction.atomic():
        villages = _places()
        _people(villages)
        keys = _households(villages, households)
        _cases(keys[:cases])
        _clues(keys[: cases * 2])
        _measures()
        _papers()


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

    today, table = clock.today(), table_of("2026")
    rows: list[tuple[Any, ...]] = []
    for number, (household, village) in enumerate(keys):
        state = STATES[(number + number // (TOWNS * VILLAGES)) % len(STATES)]
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


CHANNELS = (
    "department", "self_report", "cadre_visit", "supervision", "rescue_platform", "platform",
)  # fmt: skip
DEPARTMENTS = ("医疗保障局", "教育局", "住房和城乡建设局", "人力资源和社会保障局")


def _clues(keys: list[tuple[int, int]]) -> None:
    """One of each case, and as many again that wait; a sixth of them is from a screening."""
    from uuid import uuid4

    from shouwang.cases.models import Case, RegisteredClue
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows

    cases = dict(Case.objects.values_list("household", "pk"))
    today = clock.today()
    screened = _screened(keys[5::6])

    def row(n: int, household: int, village: int) -> tuple[Any, ...]:
        channel, case = CHANNELS[n % 6], cases.get(household)
        return (
            uuid4(), channel, village, household, "", ["illness"], "",
            DEPARTMENTS[n % 4] if channel == "department" else "", "", screened.get(household),
            False, "", today - timedelta(days=n % 40), "", 2, 1,
            "attached" if case else "received",
            None if case else today + timedelta(days=n % 9 - 4), case, "", "", "", clock.now(),
            "x", 1,
        )  # fmt: skip

    copy_rows(
        RegisteredClue,
        ("uuid", "channel", "village", "household", "subject_name", "risks", "text",
         "department", "outside_no", "screening_clue", "on_behalf", "relation", "received_on",
         "emergency", "severity", "times", "state", "due_on", "case", "conclusion",
         "conclusion_note", "concluded_by_label", "registered_at", "registered_by_label",
         "version"),
        (row(n, *key) for n, key in enumerate(keys)),
    )  # fmt: skip


def _screened(keys: list[tuple[int, int]]) -> dict[int, int]:
    """What a screening found, by household."""
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows
    from shouwang.screening.models import Clue
    from shouwang.screening.queries import rulebook_in_force

    rules, today = sorted(rulebook_in_force().rules), clock.today()
    copy_rows(
        Clue,
        ("risk", "village", "household", "kind", "severity", "priority", "rule_id", "rule_count",
         "first_seen", "last_seen", "dates_seen", "monitor_class", "assistance", "triage",
         "triage_note", "triaged_by_label", "version"),
        (("illness", village, household, "clue", 2, 2, rules[n % len(rules)], 1, today, today, 1,
          "", "", "", "", "", 1) for n, (household, village) in enumerate(keys)),
    )  # fmt: skip
    return dict(Clue.objects.values_list("household", "pk"))


def _measures() -> None:
    """Two for each household that was ever identified."""
    from shouwang.cases.models import Case
    from shouwang.core import clock
    from shouwang.core.bulk import copy_rows
    from shouwang.support.models import Measure

    known = Case.objects.filter(identified_on__isnull=False)
    copy_rows(
        Measure,
        ("household", "village", "case", "item", "kind", "title", "risk", "is_development", "ends",
         "department", "origin", "reasons", "note", "state", "result", "created_at",
         "created_by_label", "version"),
        ((household, village, case, "", "industry", "x", "", True, "once", "", "desk", [], "",
          state, "", clock.now(), "x", 1)
         for case, household, village in known.values_list("pk", "household", "village")
         for state in ("under_way", "done")),
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
