"""问题台账: one problem of a kind, steps in order, signed off by another person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.campaigns import kinds as kinds_room
from shouwang.campaigns.kinds import BadKind, kinds, read
from shouwang.campaigns.models import Dossier
from shouwang.campaigns.operations import (
    advance_dossier,
    open_dossier,
    record_step,
    save_plan,
)
from shouwang.campaigns.operations.dossiers import CHECKS, steps_done
from shouwang.campaigns.states import dossier_table
from shouwang.core.actor import Actor
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.engine import Rulebook
from shouwang.registry.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(homes, officer):
    def make(kind="housing", home="H1", **values):
        member = (
            Member.objects.get(household=homes[home]) if kind in ("dropout", "insurance") else None
        )
        return open_dossier(
            officer, kind=kind, household=homes[home], member=member, problem="墙体开裂",
            origin="干部走访", found_on=today(), **values,
        )  # fmt: skip

    return make


def planned(officer, dossier):
    people = dict.fromkeys(kinds()[dossier.kind].people, "张三")
    saved = save_plan(
        officer, dossier, plan="修缮", people=people, due_on=dossier.due_on, version=dossier.version
    )
    return advance_dossier(officer, saved, "plan", version=saved.version)


def take(officer, dossier, step, **values):
    return record_step(
        officer, dossier, step, done_on=today(), note="已办", version=dossier.version, **values
    )


def solved(officer, dossier):
    for step in kinds()[dossier.kind].steps:
        dossier = take(officer, dossier, step.key)
    last = kinds()[dossier.kind].steps[-1].key
    outcome = kinds()[dossier.kind].done[0]
    return take(officer, dossier, last, outcome=outcome, no_other_support=True)


def test_the_whole_way_to_sign_off_needs_plan_steps_evidence_and_another_person(opened, officer):
    dossier = opened()
    with pytest.raises(DomainError, match="解决方案"):
        advance_dossier(officer, dossier, "plan", version=1)
    dossier = planned(officer, dossier)
    with pytest.raises(DomainError, match="还没有登记"):
        advance_dossier(officer, dossier, "apply", version=dossier.version, evidence="照片")
    dossier = solved(officer, dossier)
    with pytest.raises(DomainError, match="佐证"):
        advance_dossier(officer, dossier, "apply", version=dossier.version)
    dossier = advance_dossier(officer, dossier, "apply", version=dossier.version, evidence="照片")
    with pytest.raises(DomainError, match="以外的人"):
        advance_dossier(officer, dossier, "approve", version=dossier.version)
    other = Actor(8, "审核人", officer.scopes)
    dossier = advance_dossier(other, dossier, "approve", version=dossier.version)
    assert dossier.closed_on == today()
    back = advance_dossier(other, dossier, "reopen", version=dossier.version, reason="又裂了")
    assert (back.state, back.times, back.outcome) == ("working", 1, "")
    assert steps_done(back) == set()


def test_double_support_of_a_house_is_asked_for(opened, officer):
    dossier = planned(officer, opened())
    for step in kinds()["housing"].steps:
        dossier = take(officer, dossier, step.key)
    dossier = take(officer, dossier, "accept", outcome="已改造入住", funds=Decimal("14000.00"))
    with pytest.raises(DomainError, match="重复享受"):
        advance_dossier(officer, dossier, "apply", version=dossier.version, evidence="照片")


def test_steps_come_in_order_but_optional_ones_may_be_passed_over(opened, officer):
    dossier = planned(officer, opened("housing"))
    with pytest.raises(DomainError, match="安全鉴定"):
        take(officer, dossier, "build")
    school = planned(officer, opened("dropout", "H2"))
    with pytest.raises(DomainError, match="宣传教育"):
        take(officer, school, "court")
    school = take(officer, school, "persuade")
    assert steps_done(take(officer, school, "court")) == {"persuade", "court"}


def test_a_household_has_one_problem_of_a_kind(opened, officer):
    first = opened()
    with pytest.raises(Conflict, match="已经建立"):
        opened()
    opened("water")
    advance_dossier(officer, first, "mistaken", version=1, reason="看错户")
    opened()
    assert Dossier.objects.count() == 3


def test_a_problem_of_a_person_names_the_person(homes, officer):
    with pytest.raises(DomainError, match="哪一位成员"):
        open_dossier(
            officer, kind="dropout", household=homes["H1"], problem="未到校", origin="学校",
            found_on=today(),
        )  # fmt: skip


def test_the_second_of_two_is_told_who_was_faster(opened, officer):
    dossier = opened()
    planned(officer, dossier)
    with pytest.raises(Conflict, match="测试"):
        save_plan(officer, dossier, plan="x", people={}, due_on=dossier.due_on, version=1)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.sampled_from(["plan", "apply", "approve", "return", "reopen", "mistaken"]), max_size=8
    )
)
def test_no_path_signs_off_without_plan_steps_and_evidence(homes, officer, actions):
    home = homes["H3"]
    existing = (
        Dossier.objects.filter(household=home, kind="water").exclude(state="mistaken").first()
    )
    dossier = existing or open_dossier(
        officer, kind="water", household=home, problem="断水", origin="走访", found_on=today()
    )
    for action in actions:
        try:
            dossier = advance_dossier(
                officer, dossier, action, version=dossier.version, reason="试", evidence="照片"
            )
        except DomainError:
            continue
    assert dossier.state in ("open", "mistaken")


def test_every_requirement_of_the_table_has_a_check():
    assert dossier_table().requirements <= set(CHECKS)


def test_kinds_name_rules_that_exist_and_a_basis_for_every_step():
    rules = Rulebook.load().rules
    for kind in kinds().values():
        assert set(kind.rules) <= set(rules)
        assert all(step.basis for step in kind.steps)
    assert set(kinds()) == {"dropout", "housing", "water", "insurance"}


def test_a_kind_with_a_mistake_is_refused_by_name():
    good = {
        "key": "k", "title": "t", "rules": [], "about": "person", "days": 1, "people": [],
        "steps": [], "done": [], "source": "s",
    }  # fmt: skip
    assert read({"kinds": [good]})
    for wrong in ({"about": "town"}, {"days": 0}, {"other": 1}):
        with pytest.raises(BadKind, match="k"):
            read({"kinds": [good | wrong]})
    with pytest.raises(BadKind, match="source"):
        read({"kinds": [{key: value for key, value in good.items() if key != "source"}]})
    assert kinds_room.FILE.exists()


def test_pages_show_the_own_place_only(opened, four_people):
    dossier = opened()
    four = four_people("town_clerk")
    statuses = four.statuses(dossier.get_absolute_url())
    assert statuses == {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    page = four.client("neighbour").get(reverse("campaigns:dossiers"))
    assert page.context["list"].count == 0


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(homes, four_people):
    client = four_people("town_clerk").client("owner")
    url = reverse("campaigns:dossier-new")
    values = {
        "household_no": "H4", "kind": "housing", "problem": "屋顶漏雨", "origin": "走访",
        "found_on": today().isoformat(),
    }  # fmt: skip
    page = client.post(url, values).content.decode()
    assert "没有找到这一户" in page
    assert "屋顶漏雨" in page
    assert client.post(url, values | {"household_no": "H1"}).status_code == 302
    page = client.post(url, values | {"household_no": "H1", "kind": "dropout", "member": "甲"})
    assert "没有（或不止一位）" in page.content.decode()


def test_the_page_takes_the_steps(opened, four_people):
    dossier = opened("insurance")
    client = four_people("town_clerk").client("owner")
    plan = {
        "version": 1, "plan": "资助参保", "due_on": (today() + timedelta(9)).isoformat(),
        "person_0": "李四", "person_1": "王五",
    }  # fmt: skip
    assert (
        client.post(reverse("campaigns:dossier-plan", args=[dossier.pk]), plan).status_code == 302
    )
    step = reverse("campaigns:dossier-step", args=[dossier.pk])
    assert client.post(step, {"action": "plan", "version": 2}).status_code == 302
    record = {"version": 3, "step": "reason", "done_on": today().isoformat(), "note": "外出"}
    done = client.post(reverse("campaigns:dossier-record", args=[dossier.pk]), record)
    assert done.status_code == 302
    assert client.post(step, {"action": "apply", "version": 4, "given": "照片"}).status_code == 400
    assert client.post(step, {"action": "apply", "version": "x"}).status_code == 400
