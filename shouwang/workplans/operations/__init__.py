"""Writes of the workplans room."""

from .counting import recount, tie_figure
from .library import (
    add_example,
    add_initiative,
    add_project,
    link_project,
    tasks_of_meeting,
    visit_project,
)
from .matrix import add_measure, save_matrix
from .papers import advance_paper, upload_paper
from .periods import add_period, gather_tasks, put_papers
from .pieces import (
    accept_section,
    add_piece,
    decide_piece,
    merge_pieces,
    split_piece,
    undo_piece,
)
from .plans import advance_plan, drop_item, make_plan, save_item, save_items
from .policies import add_policy, edit_policy
from .progress import accept_reports, check_report, report_progress
from .proof import ReportFile
from .reminders import acknowledge, remind
from .requests import answer, ask
from .splitting import split_task
from .work import advance_task, edit_task, make_task, set_units

__all__ = [
    "ReportFile",
    "accept_reports",
    "accept_section",
    "acknowledge",
    "add_example",
    "add_initiative",
    "add_measure",
    "add_period",
    "add_piece",
    "add_policy",
    "add_project",
    "advance_paper",
    "advance_plan",
    "advance_task",
    "answer",
    "ask",
    "check_report",
    "decide_piece",
    "drop_item",
    "edit_policy",
    "edit_task",
    "gather_tasks",
    "link_project",
    "make_plan",
    "make_task",
    "merge_pieces",
    "put_papers",
    "recount",
    "remind",
    "report_progress",
    "save_item",
    "save_items",
    "save_matrix",
    "set_units",
    "split_piece",
    "split_task",
    "tasks_of_meeting",
    "tie_figure",
    "undo_piece",
    "upload_paper",
    "visit_project",
]
