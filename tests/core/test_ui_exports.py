"""Exports: formulas are harmless, values keep their kind, the maker stands in the file."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core import exports

ORIGIN = exports.Origin("王样例", datetime(2026, 6, 30, 1, 2, tzinfo=UTC), "样例数据")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "　＝1", "＋1"])
def test_text_that_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert str(exports.harmless(text)).startswith("'")


@pytest.mark.parametrize("value", [None, 0, -3, Decimal("-1.5"), date(2026, 1, 1), True])
def test_values_that_are_not_text_are_left_alone(value: object) -> None:
    assert exports.harmless(value) is value


@given(st.text())
def test_no_exported_text_starts_like_a_formula(text: str) -> None:
    assert not str(exports.harmless(text)).lstrip(" \u00a0\u3000").startswith(("=", "+", "-", "@"))


def test_csv_is_read_as_utf8_and_ends_with_its_origin() -> None:
    text = "".join(exports.csv_lines([["姓名", "金额"], ["=cmd", Decimal("1.50")]], ORIGIN))
    lines = text.splitlines()
    assert lines[:2] == ["\ufeff姓名,金额", "'=cmd,1.50"]
    assert "王样例" in lines[-1] and "2026-06-30 09:02" in lines[-1] and "样例数据" in lines[-1]


def test_workbook_holds_numbers_days_and_harmless_text() -> None:
    file = io.BytesIO()
    rows = [["村", "户", "金额", "日期"], ["=村", 12, Decimal("1.5"), date(2026, 6, 30)]]
    exports.write_xlsx(file, rows, ORIGIN, title="风险[线索]/*?")
    sheet = openpyxl.load_workbook(file).active
    assert [cell.value for cell in sheet[2]] == ["'=村", 12, 1.5, datetime(2026, 6, 30)]  # noqa: DTZ001
    assert "王样例" in sheet["A4"].value
    assert sheet.print_title_rows == "$1:$1"


def test_rows_beyond_one_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_SHEET_ROWS", 3)
    file = io.BytesIO()
    rows = [["户"], *([number] for number in range(1, 8))]
    exports.write_xlsx(file, rows, ORIGIN, title="名册")
    book = openpyxl.load_workbook(file)
    told = {sheet.title: [cell.value for cell in sheet["A"]] for sheet in book}
    assert list(told) == ["名册", "名册2", "名册3"]
    assert told["名册"] == ["户", 1, 2, 3]
    assert told["名册2"] == ["户", 4, 5, 6]
    assert told["名册3"][:2] == ["户", 7]
