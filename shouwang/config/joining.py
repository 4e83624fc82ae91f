"""Work that joins two rooms: after the registry changed, the department rows are linked again."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shouwang.core.actor import Actor
from shouwang.feeds.operations.relinking import relink_all
from shouwang.registry import snapshots
from shouwang.registry.models import RegistryImport
from shouwang.registry.operations import import_registry


def import_registry_and_relink(
    actor: Actor, files: Sequence[tuple[Path, str]], export_date: date
) -> RegistryImport:
    """Import workbooks of one export date and bring the links of all batches up to date."""
    done = import_registry(actor, files, export_date)
    relink_to_current(actor)
    return done


def relink_to_current(actor: Actor) -> int:
    """Link every kept batch to the present registry; returns how many batches changed."""
    snapshot = snapshots.current()
    return relink_all(actor, snapshot) if snapshot is not None else 0
