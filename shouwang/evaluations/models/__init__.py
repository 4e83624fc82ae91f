"""Records of the evaluations room."""

from .rounds import Appeal, Mark, PointChange, ResultUse, Reviewer, Round, Score, Sheet
from .schemes import Item, Scheme
from .surveys import Sampled, Survey

__all__ = [
    "Appeal",
    "Item",
    "Mark",
    "PointChange",
    "ResultUse",
    "Reviewer",
    "Round",
    "Sampled",
    "Scheme",
    "Score",
    "Sheet",
    "Survey",
]
