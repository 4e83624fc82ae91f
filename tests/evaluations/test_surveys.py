"""A sample can be drawn again by its seed; measures come from what was answered, by formula."""

from decimal import Decimal

from shouwang.evaluations.measures import Answered, measures


def by_key(rows):
    return {one.key: one for one in measures(rows)}


def test_measures_are_shares_of_what_was_answered():
    rows = [
        Answered("common", 4, {"should_be_in": 1, "satisfied": 1}),
        Answered("common", 6, {"should_be_in": 0, "satisfied": 0}),
        Answered("alleviated", 5, {"wrongly_out": 1, "should_be_in": 0, "satisfied": 1}),
        Answered("monitored", 3, {}),
    ]
    found = by_key(rows)
    assert found["missed"].percent == Decimal("10.00")  # 1 of 10 people
    assert found["missed"].is_met is False and "1 ÷ 10" in found["missed"].words
    assert found["wrongly_out"].percent == Decimal("20.00")
    assert found["should_be_in"].percent == Decimal("6.67")
    assert found["satisfied"].percent == Decimal("66.67")
    assert found["not_solved"].percent is None and "算不出" in found["not_solved"].words


def test_nothing_answered_is_not_zero():
    assert all(one.percent is None and one.is_met is None for one in measures([]))


def test_the_demo_publishes_rounds_of_towns_and_departments_and_runs_another(places, settings):
    from shouwang.core.actor import system_actor
    from shouwang.evaluations import demo
    from shouwang.evaluations.models import Round

    settings.SHOUWANG_COUNTY = "999901"
    towns = 4 * 2
    assert demo.make(system_actor("演示")) == towns + demo.MOST_DEPARTMENTS
    rounds = Round.objects.order_by("-ends_on", "pk")
    running, past, *_ = rounds.filter(scheme__object_kind="town")
    assert {one.state for one in rounds.exclude(pk=running.pk)} == {"published"}
    assert (running.state, running.former) == ("running", past)
    assert past.former.former.former is None
    departments = rounds.get(scheme__object_kind="department")
    for one in (past, departments):
        assert all(sheet.total and sheet.rank for sheet in one.sheets.all())


def test_the_same_seed_draws_the_same_households_and_wrong_answers_are_named(places, db):
    import io
    from datetime import date

    import openpyxl
    import pytest

    from shouwang.core.actor import system_actor
    from shouwang.core.clock import now
    from shouwang.core.errors import DomainError
    from shouwang.evaluations.operations import draw, take_answers
    from shouwang.evaluations.operations.surveys import measures_of, sheet_rows
    from shouwang.registry.models import Household, RegistryFile, RegistryImport

    received = RegistryImport.objects.create(
        export_date=date(2025, 12, 31), received_at=now(), received_by_label="测试"
    )
    source = RegistryFile.objects.create(
        registry_import=received, name="导出.xlsx", sha256="0" * 64, size=1
    )
    for at in range(12):
        Household.objects.create(
            source_file=source, source_row=at + 3,
            household_no=f"H{at:03d}", village=places.village, village_code=places.village.code,
            household_size=4, household_type="一般农户" if at % 2 else "脱贫户",
        )  # fmt: skip
    actor = system_actor("评估组")
    sizes = {"common": 3, "alleviated": 2, "monitored": 1}
    one, two = (
        draw(actor, division=places.county, title=title, seed="88", sizes=sizes)
        for title in ("一", "二")
    )
    drawn = [list(each.households.values_list("household", "stratum")) for each in (one, two)]
    assert drawn[0] == drawn[1] and len(drawn[0]) == 5
    assert ["monitored", "监测户", 1, 0, 0] in one.plan

    def workbook(change):
        rows = [list(row) for row in sheet_rows(one)]
        for row in rows[1:]:
            row[rows[0].index("应纳未纳")], row[rows[0].index("满意")] = 0, "是"
        change(rows)
        book, file = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(file)
        return file.getvalue()

    def spoil(rows):
        rows[2][rows[0].index("满意")] = "也许"
        rows[3][rows[0].index("应纳未纳")] = 9

    with pytest.raises(DomainError, match=r"第 3 行.*第 4 行"):
        take_answers(actor, one, workbook(spoil))
    assert one.households.filter(answered_on=None).count() == 5
    assert take_answers(actor, one, workbook(lambda rows: None)) == 5
    found = {each.key: each.percent for each in measures_of(one)}
    assert found["satisfied"] == Decimal("100.00") and found["missed"] == Decimal("0.00")
    assert found["not_solved"] is None
