"""A data folder that a server or worker uses is not cleared or replaced under it."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from shouwang.cli.demo import NOTE, demo_command
from shouwang.cli.maintenance import restore_command
from shouwang.core import occupancy
from shouwang.core.errors import Conflict

HOLD = """
import sys, time
from pathlib import Path
from shouwang.core import occupancy
with occupancy.shared(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(60)
"""


def test_a_fresh_demo_is_refused_while_a_server_runs(data_dir: Path) -> None:
    note = data_dir / NOTE
    note.write_text("{}", encoding="utf-8")
    with occupancy.shared(data_dir):
        done = CliRunner().invoke(demo_command, ["--fresh", "--no-serve"])
    assert isinstance(done.exception, Conflict)
    assert "请先停止它们" in str(done.exception)
    assert note.exists()


@pytest.mark.django_db
def test_a_restore_is_refused_while_a_server_runs(data_dir: Path, tmp_path: Path) -> None:
    with occupancy.shared(data_dir):
        done = CliRunner().invoke(restore_command, [str(tmp_path / "none.tar.gz"), "--force"])
    assert isinstance(done.exception, Conflict)
    assert "不能恢复备份" in str(done.exception)


def test_a_killed_server_leaves_the_folder_free(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(Conflict), occupancy.alone(tmp_path, "清空"):
        pass
    process.kill()
    process.wait()
    with occupancy.alone(tmp_path, "清空"):
        pass


def test_servers_and_workers_share_a_folder(tmp_path: Path) -> None:
    with occupancy.shared(tmp_path), occupancy.shared(tmp_path):
        pass
