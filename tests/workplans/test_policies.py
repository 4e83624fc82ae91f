"""政策登记册: continued, improved, adjusted or new; each leads back to its sentence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.workplans.frameworks import frameworks
from shouwang.workplans.models import Policy
from shouwang.workplans.operations import (
    add_policy,
    advance_paper,
    decide_piece,
    edit_policy,
    upload_paper,
)

pytestmark = pytest.mark.django_db
WORDS = "完成户用厕所改造2000户"


@pytest.fixture
def policy(confirmed, officer, places) -> Policy:
    return add_policy(
        officer, division=places.county, name="户厕补助", framework="funding", status="continued",
        content="按验收户数补助。", paper=confirmed, sentence=WORDS, valid_from=date(2021, 1, 1),
    )  # fmt: skip


def follow(officer, places, old, **values):
    given = {
        "name": "户厕补助（新）", "framework": "funding", "status": "adjusted",
        "valid_from": date(2026, 7, 1), **values,
    }  # fmt: skip
    return add_policy(officer, division=places.county, replaces=old, **given)


def test_there_are_the_eight_frameworks_of_the_paper():
    assert len(frameworks()) == 8
    assert next(iter(frameworks().values())) == "政策配套"


def test_a_policy_knows_its_sentence(policy, confirmed, officer, places):
    assert confirmed.text[policy.start : policy.end] == WORDS
    with pytest.raises(DomainError, match="没有找到这句原文"):
        follow(officer, places, None, paper=confirmed, sentence="原文里没有这一句")
    piece = confirmed.pieces.first()
    made = follow(officer, places, None, paper=confirmed, piece=piece)
    assert (made.start, made.end) == (piece.spans[0][0], piece.spans[-1][1])


def test_what_replaces_a_policy_ends_it_the_day_before(policy, officer, places):
    new = follow(officer, places, policy)
    policy.refresh_from_db()
    assert policy.valid_to == date(2026, 6, 30)
    assert policy.replaced_by == new
    assert policy.is_in_force(date(2026, 6, 30))
    assert not policy.is_in_force(date(2026, 7, 1))
    seen = Policy.objects.in_force(date(2026, 7, 1))
    assert list(seen) == [new]
    with pytest.raises(Conflict, match="已由"):
        follow(officer, places, policy)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "名称"),
        ({"framework": "x"}, "衔接方面"),
        ({"status": "x"}, "衔接方式"),
        ({"valid_to": date(2020, 1, 1)}, "早于"),
        ({"content": "联系人身份证110101199003078515"}, "证件号码"),
    ],
)
def test_impossible_policies_are_refused(policy, officer, places, values, words):
    with pytest.raises(DomainError, match=words):
        follow(officer, places, None, **values)
    with pytest.raises(DomainError, match="起始"):
        follow(officer, places, policy, valid_from=date(2020, 1, 1))
    assert Policy.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.update(valid_to=date(2020, 1, 1))


def test_the_second_of_two_editors_is_told(policy, officer, person):
    changed = edit_policy(officer, policy, version=1, content="每户补助一次")
    assert (changed.start, changed.content) == (policy.start, "每户补助一次")
    with pytest.raises(Conflict):
        edit_policy(officer, policy, version=1, content="x")
    with pytest.raises(NotAllowed):
        edit_policy(person("supervisor"), changed, version=2, content="x")


def test_the_pages_are_for_their_four_people(policy, four_people, person):
    four = four_people("county_officer")
    page = reverse("workplans:policy", args=[policy.pk])
    assert four.statuses(page) == {
        "owner": 200, "neighbour": 404, "department": 200, "nobody": 302,
    }  # fmt: skip
    shown = four.client("owner").get(page).content.decode()
    assert f"<mark>{WORDS}</mark>" in shown
    assert f"?at={policy.start}" in shown
    edit = reverse("workplans:policy-edit", args=[policy.pk])
    assert four.statuses(edit) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert person.client("town_clerk").get(reverse("workplans:policy-new")).status_code == 403
    listed = four.client("owner").get(reverse("workplans:policies")).content.decode()
    assert "正在执行的政策" in listed
    assert "framework=funding&amp;status=continued&amp;force=now" in listed
    assert four.client("neighbour").get(reverse("workplans:policies")).status_code == 200
    assert (
        "户厕" not in four.client("neighbour").get(reverse("workplans:policies")).content.decode()
    )


def test_a_policy_is_entered_from_a_piece_mended_and_replaced_by_form(confirmed, person, places):
    client = person.client("county_officer")
    piece = confirmed.pieces.first()
    assert (
        "登记为政策" in client.get(reverse("workplans:paper", args=[confirmed.pk])).content.decode()
    )
    url = f"{reverse('workplans:policy-new')}?piece={piece.pk}"
    assert piece.text[:20] in client.get(url).content.decode()
    body = {
        "name": "粮食面积奖补", "framework": "policy", "status": "new", "paper": confirmed.pk,
        "valid_from": "2026-01-01", "division": places.county.pk,
    }  # fmt: skip
    assert client.post(url, body | {"valid_from": "明年"}).status_code == 200
    assert client.post(url, body).status_code == 302
    made = Policy.objects.get()
    assert made.piece == piece
    edit = reverse("workplans:policy-edit", args=[made.pk])
    change = body | {"version": 1, "content": "按面积奖补", "valid_to": "2026-12-31"}
    assert client.post(edit, change).status_code == 302
    made.refresh_from_db()
    assert (made.content, made.piece) == ("按面积奖补", piece)
    client.post(
        reverse("workplans:policy-new"),
        body | {"name": "二", "valid_from": "2026-06-01", "replaces": made.pk},
    )
    made.refresh_from_db()
    assert made.replaced_by.name == "二"
    query = {"force": "over", "q": "粮食"}
    assert client.get(reverse("workplans:policies"), query).status_code == 200
    exported = client.get(reverse("workplans:policies"), {"export": "xlsx"})
    assert exported.status_code == 200


GRANTS = """示例县{year}年帮扶政策实施办法

