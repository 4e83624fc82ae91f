"""Writes of the campaigns room."""

from .dossiers import advance_dossier, open_dossier, pull_dossiers, record_step, save_plan
from .sweeps import (
    advance,
    assign,
    plan_sweep,
    recheck_item,
    record_result,
)

__all__ = [
    "advance",
    "advance_dossier",
    "assign",
    "open_dossier",
    "plan_sweep",
    "pull_dossiers",
    "recheck_item",
    "record_result",
    "record_step",
    "save_plan",
]
