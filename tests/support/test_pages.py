"""Pages of help: the four people at every address, what is shown, nonsense that breaks nothing."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Department
from shouwang.cases.models import Case
from shouwang.core.actor import Actor, system_actor
from shouwang.documents.personal import found_in
from shouwang.registry.models import Household, Member
from shouwang.support import operations
from shouwang.support.models import Loan, Measure, Pairing, PolicyCard, ReliefApplication, Visit
from tests.cases.conftest import START, Cast
from tests.four_people import FourPeople, make_account, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def helped_household(household: Household, case: Case, cast: Cast) -> Household:
    """A household with something of everything."""
    clerk = cast.clerk
    operations.pair(clerk, household, name="联系人甲", unit="某单位", phone="13800138000")
    measure = operations.plan_measure(clerk, household, item="industry.courtyard", risk="income")
    operations.take_measure_step(clerk, measure, "assign", version=1)
    operations.record_visit(cast.village, household, visited_on=START, visitors="联系人甲")
    operations.apply_relief(
        clerk, household, risk="illness", reason="困难", asked=Decimal(3000), applied_on=START
    )
    member = Member.objects.select_related("household__village").filter(household=household)[0]
    operations.record_loan(
        clerk, member, bank="农商银行", amount=Decimal(20_000), months=24, granted_on=START
    )
    operations.card_for(clerk, household)
    operations.set_duty(clerk, household.village, kind="department", name="农业农村局")
    return household


def addresses(household: Household) -> dict[str, str]:
    """Every page of the room about one household, for reading."""
    no = household.household_no
    plain = ("household", "household-help")
    found = {name: reverse(f"support:{name}", args=[no]) for name in plain}
    for tab in ("people", "money", "policies", "effect"):
        found[f"tab-{tab}"] = f"{found['household']}?tab={tab}"
    return found | {
        "measure": reverse("support:measure", args=[Measure.objects.get().pk]),
        "visit": reverse("support:visit", args=[Visit.objects.get().pk]),
        "loan": reverse("support:loan", args=[Loan.objects.get().pk]),
        "relief": reverse("support:relief", args=[ReliefApplication.objects.get().pk]),
        "card": reverse("support:card", args=[PolicyCard.objects.get().token]),
        "card-print": reverse("support:card-print", args=[PolicyCard.objects.get().token]),
        "duties": reverse("support:duties", args=[household.village_id]),
    }


def forms(household: Household) -> dict[str, str]:
    """Every form of the room about one household."""
    no, pairing = household.household_no, Pairing.objects.get()
    found = {
        name: reverse(f"support:{name}", args=[no])
        for name in ("new-measure", "new-pairing", "record-visit", "new-review", "new-relief")
    }
    for kind in ("loans", "student-aid", "renovations"):
        found[kind] = reverse("support:new-row", args=[no, kind])
    measure = Measure.objects.get()
    return found | {
        "pairing-end": reverse("support:pairing-end", args=[pairing.pk]),
        "recall": reverse("support:measure-step", args=[measure.pk, "recall"]),
        "card-hand": reverse("support:card-hand", args=[PolicyCard.objects.get().token]),
    }


LISTS = [
    "/support/", "/support/measures/", "/support/visits/", "/support/pairings/",
    "/support/coverage/", "/support/catalogue/", "/support/measures/statistics/",
    "/support/registers/loans/", "/support/registers/student-aid/",
    "/support/registers/renovations/", "/support/registers/relief/", "/support/calculators/",
]  # fmt: skip


def text(response) -> str:
    return response.content.decode()


def test_the_four_people_at_every_page_of_a_household(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("town_clerk")
    seen = {name: four.statuses(url) for name, url in addresses(helped_household).items()}
    assert {name: status["owner"] for name, status in seen.items()} == dict.fromkeys(seen, 200)
    assert {name: status["neighbour"] for name, status in seen.items()} == dict.fromkeys(seen, 404)
    assert {status["department"] for status in seen.values()} <= {403, 404}
    assert {status["nobody"] for status in seen.values()} == {302}


def test_the_four_people_at_every_form_of_a_household(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("town_clerk")
    for method in ("get", "post"):
        seen = {name: four.statuses(url, method) for name, url in forms(helped_household).items()}
        assert {status["owner"] for status in seen.values()} == {200 if method == "get" else 422}
        assert {status["neighbour"] for status in seen.values()} == {404}
        assert {status["department"] for status in seen.values()} <= {403, 404}
        assert {status["nobody"] for status in seen.values()} == {302}


def test_who_was_slower_is_told_by_whom_and_sends_his_words_again(
    household: Household, case: Case, cast: Cast, four_people: Callable[[str], FourPeople]
) -> None:
    measure = operations.plan_measure(cast.clerk, household, item="industry.courtyard")
    client = four_people("town_clerk").client("owner")
    url = reverse("support:measure-change", args=[measure.pk])
    sent = {"department": "农业农村局", "note": "鸡苗三十只，先养后补", "version": measure.version}
    operations.change_measure(
        cast.officer, measure, version=1, department="农业农村局", note="别的"
    )
    late = client.post(url, sent)
    assert late.status_code == 409 and cast.officer.label in text(late)
    assert "鸡苗三十只，先养后补</textarea>" in text(late)
    fresh = re.search(r'name="version" value="(\d+)"', text(late))
    assert fresh and client.post(url, sent | {"version": fresh[1]}).status_code == 302
    measure.refresh_from_db()
    assert measure.note == "鸡苗三十只，先养后补"
    step = reverse("support:measure-step", args=[measure.pk, "drop"])
    operations.take_measure_step(cast.officer, measure, "assign", version=measure.version)
    gone = client.post(step, {"version": measure.version, "reason": "农户外出务工"})
    assert gone.status_code == 409 and "农户外出务工</textarea>" in text(gone)
    assert "办理“交办" in text(gone) and "disabled" in text(gone)


def test_who_only_watches_sees_and_changes_nothing(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("supervisor")
    read = {
        four.client("owner").get(url).status_code for url in addresses(helped_household).values()
    }
    wrote = {four.client("owner").post(url).status_code for url in forms(helped_household).values()}
    assert read == {200} and wrote == {403}


@pytest.mark.parametrize("url", LISTS)
def test_lists_show_the_own_and_hide_the_others(
    url: str, helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("town_clerk")
    head = str(helped_household.head_name)
    own, other = (four.client(who).get(url) for who in ("owner", "neighbour"))
    assert own.status_code == other.status_code == 200
    assert head not in text(other) and "联系人甲" not in text(other)
    assert four.client("nobody").get(url).status_code == 302
    expected = {200, 403} if url == reverse("support:catalogue") else {403}
    assert four.client("department").get(url).status_code in expected


NONSENSE = (
    "?q=%00&town=x&village=%27%3B--&visit=never&contact=%F0%9F%92%A9&page=-1&sort=;drop",
    "?state=x&department=%00&kind=x&timing=x&due_on_after=x&programme_year=99999999999999999999",
    "?visited_on_after=2026-02-30&year=1e400&failing=maybe&per_page=10000000&export=exe",
)


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_an_address_breaks_nothing(
    url: str, query: str, helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    assert four_people("county_officer").client("owner").get(url + query).status_code == 200


@pytest.mark.parametrize("url", LISTS[:6])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lists_are_exported_by_who_may(
    url: str, kind: str, helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    if url == reverse("support:catalogue"):
        return
    answer = four_people("county_officer").client("owner").get(f"{url}?export={kind}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and len(content) > 200


def test_a_department_has_its_own_inbox_and_takes_its_steps(
    helped_household: Household, places: object, agriculture: Actor
) -> None:
    account = make_account("nongye2", division=places.county)  # type: ignore[attr-defined]
    make_post(
        account, "department_officer", places.county,  # type: ignore[attr-defined]
        Department.objects.get(name="农业农村局"),
    )  # fmt: skip
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    inbox = text(client.get(reverse("support:inbox")))
    assert "庭院经济" in inbox and str(helped_household.head_name) in inbox
    measure = Measure.objects.get()
    page = text(client.get(reverse("support:measure", args=[measure.pk])))
    assert "接收" in page and "退回并说明" in page and "撤回交办" not in page
    url = reverse("support:measure-step", args=[measure.pk, "accept"])
    assert client.post(url, {"version": measure.version, "due_on": "2026-04-20"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.state, str(measure.due_on)) == ("accepted", "2026-04-20")
    assert client.get(url).status_code == 409
    assert (
        client.get(reverse("support:measure-step", args=[measure.pk, "nothing"])).status_code == 404
    )
    pay = reverse("support:new-payment", args=[measure.pk])
    assert client.post(pay, {"amount": "x", "paid_on": "x"}).status_code == 422
    assert client.post(pay, {"amount": "500", "paid_on": str(START)}).status_code == 302


def test_the_card_tells_and_keeps_silent(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    Member.objects.filter(household=helped_household).update(health="患有大病")
    client = four_people("town_clerk").client("owner")
    card = PolicyCard.objects.get()
    for name in ("card", "card-print"):
        page = text(client.get(reverse(f"support:{name}", args=[card.token])))
        assert "联系人甲" in page and "13800138000" in page and "庭院经济" in page
        assert "大病" not in page and "慢性病" not in page
        assert not re.search(r"(?<![\d-])\d{17}[\dXx](?!\d)", page)
        drawn = page[page.index("segno") :]
        assert "<script" not in drawn[: drawn.index("</svg>")]
    card.refresh_from_db()
    assert card.printed_at is not None


def test_a_card_whose_address_no_code_may_hold_gets_another(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    refused = "18582d30-2309-4436-9502-c1349703c911"
    assert found_in(refused)
    PolicyCard.objects.update(token=refused)
    client = four_people("town_clerk").client("owner")
    page = client.get(reverse("support:card-of", args=[helped_household.household_no]), follow=True)
    assert page.status_code == 200
    assert not found_in(str(PolicyCard.objects.get().token))


def test_a_new_card_draws_until_its_address_is_plain(
    household: Household, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def seems(text: str) -> str:
        asked.append(text)
        return "手机号码" if len(asked) == 1 else ""

    monkeypatch.setattr("shouwang.support.operations.cards.found_in", seems)
    made = operations.card_for(cast.clerk, household)
    assert str(made.token) == asked[1] != asked[0]


def test_the_visit_form_asks_the_chosen_list_and_refuses_in_words(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("town_clerk").client("owner")
    url = reverse("support:record-visit", args=[helped_household.household_no])
    page = text(client.get(f"{url}?list=eight_looks"))
    assert "看住房是否安全" in page
    tomorrow = str(START + timedelta(days=1))
    wrong = client.post(url, {"visited_on": tomorrow, "way": "home", "visitors": "甲"})
    assert wrong.status_code == 422 and "走访日期不能晚于今天" in text(wrong)
    done = client.post(
        url,
        {"visited_on": str(START), "way": "home", "visitors": "甲", "item-look_water": "有问题"},
    )
    assert done.status_code == 302
    assert Visit.objects.order_by("-pk")[0].failing == 1


def test_a_workbook_is_refused_by_row_and_the_empty_one_can_be_filled(
    helped_household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("town_clerk").client("owner")
    empty = client.get(reverse("support:import-template", args=["pairings"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(empty.streaming_content)))
    book.active.append(["H9999", "", "张三"])
    stream = io.BytesIO()
    book.save(stream)
    url = reverse("support:import", args=["pairings"])
    answer = client.post(url, {"file": SimpleUploadedFile("名单.xlsx", stream.getvalue())})
    assert answer.status_code == 422 and "辖区内没有这个户编号" in text(answer)
    assert client.post(url, {"file": SimpleUploadedFile("x.xlsx", b"x")}).status_code == 422
    assert client.post(url).status_code == 422
    assert client.get(reverse("support:import", args=["nothing"])).status_code == 404


CALCULATIONS = [
    ("medical", {"total": "100000", "outside_policy": "5000", "in_county": "yes",
                 "insured": "yes", "group": "dibao", "day": "2026-06-30"}, "个人负担"),
    ("loan", {"birth": "1980-01-01", "poor": "yes", "monitored": "no", "labour": "yes",
              "amount": "50000", "other_balance": "0", "months": "36", "for_production": "yes",
              "day": "2026-06-30"}, "符合小额信贷条件"),
    ("premium", {"is_tekun": "", "day": "2026-06-30"}, "缺少是否特困人员"),
    ("student", {"stage": "primary", "classed": "yes", "boards": "yes", "day": "2026-06-30"},
     "1,250.00 元"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "data", "words"), CALCULATIONS)
def test_a_calculator_answers_at_the_desk(
    key: str, data: dict, words: str, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("village_worker").client("owner")
    url = reverse("support:calculator", args=[key])
    assert words in text(client.post(url, data))
    broken = client.post(url, dict.fromkeys(data, "\x00-9e999"))
    assert broken.status_code == 200


def test_the_list_of_households_asks_few_questions(
    helped_household: Household, four_people: Callable[..., FourPeople],
    django_assert_max_num_queries: Callable,
) -> None:  # fmt: skip
    client = four_people("county_officer").client("owner")
    client.get(reverse("support:index"))
    with django_assert_max_num_queries(45):
        client.get(reverse("support:index"))
    with django_assert_max_num_queries(32):
        client.get(reverse("support:measures"))


def test_the_program_itself_sees_every_measure(helped_household: Household) -> None:
    assert Measure.objects.visible_to(system_actor("命令行")).count() == 1
