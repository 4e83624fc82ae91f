"""区划 (places): province, prefecture, county, towns, villages and groups that do not exist."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from .draw import Ints, stream

PROVINCE = ("990000", "示例省")
PREFECTURE = ("999900", "示例市")
COUNTY = ("999901", "示例县")
ESTABLISHED = date(2012, 1, 1)
COLUMNS = ("code", "name", "level", "parent_code", "valid_from", "valid_to", "successor")

TOWN_NAMES = (
    "青禾镇", "云溪镇", "石桥镇", "白鹭镇", "松坪乡", "梨花镇", "丰谷镇",
    "清泉乡", "金坡镇", "竹海乡", "双河镇", "翠屏乡", "银杏镇", "望岭乡",
)  # fmt: skip
FIRST = "柳槐桃杏松柏竹梅石清白黄红青双大小上下前后东西南北金银花云月"
SECOND = "湾沟坪岭塘坝溪庄店屯洼坡桥井岗垭台畈冲"


@dataclass(frozen=True)
class Village:
    """行政村: an administrative village that is there today."""

    code: str
    name: str
    town: int
    groups: int


@dataclass(frozen=True)
class Past:
    """A village code that is no longer valid, and the one that took its place."""

    code: str
    name: str
    town_code: str
    ended: date
    successor: str


@dataclass(frozen=True)
class Places:
    towns: tuple[tuple[str, str], ...]
    villages: tuple[Village, ...]
    past: tuple[Past, ...]

    @property
    def village_town(self) -> Ints:
        return np.array([village.town for village in self.villages], dtype=np.int64)


def make_places(households: int, seed: int) -> Places:
    """14 towns and about 160 villages for 20,000 households; fewer for a small test county."""
    rng = stream(seed, "places")
    towns = int(np.clip(households // 1400, 2, len(TOWN_NAMES)))
    villages = int(np.clip(households // 125, towns * 3, 280))
    names = [first + second + "村" for first in FIRST for second in SECOND]
    order = rng.permutation(len(names))
    share = rng.dirichlet(np.full(towns, 30.0))
    counts = np.maximum(2, np.floor(share * villages).astype(int))
    codes = tuple((f"999901{101 + i:03d}", TOWN_NAMES[i]) for i in range(towns))
    made: list[Village] = []
    for town in range(towns):
        for number in range(int(counts[town])):
            name = names[order[len(made)]]
            groups = int(rng.integers(4, 10))
            made.append(Village(f"{codes[town][0]}{201 + number}", name, town, groups))
    past = (
        _past(names[order[-1]], made[1], codes, "198", date(2023, 12, 31)),
        _past(names[order[-2]], made[0], codes, "199", date(2024, 6, 30)),
    )
    return Places(codes, tuple(made), past)


def _past(
    name: str, successor: Village, towns: tuple[tuple[str, str], ...], number: str, ended: date
) -> Past:
    town_code = towns[successor.town][0]
    return Past(f"{town_code}{number}", name, town_code, ended, successor.code)


def division_rows(places: Places) -> list[tuple[str, str, str, str, str, str, str]]:
    """The table of divisions; the first past village was merged, the second only renamed.

    A merged village ends in a village that was there before; after a rename the new code begins
    on the day after the old one ended.
    """
    since = ESTABLISHED.isoformat()
    rows = [
        (*PROVINCE, "province", "", since, "", ""),
        (*PREFECTURE, "prefecture", PROVINCE[0], since, "", ""),
        (*COUNTY, "county", PREFECTURE[0], since, "", ""),
    ]
    rows += [(code, name, "town", COUNTY[0], since, "", "") for code, name in places.towns]
    renamed = places.past[1]
    for past in places.past:
        ended = past.ended.isoformat()
        rows.append((past.code, past.name, "village", past.town_code, since, ended, past.successor))
    for village in places.villages:
        begun = since
        if village.code == renamed.successor:
            begun = date.fromordinal(renamed.ended.toordinal() + 1).isoformat()
        town_code = places.towns[village.town][0]
        rows.append((village.code, village.name, "village", town_code, begun, "", ""))
        rows += [
            (f"{village.code}{n:02d}", f"{n}组", "group", village.code, begun, "", "")
            for n in range(1, village.groups + 1)
        ]
    return rows


def write_divisions(places: Places, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(division_rows(places))
