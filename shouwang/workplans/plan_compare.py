"""方案的比较: the measurable goals of a plan beside the mean of the places of the same kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shouwang.core import clock
from shouwang.core.figures import Figure, UnknownFigure, get_figure
from shouwang.divisions.models import Division

from .models import Plan, PlanItem

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Comparison:
    """One goal: now, wanted, and what its neighbours of the same level have on average."""

    item: PlanItem
    figure: Figure
    now: Decimal | None
    mean: Decimal | None
    places: int
    around: str

    @property
    def is_reached(self) -> bool | None:
        if self.now is None or self.item.quantity is None:
            return None
        return self.now >= self.item.quantity

    @property
    def words(self) -> str:
        if self.now is None or self.mean is None:
            return "没有可比的数"
        if self.now == self.mean:
            return "与平均相同"
        return "高于平均" if self.now > self.mean else "低于平均"


def comparisons(plan: Plan) -> list[Comparison]:
    """Every goal that names a figure; a place without a value does not count in the mean."""
    found = []
    for around, places in _circles(plan.division):
        paths = [place.path for place in places]
        for item in plan.items.exclude(figure=""):
            try:
                figure = get_figure(item.figure)
            except UnknownFigure:
                continue
            values = figure.count([*paths, plan.division.path], clock.today())
            known = [values[path] for path in paths if path in values]
            mean = (sum(known, Decimal(0)) / len(known)).quantize(CENT) if known else None
            now = values.get(plan.division.path)
            found.append(Comparison(item, figure, now, mean, len(known), around))
    return found


def _circles(division: Division) -> list[tuple[str, Sequence[Division]]]:
    """Places of the same level in the town and in the county, with what their mean is called."""
    circles: list[tuple[str, Sequence[Division]]] = []
    above = division.parent
    while above is not None and above.level in ("town", "county", "prefecture"):
        same = Division.objects.on(clock.today()).filter(
            level=division.level, path__startswith=above.path
        )
        circles.append((f"{above.name}平均", list(same.order_by("code"))))
        above = above.parent
    return circles
