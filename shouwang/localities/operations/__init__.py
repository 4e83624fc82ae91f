"""Writes of the localities room."""

from .alerts import acknowledge, end_alert, issue_alert
from .damages import (
    change_disaster,
    link_household,
    raise_clue,
    record_disaster,
    unlink_household,
)
from .grids import add_member, end_grid, end_member, record_grid
from .medical import record_medical
from .place_steps import draw_sample, place_offers, report_progress, take_place_step
from .places import change_problem, plan_problem, record_problem
from .problems import save_plan, take_step
from .water import import_works, record_test, record_works

__all__ = [
    "acknowledge",
    "add_member",
    "change_disaster",
    "change_problem",
    "draw_sample",
    "end_alert",
    "end_grid",
    "end_member",
    "import_works",
    "issue_alert",
    "link_household",
    "place_offers",
    "plan_problem",
    "raise_clue",
    "record_disaster",
    "record_grid",
    "record_medical",
    "record_problem",
    "record_test",
    "record_works",
    "report_progress",
    "save_plan",
    "take_place_step",
    "take_step",
    "unlink_household",
]
