"""Writes of the campaigns room."""

from .sweeps import (
    advance,
    assign,
    plan_sweep,
    recheck_item,
    record_result,
)

__all__ = ["advance", "assign", "plan_sweep", "recheck_item", "record_result"]
