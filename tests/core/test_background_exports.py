"""Large lists are made in the background: same content, own scope, own file, gone in three days."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from shouwang.accounts.models import Post
from shouwang.audit.models import AuditEntry
from shouwang.core import clock, export_files, list_exports
from shouwang.core.actor import Actor, Scope
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.models import Export, Job

from .test_ui_lists import officer, person, rows  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.ui_urls")]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Already a list of more than ten rows is large."""
    monkeypatch.setattr(list_exports, "IN_REQUEST", {"xlsx": 10, "csv": 10, "print": 10})


def ask(client: Client, query: str = "export=xlsx") -> Job:
    response = client.get(f"/sample/?{query}")
    job = Job.objects.get(task_path__endswith="make_list_export")
    assert response.status_code == 302
    assert response["Location"] == job.get_absolute_url()
    return job


def content(client: Client, url: str) -> bytes:
    return b"".join(client.get(url).streaming_content)


def test_a_large_list_becomes_a_job_with_a_file_to_download(officer: Client, rows: None) -> None:  # noqa: F811
    job = ask(officer, "export=xlsx&state=done&sort=done")
    assert (job.state, job.gives_file) == ("done", True)
    assert "下载文件" in officer.get(job.get_absolute_url()).content.decode()
    response = officer.get(job.result_url)
    assert "attachment" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    numbers = [row[2].value for row in sheet.iter_rows(min_row=2) if row[2].value is not None]
    assert numbers == list(range(1, 60, 2)), "the conditions and the order of the page"
    assert sheet["A2"].value.startswith("'=")


def test_a_large_csv_and_a_large_print_are_made_too(officer: Client, rows: None) -> None:  # noqa: F811
    job = ask(officer, "export=csv")
    assert content(officer, job.result_url).decode("utf-8-sig").count("第") >= 60
    Job.objects.filter(pk=job.pk).delete()
    job = ask(officer, "print=1")
    assert content(officer, job.result_url)[:2] == b"PK", "a workbook set up for printing"


def test_asking_and_fetching_are_audited(officer: Client, rows: None) -> None:  # noqa: F811
    job = ask(officer)
    content(officer, job.result_url)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions.count("list.exported") == 1
    assert actions.count("export.fetched") == 1


def test_the_file_is_for_the_one_who_asked(officer: Client, rows: None) -> None:  # noqa: F811
    job = ask(officer)
    assert person("other", "county_officer").get(job.result_url).status_code == 404


def test_who_lost_the_right_gets_it_no_more(officer: Client, rows: None) -> None:  # noqa: F811
    job = ask(officer)
    Post.objects.update(role="village_worker")
    assert officer.get(job.result_url).status_code == 403


def test_the_file_lies_encrypted_and_expires(
    officer: Client,  # noqa: F811
    rows: None,  # noqa: F811
    data_dir: Path,
) -> None:
    job = ask(officer)
    (kept,) = (data_dir / "exports").glob("*")
    assert not kept.read_bytes().startswith(b"PK")
    assert not list((data_dir / "tmp").glob("export-*"))
    Export.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    response = officer.get(job.result_url)
    assert "过期" in response.content.decode()
    assert export_files.sweep() == 1
    assert not kept.exists()


def test_the_scope_is_that_of_the_moment_of_asking() -> None:
    scope = Scope("/1/4/", "town_clerk", frozenset({"screening.export"}), None, "青禾镇 乡镇干事")
    asked = Actor(7, "王样例", (scope,))
    export = export_files.order(
        asked, title="线索", name="线索.xlsx", kind="xlsx", right="screening.export"
    )
    export.refresh_from_db()
    assert export_files.asker(export) == asked


def test_only_a_person_with_the_right_may_order() -> None:
    given = {"title": "线索", "name": "线索.xlsx", "kind": "xlsx", "right": "screening.export"}
    with pytest.raises(NotAllowed):
        export_files.order(Actor(7, "王样例"), **given)
    scope = Scope("/", "system", frozenset({"screening.export"}))
    with pytest.raises(DomainError, match="登录的账号"):
        export_files.order(Actor(None, "命令行", (scope,)), **given)


def test_a_file_that_is_not_ready_or_not_there_says_so() -> None:
    scope = Scope("/", "county_officer", frozenset({"screening.export"}))
    me = Actor(7, "王样例", (scope,))
    export = export_files.order(
        me, title="线索", name="线索.xlsx", kind="xlsx", right="screening.export"
    )
    with pytest.raises(DomainError, match="还在生成"):
        export_files.opened(me, export.uuid)
    with pytest.raises(NotFound):
        export_files.opened(Actor(8, "别人", (scope,)), export.uuid)


def test_a_small_list_is_given_at_once(officer: Client, rows: None) -> None:  # noqa: F811
    response = officer.get("/sample/?export=xlsx&done=55")
    assert response.status_code == 200
    assert not Job.objects.filter(task_path__endswith="make_list_export").exists()


def test_the_menu_says_what_is_made_later(officer: Client, rows: None) -> None:  # noqa: F811
    assert "后台生成" in officer.get("/sample/").content.decode()
    assert "后台生成" not in officer.get("/sample/?done=55").content.decode()
