"""吹哨报到: the steps of a department's part, who may take them, what is late, two at once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.audit.models import AuditEntry
from shouwang.calls import demo
from shouwang.calls.limits import BadLimits, limits, read
from shouwang.calls.models import Call, CallDepartment, CallStep
from shouwang.calls.operations import CHECKS, offers, raise_call, take_step, withdraw
from shouwang.calls.queries import badge, board
from shouwang.calls.states import CallState, call_table, whole
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.documents.targets import place_of

pytestmark = pytest.mark.django_db
ACTIONS = sorted({row.action for row in call_table().transitions})


def url(name, *args):
    return reverse(f"calls:{name}", args=args)


def part_of(call):
    return CallDepartment.objects.select_related("call__division", "department").get(
        call=call, state__in=[key for key, one in call_table().states.items() if not one.is_end]
    )


def step(actor, call, action, words="", **more):
    call.refresh_from_db()
    return take_step(actor, part_of(call), action, version=call.version, words=words, **more)


def test_every_requirement_of_the_table_has_its_check():
    assert call_table().requirements == set(CHECKS)


@given(st.lists(st.sampled_from(sorted(call_table().states)), min_size=1, max_size=4))
def test_a_call_ends_only_with_all_of_its_departments(states):
    is_over = all(call_table().state(key).is_end for key in states)
    assert (whole(states) in ("closed", "withdrawn")) == is_over
    assert whole(states) in CallState.values


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(ACTIONS), max_size=9))
def test_only_the_steps_of_the_table_can_be_taken(places, officer, medical, actions):
    call = raise_call(
        officer, places.village, title="事", text="情", urgency="urgent", departments=[medical]
    )
    part, logged = part_of(call), 1
    for action in actions:
        call.refresh_from_db()
        part.refresh_from_db()
        row = call_table().row(part.state, action)
        unmet = row is None or action in ("withdraw", "reassign")
        unmet = unmet or any(CHECKS[name](part) for name in row.requires)
        before = (part.state, call.version)
        if unmet:
            with pytest.raises(DomainError):
                take_step(officer, part, action, version=call.version, words="话")
            part.refresh_from_db()
            call.refresh_from_db()
            assert (part.state, call.version) == before
        else:
            take_step(officer, part, action, version=call.version, words="话")
            part.refresh_from_db()
            call.refresh_from_db()
            logged += 1
            assert part.state == row.to
        assert call.state == whole([part.state])
        assert call.steps.count() == logged


def test_the_way_of_a_call_that_satisfies_at_the_second_time(call, officer):
    assert call.number == f"999901-吹哨-{clock.today().year}-0001"
    assert call.due_on == limits().due_on("normal", clock.today())
    step(officer, call, "accept")
    with pytest.raises(DomainError, match="填写"):
        step(officer, call, "answer", "  ")
    step(officer, call, "answer", "已补录")
    with pytest.raises(DomainError, match="先请部门"):
        step(officer, call, "escalate", "不行")
    step(officer, call, "reopen", "还是查不到")
    step(officer, call, "answer", "再补")
    with pytest.raises(DomainError, match="县级"):
        step(officer, call, "reopen", "又不行")
    step(officer, call, "satisfy")
    call.refresh_from_db()
    assert call.state == "closed"
    assert [one.label for one in call.steps.all()][-1] == "满意"
    assert AuditEntry.objects.filter(action="calls.step").count() == 5
    row = board(officer)[0]
    assert (row.total, row.open, row.on_time, row.satisfied) == (1, 0, 1.0, 1.0)


def test_what_is_not_ours_goes_to_the_county_that_names_another(call, officer, medical, other):
    step(officer, call, "refuse", "不是医保的事")
    call.refresh_from_db()
    assert call.state == "returned"
    with pytest.raises(DomainError, match="部门"):
        step(officer, call, "reassign")
    with pytest.raises(DomainError, match="已在"):
        step(officer, call, "reassign", department=medical)
    step(officer, call, "reassign", department=other)
    assert part_of(call).department == other
    step(officer, call, "refuse", "也不是")
    step(officer, call, "close", "由镇里解决")
    call.refresh_from_db()
    assert call.state == "closed"
    assert [row.name for row in board(officer)] == ["教育体育局"]


def test_the_second_person_is_told_who_was_faster(call, officer):
    part = part_of(call)
    take_step(officer, part, "accept", version=1)
    second = Actor(9, "后来的人", officer.scopes)
    with pytest.raises(Conflict, match=r"测试已在 .+ 办理“报到”"):
        take_step(second, part, "refuse", version=1, words="不是")
    with pytest.raises(Conflict, match="测试已在"):
        withdraw(second, call, version=1, reason="不用了")
    assert part_of(call).state == "accepted"
    assert not CallStep.objects.filter(by_label="后来的人").exists()


def test_a_withdrawn_call_is_over_for_all(call, officer):
    with pytest.raises(DomainError, match="理由"):
        withdraw(officer, call, version=1, reason=" ")
    withdraw(officer, call, version=1, reason="已经办好")
    call.refresh_from_db()
    assert call.state == "withdrawn"
    with pytest.raises(Conflict):
        withdraw(officer, call, version=call.version, reason="再撤")


def test_a_missed_day_is_late_until_the_answer_and_stays_in_the_share(call, officer):
    with clock.telling(clock.now() + timedelta(days=40)):
        assert Call.objects.late(clock.today()).get() == call
        assert "已超期" in part_of(call).state_label
        assert board(officer)[0].late == 1
        step(officer, call, "accept")
        step(officer, call, "answer", "办了")
        assert not Call.objects.late(clock.today()).exists()
        row = board(officer)[0]
        assert (row.on_time, row.satisfied) == (0.0, None)


def test_limits_are_working_days_and_those_that_cannot_be_are_refused():
    friday = date(2026, 3, 6)
    assert limits().due_on("urgent", friday) == date(2026, 3, 10)
    row = {"urgency": "a", "working_days": 1, "basis": "", "source": "EXAMPLE",
           "valid_from": date(2021, 1, 1), "valid_to": None}  # fmt: skip
    data = {"urgencies": [{"key": "a", "label": "甲"}], "limits": [row]}
    assert read(data).on("a", friday).working_days == 1
    for bad in ({"urgency": "b"}, {"working_days": 0}):
        with pytest.raises(BadLimits):
            read(data | {"limits": [row | bad]})
    with pytest.raises(BadLimits):
        read(data | {"limits": [row, row]})


@pytest.mark.parametrize(
    "changes", [{"title": " "}, {"text": "\x00"}, {"urgency": "x"}, {"departments": []}]
)
def test_a_call_that_says_nothing_is_refused(places, officer, medical, changes):
    given_ = {"title": "事", "text": "情", "urgency": "normal", "departments": [medical]}
    with pytest.raises(DomainError):
        raise_call(officer, places.village, **(given_ | changes))
    with pytest.raises(DomainError, match="村或乡镇"):
        raise_call(officer, places.county, **given_)
    assert not Call.objects.exists()


def test_each_step_belongs_to_its_people(call, four_people, officer, places, medical):
    clerk, county = four_people("town_clerk"), four_people("county_officer")
    office = four_people("department_officer")
    with pytest.raises(NotAllowed):
        step(clerk.actor("owner"), call, "accept")
    with pytest.raises(NotAllowed):
        step(office.actor("department"), call, "accept")
    with pytest.raises(NotAllowed):
        step(office.actor("neighbour"), call, "accept")
    assert badge(office.actor("owner")) == 1
    assert offers(office.actor("department"), part_of(call)) == []
    step(office.actor("owner"), call, "accept")
    step(office.actor("owner"), call, "answer", "办了")
    with pytest.raises(NotAllowed):
        step(office.actor("owner"), call, "satisfy")
    assert badge(clerk.actor("owner")) == 1
    assert badge(clerk.actor("neighbour")) == 0
    names = [(one.transition.action, one.is_possible)
             for one in offers(clerk.actor("owner"), part_of(call))]  # fmt: skip
    assert names == [("satisfy", True), ("reopen", True), ("escalate", False)]
    step(clerk.actor("owner"), call, "reopen", "没好")
    step(office.actor("owner"), call, "answer", "又办")
    step(clerk.actor("owner"), call, "escalate", "还没好")
    assert badge(county.actor("owner")) == 1
    assert badge(county.actor("neighbour")) == 0
    with pytest.raises(NotAllowed):
        step(clerk.actor("owner"), call, "close", "算了")
    step(county.actor("owner"), call, "keep", "还是你们")
    with pytest.raises(NotFound):
        raise_call(clerk.actor("neighbour"), places.village, title="越", text="界",
                   urgency="normal", departments=[medical])  # fmt: skip
    with pytest.raises(NotAllowed):
        raise_call(county.actor("owner"), places.village, title="越", text="权",
                   urgency="normal", departments=[medical])  # fmt: skip


def test_pages_are_tried_by_four(call, four_people):
    mine = {"owner": 200, "neighbour": 404, "department": 404, "nobody": 302}
    rooms = mine | {"neighbour": 200, "department": 200}
    part = part_of(call).pk
    for role in ("town_clerk", "department_officer"):
        four = four_people(role)
        for name in ("list", "board"):
            assert four.statuses(url(name)) == rooms, name
        assert four.statuses(url("call", call.pk)) == mine
        for name, args in (("step", [call.pk, part]), ("withdraw", [call.pk])):
            found = four.statuses(url(name, *args), "post", data={"version": "x"})
            assert found == mine | {"owner": 400}, name
    assert four_people("village_worker").statuses(url("new")) == rooms | {"department": 403}
    page = four.client("department").get(url("list")).content.decode()
    assert call.title not in page
    assert call.title not in four.client("neighbour").get(url("board")).content.decode()


def test_a_village_calls_and_a_department_answers_on_the_pages(four_people, places, medical):
    worker = four_people("village_worker").client("owner")
    sent = {"division": places.village.pk, "title": "路塌了", "text": "<script>x</script>",
            "urgency": "urgent", "departments": [medical.pk]}  # fmt: skip
    bad = worker.post(url("new"), sent | {"departments": [], "title": "留着的字"})
    assert bad.status_code == 422 and "留着的字" in bad.content.decode()
    foreign = worker.post(url("new"), sent | {"division": places.other_village.pk})
    assert foreign.status_code == 422
    assert worker.post(url("new"), sent).status_code == 302
    call = Call.objects.get()
    page = url("call", call.pk)
    assert "<script>x" not in worker.get(page).content.decode()
    office = four_people("department_officer").client("owner")
    go = url("step", call.pk, part_of(call).pk)
    assert office.post(go, {"version": 1, "action": "accept"}).status_code == 302
    assert office.post(go, {"version": 1, "action": "accept"}).status_code == 409
    for hostile in ({"version": "²"}, {"version": "9" * 40}, {}, {"version": 2, "action": "x\x00"},
                    {"version": 2, "action": "refuse", "words": "\x00"}):  # fmt: skip
        assert office.post(go, hostile).status_code in (400, 409), hostile
    assert office.post(url("step", call.pk, 10**18), {"version": 2}).status_code == 404
    answer = {"version": 2, "action": "answer", "words": "通了"}
    assert office.post(go, answer).status_code == 302
    assert "先请部门重新办理一次" in worker.get(page).content.decode()
    assert worker.post(go, {"version": 3, "action": "satisfy"}).status_code == 302
    assert "满意办结" in office.get(page).content.decode()


def test_the_list_is_narrowed_sorted_and_exported(call, officer, other, places, four_people):
    raise_call(officer, places.town, title="桥坏了", text="请看", urgency="urgent",
               departments=[other])  # fmt: skip
    client = four_people("town_clerk").client("owner")

    def shown(query):
        page = client.get(url("list") + query)
        assert page.status_code == 200, query
        text = page.content.decode()
        return {one for one in ("参保信息查不到", "桥坏了") if one in text}

    both = {"参保信息查不到", "桥坏了"}
    assert shown("") == shown("?sort=-due_on") == shown("?state=working") == both
    assert shown("?q=桥") == shown("?department=education") == {"桥坏了"}
    assert shown("?urgency=urgent&step=raised") == {"桥坏了"}
    assert shown("?late=yes") == shown("?mine=yes") == shown("?q=没有") == set()
    assert shown("?department=education&late=yes&step=closed") == set()
    assert shown("?town=" + places.town.code) == both
    shown("?department=%00&town=%00&page=99&sort=x&state=x&q=%00")
    answer = client.get(url("list") + "?export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content])
    assert "教育体育局" in text.decode("utf-8-sig")


def test_empty_pages_say_what_to_do(four_people):
    client = four_people("town_clerk").client("owner")
    for name in ("list", "board"):
        assert "还没有吹哨" in client.get(url(name)).content.decode()


def test_the_list_and_the_board_ask_as_often_for_many_as_for_few(
    call, officer, other, places, four_people, django_assert_max_num_queries
):
    for number in range(12):
        raise_call(officer, places.village, title=f"第{number}件", text="情", urgency="normal",
                   departments=[other])  # fmt: skip
    client = four_people("town_clerk").client("owner")
    client.get(url("list"))
    for name in ("list", "board"):
        with django_assert_max_num_queries(30):
            client.get(url(name))


def test_the_demo_shows_every_state(places, officer, medical, other):
    assert demo.make(officer) == 11
    ends = set(CallDepartment.objects.values_list("state", flat=True))
    assert ends == set(call_table().states)
    assert Call.objects.late(clock.today()).exists()


def test_files_of_a_call_are_for_those_who_see_it(call, four_people):
    clerk, office = four_people("town_clerk"), four_people("department_officer")
    for four in (clerk, office):
        place = place_of(four.actor("owner"), "calls.call", str(call.pk))
        assert (place.label, place.closed) == (str(call), "")
        for who in ("neighbour", "department"):
            with pytest.raises(NotFound):
                place_of(four.actor(who), "calls.call", str(call.pk))
    leader = four_people("county_leader").actor("owner")
    assert "只能查看" in place_of(leader, "calls.call", str(call.pk)).closed
    with pytest.raises(NotFound):
        place_of(leader, "calls.call", "x'1")


def test_who_was_slower_finds_his_words_in_the_field(call, four_people):
    """The other one registered first; the words of the answer are still there to be sent."""
    desk = four_people("department_officer").client("owner")
    part, shown = part_of(call), call.version
    target = url("step", call.pk, part.pk)
    assert desk.post(target, {"action": "accept", "version": shown}).status_code == 302
    late = desk.post(target, {"action": "answer", "version": shown, "words": "已派人上门。"})
    text = late.content.decode()
    assert late.status_code == 409 and "已在" in text and "办理“报到”" in text
    assert ">已派人上门。</textarea>" in text
    call.refresh_from_db()
    assert f'name="version" value="{call.version}"' in text
    again = {"action": "answer", "version": call.version, "words": "已派人上门。"}
    assert desk.post(target, again).status_code == 302
