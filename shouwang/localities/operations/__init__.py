"""Writes of the localities room."""

from .grids import add_member, end_grid, end_member, record_grid
from .problems import save_plan, take_step
from .water import import_works, record_test, record_works

__all__ = [
    "add_member",
    "end_grid",
    "end_member",
    "import_works",
    "record_grid",
    "record_test",
    "record_works",
    "save_plan",
    "take_step",
]
