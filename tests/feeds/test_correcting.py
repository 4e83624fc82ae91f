"""补正: corrected rows come in beside the accepted ones, and every row keeps where it came from."""

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict
from shouwang.core.models import Export
from shouwang.feeds import exports, storage
from shouwang.feeds.models import BatchState, FeedBatch, FeedFile
from shouwang.feeds.operations import (
    import_batch,
    preparation_of,
    receive_correction,
    relink_all,
    withdraw_batch,
)
from shouwang.feeds.operations.importing import commit_batch
from shouwang.feeds.preparing import prepare
from shouwang.feeds.queries.facts import household_facts
from shouwang.feeds.queries.provenance import places_in
from tests.four_people import FourPeople, Places

from .conftest import LI, ZHANG
from .world import HEAD, gb18030, id_number, make_registry, relief

Take = Callable[..., FeedBatch]
BAD_NUMBER = ZHANG[:-1] + ("0" if ZHANG[-1] != "0" else "1")


@pytest.fixture
def batch(registry: Any, take: Take, tmp_path: Path) -> FeedBatch:
    """Two accepted rows (lines 2 and 4) and two rejected ones (lines 3 and 5)."""
    rows = [
        relief("张三", ZHANG),
        relief("李四", LI, amount="八百"),
        relief("李四", LI),
        relief("张三", ZHANG, day="去年"),
    ]
    return take(gb18030(tmp_path, "临时救助_202605.csv", rows))


@pytest.fixture
def officer(four_people: Callable[..., FourPeople]) -> FourPeople:
    return four_people("county_officer")


def url(name: str, batch: FeedBatch) -> str:
    return reverse(f"feeds:{name}", args=[batch.uuid])


def workbook(client: Client, batch: FeedBatch) -> openpyxl.Workbook:
    answer = client.get(url("reject-workbook", batch))
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))


def corrected(
    client: Client, batch: FeedBatch, path: Path, changes: Sequence[tuple[str, Any]]
) -> Path:
    """The department's work: download, mend cells, save (here by another program)."""
    book = workbook(client, batch)
    for cell, value in changes:
        book.active[cell] = value
    book.save(path)
    return path


