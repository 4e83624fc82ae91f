"""Every page of department files: what it shows, and to whom."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.feeds.models import BatchState, FeedBatch, FeedFile
from tests.four_people import FourPeople

from .conftest import LI, OUTSIDER, ZHANG
from .world import gb18030, relief

Take = Callable[..., FeedBatch]
PAGES = ("batch", "batch-rows", "batch-rejects", "batch-history", "batch-state")
FILES = ("reject-workbook", "batch-links")


@pytest.fixture
def batch(registry: Any, take: Take, may_file: Path) -> FeedBatch:
    return take(may_file)


@pytest.fixture
def officer(four_people: Callable[..., FourPeople]) -> FourPeople:
    return four_people("county_officer")


def url(name: str, batch: FeedBatch) -> str:
    return reverse(f"feeds:{name}", args=[batch.uuid])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_batch_is_seen_by_its_county_only(
    officer: FourPeople, batch: FeedBatch, name: str
) -> None:
    statuses = officer.statuses(url(name, batch))
    assert statuses["owner"] in (200, 204)
    assert statuses == statuses | {"neighbour": 404, "department": 404, "nobody": 302}


@pytest.mark.parametrize("name", FILES)
def test_a_batch_is_taken_away_by_its_county_only(
    officer: FourPeople, batch: FeedBatch, name: str
) -> None:
    assert officer.statuses(url(name, batch)) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip


def test_a_department_sees_its_own_batches_only(
    four_people: Callable[..., FourPeople], registry: Any, take: Take, may_file: Path
) -> None:
    medical = four_people("department_officer")
    head = ("结算流水号", "姓名", "身份证号", "结算日期", "医疗类别", "个人自付")
    path = may_file.with_name("结算.csv")
    gb18030(path.parent, path.name, [("1", "张三", ZHANG, "2026-05-03", "住院", 900)], head)
    own = take(path, feed="medical_settlement")
    other = take(may_file)
    for name in (*PAGES, "batch-links"):
        assert medical.client("owner").get(url(name, own)).status_code in (200, 204)
        assert medical.client("owner").get(url(name, other)).status_code == 404
        assert medical.client("neighbour").get(url(name, own)).status_code == 404
        assert medical.client("department").get(url(name, own)).status_code == 404
    listed = text(medical.client("owner"), reverse("feeds:batches"))
    assert "医保结算明细" in listed
    assert "临时救助发放" not in listed.split("list-results")[1]
    grid = text(medical.client("owner"), reverse("feeds:list"))
    assert "临时救助发放" not in grid


def test_a_department_does_not_learn_who_is_registered(
    four_people: Callable[..., FourPeople], registry: Any, take: Take, may_file: Path
) -> None:
    medical = four_people("department_officer")
    head = ("结算流水号", "姓名", "身份证号", "结算日期", "医疗类别", "个人自付")
    path = gb18030(
        may_file.parent, "结算.csv", [("1", "张三", ZHANG, "2026-05-03", "住院", 900)], head
    )
    own = take(path, feed="medical_settlement")
    client = medical.client("owner")
    assert "900000000001" not in text(client, url("batch-rows", own))
    links = b"".join(client.get(url("batch-links", own)).streaming_content).decode()
    assert "900000000001" not in links


@pytest.mark.parametrize("role", ["town_clerk", "village_worker", "system_administrator"])
def test_who_has_no_right_to_whole_files_is_refused(
    four_people: Callable[..., FourPeople], batch: FeedBatch, role: str
) -> None:
    client = four_people(role).client("owner")
    for name in (*PAGES, *FILES):
        assert client.get(url(name, batch)).status_code == 403
    for name in ("list", "batches", "upload"):
        assert client.get(reverse(f"feeds:{name}")).status_code == 403


@pytest.mark.parametrize("role", ["county_leader", "supervisor", "prefecture_officer"])
def test_who_only_looks_can_change_nothing(
    four_people: Callable[..., FourPeople], batch: FeedBatch, role: str
) -> None:
    client = four_people(role).client("owner")
    assert client.get(url("batch", batch)).status_code == 200
    assert client.get(reverse("feeds:upload")).status_code == 403
    assert client.post(url("withdraw", batch), {"reason": "试试"}).status_code == 403
    assert client.post(url("import-again", batch)).status_code == 403
    assert "撤回" not in text(client, url("batch", batch)).split("</header>")[-2]
    batch.refresh_from_db()
    assert batch.state == BatchState.ACCEPTED


def test_a_supervisor_may_not_take_files_away(
    four_people: Callable[..., FourPeople], batch: FeedBatch
) -> None:
    client = four_people("supervisor").client("owner")
    for name in FILES:
        assert client.get(url(name, batch)).status_code == 403


def test_the_batch_page_tells_counts_reasons_and_head(
    officer: FourPeople, batch: FeedBatch
) -> None:
    page = text(officer.client("owner"), url("batch", batch))
    for words in ("临时救助发放 2026年5月", "金额有误", "身份证号", "不在本县档案", "66.7%"):
        assert words in page
    assert "救助金额" in page


def test_rows_are_shown_without_numbers_of_people(officer: FourPeople, batch: FeedBatch) -> None:
    page = text(officer.client("owner"), url("batch-rows", batch))
    assert "张三" in page
    assert "900000000001" in page
    assert ZHANG not in page
    only = text(officer.client("owner"), url("batch-rows", batch) + "?only=outside")
    assert "王五" in only
    assert "李四" not in only


def test_rejected_rows_name_the_cell_and_the_reason(officer: FourPeople, batch: FeedBatch) -> None:
    page = text(officer.client("owner"), url("batch-rejects", batch))
    assert "D5" in page
    assert "金额有误" in page


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=999999999999", "?only=nothing"])
def test_nonsense_in_the_address_is_no_error(
    officer: FourPeople, batch: FeedBatch, query: str
) -> None:
    for name in ("batch-rows", "batch-rejects"):
        assert officer.client("owner").get(url(name, batch) + query).status_code == 200
    assert officer.client("owner").get(reverse("feeds:list") + "?until=x").status_code == 200


def test_the_workbook_of_rejected_rows_holds_what_was_sent_and_is_audited(
    officer: FourPeople, batch: FeedBatch
) -> None:
    answer = officer.client("owner").get(url("reject-workbook", batch))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert {"张三", ZHANG, "八百"} <= set(cells)
    assert LI not in cells
    assert AuditEntry.objects.filter(action="feeds.reject_workbook_downloaded").count() == 1


def test_the_workbook_of_rejected_rows_sent_back_alone_is_recognised(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    answer = client.get(url("reject-workbook", batch))
    path = tmp_path / "退回.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    upload(client, path)
    page = text(client, reverse("feeds:upload"))
    assert "这是改好的退回工作簿" in page
    assert "补正并导入" in page


def test_the_links_of_a_batch_are_taken_away_neutral_and_audited(
    officer: FourPeople, registry: Any, take: Take, tmp_path: Path
) -> None:
    batch = take(gb18030(tmp_path, "=cmd.csv", [relief("张三", ZHANG)]))
    answer = officer.client("owner").get(url("batch-links", batch))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "file,sheet,row,feed,person_no,household_no,method,reason"
    assert lines[1].startswith("'=cmd.csv,,2,temp_relief,90000000000101,900000000001,id")
    assert AuditEntry.objects.filter(action="feeds.batch_links_exported").count() == 1


def test_the_list_is_exported_to_who_may_and_audited(
    four_people: Callable[..., FourPeople], officer: FourPeople, batch: FeedBatch
) -> None:
    address = reverse("feeds:batches") + "?export=csv"
    answer = officer.client("owner").get(address)
    assert "临时救助发放" in b"".join(answer.streaming_content).decode()
    assert AuditEntry.objects.filter(action="list.exported").count() == 1
    assert four_people("supervisor").client("owner").get(address).status_code == 403


def test_the_grid_says_what_came_and_what_is_missing(officer: FourPeople, batch: FeedBatch) -> None:
    page = text(officer.client("owner"), reverse("feeds:list"))
    assert "迟报" in page
    assert "缺报" in page
    assert url("batch", batch) in page


def test_a_first_visit_says_what_to_do(officer: FourPeople) -> None:
    assert "还没有部门数据" in text(officer.client("owner"), reverse("feeds:list"))


def test_versions_and_differences_are_told(
    officer: FourPeople, batch: FeedBatch, take: Take, tmp_path: Path
) -> None:
    rows = [relief("张三", ZHANG), relief("李四", LI, amount=900), relief("赵六", OUTSIDER)]
    second = take(gb18030(tmp_path, "更正.csv", rows), version=2)
    page = text(officer.client("owner"), url("batch", second))
    assert "与第1版相比" in page
    figures = page.split("与第1版相比")[1].split("</section>")[0]
    numbers = [part.split("<")[0] for part in figures.split("<b>")[1:]]
    assert numbers == ["1", "1", "1", "1"]
    assert url("batch", batch) in page


def test_withdrawing_says_what_will_happen_and_asks_why(
    officer: FourPeople, batch: FeedBatch
) -> None:
    client = officer.client("owner")
    assert "撤回后会怎样" in text(client, url("withdraw", batch))
    refused = client.post(url("withdraw", batch), {"reason": ""})
    assert refused.status_code == 400
    assert client.post(url("withdraw", batch), {"reason": "报错月份"}).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.WITHDRAWN
    assert "报错月份" in text(client, url("batch", batch))
    assert client.get(url("withdraw", batch)).status_code == 409


@pytest.mark.parametrize("name", ["withdraw", "import-again"])
def test_steps_on_a_batch_of_others_do_not_exist(
    officer: FourPeople, batch: FeedBatch, name: str
) -> None:
    statuses = officer.statuses(url(name, batch), "post", data={"reason": "试试"})
    assert (statuses["neighbour"], statuses["department"]) == (404, 404)
    assert statuses["nobody"] == 302


def test_the_household_fragment_follows_the_registry_scope(
    four_people: Callable[..., FourPeople], batch: FeedBatch
) -> None:
    four = four_people("town_clerk")
    address = reverse("feeds:household-facts", args=["900000000001"])
    assert four.statuses(address) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    page = text(four.client("owner"), address)
    assert "2026年5月" in page
    assert "800.00" in page
    assert "李四" not in page


def test_a_household_without_facts_says_so(
    four_people: Callable[..., FourPeople], registry: Any
) -> None:
    client = four_people("village_worker").client("owner")
    address = reverse("feeds:household-facts", args=["900000000001"])
    assert "还没有这户成员的记录" in text(client, address)


def upload(client: Client, *paths: Path, **headers: str) -> Any:
    files = [path.open("rb") for path in paths]
    return client.post(reverse("feeds:upload"), {"files": files}, headers=headers)


def confirmation(file: FeedFile, **changes: Any) -> dict[str, Any]:
    values = {
        "feed": "temp_relief",
        "period_start": "2026-05-01",
        "period_end": "2026-05-31",
        "version": "1",
        "note": "",
    } | changes
    return {f"{file.uuid}-{name}": value for name, value in values.items()}


def test_files_are_uploaded_recognised_confirmed_and_imported(
    officer: FourPeople, registry: Any, may_file: Path, tmp_path: Path
) -> None:
    client = officer.client("owner")
    other = gb18030(tmp_path, "临时救助2026年4月.csv", [relief("张三", ZHANG, "2026-04-08")])
    assert upload(client, may_file, other).status_code == 302
    page = text(client, reverse("feeds:upload"))
    assert page.count('value="2026-05-31"') == 1
    assert page.count('value="2026-04-30"') == 1
    assert page.count('value="temp_relief" selected') == 2
    first, second = FeedFile.objects.order_by("pk")
    april = confirmation(second, period_start="2026-04-01", period_end="2026-04-30")
    answer = client.post(reverse("feeds:confirm"), confirmation(first) | april)
    assert answer.status_code == 302
    assert set(FeedBatch.objects.values_list("state", flat=True)) == {"accepted"}
    assert set(FeedBatch.objects.values_list("linked_count", flat=True)) == {1, 2}


def test_one_file_alone_can_be_confirmed(
    officer: FourPeople, may_file: Path, tmp_path: Path
) -> None:
    client = officer.client("owner")
    other = gb18030(tmp_path, "另一份.csv", [relief("张三", ZHANG)])
    upload(client, may_file, other)
    first, second = FeedFile.objects.order_by("pk")
    both = confirmation(first) | confirmation(second, feed="")
    answer = client.post(reverse("feeds:confirm"), both | {"only": str(first.uuid)})
    assert answer.status_code == 302
    assert FeedBatch.objects.get().file == first


def test_what_was_typed_stays_when_something_is_wrong(officer: FourPeople, may_file: Path) -> None:
    client = officer.client("owner")
    upload(client, may_file)
    file = FeedFile.objects.get()
    typed = confirmation(file, period_end="2026-04-01", note="按民政口径")
    answer = client.post(reverse("feeds:confirm"), typed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "期间止不能早于期间起" in page
    assert "按民政口径" in page
    assert FeedBatch.objects.count() == 0


def test_a_period_that_is_there_is_proposed_as_its_next_version(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    upload(client, gb18030(tmp_path, "临时救助_202605更正.csv", [relief("张三", ZHANG)]))
    file = FeedFile.objects.get(batches=None)
    assert f'name="{file.uuid}-version" value="2"' in text(client, reverse("feeds:upload"))


def test_two_people_who_send_the_same_at_once_make_one_batch(
    four_people: Callable[..., FourPeople], officer: FourPeople, may_file: Path
) -> None:
    first, second = officer.client("owner"), Client()
    second.force_login(officer.account("owner"))
    upload(first, may_file)
    upload(second, may_file)
    one, other = FeedFile.objects.order_by("pk")
    first.post(reverse("feeds:confirm"), confirmation(one) | {"only": str(one.uuid)})
    answer = second.post(reverse("feeds:confirm"), confirmation(other), follow=True)
    assert "没有重复导入" in answer.content.decode()
    assert FeedBatch.objects.filter(state=BatchState.ACCEPTED).count() == 1
    assert FeedBatch.objects.get(file=other).reason == "duplicate_file"


def test_the_second_of_two_with_other_content_is_told_the_next_version(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    upload(client, gb18030(tmp_path, "别的.csv", [relief("张三", ZHANG)]))
    file = FeedFile.objects.get(batches=None)
    answer = client.post(reverse("feeds:confirm"), confirmation(file))
    assert answer.status_code == 409
    assert "请把版本改为2后再导入" in answer.content.decode()


def test_an_uploaded_file_can_be_removed_by_its_sender_only(
    officer: FourPeople, may_file: Path
) -> None:
    upload(officer.client("owner"), may_file)
    address = reverse("feeds:remove-file", args=[FeedFile.objects.get().uuid])
    statuses = officer.statuses(address, "post")
    assert statuses == {"owner": 302, "neighbour": 404, "department": 404, "nobody": 302}
    assert FeedFile.objects.count() == 0


def test_a_department_can_only_send_its_own_kinds(
    four_people: Callable[..., FourPeople], may_file: Path
) -> None:
    client = four_people("department_officer").client("owner")
    upload(client, may_file)
    page = text(client, reverse("feeds:upload"))
    assert "医保结算明细" in page
    assert "临时救助发放" not in page
    answer = client.post(reverse("feeds:confirm"), confirmation(FeedFile.objects.get()))
    assert answer.status_code == 400
    assert FeedBatch.objects.count() == 0


def test_the_fragment_of_waiting_files_answers_the_upload_script(
    officer: FourPeople, may_file: Path
) -> None:
    answer = upload(
        officer.client("owner"), may_file, **{"HX-Request": "true", "HX-Target": "staged"}
    )
    page = answer.content.decode()
    assert "请核对这 1 份文件" in page
    assert "<html" not in page
