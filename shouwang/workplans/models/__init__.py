"""Tables of the workplans room."""

from .library import Example, Initiative, KeyProject, ProjectVisit
from .papers import Paper, Piece
from .periods import PlanPeriod
from .plans import Plan, PlanItem
from .policies import Policy
from .reminders import Reminder, ReminderSeen
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
    "PlanPeriod",
    "Policy",
    "Progress",
    "ProjectVisit",
    "Reminder",
    "ReminderSeen",
    "Task",
    "TaskRequest",
    "TaskUnit",
    "UnitAlias",
]
