"""Writes of the divisions room: making, importing, renaming, merging, splitting, recoding."""

from ..rows import DivisionRow
from .changes import merge, recode, rename, split
from .making import create
from .table import Preview, apply_table, preview_table

__all__ = [
    "DivisionRow",
    "Preview",
    "apply_table",
    "create",
    "merge",
    "preview_table",
    "recode",
    "rename",
    "split",
]
