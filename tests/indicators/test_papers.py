"""从文件到指标: the tables of a paper are proposed, looked at, confirmed and evaluated."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from shouwang.core.errors import Conflict, DomainError
from shouwang.indicators.models import Definition
from shouwang.indicators.operations import (
    advance_reading,
    compute,
    decide_proposal,
    read_paper,
)
from shouwang.indicators.operations.proposals import CHECKS
from shouwang.indicators.periods import Period
from shouwang.indicators.queries import assess_of
from shouwang.indicators.states import reading_table
from shouwang.workplans.operations import upload_paper

pytestmark = pytest.mark.django_db
YIYANG = Path(__file__).parents[3] / "shared/samples/policies/yiyang-2021-2025.txt"
ROWS = (
    ("序号", "指标名称", "2026年目标", "属性"),
    ("1", "返贫人口", "动态清零", "约束性"),
    ("2", "农村生活污水处理率（%）", "35", "预期性"),
    ("3", "农村卫生厕所普及率（%）", "高于全省平均水平", "预期性"),
)


def docx() -> bytes:
    document = Document()
    document.add_paragraph("示例县乡村振兴规划（2026年）")
    document.add_paragraph("表1 示例县主要指标")
    table = document.add_table(rows=0, cols=4)
    for row in ROWS:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def reading(places, officer):
    paper = upload_paper(officer, content=docx(), name="规划.docx", division=places.county)
    return read_paper(officer, paper)


def accept_all(officer, reading):
    for proposal in reading.proposals.all():
        decide_proposal(officer, proposal, decision="accepted", version=proposal.version)


def confirm(officer, second, reading):
    accept_all(officer, reading)
    sent = advance_reading(officer, reading, "send", version=reading.version)
    return advance_reading(second, sent, "confirm", version=sent.version)


def test_a_table_becomes_indicators_by_two_people(reading, officer, second, places):
    rows = list(reading.proposals.all())
    assert [row.comparison for row in rows] == ["zero", "at_least", "above_upper"]
    assert (rows[1].name, rows[1].unit, rows[1].targets) == ("农村生活污水处理率", "%",
                                                             {"2026": "35"})  # fmt: skip
    assert rows[0].attribute == "binding"
    assert rows[0].is_red_line
    assert rows[2].source == "formula"
    with pytest.raises(DomainError, match="还有 3 行"):
        advance_reading(officer, reading, "send", version=1)
    accept_all(officer, reading)
    sent = advance_reading(officer, reading, "send", version=1)
    with pytest.raises(DomainError, match="第二个人"):
        advance_reading(officer, sent, "confirm", version=sent.version)
    assert not Definition.objects.exists()
    advance_reading(second, sent, "confirm", version=sent.version)
    assert Definition.objects.count() == 3
    sewage = Definition.objects.get(name="农村生活污水处理率")
    assert sewage.targets.get().value == 35
    words = sewage.paper.text[sewage.span_start : sewage.span_end]
    assert "农村生活污水处理率" in words
    with pytest.raises(Conflict):
        read_paper(officer, reading.paper)


def test_a_row_is_corrected_and_a_bad_formula_is_refused(reading, officer):
    row = reading.proposals.get(number="2")
    with pytest.raises(DomainError, match="自动数"):
        decide_proposal(
            officer, row, decision="corrected", version=1, source="formula", formula="registry.x"
        )
    fixed = decide_proposal(
        officer, row, decision="corrected", version=1, rhythm="quarter", targets={"2026": "36"}
    )
    assert (fixed.state, fixed.targets) == ("corrected", {"2026": "36"})
    with pytest.raises(Conflict):
        decide_proposal(officer, row, decision="accepted", version=1)


def test_every_requirement_of_the_table_has_a_check():
    assert reading_table().requirements <= set(CHECKS)


@pytest.mark.skipif(not YIYANG.is_file(), reason="the sample papers are not here")
def test_the_three_tables_of_the_sample_paper_are_read_and_evaluated(places, officer, second):
    paper = upload_paper(
        officer, content=YIYANG.read_bytes(), name=YIYANG.name, division=places.county
    )
    reading = read_paper(officer, paper)
    rows = list(reading.proposals.all())
    assert [sum(row.table == name for row in rows) for name in ("表2-1", "专栏9", "专栏10")] == [
        16, 7, 9,
    ]  # fmt: skip
    confirm(officer, second, reading)
    found = Definition.objects.filter(paper=paper)
    assert found.count() == 32
    assert found.filter(attribute="binding").count() == 8
    assert found.filter(comparison="zero").count() == 3
    assert found.filter(comparison="conditional", base_year=2020).count() == 1
    assert found.filter(level="village", place_class="key_help").get().targets.get().value == 50000
    assert found.get(number="3", table="专栏10", parent__isnull=False).targets.get().value == 80
    automatic = [one for one in found if one.source == "formula"]
    assert len(automatic) >= 8
    period = Period.read("2025")
    compute(officer, automatic, [places.county], period)
    water = found.get(table="表2-1", number="5")
    assert water.formula
    assert assess_of(water, places.county, period).asked.words == "≥ 100 %"
    assert found.get(table="表2-1", number="8").comparison == "text"
    assert found.get(table="表2-1", number="11").targets.get().value == Decimal("2.9")
