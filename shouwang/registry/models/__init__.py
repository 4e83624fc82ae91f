"""Tables of the registry: households and people, where each value came from, and findings."""

from .households import Household, IncomeStatement
from .imports import RegistryFile, RegistryImport, RegistrySnapshot
from .members import Member, NameSpelling
from .records import QualityFinding, RecordChange

__all__ = [
    "Household",
    "IncomeStatement",
    "Member",
    "NameSpelling",
    "QualityFinding",
    "RecordChange",
    "RegistryFile",
    "RegistryImport",
    "RegistrySnapshot",
]
