"""Writes of the campaigns room."""

from .bulletins import (
    advance_bulletin,
    draft_bulletin,
    renew_figures,
    save_bulletin,
    sign_bulletin,
)
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
    "advance_bulletin",
    "advance_dossier",
    "assign",
    "draft_bulletin",
    "open_dossier",
    "plan_sweep",
    "pull_dossiers",
    "recheck_item",
    "record_result",
    "record_step",
    "renew_figures",
    "save_bulletin",
    "save_plan",
    "sign_bulletin",
]
