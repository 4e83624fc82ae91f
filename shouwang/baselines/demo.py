"""示例基数: years of the county and its towns; exits are those of the register, nearly."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum

from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.support.models import ExitYear

from .models import BaselineValue
from .operations import record_value

PAPER = "示例县脱贫攻坚总结（虚构）"
COUNTY: dict[str, dict[int, str]] = {
    "net_income": {2014: "3241", 2016: "4380", 2018: "5960", 2020: "7787"},
    "dibao_line": {2016: "2640", 2018: "3200", 2020: "3720"},
    "exited_villages": {2016: "9", 2017: "14", 2018: "21", 2019: "8", 2020: "3"},
    "renovated": {2016: "620", 2017: "810", 2018: "540", 2019: "260", 2020: "90"},
    "hospital_share": {2018: "86.50", 2020: "90.17"},
}
APART = 2018
"""The year in which the papers say more than the register: something to look into."""


@transaction.atomic
def make(actor: Actor) -> int:
    """Everything through the operations."""
    county = Division.objects.filter(level="county", valid_to=None).order_by("code").first()
    if county is None or BaselineValue.objects.exists():
        return 0
    for series, years in COUNTY.items():
        for year, value in years.items():
            _note(actor, county, series, year, Decimal(value))
    towns = Division.objects.filter(parent=county, level="town", valid_to=None).in_bulk()
    place = "household__village__parent"
    held = ExitYear.objects.order_by().values("year", place)
    whole: dict[int, list[int]] = {}
    for row in held.annotate(homes=Count("pk"), sum_people=Sum("people")).order_by("year", place):
        own = whole.setdefault(row["year"], [0, 0])
        own[0] += row["homes"]
        own[1] += row["sum_people"] or 0
        if row[place] in towns:
            _note(actor, towns[row[place]], "exited_homes", row["year"], Decimal(row["homes"]))
    for year, (homes, people) in whole.items():
        more = year == APART
        _note(actor, county, "exited_homes", year, Decimal(homes + 3 * more))
        _note(actor, county, "exited_people", year, Decimal(people + 11 * more))
    return BaselineValue.objects.count()


def _note(actor: Actor, place: Division, series: str, year: int, value: Decimal) -> None:
    record_value(actor, place, series=series, year=year, value=value, source=PAPER)
