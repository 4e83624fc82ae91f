"""Processes that write at the same time into one SQLite file make one chain."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITER = """
import django
django.setup()
from shouwang.audit.operations import record
from shouwang.core.actor import Actor
for step in range(10):
    record(Actor(step, "进程"), "x.y", summary=str(step))
"""
CHECK = """
import django
django.setup()
from shouwang.audit.chain import verify
result = verify()
print(result.ok, result.count)
"""
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "audit", verbosity=0)
"""


@pytest.mark.skipif("SHOUWANG_DATABASE_URL" in os.environ, reason="threads cover a server")
def test_processes_at_the_same_time_make_one_chain(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SHOUWANG_DATA_DIR": str(tmp_path),
        "SHOUWANG_DATABASE_URL": f"sqlite:///{tmp_path / 'chain.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    def start(code: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", code], env=environment, text=True, stdout=subprocess.PIPE
        )

    assert start(MIGRATE).wait(60) == 0
    writers = [start(WRITER) for _ in range(4)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    check = start(CHECK)
    assert check.communicate(timeout=60)[0].split() == ["True", "40"]
