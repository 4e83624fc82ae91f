"""Tables of the campaigns room."""

from .dossiers import Dossier, DossierEntry
from .sweeps import Sweep, SweepItem

__all__ = ["Dossier", "DossierEntry", "Sweep", "SweepItem"]
