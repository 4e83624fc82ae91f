"""哈希链: sealing entries one after another, and proving that nothing was changed or removed.

Each seal is SHA-256 over the canonical JSON of its number, the seal before and all of the entry.
Whoever can write the database and knows this code could forge a whole new chain; the number and
hash of the head, kept outside (`shouwang audit verify --head`), show that.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import transaction

from .models import AuditEntry, AuditHead, AuditSeal, UnsealedEntry

START = "0" * 64
BATCH = 2_000
logger = logging.getLogger(__name__)


def canonical(value: Any) -> str:
    """One spelling for one content: sorted keys, no blanks, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def seal_of(sequence: int, previous: str, entry: AuditEntry) -> str:
    content = {
        "sequence": sequence,
        "previous": previous,
        "entry": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": entry.account_id,
        "actor": entry.actor_label,
        "acting_as": entry.acting_as,
        "action": entry.action,
        "target_type": entry.target_type,
        "target_id": entry.target_id,
        "division": entry.division_path,
        "summary": entry.summary,
        "details": entry.details,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def seal_pending() -> int:
    """Seal every committed entry that waits, in order; returns how many.

    The head is locked, so of several processes one seals and the others find nothing left.
    """
    sealed = 0
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(
            pk=1, defaults={"digest": START}
        )
        while keys := list(
            UnsealedEntry.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]
        ):
            entries = AuditEntry.objects.in_bulk(keys)
            seals = []
            for key in keys:
                if key not in entries:
                    continue  # removed before it was sealed; the gap in numbers is all that is left
                digest = seal_of(head.sequence + 1, head.digest, entries[key])
                seals.append(
                    AuditSeal(
                        sequence=head.sequence + 1, entry=key, previous=head.digest, digest=digest
                    )
                )
                head.sequence, head.digest = head.sequence + 1, digest
            AuditSeal.objects.bulk_create(seals)
            UnsealedEntry.objects.filter(pk__in=keys).delete()
            sealed += len(seals)
        if sealed:
            head.save()
    return sealed


def seal_soon() -> None:
    """After the commit: a busy database only delays the seal, it never fails the operation."""
    try:
        seal_pending()
    except Exception:
        logger.warning("sealing is put off to the next entry", exc_info=True)


@dataclass(frozen=True)
class Problem:
    """One place where the chain does not hold."""

    sequence: int | None
    kind: str
    message: str


@dataclass
class Verification:
    """核验结果: how many entries, up to which head, and every place that does not hold."""

    count: int = 0
    sequence: int = 0
    digest: str = START
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def anchor(self) -> str:
        """What to write down outside of the system."""
        return f"{self.sequence}:{self.digest}"

    def found(self, sequence: int | None, kind: str, message: str) -> None:
        self.problems.append(Problem(sequence, kind, message))


def verify(anchor: str | None = None) -> Verification:
    """Walk the whole chain; an `anchor` noted earlier also shows that the past was not redone."""
    seal_pending()
    result = Verification()
    anchored = _parsed(anchor)
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        for seal, entry in _links():
            _check_link(result, seal, entry)
            if anchored and seal.sequence == anchored[0] and seal.digest != anchored[1]:
                result.found(seal.sequence, "anchor", "与当时抄存的链头不符，此前的记录被重写过。")
            result.count += 1
            result.sequence, result.digest = seal.sequence, seal.digest
        _check_end(result, head, anchored)
        _check_strays(result)
    return result


def _parsed(anchor: str | None) -> tuple[int, str] | None:
    if not anchor:
        return None
    sequence, _, digest = anchor.strip().partition(":")
    return (int(sequence) if sequence.isdecimal() else 0), digest.strip().lower()


def _links() -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """Seals in order with their entries, a batch at a time."""
    last = 0
    while seals := list(AuditSeal.objects.filter(sequence__gt=last).order_by("sequence")[:BATCH]):
        entries = AuditEntry.objects.in_bulk([seal.entry for seal in seals])
        for seal in seals:
            yield seal, entries.get(seal.entry)
        last = seals[-1].sequence


def _check_link(result: Verification, seal: AuditSeal, entry: AuditEntry | None) -> None:
    if seal.sequence != result.sequence + 1:
        result.found(
            seal.sequence, "gap", f"第{result.sequence + 1}至{seal.sequence - 1}号封签被删除。"
        )
    elif seal.previous != result.digest:
        result.found(seal.sequence, "order", "与前一封签不衔接，顺序或内容被改动过。")
    if entry is None:
        result.found(seal.sequence, "removed", "对应的审计记录被删除。")
    elif seal_of(seal.sequence, seal.previous, entry) != seal.digest:
        result.found(seal.sequence, "changed", "审计记录或封签被改动过。")


def _check_end(
    result: Verification, head: AuditHead | None, anchored: tuple[int, str] | None
) -> None:
    sequence, digest = (head.sequence, head.digest) if head else (0, START)
    if (sequence, digest) != (result.sequence, result.digest):
        result.found(
            sequence, "end", f"链头为第{sequence}号，而封签只到第{result.sequence}号，末尾被截断。"
        )
    if anchored and anchored[0] > result.sequence:
        result.found(anchored[0], "anchor", "抄存的链头之后的记录不见了，末尾被截断。")


def _check_strays(result: Verification) -> None:
    """Entries that no seal vouches for: put in by hand, or their seal was removed."""
    strays = (
        AuditEntry.objects.without_seal()
        .exclude(pk__in=UnsealedEntry.objects.values("pk"))
        .order_by("pk")
    )
    for key in strays.values_list("pk", flat=True)[:100]:
        result.found(None, "unsealed", f"编号{key}的记录没有封签，可能是绕过系统写入的。")
