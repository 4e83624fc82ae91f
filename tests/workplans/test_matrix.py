"""分解表: sums are checked, 其中 stays within the whole, all is saved or nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.workplans.models import Task
from shouwang.workplans.operations import (
    add_measure,
    advance_task,
    edit_task,
    report_progress,
    save_matrix,
)
from shouwang.workplans.operations.matrix import Matrix, Row, check_matrix, matrix_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def grain(confirmed, officer) -> Task:
    task = Task.objects.order_by("number").first()
    task = edit_task(officer, task, version=task.version, place="全县", person="张三")
    return advance_task(officer, task, "start", version=task.version)


def rows(places, key, *amounts):
    names = (places.town.name, places.neighbour_town.name)
    return [
        Row(name, {key: None if amount is None else Decimal(amount)})
        for name, amount in zip(names, amounts, strict=True)
    ]


def test_every_town_has_a_row_before_anything_is_split(grain, places):
    known = matrix_of(grain)
    assert [row.name for row in known.rows] == [places.town.name, places.neighbour_town.name]
    assert known.columns == [grain]


def test_the_table_is_saved_whole_and_changed_later(grain, officer, places):
    assert save_matrix(officer, grain, rows(places, grain.pk, 100000, 200000), version=3) == 2
    parts = list(grain.parts.order_by("number"))
    assert [part.units.get().division for part in parts] == [places.town, places.neighbour_town]
    grain.refresh_from_db()
    report_progress(officer, parts[0], as_of=today(), text="已播", value=Decimal(75000))
    more = rows(places, grain.pk, 150000, 150000)
    assert save_matrix(officer, grain, more, version=grain.version) == 2
    parts[0].refresh_from_db()
    assert (parts[0].quantity, parts[0].share) == (150000, Decimal("0.5"))
    grain.refresh_from_db()
    assert grain.done == 75000
    assert save_matrix(officer, grain, more, version=grain.version) == 0


def test_a_short_sum_leaves_everything_as_it_was(grain, officer, places):
    with pytest.raises(DomainError, match="少 100,000"):
        save_matrix(officer, grain, rows(places, grain.pk, 100000, 100000), version=3)
    with pytest.raises(Conflict):
        save_matrix(officer, grain, rows(places, grain.pk, 100000, 200000), version=99)
    twice = rows(places, grain.pk, 300000, None)[:1] * 2
    with pytest.raises(DomainError, match="两行"):
        save_matrix(officer, grain, twice, version=3)
    assert not grain.parts.exists()


def test_what_was_reported_cannot_be_emptied_and_nothing_else_is_saved(grain, officer, places):
    save_matrix(officer, grain, rows(places, grain.pk, 100000, 200000), version=3)
    first = grain.parts.order_by("number").first()
    report_progress(officer, first, as_of=today(), text="已播", value=Decimal(5))
    grain.refresh_from_db()
    with pytest.raises(Conflict, match="不能清空"):
        save_matrix(officer, grain, rows(places, grain.pk, None, 300000), version=grain.version)
    amounts = set(grain.parts.values_list("quantity", flat=True))
    assert amounts == {100000, 200000}


def test_of_which_stays_within_the_whole(grain, officer, places):
    with pytest.raises(DomainError, match="不能超过"):
        add_measure(officer, grain, name="玉米", quantity=Decimal(400000), version=grain.version)
    maize = add_measure(officer, grain, name="玉米", quantity=Decimal(50000), version=3)
    grain.refresh_from_db()
    given = [
        Row(places.town.name, {grain.pk: Decimal(100000), maize.pk: Decimal(110000)}),
        Row(places.neighbour_town.name, {grain.pk: Decimal(200000)}),
    ]
    with pytest.raises(DomainError, match="超过整项 100,000"):
        save_matrix(officer, grain, given, version=grain.version)
    given[0] = Row(places.town.name, {grain.pk: Decimal(100000), maize.pk: Decimal(50000)})
    assert save_matrix(officer, grain, given, version=grain.version) == 3
    report_progress(officer, maize.parts.get(), as_of=today(), text="已播", value=Decimal(50000))
    grain.refresh_from_db()
    assert not grain.done


def test_a_town_splits_its_own_part_to_villages_and_a_village_to_plots(
    grain, officer, places, person
):
    save_matrix(officer, grain, rows(places, grain.pk, 100000, 200000), version=3)
    part = grain.parts.order_by("number").first()
    clerk, worker = person("town_clerk"), person("village_worker")
    with pytest.raises(NotAllowed):
        save_matrix(clerk, grain, rows(places, grain.pk, 1, 2), version=4)
    villages = [row.name for row in matrix_of(part).rows]
    assert villages == [places.village.name, places.other_village.name]
    given = [Row(name, {part.pk: Decimal(50000)}) for name in villages]
    save_matrix(clerk, part, given, version=part.version)
    own = part.parts.order_by("number").first()
    assert own.units.get().division == places.village
    plots = [
        Row("张家合作社", {own.pk: Decimal(30000)}, "李四"),
        Row("东坡田块", {own.pk: Decimal(20000)}),
    ]
    save_matrix(worker, own, plots, version=own.version)
    assert [each.place for each in own.parts.order_by("number")] == ["张家合作社", "东坡田块"]
    with pytest.raises(NotAllowed):
        save_matrix(worker, part, given, version=part.version + 1)


def test_the_page_keeps_what_was_typed_when_it_is_refused(grain, places, person):
    url = reverse("workplans:matrix", args=[grain.pk])
    client = person.client("county_officer")
    body = {
        "version": grain.version, "rows": "3", "name-0": places.town.name, "name-2": "",
        f"cell-0-{grain.pk}": "10万", "name-1": places.neighbour_town.name,
        f"cell-1-{grain.pk}": "200,000", "ends-1": "2026-11-30",
    }  # fmt: skip
    refused = client.post(url, body)
    assert refused.status_code == 400
    assert "10万" in refused.content.decode()
    assert "200,000" in refused.content.decode()
    body[f"cell-0-{grain.pk}"] = "100000"
    body["ends-1"] = "年底"
    assert client.post(url, body).status_code == 400
    body["ends-1"] = "2026-11-30"
    assert client.post(url, body).status_code == 302
    assert "100000" in client.get(url).content.decode()
    assert person.client("town_clerk").get(url).status_code == 403
    assert person.client("town_clerk", "nobody").get(url).status_code == 302
    hostile = {"version": "1", "rows": "９９", "name-0": "\x00"}
    assert client.post(url, hostile).status_code in (200, 302, 400, 409)


def test_of_which_is_added_by_form(grain, person):
    client = person.client("county_officer")
    url = reverse("workplans:matrix-within", args=[grain.pk])
    body = {"name": "玉米", "quantity": "50000", "version": grain.version}
    assert client.post(url, body | {"quantity": "x"}).status_code == 400
    assert client.post(url, body).status_code == 302
    page = client.get(reverse("workplans:matrix", args=[grain.pk])).content.decode()
    assert "其中：玉米" in page


@given(
    st.lists(st.decimals(0, 1000, places=2) | st.none(), min_size=1, max_size=8),
    st.decimals(1, 3000, places=2),
)
def test_a_table_passes_only_where_the_sum_reaches_the_whole(amounts, quantity):
    task = Task(pk=1, quantity=quantity, comparator="ge", target_name="x", unit="亩")
    given = [Row(f"{at}", {1: amount}) for at, amount in enumerate(amounts)]
    wrong = check_matrix(Matrix(task, [task], [], []), given)
    known = [amount for amount in amounts if amount is not None]
    assert bool(wrong) == (bool(known) and sum(known) < quantity)
