"""人社局 (jobs): the monthly report on work away, with the dip at Spring Festival."""

from datetime import date
from typing import Any

import numpy as np

from .draw import Bools, Ints, if_so, labels, pick, stream
from .rows import Rows, fen
from .world import World

FIRST_MONTH = np.datetime64("2025-09")
MONTHS = 10
SPRING_FESTIVAL = 5  # February 2026
FIRMS = ("示例服装厂", "示例电子厂", "示例建筑队", "示例物流公司", "示例制鞋厂", "个体经营")


def at_work(world: World, end: date) -> Rows:
    """就业务工月报 of one month: 脱贫人口 and 监测对象 first, and some others."""
    month = (end.year - 2025) * 12 + end.month - 9
    rng = stream(world.seed, f"jobs {month}")
    people = world.people
    workers = _workers(world)
    employed = _employed(world, workers)[:, month]
    shown = employed | (rng.random(len(workers)) < 0.35)
    who, works = workers[shown], employed[shown]
    wage = people.wage[who] * rng.normal(1.0, 0.05, len(who)).clip(0.8, 1.2)
    area = people.area[who].copy()
    cells: dict[str, Any] = {
        "month": np.full(len(who), FIRST_MONTH + month).astype("datetime64[D]"),
        "status": np.where(works, "employed", "unemployed").astype(object),
        "area": if_so(works, area),
        "employer": if_so(works, labels(FIRMS, who % len(FIRMS))),
        "wage": np.where(works, fen(np.round(wage / 10) * 10), -1),
    }
    return Rows(who, cells)


def _workers(world: World) -> Ints:
    people = world.people
    rng = stream(world.seed, "job list")
    away = people.months > 0
    others = pick(rng, away & ~people.target, 0.16)
    return np.sort(np.concatenate([np.flatnonzero(away & people.target), others]))


def _employed(world: World, workers: Ints) -> Bools:
    """Month by month: short gaps, the festival, villages where a firm closed, lasting losses."""
    rng = stream(world.seed, "job months")
    count = len(workers)
    employed = np.ones((count, MONTHS), dtype=bool)
    out = np.zeros(count, dtype=bool)
    for month in range(MONTHS):
        out = np.where(out, rng.random(count) > 0.55, rng.random(count) < 0.012)
        employed[:, month] = ~out
    employed[rng.random(count) < 0.05, SPRING_FESTIVAL] = False
    lost = pick(rng, world.people.target[workers], 0.013, 10)
    since = rng.integers(2, 8, len(lost))
    employed[lost[:, None], np.arange(MONTHS)[None, :]] &= np.arange(MONTHS) < since[:, None]
    for month, village in _closures(world, workers):
        there = np.flatnonzero(world.person_village()[workers] == village)
        gone = pick(rng, there, 0.36)
        employed[gone, month : month + 2] = False
    for home in _sole_earners(world, workers):
        employed[home, 5:] = False
    return employed


def _closures(world: World, workers: Ints) -> list[tuple[int, int]]:
    """(month, village): the villages with most workers lose a third in April and in June."""
    target = world.people.target[workers]
    count = np.bincount(world.person_village()[workers[target]])
    biggest = np.argsort(count)[::-1]
    return [(7, int(biggest[0])), (9, int(biggest[min(1, len(biggest) - 1)]))]


def _sole_earners(world: World, workers: Ints) -> Ints:
    """Positions of some who are the only labourer of their household and lost the job."""
    people = world.people
    labourers = np.bincount(people.home, weights=people.worker, minlength=world.homes.count)
    alone = (labourers[people.home[workers]] == 1) & people.target[workers]
    hard = world.homes.hard[people.home[workers]]
    rng = stream(world.seed, "sole earners")
    return np.union1d(pick(rng, alone, 0.008, 3), np.flatnonzero(hard & (workers % 2 == 0)))
