"""Tables of the outreach room, one module a concept."""

from .codes import PublicRequest, ReportCode, SelfReport
from .publicity import Handout, Leaflet, PublicityEvent

__all__ = ["Handout", "Leaflet", "PublicRequest", "PublicityEvent", "ReportCode", "SelfReport"]
