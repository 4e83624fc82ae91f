"""Who must support a household from outside is compared with it; his number opens for departments
that are asked, and for nobody else."""

from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.audit.models import AuditEntry
from shouwang.cases import operations
from shouwang.cases.models import AssetHit, Case, ComparisonRequest, Supporter
from shouwang.cases.operations import Finding
from shouwang.cases.pages.comparison import sheet_rows
from shouwang.cases.secrets import SUPPORTER_ID, opened
from shouwang.core import crypto
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.registry.models import Household, Member
from tests.cases.conftest import DEPARTMENTS, Way
from tests.four_people import FourPeople

ID_NO = "110101199003077598"
TRAFFIC = DEPARTMENTS[1]


def checking(way: Way, household: Household, *, covers: bool = True) -> Case:
    case = way.opened(household)
    operations.record_application(
        way.cast.village, case, applied_on=way.calendar.day, applicant_name="户主",
        signed_on=way.calendar.day, covers_supporters=covers,
    )  # fmt: skip
    return way.step(way.cast.village, case, "accept_application")


def named(way: Way, case: Case, **more: str) -> Supporter:
    given = {"name": "某甲", "relation": "child", "id_no": ID_NO, "place": "邻县"} | more
    return operations.add_supporter(way.cast.village, case, **given)


def asked(way: Way, case: Case) -> ComparisonRequest:
    operations.request_comparison(way.cast.officer, case)
    return case.requests.get(department=TRAFFIC)


def test_the_number_is_sealed_and_must_be_right(way: Way, household: Household) -> None:
    case = checking(way, household)
    made = named(way, case)
    assert ID_NO.encode() not in bytes(made.id_enc)
    assert opened(SUPPORTER_ID, made.id_enc) == ID_NO
    assert ID_NO not in str(list(AuditEntry.objects.values()))
    with pytest.raises(Conflict, match="已经登记过"):
        named(way, case, name="另一写法")
    with pytest.raises(DomainError, match="证件号码不正确"):
        named(way, case, id_no="110101199003077590")
    Member.objects.filter(household=household, person_no__endswith="0").update(
        id_hash=crypto.provider().digest("110101198001010010")
    )
    with pytest.raises(DomainError, match=r"本户成员"):
        named(way, case, id_no="110101198001010010")
    with pytest.raises(NotAllowed):
        operations.add_supporter(way.cast.leader, case, name="某乙", relation="child", id_no=ID_NO)


def test_the_consent_must_include_them(way: Way, household: Household) -> None:
    case = checking(way, household, covers=False)
    with pytest.raises(DomainError, match="授权书没有包含"):
        named(way, case)
    application = case.application
    application.covers_supporters = True
    application.save()
    case = Case.objects.get(pk=case.pk)
    named(way, case)
    application.covers_supporters = False
    application.save()
    with pytest.raises(DomainError, match="补签"):
        asked(way, Case.objects.get(pk=case.pk))


def test_a_wrong_entry_goes_before_departments_are_asked_and_not_after(
    way: Way, household: Household
) -> None:
    case = checking(way, household)
    wrong = named(way, case)
    with pytest.raises(DomainError, match="理由"):
        operations.remove_supporter(way.cast.village, case, wrong, reason=" ")
    operations.remove_supporter(way.cast.village, case, wrong, reason="重复登记")
    kept = named(way, case)
    asked(way, case)
    with pytest.raises(Conflict, match="不能再减少"):
        operations.remove_supporter(way.cast.village, case, kept, reason="不想比对")


def test_what_a_supporter_owns_is_a_hit_to_be_judged(way: Way, household: Household) -> None:
    case = checking(way, household)
    supporter = named(way, case)
    request = asked(way, case)
    traffic = way.cast.departments[TRAFFIC]
    item = request.items[0]
    with pytest.raises(DomainError, match="不在比对范围"):
        operations.answer_comparison(
            traffic, request, version=request.version,
            findings=[Finding(None, item, "小型汽车", supporter_id=supporter.pk + 999)],
        )  # fmt: skip
    finding = Finding(None, item, "小型汽车", supporter_id=supporter.pk)
    operations.answer_comparison(traffic, request, version=request.version, findings=[finding])
    hit = AssetHit.objects.get()
    assert (hit.supporter, hit.member, hit.person_label) == (
        supporter, None, "某甲（子女，户外）",
    )  # fmt: skip
    operations.judge_hit(
        way.cast.clerk, hit, conclusion="no_effect", explanation="子女自用", version=hit.version
    )
    another = named(way, case, name="某乙", id_no="11010119900307803X")
    request.refresh_from_db()
    assert (request.state, request.answered_at) == ("open", None)
    more = Finding(None, item, "面包车", supporter_id=another.pk)
    operations.answer_comparison(
        traffic, request, version=request.version, findings=[finding, more]
    )
    assert list(AssetHit.objects.order_by("pk").values_list("detail", "conclusion")) == [
        ("小型汽车", "no_effect"), ("面包车", ""),
    ]  # fmt: skip


