"""考核通报: a published round is told to all as a paper of its own layout; nothing before."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from shouwang.core.errors import Conflict
from shouwang.evaluations import bulletin
from shouwang.evaluations.models import Score
from shouwang.evaluations.operations import advance_round, count_round, review

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def filled(running, officer):
    given = {("青禾镇", "1"): 0, ("青禾镇", "2.1"): 39, ("白石镇", "1"): 0, ("白石镇", "2.1"): 5}
    for (name, number), value in given.items():
        score = Score.objects.get(sheet__round=running, sheet__name=name, item__number=number)
        review(officer, score, value=D(value), note="核定")
    count_round(officer, running)
    running.refresh_from_db()
    return running


@pytest.fixture
def published(filled, officer):
    scored = advance_round(officer, filled, "score", version=filled.version)
    return advance_round(officer, scored, "publish", version=scored.version)


def test_the_bulletin_names_grades_leaders_and_what_is_weak(published, officer):
    document = Document(io.BytesIO(bulletin.write(officer, published)))
    words = [one.text for one in document.paragraphs]
    text = "\n".join(words)
    assert "关于2026年上半年乡镇考核结果的通报" in words[0]
    assert "各乡镇人民政府：" in words
    for heading in ("一、考核结果", "二、成效较好的方面", "三、存在的主要问题", "四、结果运用",
                    "五、工作要求"):  # fmt: skip
        assert heading in words
    assert "政策落实差错：平均得分率100.0%" in text
    assert "自评工作：平均得分率55.0%。白石镇得分靠后" in text
    assert "附件2" in words
    league, *sheets = document.tables
    assert [row.cells[1].text for row in league.rows][1:] == ["青禾镇", "白石镇"]
    assert len(sheets) == 2
    assert any("自评工作" in row.cells[0].text for row in sheets[0].rows)


def test_before_publication_there_is_no_bulletin(filled, officer, person):
    with pytest.raises(Conflict, match="公布后"):
        bulletin.write(officer, filled)
    url = reverse("evaluations:bulletin", args=[filled.pk])
    assert person.client("county_officer").get(url).status_code == 409


def test_the_bulletin_is_written_by_who_may_export(published, person):
    url = reverse("evaluations:bulletin", args=[published.pk])
    owner = person.client("county_officer")
    answer = owner.get(url)
    assert answer.status_code == 200
    assert b"word/document.xml" in answer.content
    assert "考核通报" in owner.get(published.get_absolute_url()).content.decode()
    assert person.client("county_officer", "neighbour").get(url).status_code == 404
    assert person.client("town_clerk").get(url).status_code == 403
