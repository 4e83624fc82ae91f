"""Writes of the screening room."""

from .replaying import replay
from .running import run
from .triage import triage

__all__ = ["replay", "run", "triage"]
