"""住建局、水利局 (surveys): safe housing once a year with changes, drinking water each quarter."""

from typing import Any

import numpy as np

from .draw import Days, Ints, Rng, Texts, choose, pick, stream
from .rows import Rows
from .world import World

GRADES = {"A": 76.0, "B": 23.2, "C": 0.6, "D": 0.2}
SUPPLY = {"piped": 90.0, "decentralised": 8.7, "carry": 1.3}


def houses(world: World, start: Any, end: Any) -> Rows:
    """农村住房安全鉴定: nearly all households in November, some again in March and May."""
    full = np.datetime64(end, "M") == np.datetime64("2025-11")
    rng = stream(world.seed, f"houses {end}")
    homes = world.homes
    grade, rectified, only, area = _state(world, np.datetime64(end, "M"))
    everyone = np.ones(homes.count, dtype=bool)
    dangerous = np.isin(grade, ["C", "D"])
    visited = pick(rng, everyone, 0.965 if full else 0.03)
    home = np.union1d(visited, np.flatnonzero(dangerous))
    cells: dict[str, Any] = {
        "grade": grade[home],
        "only_house": only[home],
        "rectified": rectified[home],
        "survey_date": _days(rng, start, end, len(home)),
        "area": area[home],
    }
    return Rows(homes.first[home], cells)


def _state(world: World, month: np.datetime64) -> tuple[Texts, Texts, Texts, Any]:
    """Grades and repairs as they stood in a month: some are repaired, the rain damages others."""
    rng = stream(world.seed, "house state")
    homes = world.homes
    grade = choose(rng, GRADES, homes.count)
    grade[homes.hard] = "C"
    low = homes.target_pc < 8_790
    grade[pick(rng, low, 0.01, 3)] = "D"
    only = choose(rng, {"yes": 93.0, "no": 6.0, "": 1.0}, homes.count)
    only[only == ""] = None
    only[homes.hard] = "yes"
    repaired = rng.random(homes.count) < 0.5
    repaired &= ~homes.hard & ~low
    area = np.round(rng.normal(120, 32, homes.count).clip(36, 320))
    soon = np.datetime64("2026-03")
    if month >= soon:
        grade[pick(rng, np.isin(grade, ["A", "B"]), 0.0006, 2)] = "C"
        repaired |= (rng.random(homes.count) < 0.12) & ~homes.hard
    if month > soon:
        grade[pick(rng, np.isin(grade, ["A", "B"]), 0.0008, 2)] = "D"
    dangerous = np.isin(grade, ["C", "D"])
    rectified = np.where(dangerous & repaired, "yes", "no").astype(object)
    return grade, rectified, only, area


def waters(world: World, start: Any, end: Any) -> Rows:
    """农村饮水状况核查 of one quarter: a sample of each village, more where water is short."""
    rng = stream(world.seed, f"waters {end}")
    homes = world.homes
    dry = dry_villages(world)[: 1 + (np.datetime64(end, "M") >= np.datetime64("2026-06"))]
    thirsty = np.isin(homes.village, dry)
    chance = rng.random(homes.count)
    home = np.flatnonzero((chance < np.where(thirsty, 0.8, 0.28)) | homes.hard)
    count = len(home)
    fixed = stream(world.seed, "water state")
    supply = choose(fixed, SUPPLY, homes.count)
    supply[thirsty & (fixed.random(homes.count) < 0.55)] = "decentralised"
    litres = np.round(fixed.normal(74, 13, homes.count).clip(42, 130))
    low = (fixed.random(homes.count) < 0.0035) | homes.hard
    low |= thirsty & (fixed.random(homes.count) < 0.2)
    litres = np.where(low, fixed.integers(15, 35, homes.count), litres)
    litres = np.where(rng.random(homes.count) < 0.02, np.nan, litres)
    sensory = choose(fixed, {"normal": 985.0, "abnormal": 15.0}, homes.count)
    sensory[rng.random(homes.count) < 0.03] = None
    cells: dict[str, Any] = {
        "supply_mode": supply[home],
        "litres": litres[home],
        "sensory": sensory[home],
        "survey_date": _days(rng, start, end, count),
    }
    cells |= _fetching(fixed, supply, home)
    cells["outage_days"] = _outages(rng, world, home)
    _bad_source(rng, cells)
    return Rows(homes.first[home], cells)


def dry_villages(world: World) -> Ints:
    """Two villages with a failing supply; the second shows only in summer."""
    rng = stream(world.seed, "dry villages")
    sizes = np.bincount(world.homes.village)
    large = np.flatnonzero(sizes >= np.median(sizes))
    return rng.permutation(large)[:2].astype(np.int64)


def _fetching(rng: Rng, supply: Texts, home: Ints) -> dict[str, Any]:
    """取水 time and distance, only for those who carry water; one in six has it hard."""
    count = len(supply)
    hard = rng.random(count) < 0.17
    minutes = np.where(hard, rng.integers(21, 46, count), rng.integers(4, 21, count))
    flat = np.where(hard, rng.integers(810, 1800, count), rng.integers(40, 790, count))
    steep = np.where(hard, rng.integers(81, 190, count), rng.integers(0, 79, count))
    carries = supply == "carry"
    columns = {"fetch_minutes": minutes, "horizontal_m": flat, "vertical_m": steep}
    return {key: np.where(carries, v, np.nan)[home] for key, v in columns.items()}


def _outages(rng: Rng, world: World, home: Ints) -> Any:
    days = rng.poisson(1.2, len(home)).astype(float)
    long = stream(world.seed, "outages").random(world.homes.count)[home] < 0.0016
    days = np.where(long, rng.integers(22, 52, len(home)), days)
    days[pick(rng, np.ones(len(home), dtype=bool), 0.0006, 2)] = 41
    return np.where(rng.random(len(home)) < 0.02, np.nan, days)


def _bad_source(rng: Rng, cells: dict[str, Any]) -> None:
    """Make sure that somebody drinks bad water and somebody fetches it from afar."""
    bad = pick(rng, cells["supply_mode"] == "decentralised", 0.01, 2)
    cells["sensory"][bad] = "abnormal"
    far = pick(rng, cells["supply_mode"] == "carry", 0.05, 2)
    cells["fetch_minutes"][far], cells["horizontal_m"][far] = 35, 1200
    cells["vertical_m"][far] = 120


def _days(rng: Rng, start: Any, end: Any, count: int) -> Days:
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    span = int((last - first) / np.timedelta64(1, "D")) + 1
    return first + rng.integers(0, span, count).astype("timedelta64[D]")
