"""Tables of the workplans room."""

from .papers import Paper, Piece
from .work import Progress, Task, TaskUnit, UnitAlias

__all__ = ["Paper", "Piece", "Progress", "Task", "TaskUnit", "UnitAlias"]
