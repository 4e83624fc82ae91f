"""Writes of the indicators room."""

from .actuals import check_actual, correct_actual, handle_alarm, report_actual
from .computing import compute
from .definitions import edit_definition, end_definition, make_definition
from .targets import decide_adjustment, propose_adjustment, set_base, set_targets, set_upper

__all__ = [
    "check_actual",
    "compute",
    "correct_actual",
    "decide_adjustment",
    "edit_definition",
    "end_definition",
    "handle_alarm",
    "make_definition",
    "propose_adjustment",
    "report_actual",
    "set_base",
    "set_targets",
    "set_upper",
]
