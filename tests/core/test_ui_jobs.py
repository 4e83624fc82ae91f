"""Background jobs: true to the end whatever happens, and never held up by their own transaction."""

import logging
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from shouwang.accounts.models import Post
from shouwang.core import clock, job_files, jobs
from shouwang.core.actor import Actor, system_actor
from shouwang.core.errors import Conflict, NotFound
from shouwang.core.models import Job, JobState

from . import ui_room

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.ui_urls")]
ROOT = Path(__file__).resolve().parents[2]
ME = Actor(account_id=7, label="王样例")


def running(**values: object) -> Job:
    usual = {"account_id": 7, "title": "导入", "state": JobState.RUNNING, "task_path": "x.y"}
    return Job.objects.create(created_at=clock.now(), **{**usual, **values})


def test_a_job_that_succeeds_tells_its_result() -> None:
    job = jobs.start(ME, "数一数", ui_room.count_up, rows=5)
    assert (job.state, job.done, job.total, job.percent) == ("done", 5, 5, 100)
    assert (job.result_url, job.message) == ("/sample/", "数了 5 行")
    assert job_files.read(job.pk) is None


def test_a_refusal_is_shown_in_its_own_words() -> None:
    job = jobs.start(ME, "导入", ui_room.refuse)
    assert job.state == JobState.FAILED and job.error == "文件里没有“户”表，请重新导出后上传。"


def test_a_foreign_error_leaves_no_personal_data_behind(caplog) -> None:
    with caplog.at_level(logging.ERROR):
        job = jobs.start(ME, "导入", ui_room.fail_with_secret)
    assert job.state == JobState.FAILED and "编号" in job.error
    assert "110101199003074477" not in job.error + caplog.text
    assert "fail_with_secret" in caplog.text


def test_cancelling_ends_the_work_at_its_next_step() -> None:
    job = jobs.start(ME, "数一数", ui_room.cancel_halfway)
    assert (job.state, job.result_url) == ("cancelled", "")


def test_a_queued_job_is_cancelled_at_once_and_then_never_runs() -> None:
    job = running(state=JobState.QUEUED)
    assert jobs.cancel(ME, job.pk).state == JobState.CANCELLED
    with pytest.raises(Conflict), jobs.job_progress(job.pk):
        pytest.fail("a cancelled job must not run")


def test_an_ended_job_cannot_be_cancelled() -> None:
    with pytest.raises(Conflict):
        jobs.cancel(ME, running(state=JobState.DONE).pk)


def test_a_job_whose_worker_is_gone_is_interrupted_and_can_be_tried_again() -> None:
    job = running(task_path="tests.core.ui_room.count_up", arguments={"rows": 2})
    job_files.write(job.pk, job_files.LiveProgress(done=1, total=2))
    live = job_files.read(job.pk)
    assert live is not None and live.is_alive()
    path = job_files._folder() / f"{job.pk}.json"
    path.write_text(path.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194300'))
    found = jobs.get(ME, job.pk)
    assert found.state == JobState.INTERRUPTED and found.can_retry
    again = jobs.retry(ME, job.pk)
    assert again.pk != job.pk and again.state == JobState.DONE


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc")
def test_an_ended_worker_is_noticed_before_its_parent_looks() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    while not job_files._is_zombie(child.pid):
        time.sleep(0.02)
    assert not job_files._process_exists(child.pid)
    child.wait()


def test_a_job_that_has_not_been_heard_of_for_long_is_interrupted(monkeypatch) -> None:
    job = running()
    job_files.write(job.pk, job_files.LiveProgress())
    later = clock.now() + job_files.STALE_AFTER + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert jobs.get(ME, job.pk).state == JobState.INTERRUPTED


def test_a_living_job_shows_its_progress() -> None:
    job = running()
    job_files.write(job.pk, job_files.LiveProgress(done=30, total=120, message="正在写入"))
    found = jobs.get(ME, job.pk)
    assert (found.percent, found.message) == (25, "正在写入")


def test_a_finished_job_is_not_tried_again() -> None:
    with pytest.raises(Conflict):
        jobs.retry(ME, running(state=JobState.DONE).pk)


def test_somebody_elses_job_does_not_exist() -> None:
    job = running(account_id=8)
    with pytest.raises(NotFound):
        jobs.get(ME, job.pk)
    assert jobs.active(ME) == []
    assert not jobs.visible_to(system_actor("命令行")).exists()


WATCHING = """
import threading, time, django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", "core", verbosity=0)
from shouwang.core import clock, jobs
from shouwang.core.actor import Actor
from shouwang.core.models import Job
me = Actor(account_id=7, label="样例")
new = dict(account_id=7, task_path="x.y", created_at=clock.now())
job = Job.objects.create(title="导入", state="queued", **new)
dead = Job.objects.create(title="中断的", state="running", **new)

def watch():
    began = time.monotonic()
    found = jobs.get(me, job.pk)
    print(found.percent, found.state, [active.title for active in jobs.active(me)])
    print(jobs.cancel(me, job.pk).cancel_requested, time.monotonic() - began < 5)
    connection.close()

with jobs.job_progress(job.pk) as progress, transaction.atomic():
    Job.objects.create(title="写锁", state="done", **new)
    progress.step(1, 4, "正在写入")
    progress.write()
    other = threading.Thread(target=watch)
    other.start()
    other.join(timeout=20)
    progress.raise_if_cancelled()
job.refresh_from_db()
print(job.state, Job.objects.filter(title="写锁").exists(), jobs.get(me, dead.pk).state)
"""


def test_progress_and_cancelling_reach_through_the_jobs_own_write_transaction(tmp_path) -> None:
    """On a SQLite file, where one writer shuts out all others."""
    database = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    variables = {"SHOUWANG_DATA_DIR": str(tmp_path), "SHOUWANG_DATABASE_URL": database}
    environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", WATCHING], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert done.stdout.splitlines() == [
        "25 running ['导入']",
        "True True",
        "cancelled False interrupted",
    ]


@pytest.fixture
def client() -> Client:
    account = get_user_model().objects.create(
        pk=7, username="me", name="王样例", must_change_password=False, created_at=clock.now()
    )
    Post.objects.create(account=account, role="county_officer", valid_from="2020-01-01")
    client = Client()
    client.force_login(account)
    return client


def test_the_indicator_asks_again_only_while_work_goes_on(client: Client) -> None:
    assert "hx-trigger" not in client.get("/jobs/indicator/").content.decode()
    job = running()
    job_files.write(job.pk, job_files.LiveProgress(done=1, total=2))
    page = client.get("/jobs/indicator/").content.decode()
    assert "every 2s" in page and "导入" in page


def test_a_job_page_offers_what_is_possible(client: Client) -> None:
    job = running(state=JobState.FAILED, error="请重新上传。")
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "请重新上传。" in page and "重试" in page and "every 1s" not in page
    assert client.get(f"/jobs/{running(account_id=8).pk}/").status_code == 404
    assert client.get("/jobs/").status_code == 200


def test_jobs_change_only_by_post(client: Client) -> None:
    job = running(state=JobState.FAILED)
    assert client.get(f"/jobs/{job.pk}/retry/").status_code == 405
    assert client.get(f"/jobs/{job.pk}/cancel/").status_code == 405
