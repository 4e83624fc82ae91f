"""Money: what is granted to whom, and what is rather to be raised or reached."""

import pytest

from shouwang.policydocs import Fund, parse
from tests.policydocs.reading_one import FRAME


def funds_of(sentence: str) -> tuple[Fund, ...]:
    return parse(FRAME.format(sentence)).funds


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("对示范片每年安排450万元。", [("示范片", 4_500_000, "year")]),
        (
            "对省级示范镇、示范村分别给予500万元、200万元奖补。",
            [("省级示范镇", 5_000_000, None), ("示范村", 2_000_000, None)],
        ),
        (
            "省级资金对重点帮扶镇、村每年分别安排500万元和100万元,市级再分别安排100万元和20万元。",
            [
                ("重点帮扶镇", 5_000_000, "year"),
                ("重点帮扶村", 1_000_000, "year"),
                ("重点帮扶镇", 1_000_000, "year"),
                ("重点帮扶村", 200_000, "year"),
            ],
        ),
        ("新种植中药材1亩以上的,每亩补助600元。", [("新种植中药材1亩以上", 600, "亩")]),
        ("规模养殖场按贷款利率给予贴息,单场最高10万元。", [("规模养殖场", 100_000, None)]),
        ("每个示范村补助资金不低于300万元。", [("示范村", 3_000_000, "村")]),
        ("雨露计划学生每年补助3000元。", [("雨露计划学生", 3000, "year")]),
        ("乡村医生补助由每人每月500元提高到600元。", [("乡村医生", 600, "month")]),
    ],
)
def test_money_has_its_beneficiary(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "争取财政资金不少于3000万元。",
        "农产品加工业产值达到2000亿元。",
        "新发放小额信贷5000万元以上。",
        "完成投资12亿元。",
    ],
)
def test_money_to_be_raised_or_reached_is_a_target(sentence: str) -> None:
    assert funds_of(sentence) == ()
    assert len(parse(FRAME.format(sentence)).tasks[0].targets) == 1


def test_a_cap_is_marked() -> None:
    (fund,) = funds_of("对新办企业最高奖励50万元。")
    assert (fund.cap, fund.beneficiary) == (True, "新办企业")
