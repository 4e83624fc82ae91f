"""After a crash: what nobody names goes, what somebody needs stays."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from shouwang.cli.serving import worker_command
from shouwang.core.actor import Actor
from shouwang.core.clock import now
from shouwang.feeds import storage
from shouwang.feeds.models import BatchState, FeedBatch, FeedFile
from shouwang.feeds.operations import preparation_of, receive_file, stage_file, sweep

from .world import MAY

SAID = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}


def age(path: Path, days: int) -> None:
    then = (now() - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_folders_that_no_batch_names_go_and_the_others_stay(
    take: Callable[..., FeedBatch], may_file: Path
) -> None:
    batch = take(may_file)
    kept = storage.data_dir() / batch.directory
    orphan = kept.with_name("orphan")
    orphan.mkdir()
    work = storage.work_path("batch")
    work.mkdir()
    for path in (kept, orphan, work):
        age(path, 1)
    assert sweep().folders == 2
    assert kept.exists()
    assert not orphan.exists()


def test_work_that_is_under_way_is_left_alone(places: object, data_dir: Path) -> None:
    work = storage.work_path("batch")
    work.mkdir()
    assert sweep().folders == 0
    assert work.exists()


def test_an_import_whose_process_is_gone_waits_to_be_started_again(
    system: Actor, may_file: Path
) -> None:
    batch = receive_file(system, may_file, **SAID)
    preparation_of(system, batch)
    assert sweep().released == 0
    FeedBatch.objects.update(claimed_at=now() - timedelta(days=1))
    assert sweep().released == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.RECEIVED
    assert "可以重新导入" in batch.message


def test_files_that_were_never_confirmed_go_with_their_originals(
    system: Actor, may_file: Path
) -> None:
    file = stage_file(system, may_file, file_name="五月.csv", proposal={})
    original = storage.original_path(file.sha256)
    age(original, 8)
    assert sweep().unconfirmed == 0
    assert original.exists()
    FeedFile.objects.update(uploaded_at=now() - timedelta(days=8))
    assert sweep().unconfirmed == 1
    assert not original.exists()


def test_an_original_that_a_batch_rests_on_is_never_swept(
    take: Callable[..., FeedBatch], may_file: Path
) -> None:
    batch = take(may_file)
    original = storage.original_path(batch.sha256)
    age(original, 400)
    sweep()
    assert original.exists()


def test_a_worker_that_starts_tidies_before_its_first_job(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr("shouwang.cli.serving.start", lambda: None)
    monkeypatch.setattr("shouwang.cli.serving.rebuild_if_missing", lambda: done.append("files"))
    monkeypatch.setattr("shouwang.feeds.operations.sweep", lambda: done.append("sweep"))
    monkeypatch.setattr("shouwang.core.export_files.sweep", lambda: done.append("exports"))
    monkeypatch.setattr("shouwang.core.schedule.queue_due", lambda: done.append("due"))
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: done.append(name))
    assert CliRunner().invoke(worker_command, ["--once"]).exit_code == 0
    assert done == ["files", "sweep", "exports", "due", "db_worker"]
