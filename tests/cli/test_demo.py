"""`shouwang demo`: one command makes, imports and screens; a second one reuses what is there."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shouwang.demo import demo_accounts


def _demo(folder: Path, *options: str) -> str:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SHOUWANG_")
    }
    environment |= {
        "SHOUWANG_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
        "COLUMNS": "160",
    }
    command = [sys.executable, "-m", "shouwang.cli", "demo", "--no-serve", "--households", "300"]
    done = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_a_second_demo_reuses_the_first_and_shows_the_same_passwords(tmp_path: Path) -> None:
    first = _demo(tmp_path)
    kept = tmp_path / "demo-accounts.json"
    accounts = json.loads(kept.read_text(encoding="utf-8"))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert set(accounts) == {account.username for account in demo_accounts()}
    assert "医保局/参保名册_2026_1.csv" in first
    assert "整份退回 3 份" in first
    second = _demo(tmp_path)
    assert "沿用已有的演示数据" in second
    assert "医保局/参保名册_2026_1.csv" not in second
    for account in accounts.values():
        assert account["password"] in first
        assert account["password"] in second
