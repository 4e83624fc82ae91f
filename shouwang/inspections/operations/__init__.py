"""Writes of the inspections room."""

from .drawing import draw_households
from .inspecting import (
    advance_inspection,
    conflicts,
    file_finding,
    plan_inspection,
    record_finding,
    record_visit,
)
from .lookbacks import draw_look_back, record_look
from .problems import edit_problem, set_units
from .registering import ProblemDraft, add_problem, register_batch
from .research import end_duty, name_leader, record_research
from .specials import advance_special, file_result, open_special, record_result
from .steps import advance_problem, record_work

__all__ = [
    "ProblemDraft", "add_problem", "advance_inspection", "advance_problem", "advance_special",
    "conflicts", "draw_households", "draw_look_back", "edit_problem", "end_duty", "file_finding",
    "file_result", "name_leader", "open_special", "plan_inspection", "record_finding",
    "record_look", "record_research", "record_result", "record_visit", "record_work",
    "register_batch", "set_units",
]  # fmt: skip
