"""保险、理赔、到户补贴、四病: once each, in their bounds, summed by town, from workbooks."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.support import operations
from shouwang.support.models import CareFlag, InsuranceClaim, InsurancePolicy, Subsidy
from shouwang.support.queries.plans import received
from tests.cases.conftest import START

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 1)


@pytest.fixture
def policy(cast, household) -> InsurancePolicy:
    return insure(cast, household)


def insure(cast, household, **changes):
    given = {
        "kind": "crop", "insurer": "示例财险", "policy_no": "SL1", "subject": "水稻",
        "sum_insured": Decimal(6000), "premium": Decimal(180), "aid": Decimal(144),
        "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31),
    }  # fmt: skip
    return operations.record_policy(cast.clerk, household, **(given | changes))


def claim(cast, policy, **changes):
    given = {"happened_on": DAY, "event": "暴雨", "claimed": Decimal(2000), "state": "reported"}
    return operations.record_claim(cast.clerk, policy, **(given | changes))


def subsidise(cast, household, **changes):
    given = {"item": "farmland", "year": 2026, "amount": Decimal("288.50"), "paid_on": DAY}
    return operations.record_subsidy(cast.clerk, household, **(given | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "x"}, {"insurer": " "}, {"sum_insured": Decimal(0)}, {"premium": Decimal(-1)},
        {"aid": Decimal(181)}, {"ends_on": date(2026, 1, 1)}, {"aid": Decimal("NaN")},
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused(cast, household, changes):
    with pytest.raises((DomainError, ArithmeticError)):
        insure(cast, household, **changes)
    assert not InsurancePolicy.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"happened_on": date(2025, 12, 31)}, {"happened_on": date(2027, 1, 1)}, {"event": ""},
        {"state": "paid"}, {"state": "x"}, {"paid": Decimal(5), "paid_on": DAY},
        {"state": "paid", "paid": Decimal(6001), "paid_on": DAY},
        {"state": "paid", "paid": Decimal(10), "paid_on": date(2026, 1, 5)},
    ],
)  # fmt: skip
def test_a_claim_lies_in_the_time_and_the_sum_of_its_policy(cast, policy, changes):
    with pytest.raises(DomainError):
        claim(cast, policy, **changes)
    assert not InsuranceClaim.objects.exists()


def test_each_row_stands_once(cast, household, policy):
    claim(cast, policy)
    subsidise(cast, household)
    member = household.members.first()
    care = {"disease": "diabetes", "is_managed": True, "noted_on": DAY}
    operations.record_care(cast.clerk, member, **care)
    for again in (
        lambda: insure(cast, household),
        lambda: claim(cast, policy),
        lambda: subsidise(cast, household),
        lambda: operations.record_care(cast.clerk, member, **care),
    ):
        with pytest.raises(Conflict):
            again()
    with pytest.raises(DomainError, match="四病"):
        operations.record_care(cast.clerk, member, **(care | {"disease": "flu"}))
    with pytest.raises(DomainError):
        subsidise(cast, household, year=1999)
    with pytest.raises(DomainError):
        subsidise(cast, household, paid_on=date(2030, 1, 1))


def test_what_was_paid_stands_on_the_household_and_its_card(cast, household, policy, four_people):
    claim(cast, policy, state="paid", paid=Decimal(1900), paid_on=date(2026, 3, 1))
    subsidise(cast, household)
    lines = {line.title: line.amount for line in received(household)}
    assert lines == {"种植业保险赔付": Decimal(1900), "耕地地力保护补贴": Decimal("288.50")}
    operations.record_care(
        cast.clerk, household.members.first(), disease="mental", is_managed=False, noted_on=DAY
    )
    client = four_people("village_worker").client("owner")
    page = reverse("support:household", args=[household.household_no])
    assert "水稻" in client.get(f"{page}?tab=money").content.decode()
    card = client.get(reverse("support:card-of", args=[household.household_no]), follow=True)
    words = card.content.decode()
    assert "耕地地力保护补贴" in words
    assert "精神障碍" not in words


def test_sums_by_town_agree_with_the_list(cast, household, policy, maker, places, four_people):
    other = maker(places.neighbour_village)
    subsidise(cast, household)
    operations.record_subsidy(
        cast.officer, other, item="rice", year=2026, amount=Decimal(100), paid_on=DAY
    )
    url = reverse("support:by-town", args=["subsidies"])
    officer = four_people("county_officer").client("owner").get(url)
    assert officer.context["whole"] == (2, 2, [Decimal("388.50")])
    clerk = four_people("town_clerk")
    assert clerk.client("owner").get(url).context["whole"] == (1, 1, [Decimal("288.50")])
    assert clerk.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert clerk.client("owner").get(f"{url}?year=x").status_code == 200
    assert clerk.client("owner").get(f"{url}?year=2025").context["rows"] == []


def test_lists_and_forms_are_tried_by_four(household, policy, four_people):
    four = four_people("town_clerk")
    for kind in ("insurance", "claims", "subsidies", "care"):
        assert four.statuses(reverse("support:register", args=[kind])) == {
            "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
        }, kind  # fmt: skip
        assert four.statuses(reverse("support:new-row", args=[household.household_no, kind])) == {
            "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
        }, kind  # fmt: skip
    leader = four_people("town_leader").client("owner")
    assert leader.get(reverse("support:register", args=["care"])).status_code == 403
    assert leader.get(reverse("support:register", args=["subsidies"])).status_code == 200
    client = four.client("owner")
    url = reverse("support:new-row", args=[household.household_no, "subsidies"])
    values = {"item": "rice", "year": "2026", "amount": "12.50", "paid_on": "2026-02-01"}
    assert client.post(url, values | {"amount": "x"}).status_code == 422
    assert client.post(url, values).status_code == 302
    assert Subsidy.objects.get().amount == Decimal("12.50")
    url = reverse("support:new-row", args=[household.household_no, "claims"])
    values = {
        "policy": policy.pk, "happened_on": "2026-02-01", "event": "雹", "claimed": "500",
        "state": "reported",
    }  # fmt: skip
    assert client.post(url, values).status_code == 302
    url = reverse("support:new-row", args=[household.household_no, "care"])
    values = {
        "member": household.members.first().pk, "disease": "diabetes", "noted_on": "2026-01-01",
    }  # fmt: skip
    assert client.post(url, values).status_code == 302
    assert not CareFlag.objects.get().is_managed


def book(*rows) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("台账.xlsx", stream.getvalue())


def test_workbooks_are_taken_whole_or_told_by_row(household, maker, places, four_people):
    number = household.household_no
    other = maker(places.neighbour_village).household_no
    client = four_people("town_clerk").client("owner")

    def send(kind, *rows):
        return client.post(reverse("support:import", args=[kind]), {"file": book(*rows)})

    heads = ["户编号", "户主", "项目", "年度", "面积（亩）", "金额", "发放日期"]
    good = [number, household.head_name, "耕地地力保护补贴", 2026, 3.2, 307.2, "2026-01-20"]
    bad = send("subsidies", heads, good, [other, "", "耕地地力保护补贴", 2026, 1, 96, "2026-01-20"],
               [number, "别人", "不知道", 2026, 1, "九十", "去年"])  # fmt: skip
    assert bad.status_code == 422
    assert len(bad.context["outcome"].faults) >= 3
    assert not Subsidy.objects.exists()
    assert send("subsidies", heads, good).status_code == 302
    assert send("subsidies", heads, good).status_code == 302
    assert Subsidy.objects.get().quantity == Decimal("3.2")
    policies = ["户编号", "险种", "承保公司", "保单号", "保额", "保费", "起期", "止期"]
    row = [number, "养殖业保险", "示例财险", "A1", 5000, 150, "2026-01-01", "2026-12-31"]
    assert send("insurance", policies, row).status_code == 302
    claims = [
        "户编号",
        "保单号",
        "出险日期",
        "出险原因",
        "报损金额",
        "状态",
        "赔付金额",
        "赔付日期",
    ]
    row = [number, "A1", "2026-02-01", "疫病", 900, "已赔付", 700, "2026-03-01"]
    assert send("claims", claims, [number, "A9", *row[2:]]).status_code == 422
    assert send("claims", claims, row).status_code == 302
    care = ["户编号", "姓名", "病种", "是否规范管理", "建档日期"]
    name = household.members.first().name
    assert send("care", care, [number, name, "高血压", "是", "2025-05-01"]).status_code == 302
    assert (InsuranceClaim.objects.count(), CareFlag.objects.count()) == (1, 1)


def test_the_neighbour_writes_nothing_here(household, four_people):
    actor = four_people("town_clerk").actor("neighbour")
    with pytest.raises(NotFound):
        operations.record_subsidy(
            actor, household, item="rice", year=START.year, amount=Decimal(1), paid_on=START
        )
