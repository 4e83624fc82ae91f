"""Tables of the indicators room."""

from .bodies import NamedBody, Recognition
from .definitions import Classification, Definition
from .papers import Proposal, Reading
from .places import AbandonedLand, DutyHolder, IncomeBenchmark, IncomeGoal
from .values import Actual, Adjustment, Alarm, Base, FigureValue, Target, UpperValue

__all__ = [
    "AbandonedLand",
    "Actual",
    "Adjustment",
    "Alarm",
    "Base",
    "Classification",
    "Definition",
    "DutyHolder",
    "FigureValue",
    "IncomeBenchmark",
    "IncomeGoal",
    "NamedBody",
    "Proposal",
    "Reading",
    "Recognition",
    "Target",
    "UpperValue",
]
