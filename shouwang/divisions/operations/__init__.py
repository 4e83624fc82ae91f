"""Writes of the divisions room: making, importing, renaming, merging, splitting, recoding."""

from ..rows import DivisionRow, VillageRow
from .changes import merge, recode, rename, split
from .making import create, ensure_villages
from .table import Preview, apply_table, preview_table

__all__ = [
    "DivisionRow",
    "Preview",
    "VillageRow",
    "apply_table",
    "create",
    "ensure_villages",
    "merge",
    "preview_table",
    "recode",
    "rename",
    "split",
]
