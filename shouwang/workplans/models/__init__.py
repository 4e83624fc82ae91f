"""Tables of the workplans room."""

from .library import Example, Initiative, KeyProject, ProjectVisit
from .papers import Paper, Piece
from .plans import Plan, PlanItem
from .requests import TaskRequest
from .work import Progress, Task, TaskUnit, UnitAlias

__all__ = [
    "Example",
    "Initiative",
    "KeyProject",
    "Paper",
    "Piece",
    "Plan",
    "PlanItem",
    "Progress",
    "ProjectVisit",
    "Task",
    "TaskRequest",
    "TaskUnit",
    "UnitAlias",
]
