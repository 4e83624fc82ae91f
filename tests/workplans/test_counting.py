"""系统计数: what a room counts is not typed; each part is counted at its own place."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core import figures
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.figures import Figure
from shouwang.workplans.models import Task
from shouwang.workplans.operations import (
    advance_task,
    edit_task,
    recount,
    report_progress,
    split_task,
    tie_figure,
)
from shouwang.workplans.operations.splitting import Part

pytestmark = pytest.mark.django_db


@pytest.fixture
def sown(monkeypatch, places):
    """A made-up room that counts mu sown, by path; it can be changed by the test."""
    values = {places.county.path: Decimal(90), places.town.path: Decimal(60)}
    before = {places.county.path: Decimal(10), places.town.path: Decimal(10)}

    def count(paths, day):
        found = values if day == today() else before
        return {path: found[path] for path in paths if path in found}

    known = {"fields.sown": Figure("fields.sown", "已播面积", "亩", "田块登记的面积。", count)}
    monkeypatch.setattr(figures, "all_figures", lambda: known)
    monkeypatch.setattr("shouwang.workplans.views.work.all_figures", lambda: known)
    return values


@pytest.fixture
def grain(confirmed, officer) -> Task:
    task = Task.objects.order_by("number").first()
    task = edit_task(
        officer, task, version=task.version, place="全县", person="张三", quantity=Decimal(100)
    )
    return advance_task(officer, task, "start", version=task.version)


def test_the_system_counts_and_nobody_types(grain, officer, sown):
    task = tie_figure(officer, grain, figure="fields.sown", base_day=None, version=grain.version)
    assert (task.done, task.share, task.counted_on) == (90, Decimal("0.9"), today())
    with pytest.raises(DomainError, match="系统计数"):
        report_progress(officer, task, as_of=today(), text="x", value=Decimal(1))
    assert task.reports.get().is_counted
    sown[task.division.path] = Decimal(95)
    assert recount(officer) == 1
    assert recount(officer) == 0
    task.refresh_from_db()
    assert (task.done, task.reports.count()) == (95, 1)


def test_only_what_came_after_the_base_day_counts(grain, officer, sown):
    base = today().replace(day=1).replace(year=today().year - 1)
    task = tie_figure(officer, grain, figure="fields.sown", base_day=base, version=grain.version)
    assert (task.figure_base, task.done) == (10, 80)


def test_parts_are_counted_at_their_towns_and_what_is_not_known_is_not_zero(
    grain, officer, sown, places
):
    tie_figure(officer, grain, figure="fields.sown", base_day=None, version=grain.version)
    grain.refresh_from_db()
    parts = [Part(places.town.name, Decimal(50)), Part(places.neighbour_town.name, Decimal(50))]
    split_task(officer, grain, parts, version=grain.version)
    here, there = Task.objects.filter(parent=grain).order_by("number")
    assert (here.figure, here.done, here.share) == ("fields.sown", 60, Decimal("1.2"))
    assert (there.done, there.share) == (None, None)
    grain.refresh_from_db()
    assert grain.done == 90


def test_what_cannot_be_compared_is_refused(grain, officer, sown):
    with pytest.raises(DomainError, match="没有这个"):
        tie_figure(officer, grain, figure="x", base_day=None, version=grain.version)
    Task.objects.filter(pk=grain.pk).update(unit="户")
    grain.refresh_from_db()
    with pytest.raises(DomainError, match="不能比较"):
        tie_figure(officer, grain, figure="fields.sown", base_day=None, version=grain.version)
    Task.objects.filter(pk=grain.pk).update(unit="亩")
    grain.refresh_from_db()
    with pytest.raises(Conflict):
        tie_figure(officer, grain, figure="fields.sown", base_day=None, version=99)


def test_the_page_explains_the_count_and_lets_go_of_it(grain, sown, person):
    county = person.client("county_officer")
    url, body = reverse("workplans:tie", args=[grain.pk]), {"figure": "fields.sown"}
    assert person.client("town_clerk").post(url, body | {"version": 1}).status_code == 404
    assert person.client("supervisor").post(url, body | {"version": 1}).status_code == 403
    assert county.post(url, body | {"version": grain.version}).status_code == 302
    page = county.get(grain.get_absolute_url()).content.decode()
    assert "田块登记的面积" in page
    assert "报送进展</h2>" not in page
    assert county.post(reverse("workplans:recount")).status_code == 302
    grain.refresh_from_db()
    assert county.post(url, {"figure": "", "version": grain.version}).status_code == 302
    grain.refresh_from_db()
    assert (grain.figure, grain.done) == ("", 90)
