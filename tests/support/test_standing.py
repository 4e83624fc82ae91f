"""脱贫年度、易地搬迁、养老保险: once each, in their bounds, filled by lists, corrected, rated."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.support import operations
from shouwang.support.models import ExitYear, PensionYear, RegisterChange, Resettlement
from shouwang.support.queries.resettlement import percent, rates, whole

pytestmark = pytest.mark.django_db
ALL_FOUR = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
OWN = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
MOVED = {
    "way": "together", "site": "幸福小区", "people": 4, "moved_on": date(2018, 12, 1),
    "demolition": "due", "demolished_on": date(2019, 5, 1), "reclaim": "due",
    "reclaim_area": Decimal("0.6"), "reclaimed_on": date(2019, 9, 1),
}  # fmt: skip
PENSION = {
    "year": 2026, "insured": True, "grade": Decimal(200), "aid": Decimal(100), "aid_by": "县财政局",
}  # fmt: skip


def book(*rows) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("名单.xlsx", stream.getvalue())


def note(cast, kind, subject, **given):
    return operations.record_entry(cast.clerk, kind, subject, **given)


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("exits", {"year": 1999}, "year"), ("exits", {"year": 2099}, "year"),
        ("exits", {"year": 2018, "people": 0}, "people"),
        ("resettlement", MOVED | {"way": "x"}, "way"),
        ("resettlement", MOVED | {"site": " "}, "site"),
        ("resettlement", MOVED | {"moved_on": date(2099, 1, 1)}, "moved_on"),
        ("resettlement", MOVED | {"demolition": "exempt"}, "demolished_on"),
        ("resettlement", MOVED | {"exempt_reason": "连体"}, "exempt_reason"),
        ("resettlement", {"way": "scattered", "demolition": "exempt"}, "exempt_reason"),
        ("resettlement", MOVED | {"reclaimed_on": date(2019, 1, 1)}, "reclaimed_on"),
        ("resettlement", MOVED | {"reclaim": "exempt"}, "reclaim"),
        ("resettlement", MOVED | {"reclaim_area": Decimal("NaN")}, "reclaim_area"),
        ("pensions", PENSION | {"insured": False}, "insured"),
        ("pensions", PENSION | {"insured": None}, "insured"),
        ("pensions", PENSION | {"aid": Decimal(201)}, "aid"),
        ("pensions", PENSION | {"aid_by": ""}, "aid_by"),
        ("pensions", PENSION | {"aid": None}, "aid"),
        ("pensions", PENSION | {"grade": None}, "aid"),
        ("pensions", PENSION | {"receiving_since": date(2099, 1, 1)}, "receiving_since"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_under_its_column(cast, household, kind, given, code):
    subject = household.members.first() if kind == "pensions" else household
    with pytest.raises(DomainError) as caught:
        note(cast, kind, subject, **given)
    assert caught.value.code == code


def test_a_fact_stands_once_and_is_corrected_with_its_history(cast, household):
    row = note(cast, "exits", household, year=2018, people=4)
    with pytest.raises(Conflict):
        note(cast, "exits", household, year=2018, people=4)
    with pytest.raises(DomainError, match="更正"):
        note(cast, "exits", household, year=2019, people=4)

    def correct(**given):
        return operations.correct_entry(cast.clerk, "exits", row, **given)

    for wrong in ({"reason": " ", "version": 1, "year": 2019}, {"reason": "r", "version": 1,
                  "year": 2018, "people": 4}):  # fmt: skip
        with pytest.raises(DomainError):
            correct(**wrong)
    assert correct(reason="核对建档卡", version=1, year=2019, people=4).version == 2
    with pytest.raises(Conflict, match="核对建档卡"):
        correct(reason="r", version=1, year=2020, people=4)
    change = RegisterChange.objects.get()
    assert (change.register, change.changes) == ("exits", [["脱贫年度", "2018", "2019"]])


def test_a_pension_cannot_be_moved_onto_another_year_of_the_person(cast, household):
    member = household.members.first()
    note(cast, "pensions", member, **PENSION)
    other = note(cast, "pensions", member, **(PENSION | {"year": 2025}))
    with pytest.raises(DomainError, match="另有一条"):
        operations.correct_entry(
            cast.clerk, "pensions", other, version=1, reason="年度错", **PENSION
        )
    assert PensionYear.objects.count() == 2


def test_operations_are_tried_by_four(household, cast, four_people):
    four = four_people("town_clerk")
    row = note(cast, "resettlement", household, **MOVED)
    for who in ("neighbour", "department"):
        actor = four.actor(who)
        with pytest.raises((NotFound, NotAllowed)):
            operations.record_entry(actor, "exits", household, year=2018)
        with pytest.raises((NotFound, NotAllowed)):
            operations.correct_entry(
                actor, "resettlement", row, version=1, reason="r", **(MOVED | {"people": 3})
            )
    assert not ExitYear.objects.exists()


def test_pages_are_tried_by_four(cast, household, four_people):
    four = four_people("town_clerk")
    number, member = household.household_no, household.members.first()
    rows = {
        "exits": note(cast, "exits", household, year=2018),
        "resettlement": note(cast, "resettlement", household, **MOVED),
        "pensions": note(cast, "pensions", member, **PENSION),
    }
    for kind, row in rows.items():
        assert four.statuses(reverse("support:register", args=[kind])) == ALL_FOUR, kind
        assert four.statuses(reverse("support:new-row", args=[number, kind])) == OWN, kind
        assert four.statuses(reverse("support:entry", args=[kind, row.pk])) == OWN, kind
        assert four.statuses(reverse("support:entry-correct", args=[kind, row.pk])) == OWN, kind
        client = four.client("owner")
        for asked in ({"q": "\x00"}, {"export": "csv"}, {"print": "1"}, {"year": "x'"}):
            assert client.get(reverse("support:register", args=[kind]), asked).status_code == 200
    assert four.statuses(reverse("support:rates")) == ALL_FOUR
    assert four.client("owner").get(reverse("support:rates") + "?town=%00").status_code == 200
    assert client.get(reverse("support:entry", args=["loans", 1])).status_code == 404
    leader = four_people("town_leader").client("owner")
    assert leader.get(reverse("support:entry", args=["exits", rows["exits"].pk])).status_code == 200
    url = reverse("support:entry-correct", args=["exits", rows["exits"].pk])
    assert leader.get(url).status_code == 403
    tab = client.get(reverse("support:household", args=[number]) + "?tab=standing").content.decode()
    for words in ("2018年脱贫", "幸福小区", "县财政局代缴"):
        assert words in tab


def test_the_clerk_notes_and_corrects_on_pages_and_who_is_slower_is_told(household, four_people):
    client, number = four_people("town_clerk").client("owner"), household.household_no
    url = reverse("support:new-row", args=[number, "resettlement"])
    values = {"way": "together", "site": "<b>小区</b>"}
    assert client.post(url, {"way": "together"}).status_code == 422
    assert client.post(url, values).status_code == 302
    row = Resettlement.objects.get()
    url = reverse("support:entry-correct", args=["resettlement", row.pk])
    values |= {"moved_on": "2019-01-01", "version": "1", "reason": "补登入住"}
    assert client.post(url, values).status_code == 302
    assert client.post(url, values | {"moved_on": "2019-01-02"}).status_code == 409
    page = client.get(reverse("support:entry", args=["resettlement", row.pk])).content.decode()
    assert "补登入住" in page
    assert "<b>小区" not in page
    url = reverse("support:new-row", args=[number, "pensions"])
    member = household.members.first()
    sent = {"member": member.pk, "year": "2026", "insured": "no"}
    assert client.post(url, sent).status_code == 302
    assert PensionYear.objects.get().insured is False


def test_a_list_sent_again_fills_what_was_empty_and_contradicts_nothing(
    household, maker, places, four_people
):
    client, number = four_people("town_clerk").client("owner"), household.household_no
    other = maker(places.neighbour_village).household_no
    url = reverse("support:import", args=["resettlement"])
    heads = [
        "户编号",
        "安置方式",
        "安置点",
        "入住时间",
        "旧房",
        "拆旧日期",
        "复垦面积（亩）",
        "复垦日期",
    ]

    def send(*rows):
        return client.post(url, {"file": book(heads, *rows)})

    assert send([number, "集中", "幸福小区", "", "应拆", "", "", ""]).status_code == 302
    later = [number, "集中", "", "2019-01-05", "", "2019-06-01", 0.55, "2019-09-09"]
    assert send(later).status_code == 302
    assert send(later).status_code == 302
    row = Resettlement.objects.get()
    assert (row.site, row.demolished_on) == ("幸福小区", date(2019, 6, 1))
    assert (row.reclaim, row.reclaim_area) == ("due", Decimal("0.55"))
    assert [change.reason for change in row.changes] == ["名单补充：名单.xlsx"]
    bad = send([number, "集中", "别处小区", "", "", "", "", ""], [other, "集中", "x"],
               [number, "住船", "", "去年", "", "", "很多", ""])  # fmt: skip
    assert bad.status_code == 422
    faults = {(fault.row, fault.column) for fault in bad.context["outcome"].faults}
    assert {
        (2, "安置点"),
        (3, "户编号"),
        (4, "安置方式"),
        (4, "入住日期"),
        (4, "复垦面积"),
    } <= faults
    row.refresh_from_db()
    assert row.site == "幸福小区"


def test_exits_and_pensions_come_from_workbooks(household, four_people):
    client, number = four_people("town_clerk").client("owner"), household.household_no
    name = household.members.first().name

    def send(kind, *rows):
        return client.post(reverse("support:import", args=[kind]), {"file": book(*rows)})

    assert send("exits", ["户编号", "脱贫年度", "人数"], [number, 2018, 4]).status_code == 302
    heads = ["户编号", "姓名", "年度", "是否参保", "档次", "代缴", "代缴单位"]
    assert send("pensions", heads, [number, name, 2026, "是", 200, 100, "财政"]).status_code == 302
    bad = send("pensions", heads, [number, name, 2025, "是", 100, 200, "财政"])
    assert {fault.column for fault in bad.context["outcome"].faults} == {"代缴金额"}
    assert (ExitYear.objects.get().people, PensionYear.objects.get().aid) == (4, 100)
    for kind in ("exits", "resettlement", "pensions"):
        assert client.get(reverse("support:import-template", args=[kind])).status_code == 200


def test_rates_leave_out_who_is_exempt_and_are_whole_only_when_all_is_done(
    cast, household, maker, places, four_people
):
    note(cast, "resettlement", household, **MOVED)
    second, third = maker(places.village), maker(places.village)
    exempt = {"way": "scattered", "demolition": "exempt", "exempt_reason": "与邻居连体"}
    note(cast, "resettlement", second, **exempt)
    waiting = MOVED | {"demolished_on": None, "reclaimed_on": None, "moved_on": None}
    note(cast, "resettlement", third, **waiting)
    rows = Resettlement.objects.all()
    all_of_it = whole(rows)
    assert (all_of_it.homes, all_of_it.due, all_of_it.demolished, all_of_it.exempt) == (3, 2, 1, 1)
    assert (all_of_it.moved_rate, all_of_it.demolished_rate) == (Decimal("33.3"), 50)
    assert {one.label: one.homes for one in rates(rows, "site")} == {
        "幸福小区": 2, "分散安置或没有填": 1,
    }  # fmt: skip
    assert (percent(999, 1000), percent(9999, 10000), percent(0, 0)) == (
        Decimal("99.9"), Decimal("99.9"), None,
    )  # fmt: skip
    client = four_people("town_clerk").client("owner")
    page = client.get(reverse("support:rates"))
    assert page.context["level"] == "village"
    url = reverse("support:register", args=["resettlement"])

    def shown(**asked):
        found = client.get(url, asked).context["list"].table.page.object_list
        return {row.record.household_id for row in found}

    assert shown(open="demolished") == {third.pk}
    assert shown(open="moved") == {second.pk, third.pk}
    assert shown(open="unknown") == set()
    assert shown(site="幸福小区") == {household.pk, third.pk}
