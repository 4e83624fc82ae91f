"""Writes of the workplans room."""

from .counting import recount, tie_figure
from .papers import (
    add_piece,
    advance_paper,
    decide_piece,
    merge_pieces,
    split_piece,
    upload_paper,
)
from .progress import check_report, report_progress
from .requests import answer, ask
from .splitting import split_task
from .work import advance_task, edit_task, make_task, set_units

__all__ = [
    "add_piece",
    "advance_paper",
    "advance_task",
    "answer",
    "ask",
    "check_report",
    "decide_piece",
    "edit_task",
    "make_task",
    "merge_pieces",
    "recount",
    "report_progress",
    "set_units",
    "split_piece",
    "split_task",
    "tie_figure",
    "upload_paper",
]
