"""`shouwang serve` (the web process) and `shouwang worker` (the one process for long jobs)."""

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

from .rebuilding import rebuild_if_missing
from .starting import start

RESTART_SECONDS = 5
SCHEDULE_SECONDS = 600
STOP_SECONDS = 20


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口。"
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="同时处理的请求数。",
)
@click.option("--no-worker", is_flag=True, help="不同时启动后台任务进程。")
def serve_command(host: str, port: int, threads: int, no_worker: bool) -> None:
    """启动网页服务（同时启动一个后台任务进程），按 Ctrl+C 停止。

    首次启动自动建表；升级后启动自动更新表。

    例：shouwang serve --host 0.0.0.0 --port 8000
    """
    start()
    serve(host, port, threads=threads, worker=not no_worker)


def serve(host: str, port: int, *, threads: int = 8, worker: bool = True) -> None:
    """Serve until interrupted; the worker ends with the web process."""
    from django.conf import settings

    from shouwang.core import occupancy

    with occupancy.shared(Path(settings.SHOUWANG_DATA_DIR)):
        _serve(host, port, threads=threads, worker=worker)


def _serve(host: str, port: int, *, threads: int, worker: bool) -> None:
    from django.core.management import call_command
    from waitress import serve as waitress_serve

    call_command("collectstatic", interactive=False, verbosity=0)
    from shouwang.config.wsgi import application
    from shouwang.core import export_files
    from shouwang.feeds.operations import sweep

    sweep()  # what a crash left behind
    export_files.sweep()

    signal.signal(signal.SIGTERM, _end)
    helper = Worker() if worker else None
    try:
        waitress_serve(application, host=host, port=port, threads=threads, ident="shouwang")
    finally:
        if helper is not None:
            helper.stop()


def _end(number: int, frame: object) -> None:
    """A request to stop ends the process in order, so that its worker is stopped as well."""
    raise SystemExit(0)


class Worker:
    """The worker as a process of its own, so that long work never holds up a page.

    It is started again when it dies (killed, out of memory): jobs must not wait for a person.
    """

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._watch.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "shouwang.cli", "worker"])

    def _keep_alive(self) -> None:
        while not self._ending.wait(RESTART_SECONDS):
            if self._process.poll() is not None:
                self._process = self._start()

    def stop(self) -> None:
        self._ending.set()
        self._watch.join()
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()


@click.command("worker")
@click.option("--once", is_flag=True, help="处理完现有任务后退出。")
def worker_command(once: bool) -> None:
    """启动后台任务进程（导入、筛查、大表导出等耗时工作）。

    serve 已带一个；只有用 serve --no-worker 时才需要单独启动，并且只启动一个。

    例：shouwang worker --once
    """
    start()
    from django.conf import settings
    from django.core.management import call_command

    from shouwang.core import export_files, occupancy
    from shouwang.feeds.operations import sweep

    with occupancy.shared(Path(settings.SHOUWANG_DATA_DIR)):
        rebuild_if_missing()
        sweep()  # imports that broke off with the last worker wait to be started again
        export_files.sweep()
        _queue_due()
        if not once:
            threading.Thread(target=_keep_queueing, daemon=True).start()
        call_command("db_worker", batch=once, verbosity=1, reload=False)


def _queue_due() -> None:
    """Queue the scheduled work that is due; a database that is busy is asked again later."""
    from django.db import DatabaseError, close_old_connections

    from shouwang.core import schedule

    close_old_connections()
    try:
        schedule.queue_due()
    except DatabaseError:
        logging.getLogger(__name__).exception("scheduled work could not be queued")
    finally:
        close_old_connections()


def _keep_queueing() -> None:
    while True:
        time.sleep(SCHEDULE_SECONDS)
        _queue_due()
