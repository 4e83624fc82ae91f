"""占用 (occupancy): who works in a data folder; nobody clears it away under them.

Servers and workers share a lock file for as long as they live; what clears or replaces the folder
wants it alone. The system gives the lock back when a process ends, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Conflict

LOCK = ".in-use.lock"


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Work in the folder beside others."""
    with _locked(folder, fcntl.LOCK_SH, "数据文件夹正在被清空或恢复，请等它完成后再启动。"):
        yield


@contextmanager
def alone(folder: Path, purpose: str) -> Iterator[None]:
    """Have the folder for oneself; refused at once while a server or a worker uses it."""
    words = (
        f"守望的网页服务或后台进程正在使用这个数据文件夹，不能{purpose}。请先停止它们，再执行一次。"
    )
    with _locked(folder, fcntl.LOCK_EX, words):
        yield


@contextmanager
def _locked(folder: Path, kind: int, refusal: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(refusal, "folder_in_use") from None
        yield
    finally:
        os.close(handle)
