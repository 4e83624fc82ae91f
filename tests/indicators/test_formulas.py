"""公式: a closed language that says in Chinese what is wrong and where."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.clock import today
from shouwang.core.errors import DomainError
from shouwang.indicators.formulas import FormulaError, evaluate, leaves, read
from shouwang.indicators.models import FigureValue
from shouwang.indicators.operations import (
    check_actual,
    compute,
    correct_actual,
    edit_definition,
    make_definition,
    report_actual,
    set_upper,
)
from shouwang.indicators.periods import Period
from shouwang.indicators.queries import value_of


class Names:
    known = {"room.households": ("农户", "户"), "room.people": ("人口", "人"),
             "room.toilets": ("有厕所的", "户"), "收入": ("收入", "元")}  # fmt: skip

    def find(self, kind, key):
        return self.known.get(key)

    def all_keys(self, kind):
        return list(self.known)


def value(text, **given):
    tree = read(text, Names())
    return evaluate(tree, lambda leaf: given.get(leaf.key.replace(".", "_")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("share(room.toilets, room.households)", 75), ("room.people / room.households * 2", 6),
     ("room.toilets + room.households", 700), ("占比（room.toilets，room.households）", 75)],
)  # fmt: skip
def test_formulas_give_what_they_say(text, expected):
    given = {"room_toilets": Decimal(300), "room_households": Decimal(400)}
    assert value(text, room_people=Decimal(1200), **given) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("room.household", "是不是“room.households”"),
        ("room.people + room.households", "单位不同（“人”和“户”）"),
        ("share(room.people)", "要写 2 个数"),
        ("import(os)", "没有“import”这个函数"),
        ("room.people >= 3", "只能用加减乘除"),
        ("room.people +", "第 14 个字符"),
        ("room.people / 0", "不能除以 0"),
        ("指标.没有的", "这个指标"),
        ("last(last(last(last(room.people))))", "最多往前 3 年"),
    ],
)
def test_mistakes_are_told_with_their_place(text, words):
    with pytest.raises(FormulaError, match=words.replace("(", r"\(").replace(")", r"\)")) as told:
        read(text, Names())
    assert "第" in str(told.value)


def test_a_missing_part_or_a_zero_divisor_gives_no_value():
    assert value("share(room.toilets, room.households)", room_toilets=Decimal(3)) is None
    nothing = {"room_toilets": Decimal(3), "room_households": Decimal(0)}
    assert value("share(room.toilets, room.households)", **nothing) is None


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_refused(text):
    try:
        tree = read(text, Names())
    except FormulaError:
        return
    assert all(leaf.key in Names.known for leaf in leaves(tree))


@pytest.mark.django_db
def test_an_automatic_value_is_kept_with_the_figures_it_rests_on(places, officer):
    people = make_definition(
        officer, division=places.county, code="人口", name="农村人口", unit="人",
        source="formula", formula="registry.people",
    )  # fmt: skip
    growth = make_definition(
        officer, division=places.county, code="人口增速", name="人口增速", unit="%",
        source="formula", formula="growth(指标.人口)",
    )  # fmt: skip
    period = Period.read("2026")
    done = compute(officer, [growth, people], [places.county, places.town], period)
    assert (done.values, done.missing) == (2, 2)
    actual = people.actuals.get(division=places.county)
    assert actual.basis["figures"][0]["key"] == "registry.people"
    assert actual.basis["figures"][0]["value"] == "0"
    compute(officer, [people], [places.county], period)
    assert people.actuals.filter(division=places.county).count() == 1
    assert value_of(people, places.county, "2026").number == 0


@pytest.mark.django_db
def test_the_number_of_a_year_that_is_over_stays_that_of_then(places, officer):
    people = make_definition(
        officer, division=places.county, code="人口", name="农村人口", unit="人",
        source="formula", formula="registry.people",
    )  # fmt: skip
    year = today().year - 1
    then = datetime(year + 1, 1, 3, 4, tzinfo=UTC)
    kept = FigureValue.objects.create(
        key="registry.people", division=places.county, period=str(year), value=5120, counted_at=then
    )
    compute(officer, [people], [places.county], Period.of_year(year))
    assert value_of(people, places.county, str(year)).number == 5120
    (row,) = people.actuals.get().basis["figures"]
    assert (row["value"], row["counted_on"]) == ("5120.0000", f"{year + 1}-01-03")
    kept.counted_at = datetime(year - 4, 1, 1, tzinfo=UTC)
    kept.save()
    compute(officer, [people], [places.county], Period.of_year(year))
    kept.refresh_from_db()
    assert kept.value == value_of(people, places.county, str(year)).number == 0
    assert people.actuals.filter(division=places.county).count() == 2, "the former is kept"


@pytest.mark.django_db
def test_what_was_before_an_automatic_indicator_is_reported_and_no_count_writes_over_it(
    places, officer, second
):
    people = make_definition(
        officer, division=places.county, code="人口", name="农村人口", unit="人",
        source="formula", formula="registry.people",
    )  # fmt: skip
    year = today().year
    former = Period.of_year(year - 1)
    made = report_actual(
        officer, people, places.county, period=former, value=Decimal(5120), text="统计年鉴"
    )
    assert not made.is_late
    check_actual(second, made, accept=True)
    compute(officer, [people], [places.county], former)
    assert value_of(people, places.county, former.key).number == 5120
    with pytest.raises(DomainError, match="自动计算"):
        report_actual(officer, people, places.county, period=Period.of_year(year), value=Decimal(1))
    compute(officer, [people], [places.county], Period.of_year(year - 2))
    counted = people.actuals.get(period=str(year - 2))
    correct_actual(officer, counted, reason="以年鉴为准", value=Decimal(5000))
    compute(officer, [people], [places.county], Period.of_year(year - 2))
    assert value_of(people, places.county, str(year - 2)).number == 5000


@pytest.mark.django_db
def test_a_value_is_set_beside_that_of_the_level_above(places, officer, sewage):
    gap = make_definition(
        officer, division=places.county, code="差距", name="与全省差距", unit="%",
        source="formula", formula="指标.污水 - upper(upper(指标.污水))", rhythm="quarter",
    )  # fmt: skip
    period = Period.read("2026-Q1")
    set_upper(officer, sewage, places.province, period=period, value=Decimal(38), origin="省公报")
    from shouwang.indicators.operations import report_actual

    report_actual(officer, sewage, places.county, period=period, value=Decimal(35))
    compute(officer, [gap], [places.county], period)
    assert value_of(gap, places.county, period).number == -3


@pytest.mark.django_db
def test_a_formula_in_a_circle_and_of_another_unit_is_refused(places, officer):
    common = {"division": places.county, "source": "formula"}
    make_definition(officer, code="甲", name="甲", formula="registry.people", **common)
    second = make_definition(officer, code="乙", name="乙", formula="指标.甲", **common)
    first = second.division and second._meta.model.objects.get(code="甲")
    with pytest.raises(DomainError, match="绕了一圈"):
        edit_definition(officer, first, version=1, formula="指标.乙")
    with pytest.raises(DomainError, match="单位是“人”"):
        make_definition(
            officer, code="丙", name="丙", unit="户", formula="registry.people", **common
        )
