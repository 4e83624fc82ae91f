"""Writes of the indicators room."""

from .actuals import accept_actuals, check_actual, correct_actual, handle_alarm, report_actual
from .computing import compute
from .definitions import edit_definition, end_definition, make_definition
from .places import appoint, classify, farm_land, report_land, set_benchmark, set_income_goals
from .proposals import advance_reading, decide_proposal, proposed_names, read_paper
from .targets import decide_adjustment, propose_adjustment, set_base, set_targets, set_upper

__all__ = [
    "accept_actuals",
    "advance_reading",
    "appoint",
    "check_actual",
    "classify",
    "compute",
    "correct_actual",
    "decide_adjustment",
    "decide_proposal",
    "edit_definition",
    "end_definition",
    "farm_land",
    "handle_alarm",
    "make_definition",
    "propose_adjustment",
    "proposed_names",
    "read_paper",
    "report_actual",
    "report_land",
    "set_base",
    "set_benchmark",
    "set_income_goals",
    "set_targets",
    "set_upper",
]
