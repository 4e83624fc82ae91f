"""Numbers and quantities: values in the base unit, exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.policydocs.numerals import chinese_number, number, ordinal
from shouwang.policydocs.quantities import quantities
from shouwang.policydocs.readers.numbering import chinese


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零八", 108),
        ("三千二百一十", 3210),
        ("两千", 2000),
        ("一万二千", 12000),
        ("三亿", 300_000_000),
        ("二〇二五", 2025),
        ("壹佰", 100),
        ("三四", 34),
        ("三四百", None),
        ("", None),
    ],
)
def test_a_chinese_number_has_its_value(written: str, value: int | None) -> None:
    assert chinese_number(written) == value


@given(st.integers(min_value=1, max_value=99))
def test_every_number_up_to_99_is_read_back(value: int) -> None:
    assert chinese_number(chinese(value)) == value


def test_numbers_with_commas_are_one_number() -> None:
    assert number("1,200.5") == Decimal("1200.5")


@pytest.mark.parametrize(("label", "value"), [("③", 3), ("12", 12), ("十一", 11), ("—", 1)])
def test_a_label_has_its_number(label: str, value: int) -> None:
    assert ordinal(label) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("83万亩", [(830000, "亩", None)]),
        ("12.4万人次", [(124000, "人次", None)]),
        ("60亿元", [(6000000000, "元", None)]),
        ("0.3亿斤", [(30000000, "斤", None)]),
        ("3千万元", [(30000000, "元", None)]),
        ("5万千瓦", [(50000, "千瓦", None)]),
        ("1-2个", [(1, "个", 2)]),
        ("3至5名", [(3, "名", 5)]),
        ("1万至2万亩", [(10000, "亩", 20000)]),
        ("10%—15%", [(10, "%", 15)]),
        ("百分之九十", [(90, "%", None)]),
        ("四分之三", [(75, "%", None)]),
        ("1.2、3.4万亩", [(12000, "亩", None), (34000, "亩", None)]),
        (
            "2个、3个、3个百分点",
            [(2, "个百分点", None), (3, "个百分点", None), (3, "个百分点", None)],
        ),
        ("S318公路", []),
        ("5G网络", []),
        ("3部门联合", []),
        ("第3批", []),
        ("1+12管护办法", []),
    ],
)
def test_a_quantity_comes_in_its_base_unit(
    text: str, expected: list[tuple[int, str, int | None]]
) -> None:
    assert [(each.value, each.unit, each.value2) for each in quantities(text)] == expected


@given(st.text(alphabet="0123456789.,万亿个%亩至-、和第十百一年", max_size=40))
def test_quantities_never_overlap(text: str) -> None:
    found = quantities(text)
    ends = [each.end for each in found]
    assert all(each.start < each.end <= len(text) for each in found)
    assert all(end <= each.start for end, each in zip(ends, found[1:], strict=False))
