"""家庭产业: once a year each, corrected with a reason, ended, from workbooks, summed exactly."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.support import operations
from shouwang.support.figures import FIGURES
from shouwang.support.item_lists import industries
from shouwang.support.models import Industry, IndustryChange
from shouwang.support.queries.industries import by_kind, by_place, whole

pytestmark = pytest.mark.django_db
ALL_FOUR = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
OWN = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
GIVEN = {
    "year": 2026, "kind": "planting", "what": "茶叶", "scale": Decimal("3.5"), "unit": "亩",
    "output": Decimal(12000), "income": Decimal(5000), "enterprise": "示例合作社",
    "link": "order",
}  # fmt: skip


def note(cast, household, **changes) -> Industry:
    return operations.record_industry(cast.clerk, household, **(GIVEN | changes))


@pytest.fixture
def industry(cast, household) -> Industry:
    return note(cast, household)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": 1999}, "year"), ({"year": 2099}, "year"), ({"kind": "x"}, "kind"),
        ({"what": " "}, "required"), ({"what": "茶" * 61}, "too_long"), ({"link": "x"}, "link"),
        ({"link": ""}, "link"), ({"enterprise": ""}, "enterprise"), ({"unit": ""}, "unit"),
        ({"scale": None}, "scale"), ({"scale": Decimal(0)}, "scale"),
        ({"output": Decimal(-1)}, "output"), ({"output": Decimal("NaN")}, "output"),
        ({"output": Decimal("1.001")}, "output"), ({"output": Decimal("1e12")}, "output"),
        ({"income": Decimal(12001)}, "income"),
    ],
)  # fmt: skip
def test_an_industry_that_cannot_be_is_refused(cast, household, changes, field):
    with pytest.raises(DomainError) as caught:
        note(cast, household, **changes)
    assert caught.value.code == field
    assert not Industry.objects.exists()


def test_the_same_industry_stands_once_a_year(cast, household, industry):
    with pytest.raises(Conflict):
        note(cast, household)
    with pytest.raises(DomainError, match="更正"):
        note(cast, household, output=Decimal(13000))
    note(cast, household, year=2025)
    note(cast, household, what="油菜", output=None, income=Decimal(-300))
    assert Industry.objects.count() == 3


def test_a_correction_needs_a_reason_and_keeps_what_stood_before(cast, household, industry):
    changed = GIVEN | {"output": Decimal(13000)}

    def correct(**more):
        given = {"reason": "漏记秋茶", "version": 1} | changed | more
        return operations.correct_industry(cast.clerk, industry, **given)

    with pytest.raises(DomainError):
        correct(reason=" ")
    with pytest.raises(DomainError, match="没有变化"):
        correct(output=Decimal(12000))
    other = note(cast, household, what="油菜")
    with pytest.raises(DomainError, match="另有一条"):
        correct(what="油菜")
    assert not IndustryChange.objects.exists()
    assert correct().output == Decimal(13000)
    with pytest.raises(Conflict):
        correct(output=Decimal(14000))
    change = IndustryChange.objects.get()
    assert (change.industry, change.reason) == (industry, "漏记秋茶")
    assert change.changes == [["产值", "12000.00", "13000"]]
    other.refresh_from_db()
    assert other.version == 1


def test_it_is_ended_once_and_not_before_its_year(cast, industry):
    def end(version, day):
        return operations.end_industry(
            cast.clerk, industry, ended_on=day, reason="外出务工", version=version
        )

    for day in (date(2025, 12, 31), date(2031, 1, 1)):
        with pytest.raises(DomainError):
            end(1, day)
    assert end(1, clock.today()).ended_on == clock.today()
    with pytest.raises(DomainError, match="已经结束"):
        end(2, clock.today())
    assert IndustryChange.objects.get().changes == [["结束日期", "", clock.today().isoformat()]]


def test_operations_are_tried_by_four(household, industry, four_people):
    four = four_people("town_clerk")
    changed = GIVEN | {"output": Decimal(1), "income": None, "reason": "r", "version": 1}
    ended = {"ended_on": clock.today(), "reason": "r", "version": 1}
    for who in ("neighbour", "department"):
        actor = four.actor(who)
        for work in (
            lambda actor=actor: operations.record_industry(actor, household, **GIVEN),
            lambda actor=actor: operations.correct_industry(actor, industry, **changed),
            lambda actor=actor: operations.end_industry(actor, industry, **ended),
        ):
            with pytest.raises((NotFound, NotAllowed)):
                work()
    industry.refresh_from_db()
    assert industry.version == 1
    owner = four.actor("owner")
    assert operations.correct_industry(owner, industry, **changed).version == 2


def test_pages_are_tried_by_four(household, industry, four_people):
    four = four_people("town_clerk")
    assert four.statuses(reverse("support:register", args=["industries"])) == ALL_FOUR
    assert four.statuses(reverse("support:industry-totals")) == ALL_FOUR
    for name in ("industry", "industry-correct", "industry-end"):
        assert four.statuses(reverse(f"support:{name}", args=[industry.pk])) == OWN, name
    number = household.household_no
    assert four.statuses(reverse("support:new-row", args=[number, "industries"])) == OWN
    leader = four_people("town_leader").client("owner")
    page = reverse("support:industry", args=[industry.pk])
    assert "更正</a>" not in leader.get(page).content.decode()
    assert leader.get(reverse("support:industry-end", args=[industry.pk])).status_code == 403
    assert leader.get(reverse("support:register", args=["industries"])).status_code == 200


def test_the_clerk_notes_corrects_and_ends_on_pages(household, four_people):
    client, number = four_people("town_clerk").client("owner"), household.household_no
    url = reverse("support:new-row", args=[number, "industries"])
    values = {"year": "2026", "kind": "breeding", "what": "<b>鸡</b>", "output": "800"}
    assert client.post(url, values | {"income": "900"}).status_code == 422
    assert client.post(url, values).status_code == 302
    made = Industry.objects.get()
    page = reverse("support:industry", args=[made.pk])
    url = reverse("support:industry-correct", args=[made.pk])
    values |= {"output": "850", "reason": "少写一批", "version": "1"}
    assert client.post(url, values | {"reason": ""}).status_code == 422
    assert client.post(url, values).status_code == 302
    assert client.post(url, values | {"output": "1"}).status_code == 409
    url = reverse("support:industry-end", args=[made.pk])
    values = {"ended_on": clock.today().isoformat(), "reason": "停养", "version": "2"}
    assert client.post(url, values).status_code == 302
    words = client.get(page).content.decode()
    assert "少写一批" in words
    assert "停养" in words
    assert "<b>鸡" not in words
    panel = client.get(reverse("support:household", args=[number]) + "?tab=money").content.decode()
    assert page in panel
    standing = client.get(reverse("support:household-help", args=[number])).content.decode()
    assert page not in standing


def test_the_list_is_narrowed_and_exported(cast, household, industry, four_people):
    note(cast, household, what="油菜", link="", enterprise="", output=None)
    note(cast, household, year=2025, kind="breeding", what="猪")
    client = four_people("town_clerk").client("owner")
    url = reverse("support:register", args=["industries"])

    def shown(**asked):
        page = client.get(url, asked)
        return sorted(row.record.what for row in page.context["list"].table.page.object_list)

    assert shown() == ["油菜", "猪", "茶叶"]
    assert shown(linked="no") == ["油菜"]
    assert shown(linked="yes", year="2026") == ["茶叶"]
    assert shown(kind="breeding") == ["猪"]
    assert shown(q="示例合") == ["猪", "茶叶"]
    assert shown(q=" 油菜 ") == ["油菜"]
    assert client.get(url, {"q": "\x00"}).status_code == 200
    assert shown(state="ended") == []
    assert client.get(url, {"sort": "-output"}).status_code == 200
    assert client.get(url, {"_export": "csv"}).status_code == 200


def book(*rows) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("产业.xlsx", stream.getvalue())


HEADS = ["户编号", "户主", "年度", "产业类别", "产业内容", "规模", "计量单位", "产值", "带动主体",
         "带动方式"]  # fmt: skip


def test_a_workbook_is_taken_whole_or_every_wrong_row_is_named(
    household, maker, places, four_people
):
    number, other = household.household_no, maker(places.neighbour_village).household_no
    client = four_people("town_clerk").client("owner")
    url = reverse("support:import", args=["industries"])
    good = [number, household.head_name, 2026, "种植", "茶叶", 3.5, "亩", 12000, "", ""]

    def send(*rows):
        return client.post(url, {"file": book(HEADS, *rows)})

    bad = send(
        good,
        [other, "", 2026, "种植", "茶叶", "", "", "", "", ""],
        [number, "", 2026, "采矿", "煤", "", "", "一万", "", ""],
        [number, "", 2026, "养殖", "=1+1", "", "", -5, "", ""],
        [number, "", 2026, "养殖", "鸡", "", "", 5, "某公司", ""],
        [number, "", 2026, "种植", "茶叶", 3.5, "亩", 13000, "", ""],
    )
    assert bad.status_code == 422
    assert {fault.row for fault in bad.context["outcome"].faults} == {3, 4, 5, 6, 7}
    assert not Industry.objects.exists()
    assert send(good).status_code == 302
    assert send(good).status_code == 302
    made = Industry.objects.get()
    assert (made.scale, made.file_name, made.file_row) == (Decimal("3.5"), "产业.xlsx", 2)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04" + b"\x00" * 200, b"\xd0\xcf\x11\xe0" + b"x" * 99, b"\x00,\xff\n"]
)
def test_a_hostile_file_is_refused_in_words(household, four_people, content):
    client = four_people("town_clerk").client("owner")
    file = SimpleUploadedFile("产业.xlsx", content)
    answer = client.post(reverse("support:import", args=["industries"]), {"file": file})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Industry.objects.exists()


MONEY = st.none() | st.decimals(min_value=0, max_value=99999, places=2)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(list(industries())), MONEY, st.booleans(),
        st.sampled_from([2025, 2026]),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture
def homes(maker, places) -> list:
    return [maker(one) for one in (places.village, places.village, places.neighbour_village)]


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(rows=ROWS)
def test_the_sums_by_place_and_by_kind_agree_with_the_lines(cast, homes, rows):
    Industry.objects.all().delete()
    for number, (home, kind, output, linked, year) in enumerate(rows):
        Industry.objects.create(
            household=homes[home], year=year, kind=kind, what=f"产业{number}", output=output,
            link="order" if linked else "", recorded_at=clock.now(), recorded_by_label="测试",
        )  # fmt: skip
    found = Industry.objects.visible_to(cast.officer).filter(year=2026)
    told = [(home, kind, output, linked) for home, kind, output, linked, y in rows if y == 2026]
    amounts = [output for _, _, output, _ in told if output is not None]
    total = whole(found)
    assert total.output == (sum(amounts) if amounts else None)
    assert (total.lines, total.homes) == (len(told), len({home for home, *_ in told}))
    assert total.unknown == len(told) - len(amounts)
    for parts in (by_kind(found), by_place(found, "town"), by_place(found, "village")):
        assert sum(one.lines for one in parts) == total.lines
        assert sum(one.linked for one in parts) == sum(linked for *_, linked in told)
        assert sum(one.output or 0 for one in parts) == (total.output or 0)
    assert sum(one.homes for one in by_place(found, "village")) == total.homes


def test_totals_show_the_towns_then_the_villages_that_one_may_see(
    cast, household, industry, maker, places, four_people
):
    other = maker(places.neighbour_village)
    operations.record_industry(cast.officer, other, year=2026, kind="other", what="其他")
    url = reverse("support:industry-totals")
    officer = four_people("county_officer").client("owner")
    page = officer.get(url)
    assert (page.context["level"], len(page.context["places"])) == ("town", 2)
    town = places.village.parent
    page = officer.get(url, {"town": town.code})
    assert [one.label for one in page.context["places"]] == [places.village.name]
    clerk = four_people("town_clerk").client("owner").get(url)
    assert (clerk.context["level"], clerk.context["whole"].homes) == ("village", 1)
    for asked in ({"year": "x"}, {"year": "²²²²"}, {"year": "0000"}, {"town": "\x00"}):
        assert officer.get(url, asked).status_code == 200
    assert officer.get(url, {"year": "2020"}).context["places"] == []


def test_figures_count_homes_and_sum_output_of_the_year(cast, household, industry, places):
    note(cast, household, what="油菜", output=None)
    note(cast, household, year=2025, what="猪")
    figures = {one.key: one for one in FIGURES}
    path, day = household.village.path, date(2026, 6, 1)
    homes = figures["support.industry_homes"].count([path], day)
    output = figures["support.industry_output"].count([path], day)
    assert (homes[path], output[path]) == (1, Decimal(12000))


def test_a_measure_names_the_industry_that_it_helps(
    cast, household, case, places, maker, four_people
):
    tea = operations.record_industry(cast.clerk, household, year=2025, kind="planting", what="茶叶")
    now = operations.record_industry(cast.clerk, household, year=2026, kind="planting", what="茶叶")
    foreign = operations.record_industry(
        cast.clerk, maker(places.village), year=2026, kind="planting", what="茶叶"
    )
    with pytest.raises(DomainError, match="不是这一户的"):
        operations.plan_measure(cast.clerk, household, item="industry.courtyard", industry=foreign)
    four = four_people("town_clerk")
    client, no = four.client("owner"), household.household_no
    form = reverse("support:new-measure", args=[no])
    sent = {"item": "industry.courtyard", "industry": now.pk}
    assert client.post(form, sent | {"industry": foreign.pk}).status_code == 422
    assert client.post(form, sent).status_code == 302
    measure = household.measures.get()
    assert measure.industry == now
    for one in (tea, now):  # the same industry in another year is helped too
        page = client.get(reverse("support:industry", args=[one.pk])).content.decode()
        assert "庭院经济" in page
    help_page = client.get(reverse("support:household-help", args=[no])).content.decode()
    assert "帮扶产业：茶叶" in help_page
    url = reverse("support:measure-industry", args=[measure.pk])
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    assert client.post(url, {"industry": "", "version": measure.version}).status_code == 302
    measure.refresh_from_db()
    assert measure.industry is None
    operations.end_industry(
        cast.clerk, now, ended_on=now.recorded_at.date(), reason="不做了", version=now.version
    )
    with pytest.raises(DomainError, match="已经结束"):
        operations.name_industry(cast.clerk, measure, industry=now, version=measure.version)
