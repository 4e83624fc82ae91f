"""Tables of the campaigns room."""

from .bulletins import Bulletin, BulletinReceipt
from .dossiers import Dossier, DossierEntry
from .sweeps import Sweep, SweepItem

__all__ = ["Bulletin", "BulletinReceipt", "Dossier", "DossierEntry", "Sweep", "SweepItem"]
