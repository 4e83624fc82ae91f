"""任务的实时信息: progress and the wish to cancel, in small files beside the database.

A job may hold SQLite's one write lock for minutes (an import is one transaction), so neither its
progress nor somebody's wish to cancel can be written to the database meanwhile. Both travel through
files under SHOUWANG_DATA_DIR/tmp/jobs, which the web process and the worker share.
"""

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from . import clock

STALE_AFTER = timedelta(minutes=2)
"""Longer than any single call that keeps Python's lock (reading a large workbook), so that the
beat of a living worker is not missed; a worker that is gone is noticed at once by its number."""


@dataclass
class LiveProgress:
    """What the running job last said; `beat` is renewed every few seconds while it lives."""

    done: int = 0
    total: int | None = None
    message: str = ""
    beat: str = ""
    host: str = ""
    pid: int = 0

    def is_alive(self) -> bool:
        """Whether the process that wrote this still works on it."""
        if self.host == socket.gethostname() and not _process_exists(self.pid):
            return False
        try:
            beat = datetime.fromisoformat(self.beat)
        except ValueError:
            return False
        return clock.now() - beat < STALE_AFTER


def _process_exists(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking by signal 0 would end the process on Windows; the beat decides there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """A process that has ended but that its parent has not noticed yet (Linux)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["Z"]


def _folder() -> Path:
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp" / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(job_id: int, progress: LiveProgress) -> None:
    """Replace the progress file in one step, so that a reader never sees half of it."""
    progress.beat = clock.now().isoformat()
    progress.host = socket.gethostname()
    progress.pid = os.getpid()
    path = _folder() / f"{job_id}.json"
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


def read(job_id: int) -> LiveProgress | None:
    try:
        text = (_folder() / f"{job_id}.json").read_text(encoding="utf-8")
        return LiveProgress(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def ask_to_cancel(job_id: int) -> None:
    (_folder() / f"{job_id}.cancel").touch()


def is_cancel_asked(job_id: int) -> bool:
    return (_folder() / f"{job_id}.cancel").exists()


def clear(job_id: int) -> None:
    for ending in ("json", "new", "cancel"):
        (_folder() / f"{job_id}.{ending}").unlink(missing_ok=True)
