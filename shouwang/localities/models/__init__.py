"""Tables of the localities room, one module a concept."""

from .alerts import Alert, AlertVillage
from .grids import Grid, GridMember
from .medical import VillageMedical
from .places import AffectedHousehold, Disaster, PlaceProblem, PlaceStep
from .water import WaterProblem, WaterTest, WaterWorks

__all__ = [
    "AffectedHousehold",
    "Alert",
    "AlertVillage",
    "Disaster",
    "Grid",
    "GridMember",
    "PlaceProblem",
    "PlaceStep",
    "VillageMedical",
    "WaterProblem",
    "WaterTest",
    "WaterWorks",
]
