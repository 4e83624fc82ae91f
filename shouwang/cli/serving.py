"""`shouwang serve` (the web process) and `shouwang worker` (the one process for long jobs)."""

import signal
import subprocess
import sys

import click

from .starting import start


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="不同时启动后台任务进程。")
def serve_command(host: str, port: int, threads: int, no_worker: bool) -> None:
    """启动网页服务（同时启动一个后台任务进程）。"""
    start()
    serve(host, port, threads=threads, worker=not no_worker)


def serve(host: str, port: int, *, threads: int = 8, worker: bool = True) -> None:
    """Serve until interrupted; the worker ends with the web process."""
    from django.core.management import call_command
    from waitress import serve as waitress_serve

    call_command("collectstatic", interactive=False, verbosity=0)
    from shouwang.config.wsgi import application

    signal.signal(signal.SIGTERM, _end)
    helper = start_worker() if worker else None
    try:
        waitress_serve(application, host=host, port=port, threads=threads, ident="shouwang")
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=20)


def _end(number: int, frame: object) -> None:
    """A request to stop ends the process in order, so that its worker is stopped as well."""
    raise SystemExit(0)


def start_worker() -> "subprocess.Popen[bytes]":
    """The worker as a process of its own, so that long work never holds up a page."""
    return subprocess.Popen([sys.executable, "-m", "shouwang.cli", "worker"])


@click.command("worker")
@click.option("--once", is_flag=True, help="处理完现有任务后退出。")
def worker_command(once: bool) -> None:
    """启动后台任务进程（导入、筛查等耗时工作）。"""
    start()
    from django.core.management import call_command

    call_command("db_worker", batch=once, verbosity=1, reload=False)
