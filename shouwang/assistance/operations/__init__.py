"""Writes of the assistance room."""

from .referring import answer_referral, refer, refer_many
from .refreshing import is_behind, refresh

__all__ = ["answer_referral", "is_behind", "refer", "refer_many", "refresh"]
