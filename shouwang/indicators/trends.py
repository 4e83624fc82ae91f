"""预测 (trends): a straight line through the last periods, by least squares. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .periods import Period

PLACES = Decimal("0.01")
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Forecast:
    """What the line says for a period, and from how many values."""

    period: Period
    value: Decimal
    slope: Decimal
    points: int

    @property
    def words(self) -> str:
        return f"按最近 {self.points} 期数值画直线（最小二乘法）推算，没有考虑季节和政策变化。"


def forecast(
    values: Sequence[tuple[Period, Decimal]],
    target: Period,
    *,
    points: int,
    least: int,
    is_share: bool = False,
) -> Forecast | None:
    """The value at the end of `target`; nothing from fewer than `least` values or for the past.

    What never was below zero is not forecast below it, nor a share in percent above a hundred.
    """
    known = sorted(values)[-points:]
    if len(known) < least or target.ends <= known[-1][0].ends:
        return None
    first = known[0][0].ends
    places = [Decimal((period.ends - first).days) for period, _ in known]
    heights = [value for _, value in known]
    mean_x = sum(places, Decimal(0)) / len(places)
    mean_y = sum(heights, Decimal(0)) / len(heights)
    spread = sum(((x - mean_x) ** 2 for x in places), Decimal(0))
    if not spread:
        return None
    slope = (
        sum(((x - mean_x) * (y - mean_y) for x, y in zip(places, heights, strict=True)), Decimal(0))
        / spread
    )
    at = mean_y + slope * (Decimal((target.ends - first).days) - mean_x)
    if min(heights) >= 0:
        at = max(at, Decimal(0))
    if is_share and max(heights) <= WHOLE:
        at = min(at, WHOLE)
    return Forecast(target, at.quantize(PLACES, ROUND_HALF_UP), slope, len(known))
