"""Writes of the workplans room."""

from .papers import (
    add_piece,
    advance_paper,
    decide_piece,
    merge_pieces,
    split_piece,
    upload_paper,
)
from .progress import check_report, report_progress
from .work import advance_task, edit_task, make_task, set_units, split_task

__all__ = [
    "add_piece",
    "advance_paper",
    "advance_task",
    "check_report",
    "decide_piece",
    "edit_task",
    "make_task",
    "merge_pieces",
    "report_progress",
    "set_units",
    "split_piece",
    "split_task",
    "upload_paper",
]
