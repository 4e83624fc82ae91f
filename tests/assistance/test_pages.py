"""低收入人口的页面: four people on every page, differences, referrals."""

import pytest
from django.urls import reverse

from shouwang.assistance.models import Referral
from shouwang.assistance.operations import refresh
from shouwang.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def tagged(homes, member, report, officer):
    """H2 and H3 are on civil affairs' list, H1 is only monitored."""
    report(
        1,
        [
            {"person_id": member("H2").pk, "kind": "dibao", "amount": 40000},
            {"person_id": member("H3").pk, "kind": "marginal", "amount": 0},
        ],
    )
    refresh(officer)
    return homes


def rows(page):
    return sorted(str(row) for row in page.context["list"].table.data.data)


def test_each_sees_the_own_place(tagged, four_people):
    four = four_people("town_clerk")
    page = four.client("owner").get(reverse("assistance:list"))
    assert page.status_code == 200
    assert [tag.household.household_no for tag in page.context["list"].table.data.data] == ["H2"]
    statuses = four.statuses(reverse("assistance:list"))
    assert statuses["department"] == 403
    assert statuses["nobody"] == 302


@pytest.mark.parametrize("name", ["household", "referral"])
def test_one_household_is_hidden_from_the_neighbouring_town(tagged, four_people, officer, name):
    from shouwang.assistance.operations import refer

    made = refer(officer, tagged["H2"], direction="to_monitoring", reason="在册低保")
    target = "H2" if name == "household" else made.pk
    statuses = four_people("town_clerk").statuses(reverse(f"assistance:{name}", args=[target]))
    assert statuses["owner"] == 200
    assert statuses["neighbour"] == 404
    assert statuses["nobody"] == 302


def test_the_three_sides_are_told_apart_and_counted_alike(tagged, four_people):
    client = four_people("county_officer").client("owner")
    for side, found in (("both", []), ("civil_only", ["H2", "H3"]), ("monitored_only", ["H1"])):
        page = client.get(reverse("assistance:differences"), {"side": side})
        numbers = [home.household_no for home in page.context["list"].table.data.data]
        assert sorted(numbers) == found
        tab = next(tab for tab in page.context["tabs"] if tab.is_current)
        assert tab.count == len(found)


def test_referring_asks_for_a_reason_keeps_the_choice_and_then_waits(tagged, four_people):
    client = four_people("county_officer").client("owner")
    url = reverse("assistance:refer")
    chosen = {"direction": "to_monitoring", "ids": [tagged["H2"].pk, tagged["H3"].pk]}
    page = client.post(url, chosen)
    assert "转介 2 户" in page.content.decode()
    page = client.post(url, chosen | {"reason": " "})
    assert "请填写转介理由" in page.content.decode()
    assert not Referral.objects.exists()
    assert client.post(url, chosen | {"reason": "在册低保，未纳入监测"}).status_code == 302
    assert Referral.objects.filter(state="open").count() == 2
    again = client.post(url, chosen | {"reason": "再来一次"})
    assert again.status_code == 409
    assert Referral.objects.count() == 2


def test_a_town_clerk_refers_only_the_own_town(tagged, four_people):
    client = four_people("town_clerk").client("owner")
    chosen = {"direction": "to_monitoring", "ids": [tagged["H3"].pk], "reason": "试"}
    assert client.post(reverse("assistance:refer"), chosen).status_code == 400
    assert not Referral.objects.exists()


def test_an_answer_is_given_once_and_a_refusal_needs_a_reason(tagged, four_people, officer):
    from shouwang.assistance.operations import refer

    made = refer(officer, tagged["H2"], direction="to_monitoring", reason="在册低保")
    url = reverse("assistance:referral", args=[made.pk])
    clerk = four_people("town_clerk").client("owner")
    assert clerk.post(url, {"action": "take", "version": 1}).status_code == 403
    client = four_people("county_officer").client("owner")
    assert client.post(url, {"action": "decline", "version": 1}).status_code == 400
    assert client.post(url, {"action": "take", "version": 1}).status_code == 302
    assert client.post(url, {"action": "take", "version": 2}).status_code == 409
    made.refresh_from_db()
    assert made.state == "taken"
    assert AuditEntry.objects.filter(action="assistance.referral.taken").count() == 1


@pytest.mark.parametrize(
    "query",
    ["?side=nonsense", "?tier=x&town=y", "?page=999", "?labour=no", "?q=%00", "?referral=none"],
)
def test_nonsense_in_the_address_never_fails(tagged, four_people, query):
    client = four_people("county_officer").client("owner")
    for name in ("list", "differences", "referrals"):
        assert client.get(reverse(f"assistance:{name}") + query).status_code == 200


def test_the_refresh_is_the_county_officers(tagged, four_people):
    assert (
        four_people("town_clerk").client("owner").post(reverse("assistance:refresh")).status_code
        == 403
    )
    assert (
        four_people("county_officer")
        .client("owner")
        .post(reverse("assistance:refresh"))
        .status_code
        == 302
    )


def test_an_export_needs_the_right_and_is_audited(tagged, four_people):
    url = reverse("assistance:list") + "?export=csv"
    assert four_people("village_worker").client("owner").get(url).status_code == 403
    answer = four_people("county_officer").client("owner").get(url)
    assert "成员2" in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert AuditEntry.objects.filter(action="list.exported").exists()
