"""数据库 (databases): both kinds that the program runs on, each time as an empty installation."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path


@contextmanager
def offered(folder: Path, *, postgres: bool = True) -> Iterator[dict[str, str]]:
    """Addresses of the databases that can be had here."""
    from tests.postgres import server

    with server() if postgres else nullcontext() as address:
        found = {"SQLite": f"sqlite:///{folder / 'db.sqlite3'}"}
        if address is not None:
            found["PostgreSQL"] = address
        yield found


def fresh(address: str, folder: Path) -> dict[str, str]:
    """Environment of an empty installation."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if address.startswith("postgresql"):
        import psycopg

        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
            connection.execute("CREATE DATABASE bench")
        address = address.rsplit("/", 1)[0] + "/bench"
    return {"SHOUWANG_DATA_DIR": str(folder), "SHOUWANG_DATABASE_URL": address}
