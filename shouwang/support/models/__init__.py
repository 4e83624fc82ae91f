"""Tables of the support room, one module a concept."""

from .industries import Industry, IndustryChange
from .ledgers import CareFlag, InsuranceClaim, InsurancePolicy, Subsidy
from .measures import Measure, MeasureStep
from .pairings import Duty, Pairing
from .payments import Payment, Receipt, ReceiptRefresh
from .records import EffectReview, PolicyCard, Visit
from .registers import HouseRenovation, Loan, ReliefApplication, ReliefStep, StudentAid

__all__ = [
    "CareFlag",
    "Duty",
    "EffectReview",
    "HouseRenovation",
    "Industry",
    "IndustryChange",
    "InsuranceClaim",
    "InsurancePolicy",
    "Loan",
    "Measure",
    "MeasureStep",
    "Pairing",
    "Payment",
    "PolicyCard",
    "Receipt",
    "ReceiptRefresh",
    "ReliefApplication",
    "ReliefStep",
    "StudentAid",
    "Subsidy",
    "Visit",
]
