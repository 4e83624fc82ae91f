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
COLUMNS = ("区划代码", "名称", "级别", "上级代码", "生效日期")

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
class Merger:
    """撤并: a village that went into another one on a day."""

    village: Village
    into: Village
    on: date


@dataclass(frozen=True)
class Renaming:
    """更名: a village that had another name until a day."""

    village: Village
    old_name: str
    on: date


@dataclass(frozen=True)
class Places:
    towns: tuple[tuple[str, str], ...]
    villages: tuple[Village, ...]
    merger: Merger
    renaming: Renaming

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
    gone = Village(f"{codes[0][0]}199", names[order[-1]], 0, 5)
    return Places(
        towns=codes,
        villages=tuple(made),
        merger=Merger(gone, made[1], date(2024, 1, 1)),
        renaming=Renaming(made[0], names[order[-2]], date(2024, 7, 1)),
    )


Row = tuple[str, str, str, str, str]


def division_rows(places: Places) -> list[Row]:
    """The table of the divisions as they are today."""
    since = ESTABLISHED.isoformat()
    rows: list[Row] = [
        (*PROVINCE, "省级", "", since),
        (*PREFECTURE, "市级", PROVINCE[0], since),
        (*COUNTY, "县级", PREFECTURE[0], since),
    ]
    rows += [(code, name, "乡级", COUNTY[0], since) for code, name in places.towns]
    for village in places.villages:
        rows += _village_rows(places, village)
    return rows


def former_division_rows(places: Places) -> list[Row]:
    """The table of 2023: one village more, and one under its old name."""
    renamed = places.renaming
    rows = [
        (code, renamed.old_name if code == renamed.village.code else name, *rest)
        for code, name, *rest in division_rows(places)
    ]
    return [*rows, *_village_rows(places, places.merger.village)]  # type: ignore[list-item]


def _village_rows(places: Places, village: Village) -> list[Row]:
    since, town = ESTABLISHED.isoformat(), places.towns[village.town][0]
    groups: list[Row] = [
        (f"{village.code}{n:03d}", f"{n}组", "组级", village.code, since)
        for n in range(1, village.groups + 1)
    ]
    return [(village.code, village.name, "村级", town, since), *groups]


def write_divisions(rows: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
