"""Tables of the inspections room: problems, inspections, special checks, visits of leaders."""

from .inspections import Finding, Inspection, InspectionUnit, SampledHousehold, Visit
from .lookbacks import LookBack, LookBackItem
from .problems import Batch, Problem, ProblemEntry, ProblemUnit
from .research import LeaderDuty, ResearchVisit
from .specials import SpecialCheck, SpecialResult

__all__ = [
    "Batch", "Finding", "Inspection", "InspectionUnit", "LeaderDuty", "LookBack", "LookBackItem",
    "Problem", "ProblemEntry", "ProblemUnit", "ResearchVisit", "SampledHousehold", "SpecialCheck",
    "SpecialResult", "Visit",
]  # fmt: skip
