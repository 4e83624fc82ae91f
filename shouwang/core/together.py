"""一起写入 (together): rows that one long operation adds are inserted in one go at its end.

Five hundred approvals add two thousand rows; asked one by one they wait two thousand times for the
database. Within `together` a row that is added has no key yet. An operation that rolls back a part
of itself must not use it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)
Rows = dict[type[models.Model], list[Any]]
After = Callable[[list[Any]], None]

_waiting: ContextVar[tuple[Rows, dict[type[models.Model], After]] | None] = ContextVar(
    "waiting", default=None
)


@contextmanager
def together() -> Iterator[None]:
    """Keep what is added until the end; when the operation fails, nothing of it is written."""
    if _waiting.get() is not None:
        yield
        return
    rows: Rows = {}
    after: dict[type[models.Model], After] = {}
    token = _waiting.set((rows, after))
    try:
        yield
    finally:
        _waiting.reset(token)
    with transaction.atomic(savepoint=False):
        for model, made in rows.items():
            model._base_manager.bulk_create(made, batch_size=500)
            if model in after:
                after[model](made)


def add(row: Row, after: After | None = None) -> Row:
    """Insert the row now, or with the others; `after` hears of the rows that have their keys."""
    waiting = _waiting.get()
    if waiting is None:
        row.save(force_insert=True)
        if after:
            after([row])
        return row
    rows, calls = waiting
    rows.setdefault(type(row), []).append(row)
    if after:
        calls[type(row)] = after
    return row
