"""A PostgreSQL server for the tests: the one that is named, or a private one made for the run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _binaries() -> Path | None:
    """The newest installed server's programs, or None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _version(initdb: Path) -> int:
    digits = initdb.parent.parent.name
    return int(digits) if digits.isdigit() else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str | None]:
    """Yield the address of a server for the tests, or None where none can be had."""
    if given := os.environ.get("SHOUWANG_TEST_POSTGRES_URL"):
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="shouwang-postgres-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)  # the server refuses to run as root
    port = _free_port()
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    run = lambda *args: subprocess.run(  # noqa: E731
        [*prefix, *map(str, args)], check=True, stdout=subprocess.DEVNULL, cwd=folder
    )
    data = folder / "data"
    run(binaries / "initdb", "-D", data, "-U", "shouwang", "-A", "trust", "-E", "UTF8",
        "--no-sync", "--locale=C.UTF-8")  # fmt: skip
    options = (
        f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c max_connections=200"
    )
    run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://shouwang@127.0.0.1:{port}/postgres"
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
