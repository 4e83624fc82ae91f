"""Explanations of one household: three values, sentences, facts, evidence; nothing personal."""

import re
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shouwang.engine import evidence_rows, explain, screen, sentence
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules.batches import ScreeningInput

JUNE = date(2026, 6, 30)
FEBRUARY = date(2026, 2, 28)
ID_LIKE = re.compile(r"\d{15}")


@pytest.fixture(scope="module")
def hits(
    rulebook: Rulebook, sample: ScreeningInput, tmp_path_factory: pytest.TempPathFactory
) -> list[dict]:
    result = screen(rulebook, sample, JUNE, out=tmp_path_factory.mktemp("june"))
    return pq.read_table(result.hits).to_pylist()


def household_of(hits: list[dict], rule: str) -> str:
    return next(hit["household_no"] for hit in hits if hit["rule_id"] == rule)


@pytest.mark.slow
def test_what_is_met_is_what_screening_found(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict]
) -> None:
    number = household_of(hits, "cross.multi_risk")
    found = {
        (verdict.rule_id, verdict.person_no, verdict.value, verdict.threshold)
        for verdict in explain(rulebook, sample, number, JUNE)
        if verdict.state == "met" and verdict.level != "village"
    }
    assert found == {
        (hit["rule_id"], hit["person_no"], hit["value"], hit["threshold"])
        for hit in hits
        if hit["household_no"] == number
    }


@pytest.mark.slow
def test_every_rule_is_there_for_every_subject_with_its_source_and_parameters(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict]
) -> None:
    verdicts = explain(rulebook, sample, household_of(hits, "income.below_line"), JUNE)
    assert {verdict.rule_id for verdict in verdicts} == set(rulebook.rules)
    below = next(verdict for verdict in verdicts if verdict.rule_id == "income.below_line")
    assert below.parameters["income.line"].value == 8800
    assert "低于2026年6月30日适用的监测范围8,800.00元" in below.sentence


@pytest.mark.slow
def test_a_month_without_a_file_is_unknown_and_names_the_feed(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict]
) -> None:
    number = household_of(hits, "income.below_line")
    verdicts = explain(rulebook, sample, number, FEBRUARY)
    loss = next(verdict for verdict in verdicts if verdict.rule_id == "disaster.loss")
    assert (loss.state, loss.missing) == ("unknown", "disaster")
    assert loss.sentence == "无法判断：缺少灾情到户统计。"


@pytest.mark.slow
def test_an_explanation_holds_no_number_of_a_document(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict]
) -> None:
    for verdict in explain(rulebook, sample, household_of(hits, "cross.multi_risk"), JUNE):
        assert not ID_LIKE.search(f"{verdict.sentence}{verdict.facts}{verdict.missing}")


@pytest.mark.slow
def test_evidence_is_the_rows_that_were_added_up(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict]
) -> None:
    hit = next(hit for hit in hits if hit["rule_id"] == "medical.self_paid_catastrophic")
    rows = evidence_rows(
        rulebook, sample, hit["rule_id"],
        household_id=hit["household_id"], person_id=hit["person_id"], as_of=JUNE,
    )  # fmt: skip
    assert f"{sum(row.values['self_paid'] for row in rows) / 100:.2f}" == hit["value"]
    assert {row.feed for row in rows} == {"medical_settlement"}


def test_an_unknown_household_has_no_verdicts(rulebook: Rulebook, sample: ScreeningInput) -> None:
    assert explain(rulebook, sample, "no such household", JUNE) == []


@pytest.mark.parametrize(
    ("rule", "value", "threshold", "words"),
    [
        ("assist.large_temp_relief", "12345.60", "3000.00", "合计12,345.60元，达到3,000.00元"),
        ("income.sharp_fall", "0.4123", "0.2500", "下降41.23%，达到25%"),
        ("medical.uninsured_target", "no_record", "", "未查到2026年度正常参保记录（无记录）"),
        ("housing.dangerous_only_house", "C", "", "鉴定为C级且尚未整治"),
        ("disability.new_severe", "1", "", "新评定为1级残疾"),
        ("medical.outpatient_month", "640.00", "500.00", "王小明2026年6月门诊自付640.00元"),
        ("water.village_cluster", "0.1250", "0.1000", "柳湾村被核查户中饮水问题占12.5%"),
        ("accident.traffic", "traffic_death", "", "发生交通事故死亡"),
    ],
)  # fmt: skip
def test_a_sentence_reads_as_people_write(
    rulebook: Rulebook, rule: str, value: str, threshold: str, words: str
) -> None:
    found = sentence(
        rulebook, rule, value=value, threshold=threshold, as_of=JUNE,
        name="王小明", village="柳湾村", household_kind="边缘易致贫户",
    )  # fmt: skip
    assert words in found
    assert "{" not in found


@pytest.mark.slow
def test_the_notebook_example_runs(
    rulebook: Rulebook, sample: ScreeningInput, hits: list[dict], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "notebook-example.md").read_text("utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    relief = next(
        batch
        for batch in sample.batches
        if batch.feed == "temp_relief" and batch.period_end == JUNE
    )
    code = code.replace('"feeds/temp_relief/2026-06"', repr(str(relief.path)))
    code = code.replace('Path("registry")', f"Path({str(sample.registry)!r})")
    code = code.replace("H0001", household_of(hits, "income.below_line"))
    exec(compile(code, "notebook", "exec"), {})
    assert "met 脱贫户人均纯收入低于监测范围" in capsys.readouterr().out