一、落实帮扶政策
（一）补助庭院经济。对发展庭院经济的脱贫户，每户补助{amount}元。
〔牵头单位：县农业农村局〕
（二）每季度召开一次会议，研究解决突出问题。
〔牵头单位：县民政局〕
"""


@pytest.fixture
def grant_paper(officer, second, places, departments):
    """Reads and confirms a paper that grants an amount; `check` may correct the grant."""

    def make(amount, former=None, year=2025, check=None):
        text = GRANTS.format(amount=amount, year=year).encode()
        paper = upload_paper(
            officer, content=text, name="办法.txt", division=places.county, former=former
        )
        for piece in paper.pieces.all():
            values = check if check and piece.kind == "fund" else {}
            state = "corrected" if values else "accepted"
            decide_piece(officer, piece, state=state, version=1, **values)
        sent = advance_paper(officer, paper, "send", version=1)
        assert not Policy.objects.filter(paper=paper).exists()
        return advance_paper(second, sent, "confirm", version=sent.version)

    return make


def test_granted_money_is_entered_when_the_second_person_confirms(grant_paper):
    paper = grant_paper(3000)
    made = Policy.objects.get(paper=paper)
    assert (made.amount, made.amount_unit, made.is_cap) == (3000, "元/户", False)
    assert made.condition == "对发展庭院经济的脱贫户"
    assert "3000元" in paper.text[made.start : made.end]
    assert (made.framework, made.status, made.valid_from) == ("funding", "new", today())


def test_a_corrected_grant_is_entered_as_corrected_and_keeps_its_place(grant_paper):
    target = {"name": "脱贫户", "value": "3500", "unit": "元/户", "comparator": "ge", "raw": "x"}
    values = {"targets": [target], "condition": "有庭院的脱贫户"}
    paper = grant_paper(3000, check=values)
    made = Policy.objects.get(paper=paper)
    assert (made.amount, made.beneficiary, made.is_cap) == (Decimal(3500), "脱贫户", False)
    assert made.condition == "有庭院的脱贫户"
    assert "3000元" in paper.text[made.start : made.end]


@pytest.mark.parametrize(("amount", "status"), [(3000, "continued"), (4000, "adjusted")])
def test_the_revised_paper_continues_or_adjusts_what_the_former_granted(
    grant_paper, amount, status
):
    first = grant_paper(3000)
    Policy.objects.filter(paper=first).update(valid_from=today() - timedelta(300))
    second = grant_paper(amount, former=first, year=2026)
    old, new = Policy.objects.get(paper=first), Policy.objects.get(paper=second)
    assert (old.replaced_by, new.status) == (new, status)
    assert old.valid_to == today() - timedelta(1)


def test_the_grant_and_its_entry_lead_to_each_other(grant_paper, person):
    paper = grant_paper(3000)
    made = Policy.objects.get(paper=paper)
    officer = person.client("county_officer")
    assert made.get_absolute_url() in officer.get(paper.get_absolute_url()).content.decode()
    page = officer.get(made.get_absolute_url()).content.decode()
    assert "3,000 元/户" in page
    assert "对发展庭院经济的脱贫户" in page
    form = officer.get(reverse("workplans:policy-edit", args=[made.pk])).content.decode()
    assert "金额单位" in form


def test_an_amount_needs_its_unit(places, officer):
    with pytest.raises(DomainError, match="金额单位"):
        follow(officer, places, None, amount=Decimal(5))
