"""档案更新之后: department files follow the registry that they are linked to."""

from shouwang.core import jobs
from shouwang.core.actor import Actor
from shouwang.registry import snapshots

from .relinking import relink_all
from .sweeping import sweep


def after_registry_change(actor: Actor, progress: jobs.Progress) -> None:
    """What the registry's import starts when it is done (`SHOUWANG_AFTER_REGISTRY_CHANGE`).

    A worker may run for months, so links that were replaced long ago are swept away here too.
    """
    snapshot = snapshots.current()
    if snapshot is not None:
        relink_all(actor, snapshot, progress=progress.step)
    sweep()
