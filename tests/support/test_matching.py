"""供需对接: which offer suits which need, what is set aside, who may do what, nothing lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.support import operations
from shouwang.support.matching import Offered, Wanted, matches
from shouwang.support.models import HouseholdNeed, SocialOffer
from shouwang.support.queries.matching import match_of, with_chance
from shouwang.support.states import need_kinds, need_table
from tests.support.test_ledgers import book

TODAY = date(2026, 4, 1)
WANTED = Wanted("goods", "棉被", Decimal(2), "床", "/1/2/3/4/5/")


def offered(key: int, **changes) -> Offered:
    given = {
        "kind": "goods", "what": "棉被", "left": Decimal(9), "unit": "床", "place": "全县",
        "place_path": "/1/2/3/", "until": None,
    }  # fmt: skip
    return Offered(key, **(given | changes))


def test_offers_are_ordered_by_what_speaks_for_them_and_refused_with_the_reason():
    found = matches(
        WANTED,
        [
            offered(1, what="食用油", unit="桶"),
            offered(2),
            offered(3, place="青禾镇", place_path="/1/2/3/4/"),
            offered(4, left=Decimal(1)),
            offered(5, until=TODAY + timedelta(days=9)),
            offered(6, until=TODAY - timedelta(days=1), left=Decimal(0)),
            offered(7, place="外镇", place_path="/1/2/3/9/"),
            offered(8, kind="money"),
            offered(9, left=None),
            offered(10, is_ended=True),
        ],
        TODAY,
    )
    assert [one.key for one in found if one.fits] == [3, 5, 2, 9, 4, 1]
    why = {one.key: "；".join(one.reasons) for one in found}
    assert why[6] == "已过有效期；已认领完" and why[7] == "只供给外镇" and why[10] == "提供方已停止"
    assert "还差 1 床" in why[4] and "数量不限" in why[9] and "请核对" in why[1]
    assert why[5] == "内容相近：棉被；还剩 9 床，够用；供给全县；有效期至 2026-04-10，还有 9 天"
    assert 8 not in why


def test_the_table_reaches_every_state_and_asks_what_the_operation_needs():
    assert not need_table().unreachable()
    assert {row.action for row in need_table().transitions} == {
        "take", "release", "give", "thank", "drop",
    }  # fmt: skip
    assert not need_table().requirements


@pytest.fixture
def offer(cast, places) -> SocialOffer:
    return operations.record_offer(
        cast.officer, provider="示例商会", kind="goods", what="棉被", quantity=Decimal(5),
        unit="床", division=places.county,
    )  # fmt: skip


@pytest.fixture
def need(cast, household) -> HouseholdNeed:
    return operations.record_need(
        cast.village, household, kind="goods", what="过冬棉被", quantity=Decimal(2), unit="床"
    )


def take(actor, need, offer, **more) -> HouseholdNeed:
    need.refresh_from_db()
    return operations.take_need_step(actor, need, "take", version=need.version, offer=offer, **more)


@pytest.mark.django_db
def test_the_whole_way_of_a_need_and_what_is_left_of_the_offer(cast, need, offer):
    with pytest.raises(NotAllowed):
        take(cast.village, need, offer)  # who hands out is the town or the county
    need = take(cast.clerk, need, offer)
    offer.refresh_from_db()
    assert (need.state, need.granted, offer.left) == ("taken", 2, 3)
    with pytest.raises(Conflict, match=r"已在 .+ 办理“认领”，您的操作没有保存"):
        operations.take_need_step(cast.officer, need, "release", version=1, reason="x")
    need = operations.take_need_step(
        cast.clerk, need, "release", version=need.version, reason="商会缺货"
    )
    offer.refresh_from_db()
    assert (need.state, need.offer, offer.left) == ("open", None, 5)
    need = take(cast.clerk, need, offer)
    with pytest.raises(DomainError, match="早于提出日期"):
        operations.take_need_step(
            cast.village, need, "give", version=need.version, date=date(2020, 1, 1)
        )
    today = clock.today()
    need = operations.take_need_step(cast.village, need, "give", version=need.version, date=today)
    need = operations.take_need_step(
        cast.village, need, "thank", version=need.version, result="收到两床，很合用"
    )
    assert (need.state, need.given_on, need.feedback) == ("thanked", today, "收到两床，很合用")
    labels = [step.label for step in need.steps.all()]
    assert labels == ["登记需求", "认领", "退回重新对接", "认领", "登记送达", "登记反馈"]


@pytest.mark.django_db
def test_what_an_offer_cannot_cover_stays_an_open_need(cast, household, offer):
    big = operations.record_need(
        cast.clerk, household, kind="goods", what="棉被", quantity=Decimal(7), unit="床"
    )
    with pytest.raises(DomainError, match="只剩 5 床"):
        take(cast.clerk, big, offer, quantity=Decimal(6))
    big = take(cast.clerk, big, offer)
    rest = HouseholdNeed.objects.exclude(pk=big.pk).get()
    assert (big.granted, big.quantity, rest.quantity, rest.state) == (5, 5, 2, "open")
    with pytest.raises(DomainError, match="已认领完"):
        take(cast.clerk, rest, offer)
    row = with_chance(HouseholdNeed.objects.filter(pk=rest.pk), clock.today()).get()
    assert row.has_offer is False


@pytest.mark.django_db
def test_what_cannot_be_is_refused_in_words(cast, household, need, offer, places, maker):
    for wrong, words in (
        ({"kind": "x"}, "没有这个类别"), ({"what": " \x00"}, "请填写需求"),
        ({"quantity": Decimal(1), "unit": ""}, "计量单位"),
        ({"quantity": Decimal("-1"), "unit": "床"}, "大于零"),
        ({"quantity": Decimal("NaN"), "unit": "床"}, "大于零"),
        ({"raised_on": date(2100, 1, 1)}, "不能晚于今天"), ({"what": "过冬棉被"}, "请勿重复"),
    ):  # fmt: skip
        with pytest.raises(DomainError, match=words):
            operations.record_need(
                cast.clerk, household, **({"kind": "goods", "what": "米"} | wrong)
            )
    with pytest.raises(DomainError, match="早于今天"):
        operations.record_offer(
            cast.officer, provider="甲", kind="goods", what="米", division=places.county,
            until=date(2020, 1, 1),
        )  # fmt: skip
    with pytest.raises(NotFound):
        operations.record_offer(
            cast.clerk, provider="甲", kind="goods", what="米", division=places.county
        )
    money = operations.record_offer(
        cast.officer, provider="乙", kind="money", what="助困金", division=places.county
    )
    with pytest.raises(DomainError, match="类别不同"):
        take(cast.clerk, need, money)
    elsewhere = operations.record_offer(
        cast.officer, provider="丙", kind="goods", what="棉被", division=places.neighbour_town
    )
    with pytest.raises(NotFound):
        take(cast.clerk, need, elsewhere)  # the clerk does not see it
    with pytest.raises(DomainError, match="只供给"):
        take(cast.officer, need, elsewhere)
    ended = operations.end_offer(cast.officer, offer, reason="捐完了", version=offer.version)
    with pytest.raises(DomainError, match="提供方已停止"):
        take(cast.clerk, need, ended)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_list_and_the_page_agree_on_which_need_has_an_offer(
    cast, places, household, calendar, data
):
    """The question to the database says the same as the reasons on the page."""
    SocialOffer.objects.all().delete()
    today = clock.today()
    need = HouseholdNeed(
        household=household, kind=data.draw(st.sampled_from(["goods", "job"])), what="物",
        raised_on=today, recorded_at=clock.now(), recorded_by_label="测试",
    )  # fmt: skip
    need.save()
    spots = [
        places.county,
        places.town,
        places.neighbour_town,
        places.village,
        places.other_village,
    ]
    for left in data.draw(st.lists(st.sampled_from([None, 0, 3]), max_size=3)):
        SocialOffer.objects.create(
            provider="甲", kind=data.draw(st.sampled_from(["goods", "job"])), what="物",
            quantity=None if left is None else 5, left=left, unit="件",
            division=data.draw(st.sampled_from(spots)),
            until=data.draw(st.sampled_from([None, today, today - timedelta(days=1)])),
            ended_on=data.draw(st.sampled_from([None, today])), recorded_at=clock.now(),
            recorded_by_label="测试",
        )  # fmt: skip
    found = [match_of(need, one, today) for one in SocialOffer.objects.select_related("division")]
    row = with_chance(HouseholdNeed.objects.filter(pk=need.pk), today).get()
    assert row.has_offer == any(one is not None and one.fits for one in found)
    need.delete()


@pytest.mark.django_db
def test_four_try_the_pages_and_a_clerk_brings_both_together(
    cast, household, need, offer, four_people
):
    four = four_people("town_clerk")
    client = four.client("owner")
    mine = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    all_rooms = mine | {"neighbour": 200}
    for url in ("needs", "offers", "new-offer"):
        assert four.statuses(reverse(f"support:{url}")) == all_rooms, url
    page = reverse("support:need", args=[need.pk])
    offer_page = reverse("support:offer", args=[offer.pk])
    form = reverse("support:new-need", args=[household.household_no])
    step = reverse("support:need-step", args=[need.pk, "take"]) + f"?offer={offer.pk}"
    for url in (page, form, step, reverse("support:need-step", args=[need.pk, "drop"])):
        assert four.statuses(url) == mine, url
    assert four.statuses(offer_page) == all_rooms  # the county's offer holds in every town
    text = client.get(page).content.decode()
    assert "内容相近：棉被" in text and "认领</a>" in text
    assert "过冬棉被" in client.get(offer_page).content.decode()
    assert "过冬棉被" not in four.client("neighbour").get(offer_page).content.decode()
    for bad in ("", "x", "²", "9" * 30, "\x00"):
        assert client.get(reverse("support:need-step", args=[need.pk, "take"]) + f"?offer={bad}")
    shown = {"version": need.version, "offer": offer.pk, "quantity": "2"}
    assert client.post(step, shown | {"quantity": "99"}).status_code == 422
    assert client.post(step, shown).status_code == 302
    late = client.post(step, shown)
    assert late.status_code == 409 and "disabled" in late.content.decode()
    listed = client.get(reverse("support:needs") + "?state=taken").content.decode()
    assert "过冬棉被" in listed and "已认领，待送达" in listed
    export = client.get(reverse("support:needs") + "?export=csv")
    assert export.status_code == 200
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("support:needs"))
    for number in range(20):
        operations.record_need(
            cast.clerk, household, kind=list(need_kinds())[number % 10], what=f"物{number}"
        )
    with CaptureQueriesContext(connection) as many:
        assert "没有供给" in client.get(reverse("support:needs")).content.decode()
    assert len(many) <= len(one)
    for query in ("?chance=none", "?chance=some&town=x", "?q=%00&kind=&raised_on_min=x"):
        assert client.get(reverse("support:needs") + query).status_code == 200
    for state in ("open", "used", "over", "ended", "x"):
        assert client.get(reverse("support:offers") + f"?state={state}").status_code == 200


NEED_HEADS = ["户编号", "户主", "类别", "需求", "数量", "计量单位", "提出日期"]
OFFER_HEADS = ["提供方", "类别", "内容", "数量", "计量单位", "供给范围", "有效期至"]


def send(client, kind: str, *rows):
    return client.post(reverse("support:import", args=[kind]), {"file": book(*rows)})


def test_lists_of_needs_and_offers_are_taken_whole_or_told_by_cell(
    household, places, maker, four_people
):
    label = need_kinds()["goods"]
    other = maker(places.neighbour_village).household_no
    client = four_people("town_clerk").client("owner")
    good = [household.household_no, household.head_name, label, "棉被", 2, "床", "2026-01-20"]
    offer = ["示例商会", label, "棉被", 9, "床", places.town.name, "2027-12-31"]
    bad = send(
        client, "needs", NEED_HEADS, good,
        [household.household_no, "", "不知道", "轮椅", "两", "台", "去年"],
        [other, "", label, "轮椅", 1, "台", ""],
        [household.household_no, "", label, "轮椅", 1, "", ""],
    )  # fmt: skip
    told = [(fault.row, fault.column) for fault in bad.context["outcome"].faults]
    assert bad.status_code == 422 and not HouseholdNeed.objects.exists()
    assert told == [(3, "类别"), (3, "数量"), (3, "提出日期"), (4, "户编号"), (5, "计量单位")]
    wrong = send(
        client, "offers", OFFER_HEADS, offer, [*offer[:5], places.neighbour_town.name, ""],
        [*offer[:6], "2020-01-01"], ["=1+1", label, "棉被", 0, "床", places.town.code, ""],
    )  # fmt: skip
    told = [(fault.row, fault.column) for fault in wrong.context["outcome"].faults]
    assert wrong.status_code == 422 and not SocialOffer.objects.exists()
    assert (
        (3, "供给范围") in told
        and (4, "有效期至") in told
        and {row for row, _ in told} == {3, 4, 5}
    )
    for _ in range(2):  # the same file again changes nothing
        assert send(client, "needs", NEED_HEADS, good).status_code == 302
        assert send(client, "offers", OFFER_HEADS, offer).status_code == 302
    need, made = HouseholdNeed.objects.get(), SocialOffer.objects.get()
    assert (need.raised_on, need.source, made.left) == (date(2026, 1, 20), "导入名单", 9)
    assert made.division == places.town and match_of(need, made, clock.today()).fits


def test_lists_of_needs_and_offers_are_tried_by_four(household, four_people):
    label = need_kinds()["goods"]
    row = [household.household_no, "", label, "棉被", 2, "床", ""]
    people = four_people("village_worker")
    assert send(people.client("neighbour"), "needs", NEED_HEADS, row).status_code == 422
    assert send(people.client("department"), "needs", NEED_HEADS, row).status_code == 403
    assert send(people.client("nobody"), "needs", NEED_HEADS, row).url.startswith("/accounts/login")
    offers = reverse("support:import-template", args=["offers"])
    assert people.client("owner").get(offers).status_code == 403
    assert not HouseholdNeed.objects.exists()
    assert send(people.client("owner"), "needs", NEED_HEADS, row).status_code == 302
    template = people.client("owner").get(reverse("support:import-template", args=["needs"]))
    assert template.status_code == 200