def test_the_workbook_of_a_large_file_is_made_in_the_background_for_who_asked(
    officer: FourPeople, batch: FeedBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    owner = officer.client("owner")
    page = owner.get(url("reject-workbook", batch), follow=True)
    assert "已生成" in page.content.decode()
    order = Export.objects.get()
    fetched = owner.get(order.get_absolute_url())
    book = openpyxl.load_workbook(BytesIO(b"".join(fetched.streaming_content)))
    assert "八百" in [cell.value for row in book.active.iter_rows() for cell in row]
    neighbour = officer.client("neighbour")
    assert neighbour.get(order.get_absolute_url()).status_code == 404
    assert neighbour.get(url("reject-workbook", batch)).status_code == 404


def send(client: Client, batch: FeedBatch, path: Path) -> Any:
    with path.open("rb") as stream:
        return client.post(url("correct", batch), {"file": stream}, follow=True)


def upload(client: Client, path: Path) -> Any:
    with path.open("rb") as stream:
        return client.post(reverse("feeds:upload"), {"files": stream})


def states() -> list[tuple[int, str]]:
    return list(FeedBatch.objects.order_by("pk").values_list("version", "state"))


BOTH = [("D2", "600"), ("C3", "2026-05-20")]


def test_corrected_rows_come_in_beside_the_accepted_ones(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    page = send(client, batch, corrected(client, batch, tmp_path / "改.xlsx", BOTH))
    assert page.status_code == 200
    assert states() == [(1, "superseded"), (2, "accepted")]
    new = FeedBatch.objects.get(version=2)
    assert (new.row_count, new.rejected_count, new.linked_count) == (4, 0, 4)
    assert new.corrects == batch
    assert new.counts["correction"] == {"kept": 2, "added": 2, "repeated": 0, "by_file": [2, 2]}
    body = page.content.decode()
    assert "沿用第1版 <b>2</b> 行，补入 <b>2</b> 行" in body
    rows = pq.read_table(storage.data_dir() / new.directory / "rows.parquet").to_pylist()
    assert sorted((row["row"], row["file_no"], row["file_row"]) for row in rows) == [
        (2, 0, 2), (4, 0, 4), (5, 1, 2), (6, 1, 3),
    ]  # fmt: skip
    told = AuditEntry.objects.get(action="feeds.batch_corrected").summary
    assert "沿用第1版2行，补入2行，重复未补0行" in told


def test_what_is_still_wrong_comes_back_and_can_be_corrected_again(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    send(client, batch, corrected(client, batch, tmp_path / "一.xlsx", BOTH[:1]))
    second = FeedBatch.objects.get(version=2)
    assert (second.row_count, second.rejected_count) == (3, 1)
    again = workbook(client, second)
    head = [cell.value for cell in again.active[1]]
    assert head == [*HEAD, "退回原因"]
    assert [cell.value for cell in again.active[2]][:3] == ["张三", ZHANG, "去年"]
    again.active["C2"] = "2026-05-20"
    again.save(tmp_path / "二.xlsx")
    send(client, second, tmp_path / "二.xlsx")
    third = FeedBatch.objects.get(version=3)
    assert (third.row_count, third.rejected_count) == (4, 0)
    assert third.counts["correction"]["by_file"] == [2, 1, 1]


def test_the_upload_page_knows_where_a_corrected_workbook_belongs(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    path = corrected(client, batch, tmp_path / "随便什么名字.xlsx", BOTH)
    assert upload(client, path).status_code == 302
    page = client.get(reverse("feeds:upload")).content.decode()
    assert "这是改好的退回工作簿，属于<b>临时救助发放 2026年5月</b>" in page
    file = FeedFile.objects.get(batches=None)
    answer = client.post(reverse("feeds:confirm"), {f"{file.uuid}-correct": "True", "only": ""})
    assert answer.status_code == 302
    assert states() == [(1, "superseded"), (2, "accepted")]


@pytest.mark.parametrize("lost", ["property", "sheet"])
def test_the_mark_survives_a_program_that_keeps_one_of_its_two_places(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path, lost: str
) -> None:
    client = officer.client("owner")
    book = workbook(client, batch)
    if lost == "sheet":
        del book["_shouwang"]
    else:
        del book.custom_doc_props["ShouwangMark"]
    book.save(tmp_path / "改.xlsx")
    upload(client, tmp_path / "改.xlsx")
    assert FeedFile.objects.get(batches=None).proposal["corrects"] == str(batch.uuid)


def test_a_workbook_without_any_mark_is_not_guessed_by_its_name(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    book = workbook(client, batch)
    del book["_shouwang"]
    del book.custom_doc_props["ShouwangMark"]
    book.save(tmp_path / "临时救助发放-2026年5月-第1版-退回.xlsx")
    upload(client, tmp_path / "临时救助发放-2026年5月-第1版-退回.xlsx")
    page = client.get(reverse("feeds:upload")).content.decode()
    assert "已看不出属于哪一批次" in page


def test_the_sender_may_say_that_it_is_the_whole_table(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    upload(client, corrected(client, batch, tmp_path / "改.xlsx", BOTH))
    file = FeedFile.objects.get(batches=None)
    address = reverse("feeds:decide-file", args=[file.uuid])
    assert officer.statuses(address, "post") == {
        "owner": 302, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    assert f'name="{file.uuid}-version"' in client.get(reverse("feeds:upload")).content.decode()


def test_the_same_workbook_twice_changes_nothing(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    path = corrected(client, batch, tmp_path / "改.xlsx", BOTH)
    send(client, batch, path)
    page = send(client, batch, path).content.decode()
    assert "没有重复导入" in page
    assert states() == [(1, "superseded"), (2, "accepted"), (3, "rejected")]
    book = openpyxl.load_workbook(path)
    book.save(tmp_path / "另存.xlsx")
    page = send(client, batch, tmp_path / "另存.xlsx").content.decode()
    assert "2行与已采用的行完全相同" in page
    assert FeedBatch.objects.get(state="accepted").version == 2
    assert FeedBatch.objects.get(state="accepted").row_count == 4


def test_rows_that_were_accepted_already_are_left_out_and_counted(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    changes = [("D2", "800"), ("C3", "2026-05-20")]  # line 2 now equals the accepted line 4
    send(client, batch, corrected(client, batch, tmp_path / "改.xlsx", changes))
    new = FeedBatch.objects.get(version=2)
    assert new.counts["correction"] == {"kept": 2, "added": 1, "repeated": 1, "by_file": [2, 1]}


def test_rows_that_differ_only_in_a_number_that_is_not_stored_are_both_kept(
    registry: Any, take: Take, system: Actor, tmp_path: Path
) -> None:
    head = (*HEAD, "备注")
    other = BAD_NUMBER[:16] + "9" + BAD_NUMBER[17:]
    first = [(*relief("王五", BAD_NUMBER), "甲"), (*relief("王五", other, amount="?"), "甲")]
    batch = take(gb18030(tmp_path, "五月.csv", first, head))
    again = [(*relief("王五", other), "甲"), (*relief("王五", f" {BAD_NUMBER}"), "甲")]
    path = gb18030(tmp_path, "补.csv", again, head)
    done = import_batch(system, receive_correction(system, batch, path, file_name=path.name))
    assert done.counts["correction"] == {"kept": 1, "added": 1, "repeated": 1, "by_file": [1, 1]}


def test_nothing_to_add_leaves_everything_as_it_was_and_says_why(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    page = send(client, batch, corrected(client, batch, tmp_path / "原样.xlsx", []))
    assert "2行仍有错误" in page.content.decode()
    assert states() == [(1, "accepted"), (2, "rejected")]
    failed = FeedBatch.objects.get(state="rejected")
    send(client, batch, corrected(client, failed, tmp_path / "再改.xlsx", BOTH))
    assert FeedBatch.objects.get(state="accepted").row_count == 4


def test_withdrawing_a_correction_brings_the_former_version_back(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    client = officer.client("owner")
    path = corrected(client, batch, tmp_path / "改.xlsx", BOTH)
    send(client, batch, path)
    new = FeedBatch.objects.get(version=2)
    client.post(url("withdraw", new), {"reason": "补错了"})
    assert states() == [(1, "accepted"), (2, "withdrawn")]
    send(client, batch, path)
    assert states() == [(1, "superseded"), (2, "withdrawn"), (2, "accepted")]


def test_a_correction_comes_to_nothing_when_its_version_was_withdrawn_meanwhile(
    batch: FeedBatch, system: Actor, officer: FourPeople, tmp_path: Path
) -> None:
    path = corrected(officer.client("owner"), batch, tmp_path / "改.xlsx", BOTH)
    new = receive_correction(system, batch, path, file_name="改.xlsx")
    prepared = prepare(preparation_of(system, new))
    withdraw_batch(system, batch, reason="报错了")
    done = commit_batch(system, new, prepared)
    assert (done.state, done.reason) == (BatchState.REJECTED, "base_changed")
    assert not list((storage.data_dir() / "tmp").glob("feeds-batch-*"))


def test_a_workbook_of_a_version_that_was_replaced_as_a_whole_is_refused(
    officer: FourPeople, batch: FeedBatch, take: Take, tmp_path: Path
) -> None:
    client = officer.client("owner")
    path = corrected(client, batch, tmp_path / "改.xlsx", BOTH)
    second = take(gb18030(tmp_path, "新版.csv", [relief("张三", ZHANG, amount="x")]), version=2)
    assert client.get(url("correct", batch)).status_code == 409
    answer = send(client, second, path)
    assert answer.status_code == 400
    assert "现在采用的是第2版" in answer.content.decode()
    upload(client, path)
    page = client.get(reverse("feeds:upload")).content.decode()
    assert "补正并导入" not in page


def test_a_workbook_of_another_batch_is_not_taken(
    officer: FourPeople, batch: FeedBatch, take: Take, tmp_path: Path
) -> None:
    client = officer.client("owner")
    rows = [relief("张三", ZHANG, "2026-04-01", "x"), relief("李四", LI, "2026-04-01")]
    april = take(
        gb18030(tmp_path, "四月.csv", rows),
        period_start=date(2026, 4, 1),
        period_end=date(2026, 4, 30),
    )
    answer = send(client, batch, corrected(client, april, tmp_path / "改.xlsx", [("D2", "5")]))
    assert answer.status_code == 400
    assert "这是另一批次的退回工作簿" in answer.content.decode()


def test_two_corrections_at_once_are_not_both_made(
    batch: FeedBatch, system: Actor, officer: FourPeople, tmp_path: Path
) -> None:
    client = officer.client("owner")
    one = corrected(client, batch, tmp_path / "一.xlsx", BOTH[:1])
    other = corrected(client, batch, tmp_path / "二.xlsx", BOTH)
    receive_correction(system, batch, one, file_name="一.xlsx")
    with pytest.raises(Conflict, match="正在导入"):
        receive_correction(system, batch, other, file_name="二.xlsx")


def test_a_broken_workbook_is_returned_and_changes_nothing(
    officer: FourPeople, batch: FeedBatch, tmp_path: Path
) -> None:
    broken = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("docProps/custom.xml", "<x>")
    send(officer.client("owner"), batch, broken)
    assert states() == [(1, "accepted"), (2, "rejected")]


def test_correcting_is_for_who_may_send_this_kind(
    officer: FourPeople, four_people: Callable[..., FourPeople], batch: FeedBatch
) -> None:
    assert officer.statuses(url("correct", batch)) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    assert officer.statuses(url("correct", batch), "post") == {
        "owner": 400, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    for role in ("county_leader", "supervisor", "town_clerk"):
        assert four_people(role).client("owner").get(url("correct", batch)).status_code == 403


def test_links_tell_every_row_once_with_the_file_and_line_it_was_sent_in(
    officer: FourPeople, batch: FeedBatch, system: Actor, tmp_path: Path
) -> None:
    client = officer.client("owner")
    send(client, batch, corrected(client, batch, tmp_path / "改.xlsx", BOTH))
    out = tmp_path / "links.csv"
    assert exports.export_links(system, out) == 4
    assert places_in_links(out) == [
        ("临时救助_202605.csv", "2"),
        ("临时救助_202605.csv", "4"),
        ("改.xlsx", "2"),
        ("改.xlsx", "3"),
    ]
    rejects = tmp_path / "rejects.csv"
    exports.export_rejects(system, rejects)
    assert places_in_links(rejects) == [("临时救助_202605.csv", "3"), ("临时救助_202605.csv", "5")]
    withdraw_batch(system, batch, reason="只留新版")
    assert exports.export_links(system, out) == 4
    assert places_in_links(out)[0] == ("临时救助_202605.csv", "2")
    answer = client.get(url("batch-links", FeedBatch.objects.get(version=2)))
    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 5


def places_in_links(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return sorted((line["file"], line["row"]) for line in csv.DictReader(stream))


def test_evidence_pages_and_households_name_the_right_file_and_line(
    officer: FourPeople, batch: FeedBatch, places: Places, system: Actor, tmp_path: Path
) -> None:
    client = officer.client("owner")
    send(client, batch, corrected(client, batch, tmp_path / "改.xlsx", BOTH))
    new = FeedBatch.objects.get(version=2)
    found = places_in([(str(new.uuid), 4), (str(new.uuid), 6), (str(batch.uuid), 4)])
    assert found[str(new.uuid), 4].file_name == "临时救助_202605.csv"
    assert (found[str(new.uuid), 6].file_name, found[str(new.uuid), 6].row) == ("改.xlsx", 3)
    assert found[str(batch.uuid), 4].row == 4
    facts = household_facts(officer.actor("owner"), "900000000001")[0].facts
    assert {(fact.file_name, fact.row) for fact in facts} == {
        ("临时救助_202605.csv", 2), ("改.xlsx", 3),
    }  # fmt: skip
    page = client.get(url("batch-rows", new)).content.decode()
    assert "改.xlsx" in page
    assert "因病" in page.split("<tbody>")[1]
    snapshot = make_registry(places, [("张三", ZHANG, "900000000001")], number=2)
    relink_all(system, snapshot)
    assert places_in([(str(new.uuid), 6)])[str(new.uuid), 6].row == 3
    new.refresh_from_db()
    assert new.linked_count == 2


def test_a_correction_counts_for_screening_in_place_of_its_base(
    officer: FourPeople, batch: FeedBatch, system: Actor, tmp_path: Path
) -> None:
    from shouwang.feeds.queries import effective_batches

    client = officer.client("owner")
    send(client, batch, corrected(client, batch, tmp_path / "改.xlsx", BOTH))
    (counting,) = effective_batches()
    assert counting.version == 2
    assert pq.read_table(counting.rows).num_rows == 4


def test_more_rows_than_were_returned_are_pointed_out(
    officer: FourPeople, batch: FeedBatch, system: Actor, tmp_path: Path
) -> None:
    rows = [relief("张三", ZHANG, amount=number) for number in (1, 2, 3, 4)]
    path = gb18030(tmp_path, "整张表.csv", rows)
    page = send(officer.client("owner"), batch, path).content.decode()
    assert "多 2 行" in page


def test_a_person_unknown_before_is_linked_in_a_correction(
    places: Places, take: Take, system: Actor, tmp_path: Path
) -> None:
    wang = id_number(7)
    make_registry(places, [("王五", wang, "900000000007")])
    batch = take(gb18030(tmp_path, "五月.csv", [relief("王五", wang, amount="x")]))
    assert batch.row_count == 0
    path = gb18030(tmp_path, "补.csv", [relief("王五", wang)])
    done = import_batch(system, receive_correction(system, batch, path, file_name=path.name))
    assert (done.row_count, done.linked_count) == (1, 1)
