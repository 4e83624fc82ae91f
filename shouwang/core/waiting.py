"""等待写入 (waiting to write): SQLite has one writer, and a large import is it for some seconds.

Pages wait a while for their turn; what is only noted in passing does not wait at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

PAGE_SECONDS = 10
"""How long a page waits for its turn to write, so that waiting pages do not take up every thread;
work in the background waits as long as the settings say."""
SHORT_MS = 100


def is_busy(problem: BaseException) -> bool:
    """Whether a write came to nothing because another one went on for too long."""
    return isinstance(problem, OperationalError) and "locked" in str(problem)


@contextmanager
def not_waiting() -> Iterator[None]:
    """For what may as well be written later: a page must not stand still behind the one writer."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict.get("OPTIONS", {}).get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {SHORT_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def wait_as_a_page() -> None:
    """Set for this process, before its first connection, how long its pages wait."""
    if connection.vendor == "sqlite":
        options = connection.settings_dict.setdefault("OPTIONS", {})
        options["timeout"] = min(float(options.get("timeout", 5)), PAGE_SECONDS)
