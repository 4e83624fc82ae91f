"""边界 (boundaries): areas of divisions from a GeoJSON file that anybody may have sent.

Whatever is wrong with the file is said in words; nothing is guessed. Areas are made simple enough
for a page to draw a county's villages at once.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.core.errors import DomainError

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]

MOST_BYTES = 20 * 1024 * 1024
MOST_FEATURES = 5_000
MOST_POINTS = 500_000
CODES = ("code", "区划代码", "adcode", "XZQDM")
FINENESS = 400
"""A kept point stands out by at least one part in so many of its area's extent."""
DIGITS = 5


@dataclass(frozen=True)
class Area:
    """One division's area as the file gives it: where it stands, whose it is, its polygons."""

    number: int
    code: str
    polygons: list[Polygon]

    @property
    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


def _refuse(words: str) -> DomainError:
    return DomainError(words, code="file")


def read_areas(data: bytes) -> list[Area]:
    """The areas of a GeoJSON file (FeatureCollection of Polygon and MultiPolygon)."""
    if len(data) > MOST_BYTES:
        raise _refuse(f"文件太大，边界文件不超过 {MOST_BYTES // 1024 // 1024} MB，请先简化边界。")
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _refuse("文件不是能读取的 GeoJSON，请用 UTF-8 编码重新导出。") from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise _refuse("文件不是 GeoJSON 的要素集合（FeatureCollection），请重新导出。")
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise _refuse("文件里没有要素。")
    if len(features) > MOST_FEATURES:
        raise _refuse(f"文件里有 {len(features)} 个要素，一次最多 {MOST_FEATURES} 个，请分开导入。")
    areas = [_area(number, feature) for number, feature in enumerate(features, 1)]
    if (points := sum(area.points for area in areas)) > MOST_POINTS:
        raise _refuse(f"边界共有 {points:,} 个点，最多 {MOST_POINTS:,} 个，请先简化边界。")
    return areas


def _no_number(name: str) -> float:
    raise ValueError(name)


def _area(number: int, feature: Any) -> Area:
    where = f"第 {number} 个要素"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or not isinstance(properties, dict):
        raise _refuse(f"{where}没有几何图形或属性。")
    code = next((properties[name] for name in CODES if name in properties), None)
    text = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise _refuse(f"{where}的属性里没有区划代码（{'、'.join(CODES)}之一，全是数字）。")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise _refuse(f"{where}不是面（Polygon、MultiPolygon），不能作边界。")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return Area(number, text, [_polygon(where, each) for each in polygons] or _none(where))


def _none(where: str) -> list[Polygon]:
    raise _refuse(f"{where}的面是空的。")


def _polygon(where: str, rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _refuse(f"{where}的面是空的。")
    return [_ring(where, ring) for ring in rings]


def _ring(where: str, points: Any) -> Ring:
    if not isinstance(points, list) or len(points) < 4:
        raise _refuse(f"{where}有一圈少于 4 个点，围不成面。")
    ring = [_point(where, point) for point in points]
    if ring[0] != ring[-1]:
        raise _refuse(f"{where}有一圈没有闭合，首尾两点应当相同。")
    return ring


def _point(where: str, point: Any) -> Point:
    numbers = point[:2] if isinstance(point, list) else []
    sound = [
        each for each in numbers
        if isinstance(each, int | float) and not isinstance(each, bool) and abs(each) <= 180
    ]  # fmt: skip
    if len(sound) != 2 or abs(sound[1]) > 90 or not all(math.isfinite(each) for each in sound):
        raise _refuse(f"{where}有的点不是经纬度（经度 -180 到 180，纬度 -90 到 90）。")
    return float(sound[0]), float(sound[1])


def simplified(polygons: Sequence[Polygon]) -> list[list[list[list[float]]]]:
    """Coordinates of a MultiPolygon with only the points that shape it; tiny rings fall away."""
    every = [point for polygon in polygons for ring in polygon for point in ring]
    spans = [max(each[axis] for each in every) - min(each[axis] for each in every)
             for axis in (0, 1)]  # fmt: skip
    tolerance = max(spans) / FINENESS
    found = []
    for polygon in polygons:
        rings = [kept for ring in polygon if len(kept := thinned(ring, tolerance)) >= 4]
        if rings:
            found.append([[[round(x, DIGITS), round(y, DIGITS)] for x, y in r] for r in rings])
    whole = [[[[x, y] for x, y in ring] for ring in polygon] for polygon in polygons[:1]]
    return found or whole


def thinned(ring: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker on a closed ring, cut in two at the point farthest from its first."""
    first = ring[0]
    far = max(range(len(ring)), key=lambda at: math.dist(first, ring[at]))
    return [*_line(ring[: far + 1], tolerance)[:-1], *_line(ring[far:], tolerance)]


def _line(points: Ring, tolerance: float) -> Ring:
    """Without recursion, so that no file can exhaust it."""
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        low, high = waiting.pop()
        apart = list(_distances(points, low, high))
        if not apart:
            continue
        distance, at = max(apart)
        if distance > tolerance:
            keep.add(at)
            waiting += [(low, at), (at, high)]
    return [points[at] for at in sorted(keep)]


def _distances(points: Ring, low: int, high: int) -> Iterator[tuple[float, int]]:
    """How far each point between two lies from the line through them."""
    (ax, ay), (bx, by) = points[low], points[high]
    length = math.dist((ax, ay), (bx, by))
    for at in range(low + 1, high):
        x, y = points[at]
        if length == 0:
            yield math.dist((ax, ay), (x, y)), at
        else:
            yield abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length, at
