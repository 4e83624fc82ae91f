"""季度通报: ranking from tasks, figures frozen at issue, signed by departments and towns."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from shouwang.campaigns.bulletin_kinds import all_kinds
from shouwang.campaigns.models import Bulletin
from shouwang.campaigns.operations import advance_bulletin, draft_bulletin, save_bulletin
from shouwang.core.clock import today
from shouwang.core.errors import Conflict
from shouwang.workplans.models import Task
from shouwang.workplans.operations import advance_task, edit_task, report_progress, split_task
from shouwang.workplans.operations.splitting import Part
from shouwang.workplans.queries import board, initiatives

pytestmark = pytest.mark.django_db


@pytest.fixture
def under_way(confirmed, officer, places) -> Task:
    """Grain, split to two towns: one is done with half, the other has not reported and is late."""
    task = Task.objects.order_by("number").first()
    task = edit_task(
        officer, task, version=task.version, place="全县", person="张三", tags=["千万工程"],
        begins_on=today() - timedelta(50), ends_on=today() + timedelta(50),
    )  # fmt: skip
    task = advance_task(officer, task, "start", version=task.version)
    late = today() - timedelta(3)
    here, _ = split_task(
        officer, task,
        [Part(places.town.name, Decimal(200000)),
         Part(places.neighbour_town.name, Decimal(100000), ends_on=late)],
        version=task.version,
    )  # fmt: skip
    report_progress(officer, here, as_of=today(), text="已播", value=Decimal(100000))
    return task


@pytest.fixture
def draft(under_way, officer, places) -> Bulletin:
    return draft_bulletin(officer, division=places.county, month=today(), kind="tasks")


def sections(bulletin):
    return {one["key"]: one for one in bulletin.sections}


def test_towns_and_offices_are_ranked_and_agree_with_the_board(draft, officer, places):
    found = sections(draft)
    rows = found["towns"]["rows"]
    assert [row[:2] for row in rows] == [[1, places.town.name], [2, places.neighbour_town.name]]
    assert [row[5] for row in rows] == [50.0, 0.0]
    assert {row.name for row in board(officer) if row.level} == {row[1] for row in rows}
    assert found["problems"]["rows"][0][2] == places.neighbour_town.name
    assert "从未报送进展 1 项" in found["problems"]["text"]
    assert places.neighbour_town.name in found["next"]["text"]
    assert found["initiatives"]["rows"][0][:2] == ["千万工程", 2]


def test_villages_are_ranked_among_villages(under_way, officer, places):
    part = under_way.parts.get(units__name=places.neighbour_town.name)
    village = places.neighbour_town.children.first()
    split_task(officer, part, [Part(village.name, Decimal(100000))], version=part.version)
    found = sections(draft_bulletin(officer, division=places.county, month=today(), kind="tasks"))
    assert [row[1] for row in found["villages"]["rows"]] == [village.name]
    assert [row[1] for row in found["towns"]["rows"]] == [places.town.name]


def test_an_initiative_adds_up_the_tasks_that_carry_it(under_way, officer):
    row = initiatives(officer)[0]
    assert (row.name, row.total, row.red) == ("千万工程", 2, 1)
    assert row.mean == Decimal("0.25")


def test_a_quarter_has_one_bulletin_of_tasks_beside_the_monthly_one(draft, officer, places):
    assert draft.month.month in (1, 4, 7, 10)
    assert "季度" in draft.title
    with pytest.raises(Conflict, match="季度"):
        draft_bulletin(officer, division=places.county, month=today(), kind="tasks")


def test_issued_figures_stay_and_departments_and_towns_sign(draft, officer, under_way, person):
    words = {"good": "青禾镇播种快。"}
    saved = save_bulletin(
        officer, draft, title=draft.title, number="示通〔2026〕3号", distribution="各乡镇、各部门",
        texts=words, version=draft.version,
    )  # fmt: skip
    department = person.client("department_officer")
    url = reverse("campaigns:bulletin", args=[draft.pk])
    assert department.get(url).status_code == 404
    issued = advance_bulletin(person("county_leader"), saved, "issue", version=saved.version)
    Task.objects.update(share=1, state="done")
    issued.refresh_from_db()
    assert sections(issued)["towns"]["rows"][0][5] == 50.0
    for client in (department, person.client("town_clerk")):
        assert "青禾镇播种快" in client.get(url).content.decode()
        sign = reverse("campaigns:bulletin-sign", args=[draft.pk])
        assert client.post(sign).status_code == 302
    assert issued.receipts.count() == 2
    word = person.client("county_officer").get(reverse("campaigns:bulletin-word", args=[draft.pk]))
    document = Document(io.BytesIO(word.content))
    parts = [str(part.partname) for part in document.part.package.iter_parts()]
    assert any("/charts/" in name for name in parts)
    assert "示通〔2026〕3号" in [one.text for one in document.paragraphs]


def test_a_department_sees_only_kinds_in_which_it_stands(draft, officer, person, places):
    monthly = Bulletin.objects.create(
        title="月报", division=places.county, month=today().replace(day=1), made_on=today(),
        created_at=draft.created_at, created_by_label="x", state="issued", issued_on=today(),
    )  # fmt: skip
    url = reverse("campaigns:bulletin", args=[monthly.pk])
    assert person.client("department_officer").get(url).status_code == 404
    assert person.client("town_clerk").get(url).status_code == 200
    assert [kind.key for kind in all_kinds().values() if kind.is_for_departments] == ["tasks"]
