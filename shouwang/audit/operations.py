"""记入审计日志: what every operation of every room calls inside its transaction."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from shouwang.core.actor import Actor
from shouwang.core.clock import now
from shouwang.core.masking import mask_id
from shouwang.core.together import add

from .chain import canonical, seal_soon
from .models import AuditEntry, UnsealedEntry

# a safety net only: callers hand over masked values
_ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"(?![0-9A-Za-z])"
)


def record(
    actor: Actor,
    action: str,
    *,
    target_type: str = "",
    target_id: str = "",
    division_path: str = "",
    summary: str = "",
    changes: dict[str, Any] | None = None,
    source: Any = None,
    bulk: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry, in the caller's transaction; it is sealed into the chain after the commit.

    An entry about no particular place belongs to where the actor's posts are, so that another
    county does not read it. `action` is the room and the verb (`registry.revealed`), `changes`
    field → [old, new], `source` the file name or a mapping with file, sheet and row.
    """
    details = {
        key: value
        for key, value in (("changes", changes), ("source", source), ("bulk", bulk))
        if value
    }
    with transaction.atomic(savepoint=False):
        entry = AuditEntry(
            at=now(),
            account_id=actor.account_id,
            actor_label=actor.label[:120],
            acting_as="、".join(scope.label for scope in actor.scopes if scope.label)[:300],
            action=action,
            target_type=target_type,
            target_id=str(target_id)[:80],
            division_path=division_path or _common_place(actor),
            summary=_without_ids(summary)[:500],
            details=_without_ids(canonical(details)) if details else "",
        )
        add(entry, _await_seal)
    return entry


def _await_seal(entries: list[AuditEntry]) -> None:
    """One sealing after the commit is enough for all entries of a transaction."""
    UnsealedEntry.objects.bulk_create(
        [UnsealedEntry(pk=entry.pk) for entry in entries], batch_size=500
    )
    if not any(waiting[1] is seal_soon for waiting in reversed(connection.run_on_commit)):
        transaction.on_commit(seal_soon, robust=True)


def record_bulk(
    actor: Actor,
    action: str,
    *,
    count: int,
    digest: str,
    what: str = "",
    target_type: str = "",
    target_id: str = "",
    division_path: str = "",
    summary: str = "",
    source: Any = None,
) -> AuditEntry:
    """One entry for a mass change: how many changes, and the digest (`digest_of`) of them all.

    The changes themselves stay in the room's own history; `digest_of` over them proves that they
    are the ones that were made. `what` says how the lines are spelled.
    """
    return record(
        actor,
        action,
        target_type=target_type,
        target_id=target_id,
        division_path=division_path,
        summary=summary,
        source=source,
        bulk={"count": count, "sha256": digest, "lines": what},
    )


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 over lines, each ended by a line feed; takes a generator of millions."""
    running = hashlib.sha256()
    for line in lines:
        running.update(line.encode())
        running.update(b"\n")
    return running.hexdigest()


def _common_place(actor: Actor) -> str:
    """The lowest division above all posts; nothing for the system itself."""
    paths = [scope.division_path.strip("/").split("/") for scope in actor.scopes]
    shared: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    joined = "/".join(shared)
    return f"/{joined}/" if joined else ""


def _without_ids(text: str) -> str:
    return _ID_NUMBER.sub(lambda found: mask_id(found.group()), text)
