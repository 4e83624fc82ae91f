"""Forms of casework: what was typed stays, nonsense breaks no page, counts equal their lists."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.cases import income, operations
from shouwang.cases.checklists import checklists
from shouwang.cases.models import Case, ComparisonRequest, HouseholdCheck, RegisteredClue
from shouwang.cases.pages.timing import timing
from shouwang.registry.models import Household
from tests.four_people import Places

from .conftest import Maker, Way
from .test_pages_smoke import client_of

NONSENSE = [
    "",
    "\x00",
    "'; DROP TABLE",
    "9" * 40,
    "２０２６",
    "-1",
    "<b>",
    "../../etc",
    "null",
    "٣",
]


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


# ---- registering a clue


@pytest.fixture
def worker(way: Way) -> Client:
    return client_of(way.cast.village)


def clue_form(household: Household | None = None, **more: object) -> dict[str, object]:
    return {
        "household": household.household_no if household else "", "risks": ["illness"],
        "text": "户主住院一个月，自付两万多元", "channel": "self_report",
        "received_on": "2026-03-30", "emergency": "", **more,
    }  # fmt: skip


def test_a_clue_is_registered_and_its_clock_runs_from_the_day_it_came(
    worker: Client, household: Household
) -> None:
    answer = worker.post(reverse("cases:clue-new"), clue_form(household))
    clue = RegisteredClue.objects.get()
    assert answer.url == reverse("cases:clue", args=[clue.uuid])
    assert (clue.household, clue.risks) == (household, ["illness"])
    assert clue.received_on.isoformat() == "2026-03-30"
    assert clue.due_on is not None


def test_a_form_that_is_wrong_keeps_everything_that_was_typed(
    worker: Client, household: Household
) -> None:
    given_form = clue_form(
        household, received_on="2027-01-01", reporter_name="反映人甲", on_behalf="on"
    )
    page = body(worker.post(reverse("cases:clue-new"), given_form))
    for kept in ("户主住院一个月，自付两万多元", "反映人甲", "2027-01-01", str(household)):
        assert kept in page
    assert "这一天还没有到" in page
    assert RegisteredClue.objects.count() == 0


def test_without_household_or_name_the_form_says_what_to_do(worker: Client) -> None:
    page = body(worker.post(reverse("cases:clue-new"), clue_form()))
    assert "请先查找并选中一户" in page


def test_who_is_not_in_the_registry_is_registered_by_name(worker: Client, places: Places) -> None:
    form = clue_form(person_name="外来户", village=places.village.code, person_phone="19900001111")
    worker.post(reverse("cases:clue-new"), form)
    clue = RegisteredClue.objects.get()
    assert (clue.household, clue.subject_name) == (None, "外来户")
    assert b"19900001111" not in bytes(clue.contact_enc or b"")


def test_a_household_of_another_village_cannot_be_picked(
    worker: Client, maker: Maker, places: Places
) -> None:
    other = maker(places.neighbour_village)
    page = body(worker.post(reverse("cases:household-options"), {"q": other.household_no}))
    assert str(other) not in page
    answer = worker.post(reverse("cases:clue-new"), clue_form(other))
    assert answer.status_code == 400
    assert RegisteredClue.objects.count() == 0


def test_what_is_known_of_a_household_is_shown_before_it_is_registered_twice(
    worker: Client, way: Way, household: Household
) -> None:
    way.clue(household)
    form = {"household": household.household_no, "risks": ["illness"]}
    page = body(worker.post(reverse("cases:known"), form))
    assert "同样的线索已经登记过" in page
    way.opened(household)
    page = body(worker.post(reverse("cases:known"), form))
    assert "在办的个案" in page


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_the_search_finds_nothing_and_breaks_nothing(worker: Client, text: str) -> None:
    for name in ("household-options", "known"):
        form = {"q": text, "household": text, "risks": [text]}
        assert worker.post(reverse(f"cases:{name}"), form).status_code == 200


@pytest.mark.parametrize("text", NONSENSE)
@pytest.mark.parametrize(
    "name", ["clues", "list", "long", "notices", "requests", "funnel", "board", "pull"]
)
def test_nonsense_in_an_address_never_breaks_a_list(way: Way, name: str, text: str) -> None:
    officer = client_of(way.cast.officer)
    keys = ("q", "state", "phase", "timing", "town", "village", "risk", "kind", "months", "by",
            "since", "until", "turn", "rule", "department", "received_on_min", "as_of", "sort",
            "page", "channel", "way")  # fmt: skip
    answer = officer.get(reverse(f"cases:{name}"), dict.fromkeys(keys, text))
    assert answer.status_code == 200


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(
    st.sampled_from(["household", "text", "received_on", "risks", "channel", "emergency", "village",
                     "person_name", "outside_no", "on_behalf"]),
    st.text(max_size=60), max_size=8,
))  # fmt: skip
def test_no_text_whatever_breaks_the_clue_form(way: Way, form: dict[str, str]) -> None:
    answer = client_of(way.cast.village).post(reverse("cases:clue-new"), form)
    assert answer.status_code in {302, 400}


# ---- a clue and its case


def test_a_clue_is_closed_with_a_conclusion_or_becomes_a_case(
    worker: Client, way: Way, household: Household, maker: Maker, places: Places
) -> None:
    clue = way.clue(household)
    page = worker.post(reverse("cases:clue-close", args=[clue.uuid]), {"note": "电话核实过"})
    assert page.status_code == 400
    assert "电话核实过" in body(page)
    form = {"conclusion": "no_risk", "note": "已入户，收入稳定", "version": clue.version}
    worker.post(reverse("cases:clue-close", args=[clue.uuid]), form)
    clue.refresh_from_db()
    assert (clue.state, clue.conclusion) == ("closed", "no_risk")
    other = way.clue(maker(places.village))
    answer = worker.post(reverse("cases:clue-open-case", args=[other.uuid]))
    assert answer.url == reverse("cases:case", args=[Case.objects.get().number])


# ---- the check


@pytest.fixture
def check(way: Way, household: Household) -> HouseholdCheck:
    case = way.opened(household)
    way.consent(case)
    way.step(way.cast.village, case, "accept_application")
    return operations.start_check(way.cast.village, case=case, kind="identification")


def check_url(name: str, check: HouseholdCheck) -> str:
    assert check.case is not None
    return reverse(f"cases:{name}", args=[check.case.number, check.pk])


def check_form(check: HouseholdCheck, **more: object) -> dict[str, object]:
    filled: dict[str, object] = {f"income_{item.key}": "0" for item in income.items("2026")}
    filled |= {
        "version": check.version, "visited_on": "2026-04-01", "size": "2",
        "checker_0": "甲", "unit_0": "村委会", "checker_1": "乙", "income_wage_income": "12000",
        "education_ok": "yes", "medical_ok": "yes", "housing_ok": "yes", "water_ok": "no",
        "sudden_event": "no", "can_cope": "no", "risk_0": "illness", "risk_note_0": "慢性病",
        "difficulties": "看病开销大",
    }  # fmt: skip
    return filled | more


def test_the_result_is_computed_while_typing_and_nothing_is_stored(
    worker: Client, check: HouseholdCheck
) -> None:
    page = body(worker.post(check_url("check-result", check), check_form(check)))
    assert "6,000.00" in page
    assert "人均 6,000.00 元" in page
    check.refresh_from_db()
    assert check.per_person is None


def test_a_draft_keeps_what_can_be_read_and_says_how_much_cannot(
    worker: Client, check: HouseholdCheck
) -> None:
    form = check_form(check, income_dibao="一千多", size="两个人")
    answer = worker.post(check_url("check-draft", check), form)
    assert (answer.status_code, answer["X-Draft-Unread"]) == (204, "2")
    check.refresh_from_db()
    assert answer["X-Draft-Version"] == str(check.version)
    assert check.difficulties == "看病开销大"
    assert check.risks == [{"key": "illness", "note": "慢性病"}]
    assert check.items.get(key="wage_income").amount == 12_000


def test_the_form_with_an_unreadable_amount_comes_back_as_it_was_typed(
    worker: Client, check: HouseholdCheck
) -> None:
    answer = worker.post(check_url("check", check), check_form(check, income_dibao="一千多"))
    assert answer.status_code == 400
    assert 'value="一千多"' in body(answer)
    assert "看病开销大" in body(answer)


def test_who_was_slower_is_told_and_keeps_his_words(
    worker: Client, way: Way, check: HouseholdCheck
) -> None:
    form = check_form(check)
    operations.save_check(way.cast.clerk, check, version=check.version, note="别人先存了")
    answer = worker.post(check_url("check", check), form)
    page = body(answer)
    assert answer.status_code == 400
    assert "乡镇干事刚保存过这份核查" in page
    assert "看病开销大" in page
    assert worker.post(check_url("check-draft", check), form).status_code == 409


def test_a_check_is_looked_over_and_then_submitted_for_good(
    worker: Client, check: HouseholdCheck
) -> None:
    answer = worker.post(check_url("check", check), check_form(check))
    assert answer.url == check_url("check-summary", check)
    page = body(worker.get(answer.url))
    assert "看病开销大" in page
    check.refresh_from_db()
    worker.post(check_url("check-submit", check), {"version": check.version})
    check.refresh_from_db()
    assert check.is_submitted
    again = worker.get(check_url("check", check))
    assert again.status_code == 302


def test_one_checker_is_not_enough(worker: Client, check: HouseholdCheck) -> None:
    worker.post(check_url("check", check), check_form(check, checker_1=""))
    check.refresh_from_db()
    answer = worker.post(check_url("check-submit", check), {"version": check.version})
    assert answer.status_code == 400
    assert "至少 2 人" in body(answer)


def test_a_failing_answer_of_a_list_raises_a_clue(worker: Client, check: HouseholdCheck) -> None:
    chosen = checklists()["eight_looks"]
    answers = {f"q_{chosen.key}_{each.key}": "是" for each in chosen.questions
               if each.type == "yes_no"}  # fmt: skip
    form = check_form(check, **{**answers, "q_eight_looks_water": "否"})
    worker.post(check_url("check", check), form)
    check.refresh_from_db()
    worker.post(check_url("check-submit", check), {"version": check.version})
    assert RegisteredClue.objects.filter(risks=["water"]).count() == 1


# ---- steps


def test_who_closes_a_clue_too_late_is_told_and_keeps_his_words(
    way: Way, household: Household
) -> None:
    clue = way.clue(household)
    shown = clue.version
    operations.close_clue(
        way.cast.clerk, clue, conclusion="no_risk", note="已走访", version=clue.version
    )
    sent = {"conclusion": "no_risk", "note": "电话问过，收入稳定", "version": shown}
    client = client_of(way.cast.village)
    late = client.post(reverse("cases:clue-close", args=[clue.uuid]), sent)
    assert late.status_code == 409 and "电话问过，收入稳定" in body(late)
    clue.refresh_from_db()
    operations.reopen_clue(way.cast.clerk, clue, reason="再查", version=clue.version)
    again = client.post(
        reverse("cases:clue-reopen", args=[clue.uuid]), {"reason": "邻居又反映", "version": shown}
    )
    assert again.status_code == 409 and "邻居又反映" in body(again)


def test_a_step_that_somebody_else_took_keeps_the_reason_that_was_typed(
    worker: Client, way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.consent(case)
    shown = case.version
    way.step(way.cast.village, case, "accept_application")
    url = reverse("cases:step", args=[case.number, "withdraw"])
    answer = worker.post(url, {"reason": "农户说不要了", "version": shown})
    assert answer.status_code == 400
    assert "农户说不要了" in body(answer)
    assert "受理申请" in body(answer)
    url = reverse("cases:step", args=[case.number, "accept_application"])
    answer = worker.post(url, {"note": "材料齐了", "version": shown})
    assert answer.status_code == 409
    assert "材料齐了" in body(answer)


def test_a_step_that_is_not_possible_says_why(
    worker: Client, way: Way, household: Household
) -> None:
    case = way.opened(household)
    page = body(worker.get(reverse("cases:case", args=[case.number])))
    assert "还没有登记申请及承诺授权书" in page
    url = reverse("cases:step", args=[case.number, "accept_application"])
    answer = worker.post(url, {"version": case.version})
    assert answer.status_code == 400
    assert "还没有登记申请及承诺授权书" in body(answer)


def test_votes_that_do_not_add_up_are_refused_with_all_that_was_typed(
    worker: Client, way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.checked(case)
    url = reverse("cases:appraisal", args=[case.number])
    form = {
        "held_on": "2026-04-01", "meeting": "representatives", "host": "主持甲",
        "recorder": "记录乙",
        "participants": "甲、乙", "entitled": 24, "present": 20, "votes_for": 18,
        "votes_against": 1, "abstained": 0, "minutes": "大家同意",
    }  # fmt: skip
    answer = worker.post(url, form)
    assert answer.status_code == 400
    assert "票数合计 19" in body(answer)
    assert "大家同意" in body(answer)
    assert worker.post(url, form | {"votes_for": 19}).status_code == 302


def test_a_notice_is_seen_before_it_hangs_and_shows_no_more_than_it_may(
    worker: Client, way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.checked(case)
    way.appraise(case)
    way.step(way.cast.village, case, "pass_appraisal")
    url = reverse("cases:notice-new")
    page = body(worker.get(url, {"kind": "publicity", "case": case.number}))
    assert "张贴出来是这样" in page
    poster = page[page.index('class="poster"') : page.index("</article>")]
    assert str(household.head_name) in poster
    assert household.household_no not in poster
    assert "因病" not in poster
    form = {"kind": "publicity", "cases": [case.number], "published_on": "2026-04-01",
            "place": "村务公开栏", "go": "publish"}  # fmt: skip
    answer = worker.post(url, form)
    assert answer.status_code == 302
    assert "公示中" in body(worker.get(answer.url))


def test_the_class_is_decided_with_a_reason_where_it_departs(
    way: Way, household: Household
) -> None:
    case = way.to_review(way.opened(household))
    clerk = client_of(way.cast.clerk)
    url = reverse("cases:class", args=[case.number])
    assert "建议认定为" in body(clerk.get(url))
    form = {"difficulty": "light", "type": "income", "labour": "able", "version": case.version}
    answer = clerk.post(url, form)
    assert answer.status_code == 400
    assert "请写明理由" in body(answer)
    clerk.post(url, form | {"reason": "已有亲属资助，困难较轻"})
    case.refresh_from_db()
    assert case.decided["difficulty"] == "light"


# ---- comparison


def test_a_department_answers_only_what_it_is_asked(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    asked = operations.request_comparison(way.cast.officer, case)
    own, other = asked[0], asked[1]
    client = client_of(way.cast.departments[own.department])
    assert client.get(reverse("cases:request", args=[own.pk])).status_code == 200
    assert client.get(reverse("cases:request", args=[other.pk])).status_code == 404
    assert client.get(reverse("cases:case", args=[case.number])).status_code == 403
    listed = body(client.get(reverse("cases:requests")))
    assert own.department in listed
    assert other.department not in listed
    url = reverse("cases:request", args=[own.pk])
    wrong = client.post(url, {"outcome": "found", "note": "见附表", "version": own.version})
    assert wrong.status_code == 400
    assert "见附表" in body(wrong)
    assert client.post(url, {"outcome": "none", "version": own.version}).status_code == 302
    own.refresh_from_db()
    assert own.state == "answered"


def test_who_waives_too_late_is_told_and_keeps_the_reason(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    operations.request_comparison(way.cast.officer, case)
    own = ComparisonRequest.objects.get(case=case, department="民政局")
    officer = client_of(way.cast.officer)
    url = reverse("cases:request-waive", args=[own.pk])
    assert officer.post(url, {"reason": "", "version": own.version}).status_code == 400
    sent = {"reason": "低保户已由民政核对", "version": own.version + 1}
    early = officer.post(url, sent)
    assert early.status_code == 409 and "低保户已由民政核对" in body(early)
    operations.answer_comparison(way.cast.departments["民政局"], own, version=own.version)
    late = officer.post(url, sent)
    assert late.status_code == 409 and "低保户已由民政核对" in body(late)
    assert "民政局联络员" in body(late) and 'data-confirm="免于比对后' not in body(late)
    own.refresh_from_db()
    assert own.state == "answered"


def test_what_is_answered_is_not_late_any_more(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    way.compare(case)
    way.calendar.forward(60)
    page = body(client_of(way.cast.officer).get(reverse("cases:requests")))
    assert "已答复" in page
    assert "超期" not in page[page.index("<tbody>") :]


def test_the_list_for_a_department_comes_back_filled_in(
    way: Way, household: Household, tmp_path: object
) -> None:
    import io

    import openpyxl
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = way.opened(household)
    way.consent(case)
    operations.request_comparison(way.cast.officer, case)
    department = "公安交警车辆管理所"
    client = client_of(way.cast.departments[department])
    sent = client.get(reverse("cases:request-sheet"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    sheet = book.active
    for row in sheet.iter_rows(min_row=2):
        if row[3].value:
            row[4].value = "无"
    sheet.cell(2, 5).value, sheet.cell(2, 6).value = "有", "两轮摩托车"
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("比对表.xlsx", out.getvalue())
    page = body(client.post(reverse("cases:request-upload"), {"file": file}))
    assert "答复了 1 户，发现 1 条记录" in page
    hit = case.hits.get()
    assert (hit.item, hit.detail) == ("vehicle", "两轮摩托车")


# ---- what is counted


def links(page: str) -> dict[str, int]:
    """Addresses of lists with the number that leads to them."""
    found = {}
    for url, number in re.findall(r'href="(/cases/(?:list|clues)/\?[^"]*)"[^>]*>([\d,]+)<', page):
        found[unescape(url)] = int(number.replace(",", ""))
    return found


@pytest.mark.parametrize("name", ["board", "funnel", "load"])
def test_every_number_equals_the_list_that_it_leads_to(
    way: Way, maker: Maker, places: Places, name: str
) -> None:
    for village in (places.village, places.village):
        way.clue(maker(village))
    way.opened(maker(places.village))
    way.to_approval(way.opened(maker(places.village)))
    way.monitored(way.opened(maker(places.village), risks=["education"]))
    way.calendar.set(way.calendar.day + timedelta(days=4))
    client = client_of(way.cast.officer)
    found = links(body(client.get(reverse(f"cases:{name}"), {"by": "town"})))
    assert found
    counted = {}
    for url in found:
        query = {key: values[0] for key, values in parse_qs(urlparse(url).query).items()}
        page = client.get(urlparse(url).path, query)
        counted[url] = page.context["list"].count
    assert counted == found


def test_the_badge_counts_what_waits(way: Way, household: Household) -> None:
    way.opened(household)
    page = body(client_of(way.cast.village).get(reverse("cases:list")))
    assert re.search(r'nav-badge">1<', page)


def test_a_pull_brings_what_its_preview_said(way: Way) -> None:
    page = body(client_of(way.cast.officer).get(reverse("cases:pull")))
    assert "还没有筛查" in page


# ---- lists of the county


def test_a_changed_list_is_a_new_version_and_keeps_its_questions(way: Way) -> None:
    client = client_of(way.cast.officer)
    url = reverse("cases:checklist", args=["six_looks_six_checks"])
    chosen = checklists()["six_looks_six_checks"]
    form: dict[str, object] = {"title": "六看六查（本县）", "is_active": "on", "version": 0}
    for number, each in enumerate(chosen.questions):
        form |= {f"key_{number}": each.key, f"text_{number}": each.text,
                 f"type_{number}": each.type, f"choices_{number}": "、".join(each.choices),
                 f"fails_{number}": each.fails, f"risk_{number}": each.risk}  # fmt: skip
    last = len(chosen.questions)
    form |= {f"text_{last}": "看取暖：冬天取暖有没有保障", f"type_{last}": "yes_no",
             f"fails_{last}": "否", f"risk_{last}": "other"}  # fmt: skip
    assert client.post(url, form).status_code == 302
    changed = checklists()["six_looks_six_checks"]
    assert (changed.title, changed.version) == ("六看六查（本县）", 1)
    assert [each.key for each in changed.questions][:last] == [e.key for e in chosen.questions]
    assert client.post(url, form).status_code == 400  # somebody saved another version since


@pytest.mark.parametrize("left", [-3, 0, 1, 30])
def test_a_deadline_is_louder_the_nearer_it_is(left: int, way: Way) -> None:
    today = way.calendar.day
    found = timing(today + timedelta(days=left), today)
    assert found is not None
    assert found.tone == {-3: "late", 0: "near", 1: "near", 30: "idle"}[left]
