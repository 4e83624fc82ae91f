"""集体保单: three parties pay the premium, many are insured, what is paid is divided to the fen."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.support import operations
from shouwang.support.dividing import parts_of
from shouwang.support.figures import FIGURES
from shouwang.support.models import ClaimPayout, CollectiveClaim, CollectivePolicy, Insured
from shouwang.support.queries.insured import by_kind
from shouwang.support.queries.receiving import received

pytestmark = pytest.mark.django_db
OWN = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
ALL_FOUR = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
GIVEN = {
    "kind": "crop", "insurer": "示例财险", "policy_no": "JT2026", "holder": "青禾镇政府",
    "sum_insured": Decimal(90000), "premium": Decimal(1000), "from_state": Decimal(700),
    "from_village": Decimal(100), "from_households": Decimal(200),
    "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31),
}  # fmt: skip
DAY = date(2026, 2, 1)


@pytest.fixture
def policy(cast, places) -> CollectivePolicy:
    return operations.record_collective(cast.clerk, places.town, **GIVEN)


@pytest.fixture
def insured(cast, policy, household, maker, places) -> list[Insured]:
    homes = [household, maker(places.village), maker(places.other_village)]
    return [
        operations.add_insured(cast.clerk, policy, home, subject="水稻", quantity=Decimal(mu))
        for home, mu in zip(homes, (1, 2, 4), strict=True)
    ]


def paid_claim(cast, policy, amount="1000.00") -> CollectiveClaim:
    claim = operations.record_collective_claim(
        cast.clerk, policy, happened_on=DAY, event="暴雨", claimed=Decimal(3000)
    )
    return operations.settle_claim(
        cast.clerk, claim, state="paid", paid=Decimal(amount), paid_on=date(2026, 3, 1), version=1
    )


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**11), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_are_the_whole_again_to_the_fen(fen, thousandths):
    total = Decimal(fen) / 100
    weights = [Decimal(one) / 1000 for one in thousandths]
    if not sum(weights):
        with pytest.raises(ValueError, match="weights"):
            parts_of(total, weights)
        return
    parts = parts_of(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / sum(weights)
        assert part >= 0
        assert abs(part - exact) < Decimal("0.0100000001")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "x"}, "kind"), ({"ends_on": date(2026, 1, 1)}, "ends_on"),
        ({"from_state": Decimal("699.99")}, "premium"), ({"premium": Decimal(-1)}, "premium"),
        ({"sum_insured": Decimal(0)}, "sum_insured"), ({"premium": Decimal("NaN")}, "premium"),
        ({"policy_no": " "}, "required"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused(cast, places, changes, code):
    with pytest.raises(DomainError) as caught:
        operations.record_collective(cast.clerk, places.town, **(GIVEN | changes))
    assert caught.value.code == code


def test_it_stands_once_and_a_household_does_not_repeat_it(cast, places, policy, household):
    with pytest.raises(Conflict):
        operations.record_collective(cast.clerk, places.town, **GIVEN)
    own = {key: GIVEN[key] for key in ("kind", "insurer", "policy_no", "starts_on", "ends_on")}
    with pytest.raises(DomainError, match="集体保单"):
        operations.record_policy(
            cast.clerk, household, **own, sum_insured=Decimal(1), premium=Decimal(1)
        )
    changed = GIVEN | {"holder": "石桥村", "reason": "投保单位写错", "version": 1}
    assert operations.correct_collective(cast.clerk, policy, **changed).version == 2
    with pytest.raises(Conflict):
        operations.correct_collective(cast.clerk, policy, **(changed | {"holder": "别村"}))
    assert policy.changes.get().changes == [["投保单位", "青禾镇政府", "石桥村"]]


def test_one_household_counts_once_however_many_policies_it_has(cast, policy, insured, places):
    home = insured[0].household
    operations.add_insured(cast.clerk, policy, home, subject="油菜")
    with pytest.raises(Conflict):
        operations.add_insured(cast.clerk, policy, home, subject="油菜")
    operations.record_policy(
        cast.clerk, home, kind="crop", insurer="示例财险", policy_no="A1", premium=Decimal(50),
        sum_insured=Decimal(100), aid=Decimal(20), starts_on=DAY, ends_on=date(2026, 12, 1),
    )  # fmt: skip
    (line,) = by_kind(cast.officer, 2026)
    assert (line.policies, line.collective, line.homes) == (1, 1, 3)
    assert (line.premium, line.aid) == (Decimal(1050), Decimal(720))
    assert by_kind(cast.officer, 2025) == []
    figure = next(one for one in FIGURES if one.key == "support.insured")
    assert figure.count([places.county.path], date(2026, 6, 1)) == {places.county.path: 3}


def test_a_payment_is_divided_to_the_fen_or_not_at_all(cast, policy, insured):
    claim = paid_claim(cast, policy)
    keys = [one.pk for one in insured]

    def divide(amounts, version=2):
        return operations.divide_claim(cast.clerk, claim, amounts=amounts, version=version)

    third = Decimal("333.33")
    for wrong in (dict.fromkeys(keys, third), {}, {keys[0]: Decimal(1000), 10**9: Decimal(0)},
                  {keys[0]: Decimal(1000), keys[1]: Decimal(0)},
                  {keys[0]: Decimal("1000.001")}):  # fmt: skip
        with pytest.raises(DomainError):
            divide(wrong)
    with pytest.raises(Conflict):
        divide({keys[0]: Decimal(1000)}, version=1)
    assert not ClaimPayout.objects.exists()
    operations.divide_by(cast.clerk, claim, by="quantity", version=2)
    amounts = list(ClaimPayout.objects.order_by("insured").values_list("amount", flat=True))
    assert amounts == [Decimal("142.86"), Decimal("285.71"), Decimal("571.43")]
    assert [line.amount for line in received(insured[0].household)] == [Decimal("142.86")]
    for work in (
        lambda: operations.divide_by(cast.clerk, claim, by="even", version=3),
        lambda: operations.settle_claim(cast.clerk, claim, state="refused", version=3),
    ):
        with pytest.raises(DomainError, match="撤回"):
            work()
    operations.take_back_division(cast.clerk, claim, reason="算错", version=3)
    assert not ClaimPayout.objects.exists()
    with pytest.raises(DomainError, match="没有填保险金额"):
        operations.divide_by(cast.clerk, claim, by="sum", version=4)


def test_pages_and_operations_are_tried_by_four(cast, policy, insured, places, four_people):
    claim = paid_claim(cast, policy)
    four = four_people("town_clerk")
    for name in ("collective", "collective-correct", "collective-claim-new"):
        assert four.statuses(reverse(f"support:{name}", args=[policy.pk])) == OWN, name
    for name in ("claim", "settle", "divide", "take-back"):
        assert four.statuses(reverse(f"support:collective-{name}", args=[claim.pk])) == OWN, name
    for url in (
        reverse("support:register", args=["collective"]), reverse("support:new-collective"),
        reverse("support:insurance-kinds"), reverse("support:payouts-template"),
        reverse("support:import", args=["insured"]),
    ):  # fmt: skip
        assert four.statuses(url) == ALL_FOUR, url
    neighbour = four.actor("neighbour")
    for work in (
        lambda: operations.record_collective(neighbour, places.town, **GIVEN),
        lambda: operations.add_insured(neighbour, policy, insured[0].household),
        lambda: operations.divide_by(neighbour, claim, by="even", version=2),
        lambda: operations.correct_collective(neighbour, policy, version=1, reason="r", **GIVEN),
        lambda: operations.take_back_division(neighbour, claim, reason="r", version=2),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            work()
    client = four.client("owner")
    page = reverse("support:collective", args=[policy.pk])
    for asked in ({"q": "\x00"}, {"export": "xlsx"}, {"print": "1"}, {"town": "x'"}):
        assert client.get(page, asked).status_code == 200
        assert (
            client.get(reverse("support:register", args=["collective"]), asked).status_code == 200
        )


def test_a_county_policy_is_seen_by_a_town_with_its_own_households_only(
    cast, household, maker, places, four_people
):
    policy = operations.record_collective(cast.officer, places.county, **GIVEN)
    far = maker(places.neighbour_village)
    four = four_people("town_clerk")
    page = reverse("support:collective", args=[policy.pk])
    assert four.client("owner").get(page).status_code == 404
    for home in (household, far):
        operations.add_insured(cast.officer, policy, home)
    words = four.client("owner").get(page).content.decode()
    assert household.household_no in words
    assert far.household_no not in words
    assert "导入参保名单" not in words
    url = reverse("support:collective-correct", args=[policy.pk])
    assert four.client("owner").get(url).status_code == 404


def book(*rows) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("名单.xlsx", stream.getvalue())


def test_lists_of_insured_and_of_payouts_come_from_workbooks(
    cast, policy, household, maker, places, four_people
):
    client = four_people("town_clerk").client("owner")
    member, other = household.members.first(), maker(places.village)
    far = maker(places.neighbour_village)
    url = reverse("support:import", args=["insured"])
    heads = ["保单号", "户编号", "姓名", "标的", "面积（亩）", "保额"]
    good = [["JT2026", household.household_no, member.name, "", "", 3000],
            ["JT2026", other.household_no, "", "水稻", 2.5, 6000]]  # fmt: skip
    bad = client.post(url, {"file": book(
        heads, *good, ["X", other.household_no, "", "", "", ""],
        ["JT2026", far.household_no, "", "", "", ""],
        ["JT2026", other.household_no, "没有的人", "", "", "多"],
    )})  # fmt: skip
    faults = {(fault.row, fault.column) for fault in bad.context["outcome"].faults}
    assert {(4, "保单号"), (5, "户编号"), (6, "保险金额")} <= faults
    assert not Insured.objects.exists()
    for _ in range(2):
        assert client.post(url, {"file": book(heads, *good)}).status_code == 302
    assert Insured.objects.count() == 2
    claim = paid_claim(cast, policy)
    url = reverse("support:collective-divide", args=[claim.pk])
    heads = ["户编号", "姓名", "标的", "金额"]
    rows = [
        [household.household_no, member.name, "", 400.01],
        [other.household_no, "", "水稻", 600],
    ]
    short = client.post(url, {"version": 2, "file": book(heads, *rows)})
    assert short.status_code == 422
    assert "差 0.01 元" in short.content.decode()
    wrong = client.post(url, {"version": 2, "file": book(heads, [far.household_no, "", "", 1000])})
    assert [fault.row for fault in wrong.context["faults"]] == [2]
    rows[0][3] = 400
    assert client.post(url, {"version": 1, "file": book(heads, *rows)}).status_code == 409
    assert client.post(url, {"version": 2, "file": book(heads, *rows)}).status_code == 302
    assert sum(ClaimPayout.objects.values_list("amount", flat=True)) == Decimal(1000)
    page = client.get(reverse("support:collective-claim", args=[claim.pk])).content.decode()
    assert "已分到户" in page
    assert member.name in page


def test_the_clerk_notes_policy_insured_claim_and_payment_on_pages(household, places, four_people):
    client = four_people("town_clerk").client("owner")
    url = reverse("support:new-collective")
    values = {key: str(value) for key, value in GIVEN.items()} | {
        "division": places.town.pk, "holder": "<b>镇</b>",
    }  # fmt: skip
    assert client.post(url, values | {"from_village": "1"}).status_code == 422
    assert client.post(url, values | {"division": places.county.pk}).status_code == 422
    assert client.post(url, values).status_code == 302
    policy = CollectivePolicy.objects.get()
    url = reverse("support:new-row", args=[household.household_no, "insured"])
    assert client.post(url, {"policy": policy.pk, "subject": "水稻"}).status_code == 302
    url = reverse("support:collective-claim-new", args=[policy.pk])
    sent = {"happened_on": "2026-02-01", "event": "雹", "claimed": "500"}
    assert client.post(url, sent | {"happened_on": "2025-02-01"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    claim = CollectiveClaim.objects.get()
    url = reverse("support:collective-settle", args=[claim.pk])
    sent = {"state": "paid", "paid": "300.10", "paid_on": "2026-03-01", "version": "1"}
    assert client.post(url, sent | {"paid": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 409
    url = reverse("support:collective-divide", args=[claim.pk])
    assert client.post(url, {"version": "2"}).status_code == 422
    assert client.post(url, {"version": "2", "by": "even"}).status_code == 302
    page = reverse("support:household", args=[household.household_no])
    words = client.get(f"{page}?tab=standing").content.decode()
    assert "&lt;b&gt;镇" in words
    assert "300.10" in client.get(f"{page}?tab=money").content.decode()
