"""Cleaners: each way of writing a value, what is no value, and whole columns like single cells."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.engine import Rulebook
from shouwang.engine.cleaning.columns import ColumnCleaner
from shouwang.engine.cleaning.dates import EPOCH
from shouwang.engine.cleaning.identity import (
    check_digit,
    clean_numbers,
    id_facts,
    normalise_id,
    valid_number,
)
from shouwang.engine.cleaning.names import VillageNormaliser
from shouwang.engine.cleaning.quantities import (
    number_pattern,
    parse_amount,
    parse_number,
    plain_amounts,
)
from shouwang.engine.cleaning.text import normalise_many, normalise_text
from shouwang.engine.contracts import Column
from shouwang.engine.storing import mask_ids

RULEBOOK = Rulebook.load()
CLEANER = ColumnCleaner.of(RULEBOOK.conventions, RULEBOOK.codes)
UNITS = number_pattern(RULEBOOK.conventions.number_units)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def column(kind: str, **more: object) -> Column:
    return Column(key="x", header="X", type=kind, required=False, **more)  # type: ignore[arg-type]


def clean(kind: str, *cells: str, ten_thousand: bool = False, **more: object) -> list[object]:
    """The values of a column; "bad" where a cell cannot be read."""
    result = CLEANER.clean(column(kind, **more), pa.array(cells), in_ten_thousands=ten_thousand)
    values = result.canonical.to_pylist()
    wrong = result.bad if result.beyond is None else result.bad | result.beyond
    return ["bad" if bad else value for value, bad in zip(values, wrong, strict=True)]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026年3月5日",
        "20260305",
        "46086",
        "46086.5",
        "2026-03-05 08:30",
        "2026/3/5 8:30:59",
        "2026年3月5日 08:30",
        "20260305 0:00:00",
        "2026-03-05T08:30:00",
        " ２０２６-０３-０５\u3000",
        "2026-03-05 00:00:00.000",
    ],
)
def test_every_way_of_writing_a_day_is_read(cell: str) -> None:
    assert clean("date", cell) == [date(2026, 3, 5)]


@pytest.mark.parametrize("cell", ["2026年3月", "2026-03", "2026.3", "202603"])
def test_a_month_is_its_first_day_but_no_birth_date(cell: str) -> None:
    assert clean("date", cell) == [date(2026, 3, 1)]
    assert clean("month", cell) == [date(2026, 3, 1)]
    assert clean("date", cell, full_day_only=True) == [None]


def test_month_columns_also_take_a_slash_and_any_day() -> None:
    cells = ("2026/3", "2026/3/5", "46086", "2026-03-31 10:00")
    assert clean("month", *cells) == [date(2026, 3, 1)] * 4


@pytest.mark.parametrize(
    "cell",
    [
        "9999-99-99",
        "2026-02-29",
        "2025-2-30",
        "20261301",
        "202613",
        "2026年13月",
        "19999",
        "60001",
        "0000-01-01",
        "明天",
        "2026-03-05 25:00",
        "2026-3/5",
        "²⁰26",
        "1" * 2000,
        "2026-03-05x",
        "26-3-5",
    ],
)
def test_impossible_days_are_errors(cell: str) -> None:
    assert clean("date", cell) == ["bad"]


def test_leap_days_and_early_years_are_days() -> None:
    assert clean("date", "2024-02-29", "1899-12-31") == [date(2024, 2, 29), date(1899, 12, 31)]


@given(st.integers(20000, 60000))
def test_serial_numbers_count_from_1899(serial: int) -> None:
    assert clean("date", str(serial)) == [EPOCH + timedelta(days=serial)]


@pytest.mark.parametrize(
    "token",
    ["", " ", "无", "/", "－", "-", "—", "——", "空", "不详", "NULL", "N/A", "\u3000／\u200b"],
)
@pytest.mark.parametrize("kind", ["text", "name", "id", "village", "date", "amount", "number"])
def test_missing_tokens_are_no_data(token: str, kind: str) -> None:
    assert clean(kind, token) == [None]


def test_a_token_with_a_blank_inside_is_text() -> None:
    assert clean("text", "不 详", "N / A") == ["不详", "N/A"]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("1，234.5元", 123450),
        ("￥1234.50", 123450),
        ("¥1,234.50元", 123450),
        ("1.2万元", 1200000),
        ("１２．３", 1230),
        ("-5", -500),
        ("-￥5.00", -500),
        ("￥-5", -500),
        ("0", 0),
        ("0.005", 1),
        ("123456789012.34", 12345678901234),
        ("1234567890123.45", 123456789012345),
        ("12 34", 123400),
    ],
)
def test_amounts_are_read_in_fen(cell: str, fen: int) -> None:
    assert clean("amount", cell) == [fen]


@pytest.mark.parametrize(
    "cell",
    [
        "十元",
        "1.2万",
        "12,34",
        "--5",
        "1e5",
        "1.",
        ".5",
        "+5",
        "5元元",
        "9" * 18,
        "9" * 2000,
        "=1+1",
        "5 6x",
        "1-2",
        "1.2.3",
        ".",
    ],
)
def test_what_is_no_amount_is_an_error(cell: str) -> None:
    assert clean("amount", cell) == ["bad"]
    assert clean("amount", cell, "5") == ["bad", 500]


def test_a_caption_in_ten_thousands_applies_to_cells_without_unit() -> None:
    cells = ("0.58", "10", "1.5元", "2万元", "1,000.5")
    assert clean("amount", *cells, ten_thousand=True) == [
        580000,
        10000000,
        150,
        2000000,
        1000500000,
    ]


@given(st.lists(st.one_of(st.decimals(-(10**6), 10**6, places=3).map(str), TEXT), max_size=20))
def test_plain_amounts_agree_with_single_cells(cells: list[str]) -> None:
    texts = [normalise_text(cell) for cell in cells]
    rows, fen = plain_amounts(pa.array(texts, pa.string()))
    chosen = [text for text, row in zip(texts, rows, strict=True) if row]
    assert [parse_amount(text) for text in chosen] == fen.tolist()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("20天", "20"),
        ("49.0", "49"),
        ("1,200 平方米", "1200"),
        ("3.25", "3.25"),
        ("5公里", "5"),
        ("７", "7"),
        ("30分钟", "30"),
        ("0.0005", "0.001"),
        ("2²", "22"),
    ],
)
def test_numbers_may_have_a_unit_word(cell: str, value: str) -> None:
    assert clean("number", cell) == [Decimal(value)]


@pytest.mark.parametrize("cell", ["-5", "5斤", "约5", "1e3", ""])
def test_numbers_have_no_sign_and_no_other_words(cell: str) -> None:
    with pytest.raises(ValueError):
        parse_number(cell, UNITS)
    with pytest.raises(OverflowError):
        parse_number("9" * 16, UNITS)


def test_codes_are_labels_or_aliases_after_normalisation() -> None:
    cells = ("A级", " Ａ 级", "局部危险", "E级", "", "d级", "D")
    assert clean("code", *cells, codes="house_grade") == ["A", "A", "C", "bad", None, "bad", "D"]
    assert clean("code", "没有", "1", "1.0", "Y", codes="yes_no") == ["no", "yes", "bad", "yes"]


def test_wu_is_a_code_where_the_list_has_it() -> None:
    from shouwang.engine.contracts import Code

    own = ColumnCleaner.of(RULEBOOK.conventions, {"harm": {"none": Code("none", "无")}})
    result = own.clean(column("code", codes="harm"), pa.array(["无", "/"]), in_ten_thousands=False)
    assert result.values.to_pylist() == ["none", None]


@pytest.mark.parametrize(
    ("cell", "same"),
    [
        ("張 三", "张三"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("阿依古丽•买买提", "阿依古丽买买提"),
        ("ａbc．d", "ABCD"),
        ("李\u200b四。", "李四"),
        ("㛃㐂", "洁㐂"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_names_are_compared_without_variants_dots_and_blanks(cell: str, same: str) -> None:
    assert clean("name", cell) == [same]


def test_a_name_of_dots_only_is_no_name() -> None:
    assert clean("name", "···") == [None]


def test_villages_lose_what_stands_before_and_after() -> None:
    village = VillageNormaliser.of(("示例省", "示例县"), ["青禾镇", "新村镇", "青禾"])
    cells = [
        "柳湾村村民委员会",
        "柳湾村委会",
        "青禾镇柳湾村3组",
        "示例省示例县青禾镇 柳湾村",
        "新村镇柳湾村",
        "社区",
    ]
    assert [village(cell) for cell in cells] == ["柳湾村"] * 5 + ["社区"]


# ---- text


@given(st.lists(TEXT, max_size=8))
def test_texts_normalised_together_equal_texts_normalised_alone(cells: list[str]) -> None:
    assert normalise_many(cells) == [normalise_text(cell) for cell in cells] or not cells


@given(st.lists(TEXT, min_size=1, max_size=8))
def test_a_text_column_equals_its_cells(cells: list[str]) -> None:
    array = pa.array(cells, pa.string())
    expected = [CLEANER.text.one(cell) for cell in cells]
    assert CLEANER.text.column(array).to_pylist() == expected
    coded = CLEANER.text.column(array.dictionary_encode()).to_pylist()
    assert coded == expected


@given(st.lists(TEXT, min_size=1, max_size=8))
def test_a_name_column_equals_its_cells(cells: list[str]) -> None:
    expected = [CLEANER.names(CLEANER.text.one(cell)) or None for cell in cells]
    assert clean("name", *cells) == expected


def test_the_fast_alphabet_never_changes_under_nfkc() -> None:
    letters = [chr(code) for code in (*range(0x21, 0x7F), *range(0x4000, 0xA000))]
    assert all(unicodedata.normalize("NFKC", letter) == letter for letter in letters)
    assert not any(letter.isspace() for letter in letters)


# ---- ID numbers

DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    first = f"9999{draw(st.integers(0, 99)):02d}{draw(DAYS):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + check_digit(first)


@given(numbers())
def test_a_right_number_is_valid_in_every_dress(number: str) -> None:
    dressed = [
        number,
        number.lower(),
        f" {number[:6]} {number[6:]}",
        f"'{number}",
        f"{number[:6]}-{number[6:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in number),
        number + "23",
        number + "23B1",
    ]
    assert [valid_number(normalise_id(cell)) for cell in dressed] == [number] * len(dressed)


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_never_valid(number: str, at: int, by: int) -> None:
    digit = str((int(number[at]) + by) % 10)
    assert valid_number(number[:at] + digit + number[at + 1 :]) is None


@given(numbers(), st.integers(0, 16))
def test_two_swapped_digits_are_never_valid(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or valid_number(swapped) is None


def test_old_numbers_are_converted() -> None:
    assert valid_number("999901490327001") == "99990119490327001" + check_digit("99990119490327001")
    assert valid_number("999901490230001") is None


@pytest.mark.parametrize(
    "cell",
    [
        "99990118991231001" + check_digit("99990118991231001"),
        "9.99901E+17",
        "123",
        "X" * 18,
        "9" * 18,
        "9" * 2000,
        "²" * 18,
    ],
)
def test_other_numbers_are_invalid(cell: str) -> None:
    assert valid_number(normalise_id(cell)) is None


@given(st.lists(st.one_of(numbers(), numbers().map(lambda n: n[:17] + "0"), TEXT), max_size=12))
def test_a_number_column_equals_its_cells(cells: list[str]) -> None:
    found = clean_numbers(CLEANER.text.column(pa.array(cells, pa.string())))
    texts = [normalise_id(CLEANER.text.one(c)) for c in cells]
    assert found.valid.tolist() == [valid_number(text) is not None for text in texts]
    assert found.text.to_pylist() == [valid_number(text) or text for text in texts]


def test_facts_say_what_is_wrong_with_a_number() -> None:
    first = "99990119490327001"
    good = first + check_digit(first)
    bad = first + ("0" if good[17] != "0" else "1")
    cells = [
        None,
        good,
        bad,
        good[:14] + "9",
        "999901490327001",
        "999901491327001",
        "99990118990101001" + "1",
        "99990119491327001" + "1",
        "1234567890123456",
        good + "00",
        "ABCDEFGHIJKLMNOPQR",
    ]
    facts = id_facts(pa.array(cells, pa.string()))
    assert facts["id_shape"].to_pylist() == [
        "missing",
        "valid",
        "bad_check",
        "old15_bad_date",
        "old15",
        "old15_bad_date",
        "bad_date",
        "bad_date",
        "other_length",
        "valid",
        "other",
    ]
    assert facts["id_sex"].to_pylist()[1] == "男"
    assert facts["id_birth"].to_pylist()[:3] == [None, date(1949, 3, 27), date(1949, 3, 27)]


def test_numbers_inside_text_are_covered() -> None:
    text = pa.array(["电话说身份证99990119490327001X已补", "JS000002774", None, "999901490327001"])
    assert mask_ids(text).to_pylist() == [
        "电话说身份证999901********001X已补",
        "JS000002774",
        None,
        "999901*****7001",
    ]


def test_masks_are_numpy_booleans() -> None:
    result = CLEANER.clean(column("amount"), pa.array(["x"]), in_ten_thousands=False)
    assert result.bad.dtype == np.bool_
