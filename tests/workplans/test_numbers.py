"""每个数的出处: a number of a board opens exactly the tasks that it counts, these their paper."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.divisions.models import Division
from shouwang.workplans.bulletins import compile_quarter
from shouwang.workplans.models import Task
from shouwang.workplans.operations import add_initiative, make_task, split_task
from shouwang.workplans.operations.splitting import Part
from shouwang.workplans.queries import board

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<a href="([^"]*/workplans/\?[^"]*)">\s*([\d,]+)\s*</a>')
FIGURE = re.compile(r'<a class="figure[^"]*" href="([^"]+)">(.*?)</a>', re.S)
WHOLE = re.compile(r"共\s*<[^>]+>([\d,]+)</")


@pytest.fixture
def mixed(confirmed, officer, places):
    """Tasks of every light and state, with and without a paper, split and whole."""
    first, second, third = Task.objects.order_by("number_key")
    rows = [Part(places.town.name, Decimal(100000)), Part("县民政局", Decimal(200000))]
    split_task(officer, first, rows, version=first.version)
    for state, days, share in (
        ("going", -5, "0.2"), ("going", 50, "0.5"), ("going", 60, "0.1"), ("done", -9, "1"),
        ("cancelled", -9, "0"),
    ):  # fmt: skip
        made = make_task(
            officer, number=f"手{days}", title="零星任务", division=places.county,
            lead=["县农业农村局"], begins_on=today() - timedelta(100),
            ends_on=today() + timedelta(days), tags=["千万工程"],
        )  # fmt: skip
        Task.objects.filter(pk=made.pk).update(state=state, share=Decimal(share))
    begins, ends = today() - timedelta(100), today() - timedelta(1)
    Task.objects.filter(parent=first).update(begins_on=begins, ends_on=ends, state="going")
    Task.objects.filter(pk=third.pk).update(state="done", share=1)
    add_initiative(officer, name="千万工程", level="nation")
    return first, second


def opened(client, url):
    """How many tasks the list behind a number has."""
    page = client.get(html.unescape(url)).content.decode()
    found = WHOLE.search(page)
    return int(found.group(1).replace(",", "")) if found else 0


@pytest.mark.parametrize("name", ["overview", "board", "dispatch"])
def test_a_number_of_a_board_opens_as_many_tasks(mixed, person, name):
    client = person.client("county_officer")
    page = client.get(reverse(f"workplans:{name}")).content.decode()
    numbers = NUMBER.findall(page)
    assert len(numbers) > 4
    for url, number in numbers:
        assert opened(client, url) == int(number.replace(",", "")), url


def test_the_figures_of_the_dispatch_sheet_open_as_many_tasks(mixed, person):
    client = person.client("county_officer")
    for figure in client.get(reverse("workplans:dispatch")).context["figures"]:
        assert opened(client, figure.url) == figure.value, figure.label


def test_a_task_behind_a_number_leads_to_its_place_in_the_paper(mixed, person, confirmed):
    client = person.client("county_officer")
    for part in mixed[0].parts.all():
        page = client.get(part.get_absolute_url()).content.decode()
        link = f"{reverse('workplans:paper', args=[confirmed.pk])}#piece-{part.piece.pk}"
        assert link in page
    paper = client.get(reverse("workplans:paper", args=[confirmed.pk])).content.decode()
    assert f'data-piece="{part.piece.pk}"' in paper


def test_every_table_of_the_bulletin_says_where_its_numbers_are_from(mixed, officer, person):
    client = person.client("county_officer")
    for section in compile_quarter(officer, today()):
        if section["rows"] and section["key"] != "overall":
            assert len(section["links"]) == len(section["rows"]), section["key"]
        for label, url in section["links"]:
            assert label
            assert client.get(url).status_code == 200
    sections = {one["key"]: one for one in compile_quarter(officer, today())}
    counts = {row[1]: row[2] for row in sections["offices"]["rows"]}
    for label, url in sections["offices"]["links"]:
        assert opened(client, url) == counts[label]


def test_villages_of_one_name_in_two_towns_are_two_rows(confirmed, officer, places, person):
    villages = []
    for at, share in ((1, "0.2"), (2, "0.9")):
        town = Division.objects.create(
            code=f"99990180{at}000", name=f"第{at}镇", level="town", parent=places.county,
            path="", pinyin="", initials="",
        )  # fmt: skip
        town.path = f"{places.county.path}{town.pk}/"
        town.save()
        village = Division.objects.create(
            code=f"99990180{at}201", name="东风村", level="village", parent=town, path="",
            pinyin="", initials="",
        )  # fmt: skip
        village.path = f"{town.path}{village.pk}/"
        village.save()
        villages.append(village)
        made = make_task(officer, number=f"东{at}", title="改厕", division=village, lead=["东风村"])
        made.units.filter(duty="lead").update(division=village)
        Task.objects.filter(pk=made.pk).update(state="going", share=Decimal(share))
    names = {row.key: row.name for row in board(officer) if row.level == "village"}
    assert names == {
        villages[0].code: "东风村（第1镇）", villages[1].code: "东风村（第2镇）"
    }  # fmt: skip
    client = person.client("county_officer")
    page = client.get(reverse("workplans:tasks"), {"unit": villages[1].code, "duty": "lead"})
    words = page.content.decode()
    assert "东2" in words and "东1" not in words
    assert "东风村（第2镇）" in words
