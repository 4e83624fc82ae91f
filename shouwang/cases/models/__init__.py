"""Tables of casework, one module a concept."""

from .bulk import BulkWork
from .cases import Application, Case, CaseRisk, CaseStep, NumberSeries
from .checks import ChecklistAnswer, ChecklistTemplate, HouseholdCheck, IncomeItem
from .clues import RegisteredClue, RescueFile
from .comparisons import AssetHit, ComparisonAnswer, ComparisonRequest, Supporter
from .decisions import Appraisal, Approval, Review
from .following import FollowUp, Judgement
from .notices import Notice, NoticeEntry, Objection

__all__ = [
    "Application",
    "Appraisal",
    "Approval",
    "AssetHit",
    "BulkWork",
    "Case",
    "CaseRisk",
    "CaseStep",
    "ChecklistAnswer",
    "ChecklistTemplate",
    "ComparisonAnswer",
    "ComparisonRequest",
    "FollowUp",
    "HouseholdCheck",
    "IncomeItem",
    "Judgement",
    "Notice",
    "NoticeEntry",
    "NumberSeries",
    "Objection",
    "RegisteredClue",
    "RescueFile",
    "Review",
    "Supporter",
]
