"""清扫: after a crash, folders that nobody names go, broken-off imports wait for a new start."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from shouwang.core import clock
from shouwang.registry.models import RegistryFile

from .. import storage
from ..models import FeedBatch, FeedFile, LinkRevision
from ..states import transition
from .importing import release_batch

IDLE = timedelta(hours=6)
UNCONFIRMED = timedelta(days=7)


@dataclass(frozen=True)
class Swept:
    folders: int
    released: int
    unconfirmed: int


def sweep(*, idle: timedelta = IDLE) -> Swept:
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
    named = set(LinkRevision.objects.values_list("directory", flat=True))
    named |= set(FeedBatch.objects.exclude(directory="").values_list("directory", flat=True))
    folders = storage.leftovers(named, before=limit.timestamp())
    for folder in folders:
        storage.remove(folder)
    for original in _unused_originals():
        storage.remove(original)
    return Swept(len(folders), len(released), unconfirmed)


def _unused_originals() -> list[Path]:
    """Originals of files that were removed; the registry keeps its workbooks in the same place."""
    used = set(FeedFile.objects.values_list("sha256", flat=True))
    used |= set(RegistryFile.objects.values_list("sha256", flat=True))
    return storage.unused_originals(used, before=(clock.now() - UNCONFIRMED).timestamp())
