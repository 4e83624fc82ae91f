"""自主申报: who scans a code reports without a login, within limits, and is shown nothing."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shouwang.cases.models import RegisteredClue
from shouwang.cases.operations import close_clue
from shouwang.cases.secrets import CLUE_CONTACT, opened, reporter
from shouwang.core import clock
from shouwang.core.actor import system_actor
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.outreach.difficulties import BadOffer, offer, read
from shouwang.outreach.models import PublicRequest, ReportCode, SelfReport
from shouwang.outreach.operations import make_codes, renew_code, withdraw_code
from shouwang.outreach.operations.reporting import public_actor
from shouwang.support.models import PolicyCard

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


def filled(**changes):
    values = {
        "sent": str(uuid.uuid4()), "for_whom": "self", "subject_name": "王小河", "phone": PHONE,
        "difficulties": ["illness", "housing"], "text": "住院花了三万", "consents": "on",
    }  # fmt: skip
    return values | changes


def page(code: ReportCode) -> str:
    return reverse("outreach:report", args=[code.token])


@pytest.fixture
def villager() -> Client:
    return Client(headers={"host": "localhost"})


def test_a_villager_reports_without_a_login_and_gets_a_receipt(code, villager, places):
    shown = villager.get(page(code))
    assert shown.status_code == 200
    assert "柳湾村" in shown.content.decode()
    answer = villager.post(page(code), filled())
    made = SelfReport.objects.get()
    words = answer.content.decode()
    assert made.receipt in words
    assert "王小河" not in words
    assert PHONE not in words
    clue = made.clue
    assert (clue.channel, clue.state, clue.village) == ("self_report", "received", places.village)
    assert clue.outside_no == made.receipt
    assert clue.risks == ["illness", "housing"]
    assert clue.household is None
    assert opened(CLUE_CONTACT, clue.contact_enc) == PHONE
    assert made.consent


def test_a_neighbour_reports_for_another_and_stays_sealed(code, villager):
    refused = villager.post(page(code), filled(for_whom="other"))
    assert refused.status_code == 422
    values = filled(for_whom="other", reporter_name="李邻居", relation="邻居")
    assert villager.post(page(code), values).status_code == 200
    clue = RegisteredClue.objects.get()
    assert clue.on_behalf
    assert reporter(clue.reporter_enc) == {"name": "李邻居", "phone": PHONE}
    assert "李邻居".encode() not in bytes(clue.reporter_enc)


def test_the_same_form_sent_twice_is_one_report(code, villager):
    values = filled()
    first, second = (villager.post(page(code), values) for _ in range(2))
    assert first.content == second.content
    assert SelfReport.objects.count() == RegisteredClue.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "12"}, {"phone": "１３８"}, {"subject_name": " "}, {"difficulties": []},
        {"difficulties": ["gold"]}, {"consents": ""}, {"sent": "x"}, {"text": "长" * 501},
        {"subject_name": "13800000002"}, {"subject_name": "名" * 31}, {"homepage": "http://x"},
        {"subject_name": "王\x00河"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_kept(code, villager, changes):
    assert villager.post(page(code), filled(**changes)).status_code == 422
    assert not SelfReport.objects.exists()


def test_markup_and_numbers_in_the_text_do_no_harm(code, villager):
    text = "<script>alert(1)</script> 证件 110101199003070011 电话 13912345678"
    assert villager.post(page(code), filled(text=text)).status_code == 200
    kept = RegisteredClue.objects.get().text
    assert "110101199003070011" not in kept
    assert "13912345678" not in kept
    bad = villager.post(page(code), filled(text=text, phone="1")).content.decode()
    assert "<script>alert(1)" not in bad


def test_a_form_that_is_too_large_is_not_read(code, villager):
    assert villager.post(page(code), filled(text="长" * 40_000)).status_code == 413
    assert not SelfReport.objects.exists()


def test_a_form_of_another_site_is_refused(code):
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert strict.post(page(code), filled()).status_code == 403
    assert strict.post(reverse("outreach:ask"), {"receipt": "1", "phone": "1"}).status_code == 403


def test_an_address_has_its_limit_and_gets_free_again(code, villager):
    most = min(one.count for one in offer().limits if one.kind == "report" and one.by == "address")
    for _ in range(most):
        assert villager.post(page(code), filled()).status_code == 200
    assert villager.post(page(code), filled()).status_code == 429
    assert villager.post(page(code), filled(), REMOTE_ADDR="10.0.0.9").status_code == 200
    assert SelfReport.objects.count() == most + 1
    assert not PublicRequest.objects.filter(address_hash__contains=b"127.0.0.1").exists()
    with clock.telling(clock.now() + timedelta(hours=2)):
        assert villager.post(page(code), filled()).status_code == 200


def test_a_code_has_its_limit_whoever_asks(code, villager):
    most = next(one.count for one in offer().limits if one.by == "code")
    PublicRequest.objects.bulk_create(
        PublicRequest(kind="report", code=code, address_hash=b"%d" % n, at=clock.now())
        for n in range(most)
    )
    assert villager.post(page(code), filled()).status_code == 429


def test_the_stage_is_told_to_who_knows_receipt_and_phone(code, villager):
    villager.post(page(code), filled())
    made = SelfReport.objects.get()
    url = reverse("outreach:ask")

    def ask(receipt, phone):
        return villager.post(url, {"receipt": receipt, "phone": phone})

    assert "已收到" in ask(made.receipt, PHONE).content.decode()
    assert "已收到" in ask(made.receipt.replace("-", ""), "138 0000 0001").content.decode()
    wrong = [ask(made.receipt, "13800000002"), ask("261122-00000", PHONE), ask("x\x00", "y")]
    assert {one.status_code for one in wrong} == {422}
    assert wrong[0].context["form"].errors == wrong[1].context["form"].errors
    close_clue(system_actor("测试"), made.clue, conclusion="no_risk", note="家里有存款", version=1)
    words = ask(made.receipt, PHONE).content.decode()
    assert "已答复" in words
    assert "存款" not in words
    assert "王小河" not in words


def test_asking_has_a_limit_so_that_nobody_guesses(villager, db):
    url = reverse("outreach:ask")
    answers = [villager.post(url, {"receipt": "1", "phone": "2"}).status_code for _ in range(16)]
    assert answers[-1] == 429


def test_a_withdrawn_or_renewed_code_takes_nothing_more(code, villager, officer, places):
    newer = renew_code(officer, places.village, reason="旧码撕坏")
    assert villager.get(page(code)).status_code == 410
    assert villager.post(page(code), filled()).status_code == 410
    assert villager.get(page(newer)).status_code == 200
    withdraw_code(officer, places.village, reason="换村名")
    assert villager.get(page(newer)).status_code == 410
    with pytest.raises(Conflict):
        withdraw_code(officer, places.village, reason="再停")
    with pytest.raises(DomainError, match="原因"):
        renew_code(officer, places.village, reason="") and withdraw_code(
            officer, places.village, reason=" "
        )
    assert villager.get(reverse("outreach:report", args=[uuid.uuid4()])).status_code == 404


def test_who_reports_may_do_nothing_else(code, places):
    actor = public_actor(code)
    assert not actor.can("cases.view")
    assert not actor.can_at("cases.register", places.other_village.path)
    assert not RegisteredClue.objects.visible_to(actor).exists()


def test_the_card_of_a_household_shows_a_stranger_only_the_village(homes, code, villager):
    card = PolicyCard.objects.create(household=homes["H1"], made_at=clock.now())
    answer = villager.get(reverse("support:card", args=[card.token]))
    assert answer.status_code == 302
    assert answer["Location"] == page(code)
    shown = villager.get(answer["Location"]).content.decode()
    assert "户主1" not in shown
    assert "成员1" not in shown
    other = PolicyCard.objects.create(household=homes["H4"], made_at=clock.now())
    away = villager.get(reverse("support:card", args=[other.token]))
    assert away["Location"] == reverse("outreach:policies")
    assert villager.get(away["Location"]).status_code == 200
    assert villager.get(reverse("support:card-print", args=[card.token])).status_code == 302
    assert villager.get(reverse("support:card", args=[uuid.uuid4()])).status_code == 404


def test_codes_are_made_for_the_own_villages_only(four_people, places):
    four = four_people("town_clerk")
    assert make_codes(four.actor("owner")) == 2
    assert make_codes(four.actor("owner")) == 0
    with pytest.raises(NotFound):
        renew_code(four.actor("neighbour"), places.village, reason="更换")
    with pytest.raises(DomainError):
        renew_code(four.actor("owner"), places.town, reason="更换")


def test_the_pages_of_a_code_are_tried_by_four(four_people, code, places):
    four = four_people("town_clerk")
    for name in ("code", "poster", "renew", "withdraw"):
        assert four.statuses(reverse(f"outreach:{name}", args=[places.village.pk])) == {
            "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
        }  # fmt: skip
    assert four.statuses(reverse("outreach:codes")) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    worker = four_people("village_worker")
    url = reverse("outreach:withdraw", args=[places.village.pk])
    assert worker.client("owner").post(url, {"reason": "x"}).status_code == 403
    answer = four.client("owner").post(url, {"reason": "换村名"})
    assert answer.status_code == 302
    assert not ReportCode.objects.filter(withdrawn_at=None).exists()
    poster = reverse("outreach:poster", args=[places.village.pk])
    assert four.client("owner").get(poster).status_code == 409


def test_a_poster_is_a_pdf_without_any_personal_number(four_people, code, places):
    client = four_people("county_officer").client("owner")
    answer = client.get(reverse("outreach:poster", args=[places.village.pk]))
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"


@given(st.text(max_size=20))
def test_limits_of_an_unknown_kind_are_refused(word):
    if word in ("report", "ask"):
        return
    data = {
        "difficulties": [], "hotlines": [], "consent": "",
        "limits": [{"kind": word, "by": "code", "count": 1, "minutes": 1}],
    }  # fmt: skip
    with pytest.raises(BadOffer):
        read(data)
