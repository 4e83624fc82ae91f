"""Tables of the campaigns room."""

from .sweeps import Sweep, SweepItem

__all__ = ["Sweep", "SweepItem"]
