"""`make test`: every test on SQLite, then those to which the database matters on PostgreSQL.

With SHOUWANG_REQUIRE_ALL=1 a missing browser or database server is a failure, not a skip.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.postgres import server

ONCE = [
    "tests/engine", "tests/oracle", "tests/demo", "tests/contracts", "tests/policydocs",
    "tests/bench", "tests/browser/test_tour.py", "tests/browser/test_nothing_personal.py",
]  # fmt: skip
"""Not again on PostgreSQL: what asks no database, brings its own, or only opens the pages that
other tests open on both.
"""


def pytest(name: str, arguments: list[str], **variables: str) -> bool:
    """Run pytest in a fresh process and data folder; True when it passed."""
    print(f"\n== {name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="shouwang-test-") as folder:
        environment = {**os.environ, "SHOUWANG_DATA_DIR": folder, **variables}
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
        return subprocess.run(command, env=environment).returncode == 0


def main() -> int:
    required = os.environ.get("SHOUWANG_REQUIRE_ALL") == "1"
    passed = pytest("SQLite", sys.argv[1:])
    with server() as address:
        if address is None:
            print("\n== PostgreSQL: no server on this machine (apt install postgresql); not run")
            return 0 if passed and not required else 1
        ignored = [f"--ignore={folder}" for folder in ONCE]
        passed &= pytest("PostgreSQL", [*ignored, *sys.argv[1:]], SHOUWANG_DATABASE_URL=address)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
