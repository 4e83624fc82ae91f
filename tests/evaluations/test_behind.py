"""数字后面的清单: a score opens the rows it was made of, for its unit and period, and no others."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from shouwang.core import clock
from shouwang.evaluations import report
from shouwang.evaluations.models import Score
from shouwang.evaluations.operations import advance_scheme, count_round, open_round, save_items
from shouwang.inspections.operations import ProblemDraft, register_batch

from .conftest import ITEMS

pytestmark = pytest.mark.django_db
FIGURES = "registry.protected_insured/registry.protected_insurance_known"


@pytest.fixture
def round_(scheme, officer):
    """A round over a half-year that is past, with figures, tasks and problems."""
    rule = {"kind": "ratio", "target": 100}
    rows = [
        ITEMS[0] | {"weight": 40},
        {"part": "平时", "number": "4", "name": "参保率", "weight": 30, "source": "figure",
         "source_key": FIGURES, "rule": rule},
        {"part": "平时", "number": "5", "name": "问题整改", "weight": 20, "source": "problems",
         "rule": rule},
        {"part": "平时", "number": "6", "name": "任务", "weight": 10, "source": "tasks",
         "rule": rule}, *ITEMS[1:],
    ]  # fmt: skip
    save_items(officer, scheme, rows, version=scheme.version)
    sent = advance_scheme(officer, scheme, "submit", version=scheme.version)
    approved = advance_scheme(officer, sent, "approve", version=sent.version)
    return open_round(officer, approved, period=f"{clock.today().year - 1}-H2")


def score_of(round_, number, name="青禾镇"):
    return Score.objects.get(sheet__round=round_, sheet__name=name, item__number=number)


def page(client, score):
    return client.get(reverse("evaluations:behind", args=[score.pk]))


def test_a_figure_without_a_past_says_so_on_the_page_and_in_the_report(round_, officer, person):
    count_round(officer, round_)
    score = score_of(round_, "4")
    assert "只有现在的数" in score.told["note"]
    shown = page(person.client("county_officer"), score).content.decode()
    assert "不是" in shown and "柳湾村" in shown and "竹园村" not in shown
    assert f"town={score.sheet.division.code}" in shown
    words = "".join(p.text for p in Document(io.BytesIO(
        report.write(officer, round_, "midterm"))).paragraphs)  # fmt: skip
    assert "数据口径说明" in words and "只有现在的数" in words


def test_the_problems_behind_a_score_are_those_of_the_unit_and_the_period(
    round_, officer, person, places
):
    within = round_.ends_on - timedelta(days=10)
    drafts = [
        ProblemDraft("台账没有更新", number="1", lead=["青禾镇"], due_on=within),
        ProblemDraft("邻镇的问题", number="2", lead=["白石镇"], due_on=within),
        ProblemDraft("以后才到期", number="3", lead=["青禾镇"], due_on=clock.today()),
    ]
    register_batch(officer, name="反馈", source="city", received_on=date(2025, 1, 1),
                   division=places.county, problems=drafts)  # fmt: skip
    count_round(officer, round_)
    score = score_of(round_, "5")
    assert score.value == Decimal(0)
    shown = page(person.client("county_officer"), score).content.decode()
    assert "台账没有更新" in shown and "没有销号" in shown
    assert "邻镇的问题" not in shown and "以后才到期" not in shown


def test_who_may_not_open_the_sheet_may_not_open_what_is_behind(round_, officer, person):
    count_round(officer, round_)
    mine, other = score_of(round_, "4"), score_of(round_, "4", "白石镇")
    clerk = person.client("town_clerk")
    assert page(clerk, mine).status_code == 200
    assert page(clerk, other).status_code == 404
    assert page(clerk, score_of(round_, "6")).status_code == 200
    assert page(clerk, score_of(round_, "1")).status_code == 404  # typed in: nothing behind
    assert page(person.client("town_clerk", "nobody"), mine).status_code == 302
