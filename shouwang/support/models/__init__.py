"""Tables of the support room, one module a concept."""

from .burdens import MedicalBurden
from .collective import ClaimPayout, CollectiveClaim, CollectivePolicy, Insured
from .industries import Industry, IndustryChange
from .ledgers import CareFlag, InsuranceClaim, InsurancePolicy, Subsidy
from .matching import HouseholdNeed, NeedStep, SocialOffer
from .measures import Measure, MeasureStep
from .pairings import Duty, Pairing
from .payments import Payment, Receipt, ReceiptRefresh
from .records import EffectReview, PolicyCard, Visit
from .registers import HouseRenovation, Loan, ReliefApplication, ReliefStep, StudentAid
from .standing import ExitYear, PensionYear, RegisterChange, Resettlement

__all__ = [
    "CareFlag",
    "ClaimPayout",
    "CollectiveClaim",
    "CollectivePolicy",
    "Duty",
    "EffectReview",
    "ExitYear",
    "HouseRenovation",
    "HouseholdNeed",
    "Industry",
    "IndustryChange",
    "InsuranceClaim",
    "InsurancePolicy",
    "Insured",
    "Loan",
    "Measure",
    "MeasureStep",
    "MedicalBurden",
    "NeedStep",
    "Pairing",
    "Payment",
    "PensionYear",
    "PolicyCard",
    "Receipt",
    "ReceiptRefresh",
    "RegisterChange",
    "ReliefApplication",
    "ReliefStep",
    "Resettlement",
    "SocialOffer",
    "StudentAid",
    "Subsidy",
    "Visit",
]
