"""What concerns many runs as a job and its page says what happened; a few are done at once."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.cases import operations
from shouwang.cases.models import BulkWork, Case, RegisteredClue
from shouwang.cases.operations import bulk
from shouwang.cases.views import inbox, intake
from shouwang.core import jobs
from shouwang.core.errors import DomainError
from shouwang.core.models import Job
from tests.cases.conftest import Cast, Maker, Way
from tests.cases.test_clues import found, run_on, sheet
from tests.four_people import Places


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two are many."""
    monkeypatch.setattr(inbox, "AT_ONCE", 2)
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    monkeypatch.setattr("shouwang.cases.pages.intake.AT_ONCE", 2)


def entered(name: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=name))
    return client


def keys(cases: list[Case]) -> list[str]:
    return [f"{case.pk}:{case.version}" for case in cases]


def test_many_approvals_run_as_a_job_and_the_page_names_who_was_left_out(
    way: Way, maker: Maker, places: Places
) -> None:
    cases = [way.to_approval(way.opened(maker(places.village))) for _ in range(3)]
    cases[0].checks.update(is_void=True)
    client = entered("县领导")
    answer = client.post(reverse("cases:approve"), {"go": "approve", "chosen": keys(cases)})
    work = BulkWork.objects.get()
    assert answer.url == work.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "2 户" in page and cases[0].number in page and "入户核查" in page
    assert Job.objects.get().state == "done"
    assert Case.objects.filter(state="announcement").count() == 2
    assert entered("县业务员").get(answer.url).status_code == 404
    assert Client().get(answer.url).status_code == 302


def test_a_few_approvals_are_done_at_once(way: Way, maker: Maker, places: Places) -> None:
    cases = [way.to_approval(way.opened(maker(places.village))) for _ in range(2)]
    chosen = {"go": "approve", "chosen": keys(cases)}
    assert entered("县领导").post(reverse("cases:approve"), chosen).url == reverse("cases:inbox")
    assert not BulkWork.objects.exists()
    assert Case.objects.filter(state="announcement").count() == 2


def test_approvals_that_are_stopped_leave_nothing(way: Way, maker: Maker, places: Places) -> None:
    case = way.to_approval(way.opened(maker(places.village)))

    def stop(done: int, total: int, words: str) -> None:
        raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        operations.approve_many(way.cast.approver, {case.pk: case.version}, step=stop)
    case.refresh_from_db()
    assert case.state == "approval"


def test_many_clues_of_a_screening_are_taken_in_by_a_job(
    cast: Cast, maker: Maker, places: Places
) -> None:
    run = run_on(date(2026, 3, 31))
    for _ in range(3):
        found(run, maker(places.village))
    client = entered("县业务员")
    given = {"as_of": "2026-03-31", "priorities": ["1", "2"]}
    page = client.post(reverse("cases:pull"), given, follow=True).content.decode()
    assert "新登记" in page and "3 条" in page and "已办完" in page
    assert RegisteredClue.objects.count() == 3


def test_a_long_list_of_the_rescue_platform_is_read_by_a_job_and_not_kept(
    cast: Cast, maker: Maker, places: Places, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        [f"R{n}", f"某人{n}", "", "13800000001", "柳湾村", "住院自付大", date(2026, 3, 30)]
        for n in range(3)
    ]
    rows.append(["R9", "某人", "", "", "没有的村", "失业", date(2026, 3, 30)])
    content = sheet(tmp_path / "清单.xlsx", rows).read_bytes()
    client = entered("乡镇干事")

    def send() -> str:
        upload = SimpleUploadedFile("清单.xlsx", content)
        answer = client.post(reverse("cases:rescue"), {"file": upload}, follow=True)
        return str(answer.content.decode())

    page = send()
    assert "登记线索" in page and "第 6 行" in page and "没有的村" in page
    assert "13800000001" not in page
    assert RegisteredClue.objects.count() == 3
    work = BulkWork.objects.get()
    assert not bulk.kept(work).exists()
    assert "已经导入过" in send()
    assert not bulk.kept(BulkWork.objects.first()).exists()


def test_the_program_itself_starts_no_bulk_work(way: Way) -> None:
    from shouwang.core.actor import system_actor

    with pytest.raises(DomainError, match="本人账号"):
        bulk.order_approval(system_actor("命令行"), {1: 1}, note="")