def test_the_list_of_a_department_holds_them_and_comes_back(
    way: Way, household: Household, tmp_path: Path
) -> None:
    case = checking(way, household)
    supporter = named(way, case)
    request = asked(way, case)
    traffic = way.cast.departments[TRAFFIC]
    rows = sheet_rows(traffic, TRAFFIC)
    assert ID_NO not in str(rows)
    own = [row for row in rows if row[1] == supporter.number]
    assert len(own) == len(request.items) and own[0][-1] == "110101***********8"
    book = openpyxl.Workbook()
    for row in rows:
        is_own = row[1] == supporter.number
        filled = row if row[0] == rows[0][0] else [*row[:4], "有" if is_own else "无", "轿车"]
        book.active.append(filled[:6])
    book.save(tmp_path / "表.xlsx")
    outcome = operations.import_answers(
        traffic, tmp_path / "表.xlsx", department=TRAFFIC, name="表.xlsx"
    )
    assert (outcome.answered, outcome.rejects) == (1, [])
    assert set(AssetHit.objects.values_list("supporter", flat=True)) == {supporter.pk}


def test_the_number_opens_only_for_who_is_asked_with_a_reason_and_leaves_a_trace(
    way: Way, household: Household
) -> None:
    case = checking(way, household)
    supporter = named(way, case)
    request = asked(way, case)
    url = reverse("cases:supporter-reveal", args=[request.pk, supporter.pk])
    page = reverse("cases:request", args=[request.pk])

    def as_(name: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(username=name))
        return client

    owner = as_(f"{TRAFFIC}联络员")
    shown = owner.get(page).content.decode()
    assert url in shown and "110101***********8" in shown and ID_NO not in shown
    assert owner.post(url, {"reason": "x"}).status_code == 400
    assert owner.post(url, {"reason": "查询名下车辆"}).content.decode() == ID_NO
    assert "车辆" in AuditEntry.objects.filter(action="cases.supporter.revealed").get().summary
    assert as_(f"{DEPARTMENTS[0]}联络员").post(url, {"reason": "查询名下车辆"}).status_code == 404
    assert as_("村干部").post(url, {"reason": "查询名下车辆"}).status_code == 403
    assert Client().post(url, {"reason": "查询名下车辆"}).status_code == 302
    operations.answer_comparison(
        way.cast.departments[TRAFFIC], request, version=request.version, findings=[]
    )
    assert owner.post(url, {"reason": "查询名下车辆"}).status_code == 409
    case_page = reverse("cases:case", args=[case.number])
    assert ID_NO not in as_("村干部").get(f"{case_page}?tab=compare").content.decode()


def test_four_people_try_the_pages(way: Way, household: Household, four_people: FourPeople) -> None:
    case = checking(way, household)
    four = four_people("village_worker")
    client = four.client("owner")
    url = reverse("cases:supporter", args=[case.number])
    given = {"name": "某甲", "relation": "child", "id_no": ID_NO, "place": ""}
    assert client.post(url, given).status_code == 302
    made = Supporter.objects.get()
    for address in (url, reverse("cases:supporter-remove", args=[case.number, made.pk])):
        statuses = four.statuses(address)
        assert (statuses["owner"], statuses["neighbour"], statuses["nobody"]) == (200, 404, 302)
        assert statuses["department"] == 403
    wrong = client.post(url, given | {"id_no": "1"})
    assert wrong.status_code == 400 and "证件号码不正确" in wrong.content.decode()
    remove = reverse("cases:supporter-remove", args=[case.number, made.pk])
    assert client.post(remove, {"reason": "登记有误"}).status_code == 302
    assert not Supporter.objects.exists()
