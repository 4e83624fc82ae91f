"""Tables of the localities room, one module a concept."""

from .grids import Grid, GridMember
from .water import WaterProblem, WaterTest, WaterWorks

__all__ = ["Grid", "GridMember", "WaterProblem", "WaterTest", "WaterWorks"]
