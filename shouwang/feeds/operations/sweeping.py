"""清扫: after a crash, folders that nobody names go, broken-off imports wait for a new start; links
to an older registry go when no screening can be reading them any more.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef

from shouwang.core import clock
from shouwang.registry.models import RegistryFile

from .. import storage
from ..models import FeedBatch, FeedFile, LinkRevision
from ..states import transition
from .importing import release_batch

IDLE = timedelta(hours=6)
UNCONFIRMED = timedelta(days=7)
OUTDATED = timedelta(days=1)
"""A screening reads the links that it began with: longer than any screening lasts. What a run is
made from it keeps in its own folder (hard links), so nothing frozen is touched here."""


@dataclass(frozen=True)
class Swept:
    folders: int
    released: int
    unconfirmed: int


def sweep(*, idle: timedelta = IDLE, outdated: timedelta = OUTDATED) -> Swept:
    """Tidy what has not been touched for `idle`; a running import is younger than that."""
    limit = clock.now() - idle
    stalled = FeedBatch.objects.filter(
        state__in=transition("release").sources, claimed_at__lte=limit
    )
    released = list(stalled)
    for batch in released:
        release_batch(batch)
    with transaction.atomic():
        stale = FeedFile.objects.filter(
            batches__isnull=True, uploaded_at__lte=clock.now() - UNCONFIRMED
        )
        stale_keys = list(stale.values_list("pk", flat=True))
        unconfirmed, _ = FeedFile.objects.filter(pk__in=stale_keys).delete()
    folders = storage.leftovers(_linkings_in_use(outdated), before=limit.timestamp())
    for folder in folders:
        storage.remove(folder)
    for original in _unused_originals():
        storage.remove(original)
    return Swept(len(folders), len(released), unconfirmed)


def _linkings_in_use(outdated: timedelta) -> set[str]:
    """Folders of the present links, and of those replaced so lately that they may be being read."""
    newer = LinkRevision.objects.filter(
        batch=OuterRef("batch"), pk__gt=OuterRef("pk"), made_at__lte=clock.now() - outdated
    )
    kept = LinkRevision.objects.filter(~Exists(newer))
    present = FeedBatch.objects.exclude(directory="")
    return {
        *kept.values_list("directory", flat=True),
        *present.values_list("directory", flat=True),
    }


def _unused_originals() -> list[Path]:
    """Originals of files that were removed; the registry keeps its workbooks in the same place."""
    used = set(FeedFile.objects.values_list("sha256", flat=True))
    used |= set(RegistryFile.objects.values_list("sha256", flat=True))
    return storage.unused_originals(used, before=(clock.now() - UNCONFIRMED).timestamp())
