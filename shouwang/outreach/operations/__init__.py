"""Writes of the outreach room."""

from .codes import make_codes, renew_code, withdraw_code
from .publicity import hand_out, import_handouts, record_event, record_leaflet
from .reporting import ask_stage, report_difficulty

__all__ = [
    "ask_stage",
    "hand_out",
    "import_handouts",
    "make_codes",
    "record_event",
    "record_leaflet",
    "renew_code",
    "report_difficulty",
    "withdraw_code",
]
