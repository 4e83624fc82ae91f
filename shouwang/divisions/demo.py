"""演示的边界: plainly fictitious areas for the villages of the demo, on the open sea.

A grid whose corners are moved a little, always the same for the same villages.
"""

import json
import math
import random

from shouwang.core.actor import Actor

from .levels import Level
from .models import Division
from .operations.boundaries import import_boundaries

WEST, SOUTH, STEP = 1.0, -1.0, 0.05
"""Where the grid begins: a place in the Gulf of Guinea where there is no county."""
Point = list[float]


def make(actor: Actor) -> int:
    """An area for every village; the villages of a town lie side by side."""
    codes = list(
        Division.objects.current()
        .filter(level=Level.VILLAGE)
        .order_by("code")
        .values_list("code", flat=True)
    )
    if not codes:
        return 0
    data = json.dumps(collection(codes)).encode()
    return import_boundaries(actor, data, name="演示边界（虚构）.geojson").taken


def collection(codes: list[str]) -> dict[str, object]:
    """A GeoJSON collection with one area for each code, row after row, back and forth."""
    wide = math.ceil(math.sqrt(len(codes)))
    corners = _corners(wide + 1, len(codes) // wide + 2)
    features = []
    for number, code in enumerate(codes):
        row, place = divmod(number, wide)
        column = place if row % 2 == 0 else wide - 1 - place
        ring = [corners[row + dy][column + dx] for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _corners(wide: int, high: int) -> list[list[Point]]:
    dice = random.Random(20260101)  # noqa: S311 - the same crooked lines each time
    return [
        [
            [
                round(WEST + (x + dice.uniform(-0.3, 0.3)) * STEP, 5),
                round(SOUTH + (y + dice.uniform(-0.3, 0.3)) * STEP, 5),
            ]
            for x in range(wide)
        ]
        for y in range(high)
    ]
