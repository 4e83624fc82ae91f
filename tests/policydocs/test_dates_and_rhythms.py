"""Deadlines and rhythms of a task; the paper's year is 2024."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.policydocs.dates import moments
from tests.policydocs.reading_one import task_of


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("到2025年,建成体系。", None, date(2025, 12, 31)),
        ("2025年底前完成整改。", None, date(2025, 12, 31)),
        ("9月底前完成整改。", None, date(2024, 9, 30)),
        ("6月30日前报送方案。", None, date(2024, 6, 30)),
        ("年内完成改造。", date(2024, 1, 1), date(2024, 12, 31)),
        ("年度内完成改造。", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024年,全县完成改造。", date(2024, 1, 1), date(2024, 12, 31)),
        ("上半年完成招标。", date(2024, 1, 1), date(2024, 6, 30)),
        ("5月份组织验收。", date(2024, 5, 1), date(2024, 5, 31)),
        ("三季度完成主体工程。", date(2024, 7, 1), date(2024, 9, 30)),
        ("从2023年到2025年实施三批项目。", date(2023, 1, 1), date(2025, 12, 31)),
        ("“十四五”期间建成两条公路。", date(2021, 1, 1), date(2025, 12, 31)),
        ("到“十四五”末全面建成。", None, date(2025, 12, 31)),
        ("2018年起3年内完成改造。", date(2018, 1, 1), date(2020, 12, 31)),
        ("二〇二五年底前完成整改。", None, date(2025, 12, 31)),
        ("10月中旬前完成秋种。", None, date(2024, 10, 20)),
        ("今年年底前销号。", None, date(2024, 12, 31)),
        ("次年4月底前移交。", None, date(2025, 4, 30)),
        ("到明年6月建成。", None, date(2025, 6, 30)),
        ("今年8月10日前定稿。", None, date(2024, 8, 10)),
        ("截至12月底,支出进度达到95%。", None, date(2024, 12, 31)),
        ("从3月起至11月底集中整治。", date(2024, 3, 1), date(2024, 11, 30)),
        ("2025年年内建成。", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025年元月底完成排查。", None, date(2025, 1, 31)),
        ("2024.6.30前完成排查。", None, date(2024, 6, 30)),
        ("9.30前完成排查。", None, date(2024, 9, 30)),
    ],
)
def test_a_deadline_has_its_days(sentence: str, first: date | None, last: date) -> None:
    found = [(each.date_from, each.date_to) for each in task_of(sentence).deadlines]
    assert found == [] if last.year < 2024 else [(first, last)]


def test_a_later_year_holds_on_in_its_sentence() -> None:
    found = task_of("2025年3月底前入库,4月开工,10月底完工。年底前移交。").deadlines
    assert [each.date_to for each in found] == [
        date(2025, 3, 31),
        date(2025, 4, 30),
        date(2025, 10, 31),
        date(2024, 12, 31),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "对2013-2022年的项目分类处置。",
        "落实2023年新增资产管护责任。",
        "截至2023年底已有12家。",
        "2020年治理荒山1.6万亩。",
        "如期完成任务,定期开展检查。",
        "每年12月底前报送总结。",
        "做到一月一回访。",
        "将结果纳入年终考核。",
        "落实《行动计划(2024-2026年)》。",
        "截至6月底已有12家。",
        "每人补助200元月底发放。",
        "报送全年工作总结。",
        "分别完成上半年和下半年集中排查工作。",
    ],
)
def test_years_in_names_and_of_objects_are_no_deadlines(sentence: str) -> None:
    assert task_of(sentence).deadlines == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("县委每季度至少研究1次。", [(1, "quarter")]),
        ("每月走访不少于2次。", [(2, "month")]),
        ("每半年开展水质检测。", [(1, "half_year")]),
        ("“双月”至少调度1次。", [(1, "two_months")]),
        ("每两个月召开一次会议。", [(1, "two_months")]),
        ("每周走访监测户。", [(1, "week")]),
        ("实行季度调度、半年督导、年终考评。", [(1, "quarter"), (1, "half_year"), (1, "year")]),
        ("建立月调度、季通报机制。", [(1, "month"), (1, "quarter")]),
        ("一月一调度。", [(1, "month")]),
        ("按月调度进展。", [(1, "month")]),
        ("坚持“一周一调度、半月一通报”。", [(1, "week"), (1, "half_month")]),
        ("实行“每周一调度、每月一通报”。", [(1, "week"), (1, "month")]),
        ("做到月有调度、季有督查。", [(1, "month"), (1, "quarter")]),
        ("半年一评比、全年一考核。", [(1, "half_year"), (1, "year")]),
        ("双月召开联席会议。", [(1, "two_months")]),
        ("乡镇每10天开展一次排查。", [(1, "ten_days")]),
        ("一年不少于2次。", [(2, "year")]),
        ("实行月报制度。", [(1, "month")]),
        ("每年培训不少于两次。", [(2, "year")]),
        ("每年完成培训0.9万人次。", []),
        ("将结果纳入年度考核。", []),
        ("年内开展2次排查。", []),
    ],
)
def test_a_rhythm_says_how_often(sentence: str, expected: list[tuple[int, str]]) -> None:
    assert [(each.times, each.per) for each in task_of(sentence).periodic] == expected


def test_a_count_within_a_year_is_a_target_and_no_rhythm() -> None:
    task = task_of("年内开展2次排查。")
    assert [(each.value, each.unit) for each in task.targets] == [(2, "次")]


@given(
    st.text(alphabet="0123456789年月日底前到至从-—上下半季度一二三四十五“”内末期间", max_size=30)
)
def test_no_date_makes_it_raise(text: str) -> None:
    for each in moments(text, 2024):
        assert 0 <= each.start < each.end <= len(text)
