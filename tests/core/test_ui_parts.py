"""Tags, formats and charts: how values are written, and what a chart hands to the page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from shouwang.core import charts, formats


def draw(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (0, "0.00"),
        (123456, "1,234.56"),
        (Decimal("1234.5"), "1,234.50"),
        (-1, "-0.01"),
    ],
)
def test_amounts_are_fen_as_int_and_yuan_as_decimal(value: object, text: str) -> None:
    assert draw("{% amount value %}", value=value) == text


def test_amounts_in_ten_thousands() -> None:
    assert formats.amount(Decimal("1234567.8"), "万元") == "123.46"


def test_missing_is_a_dash_and_not_zero() -> None:
    assert [formats.number(None), formats.share(None), formats.day(None)] == ["—", "—", "—"]
    assert [formats.number(0), formats.share(0)] == ["0", "0.0%"]


def test_instants_are_written_in_local_time() -> None:
    assert formats.moment(datetime(2026, 6, 30, 16, 5, tzinfo=UTC)) == "2026-07-01 00:05"
    assert formats.day(datetime(2026, 6, 30, 16, 5, tzinfo=UTC)) == "2026-07-01"


def test_an_unknown_tone_is_grey() -> None:
    assert 'class="pill idle"' in draw("{% pill 'purple' '怪' %}")


def test_a_pill_escapes_its_words() -> None:
    assert "<b>" not in draw("{% pill 'late' label %}", label="<b>")


def test_a_chart_carries_title_unit_source_and_the_table_behind_it() -> None:
    chart = charts.bars(
        title="甲镇最多",
        unit="条",
        source="样例",
        categories=["甲", "乙"],
        series={"超期": (1200, None)},
    )
    text = draw("{% chart id='c1' option=chart %}", chart=chart)
    assert all(words in text for words in ("甲镇最多", "单位：条", "来源：样例", "1,200", "—"))
    assert 'id="c1-option" type="application/json"' in text


def test_a_chart_option_cannot_break_out_of_its_script() -> None:
    chart = charts.lines(
        title="x", unit="", source="", categories=["</script><b>"], series={"a": (1,)}
    )
    assert "</script><b>" not in draw("{% chart id='c' option=chart %}", chart=chart)


def test_a_whole_of_many_parts_is_drawn_as_bars() -> None:
    names = [f"第{index}类" for index in range(6)]
    chart = charts.shares(title="t", unit="户", source="s", categories=names, values=range(6))
    assert {series["type"] for series in chart.option["series"]} == {"bar"}


def test_lying_bars_keep_the_order_of_the_table() -> None:
    names = [f"第{index}村" for index in range(12)]
    chart = charts.bars(title="t", unit="户", source="s", categories=names, series={"a": range(12)})
    assert chart.option["yAxis"]["data"] == names[::-1]
    assert [row[0] for row in chart.table.rows] == names


def test_masked_text_offers_the_full_value_only_where_there_is_an_address() -> None:
    assert "data-reveal" not in draw("{% masked '510***' label='身份证号' %}")
    assert 'data-reveal="/x/"' in draw("{% masked '510***' reveal_url='/x/' label='身份证号' %}")
    assert "data-reveal" not in draw("{% masked value reveal_url='/x/' %}", value=None)
