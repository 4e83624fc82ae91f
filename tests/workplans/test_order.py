"""编号的次序: 1-2 stands before 1-10 in lists, pages, exports, boards, on both databases."""

import importlib
import io
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shouwang.core import clock
from shouwang.core.natural import KEY_LENGTH, natural_key
from shouwang.workplans import dispatch, overview
from shouwang.workplans.models import Task

NUMBERS = ["1", "1-1", "1-2", "1-2.1", "1-2.2", "1-2.10", "1-9", "1-10", "1-10.1", "2-1", "会3-1"]


@pytest.fixture
def tasks(places) -> list[Task]:
    today, now = clock.today(), clock.now()
    return Task.objects.bulk_create(
        Task(
            number=number, title=f"任务{number}", division=places.county, made_at=now,
            made_by_label="x", begins_on=today - timedelta(9), ends_on=today - timedelta(1),
            state="going",
        )
        for number in sorted(NUMBERS, reverse=True)
    )  # fmt: skip


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), st.integers(0, 10**9))
def test_numbers_in_a_text_count_as_numbers(parts, other):
    words = "-".join(map(str, parts))
    changed = "-".join(map(str, [*parts[:-1], other]))
    assert (natural_key(words) < natural_key(changed)) == (parts[-1] < other)
    assert natural_key(words) < natural_key(f"{words}.1")


@given(st.text(max_size=60))
def test_any_text_has_a_key_of_digits_that_fits(text):
    key = natural_key(text)
    assert len(key) <= KEY_LENGTH
    assert not key.strip("0123456789")


@pytest.mark.django_db
def test_the_database_sorts_and_pages_as_people_count(tasks):
    everything = list(Task.objects.values_list("number", flat=True))
    assert everything == NUMBERS
    assert list(Task.objects.values_list("number", flat=True)[4:8]) == NUMBERS[4:8]
    assert Task.objects.reverse().first().number == NUMBERS[-1]


@pytest.mark.django_db
def test_list_export_gantt_calendar_and_dispatch_have_one_order(tasks, person, officer):
    client = person.client("county_officer")
    url = reverse("workplans:tasks")
    page = client.get(url, {"sort": "-number"}).content.decode()
    shown = re.findall(r'/workplans/[0-9]+/">任务([^<]*)</a>', page)
    assert shown == NUMBERS[::-1]
    exported = client.get(url, {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(exported)))
    cells = [str(row[0].value) for row in book.active.iter_rows()]
    assert [cell for cell in cells if cell in NUMBERS] == NUMBERS
    bars = overview.gantt(officer, clock.today(), paper=None, page=1, size=5).bars
    assert [bar.task.number for bar in bars] == NUMBERS[:5]
    late = dispatch.compile_sheet(officer).late
    assert [task.number for task in late] == NUMBERS
    asked = {"month": f"{Task.objects.first().ends_on:%Y-%m}"}
    month = client.get(reverse("workplans:calendar"), asked).context["month"]
    assert [entry.task.number for entry in month.entries] == NUMBERS


@pytest.mark.django_db
def test_tasks_from_before_get_their_key(tasks):
    Task.objects.update(number_key="")
    importlib.import_module("shouwang.workplans.migrations.0005_natural_numbers").fill(apps, None)
    assert list(Task.objects.values_list("number", flat=True)) == NUMBERS
