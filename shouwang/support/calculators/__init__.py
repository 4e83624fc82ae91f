"""政策计算 (calculators): pure functions that say what a policy pays and every step to it."""

from . import loans, medical, premiums, students
from .steps import Law, Line, NoLaw, Result, Step, law_on

__all__ = [
    "Law",
    "Line",
    "NoLaw",
    "Result",
    "Step",
    "law_on",
    "loans",
    "medical",
    "premiums",
    "students",
]
