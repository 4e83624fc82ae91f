"""应急局、公安局 (incidents): disasters by village and month, deaths, accidents, registration."""

from typing import Any

import numpy as np

from .draw import Days, Ints, Rng, choose, log_normal, pick, stream
from .rows import NO_AMOUNT, Rows, fen
from .world import World

STRIKES = {  # share of the villages hit in a month, and the usual kind: summer is the rainy season
    "2025-03": (0.01, "hail"), "2025-04": (0.02, "hail"), "2025-05": (0.04, "flood"),
    "2025-06": (0.09, "flood"), "2025-07": (0.13, "flood"), "2025-08": (0.08, "flood"),
    "2025-09": (0.03, "geology"), "2025-11": (0.01, "frost"), "2025-12": (0.01, "frost"),
    "2026-03": (0.015, "hail"), "2026-04": (0.03, "hail"), "2026-05": (0.06, "flood"),
    "2026-06": (0.13, "flood"),
}  # fmt: skip
POLICE_FROM = np.datetime64("2025-12-01")
POLICE_DAYS = 212  # up to 30 June 2026
REGISTRATION_FROM = np.datetime64("2026-01-01")
REGISTRATION_DAYS = 181


def disasters(world: World) -> tuple[Rows, Days]:
    """灾情到户: whole villages are hit; most losses are small, a few houses fall."""
    rng = stream(world.seed, "disasters")
    parts = [_strike(rng, world, np.datetime64(m), *strike) for m, strike in STRIKES.items()]
    parts.append(_hard_losses(rng, world))
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.joined(part)
    return rows, rows.cells["event_date"].astype("datetime64[M]")


def _strike(rng: Rng, world: World, month: np.datetime64, share: float, usual: str) -> Rows:
    homes = world.homes
    villages = pick(rng, np.arange(len(world.places.villages)), share, 1)
    struck = np.flatnonzero(np.isin(homes.village, villages))
    home = pick(rng, struck, float(rng.uniform(0.12, 0.28)), min(4, len(struck)))
    count = len(home)
    day = month.astype("datetime64[D]") + rng.integers(3, 26, count).astype("timedelta64[D]")
    kind = choose(rng, {usual: 96.0, "fire": 2.0, "geology": 2.0}, count)
    loss = np.round(log_normal(rng, 1_100, 0.85, count) / 50) * 50
    damage = choose(rng, {"none": 70.0, "slight": 27.6, "severe": 1.8, "collapsed": 0.6}, count)
    if month >= np.datetime64("2026-05"):
        damage[pick(rng, np.ones(count, dtype=bool), 0.0, 1)] = "severe"
        loss[pick(rng, np.ones(count, dtype=bool), 0.0, 2)] = 6_200
    cents = fen(loss)
    cents[rng.random(count) < 0.03] = NO_AMOUNT
    return _disaster_rows(homes.first[home], day, kind, cents, damage)


def _hard_losses(rng: Rng, world: World) -> Rows:
    """Households that have other troubles as well lose a part of their house in June."""
    who = world.homes.first[np.flatnonzero(world.homes.hard)[::2]]
    count = len(who)
    day = np.datetime64("2026-06-04") + rng.integers(0, 22, count).astype("timedelta64[D]")
    kind = np.full(count, "flood", dtype=object)
    damage = choose(rng, {"slight": 1.0, "severe": 2.0}, count)
    return _disaster_rows(who, day, kind, fen(rng.integers(33, 90, count) * 100), damage)


def _disaster_rows(who: Ints, day: Days, kind: Any, loss: Ints, damage: Any) -> Rows:
    cells = {"event_date": day, "kind": kind, "loss": loss, "house_damage": damage}
    return Rows(who, cells)


def deaths(world: World) -> tuple[Ints, Days]:
    """Who died since December 2025 and when; mostly old people, a few sole earners."""
    rng = stream(world.seed, "deaths")
    people, homes = world.people, world.homes
    hazard = np.interp(
        people.age, [0, 40, 60, 75, 85, 95], [0.0002, 0.001, 0.006, 0.03, 0.07, 0.15]
    )
    died = rng.random(people.count) < hazard * POLICE_DAYS / 365
    labourers = np.bincount(people.home, weights=people.worker, minlength=homes.count)
    alone = people.worker & (labourers[people.home] == 1) & (homes.size[people.home] > 1)
    earners = pick(rng, alone, 0.0008, 4)
    died[earners] = True
    who = np.flatnonzero(died)
    day = POLICE_FROM + rng.integers(0, POLICE_DAYS - 12, len(who)).astype("timedelta64[D]")
    return who, day


def police_events(world: World) -> tuple[Rows, Days]:
    """死亡与交通事故通报: deaths that were reported, and accidents."""
    rng = stream(world.seed, "police")
    people = world.people
    dead, died = deaths(world)
    told = rng.random(len(dead)) < 0.85
    adults = np.flatnonzero((people.age >= 10) & (people.age < 75))
    hurt = pick(rng, adults, 0.0011, 14)
    day = POLICE_FROM + rng.integers(0, POLICE_DAYS - 8, len(hurt)).astype("timedelta64[D]")
    kinds = {"traffic_injury": 72.0, "traffic_disability": 10.0, "crime_injury": 18.0}
    event = choose(rng, kinds, len(hurt))
    event[:4] = ("traffic_injury", "traffic_disability", "traffic_injury", "crime_injury")
    causes = choose(rng, {"death": 96.0, "traffic_death": 4.0}, int(told.sum()))
    cells: dict[str, Any] = {
        "event_type": np.concatenate([causes, event]),
        "event_date": np.concatenate([died[told], day]),
    }
    rows = Rows(np.concatenate([dead[told], hurt]), cells)
    late = rng.random(len(rows)) < 0.06
    return rows, rows.cells["event_date"].astype("datetime64[M]") + late.astype("timedelta64[M]")


def registrations(world: World) -> tuple[Rows, Days]:
    """户籍变动: births (not yet in the registry), moves, splits, and numbers of the dead."""
    rng = stream(world.seed, "registrations")
    people, identity = world.people, world.identity
    dead, died = deaths(world)
    since = died >= REGISTRATION_FROM
    cancelled = since & (rng.random(len(dead)) < 0.75)
    cancel_day = died[cancelled] + rng.integers(1, 12, int(cancelled.sum())).astype(
        "timedelta64[D]"
    )
    born = identity.newborn
    born_day = identity.birth[born] + rng.integers(3, 25, len(born)).astype("timedelta64[D]")
    moved = pick(rng, people.age >= 18, 0.0012, 8)
    moved_day = REGISTRATION_FROM + rng.integers(0, REGISTRATION_DAYS, len(moved)).astype(
        "timedelta64[D]"
    )
    kinds = {"move_out": 45.0, "move_in": 25.0, "split": 30.0}
    change = np.concatenate(
        [
            np.full(int(cancelled.sum()), "death_cancel", dtype=object),
            np.full(len(born), "birth", dtype=object),
            choose(rng, kinds, len(moved)),
        ]
    )
    day = np.concatenate([cancel_day, born_day, moved_day])
    rows = Rows(
        np.concatenate([dead[cancelled], born, moved]), {"change_type": change, "change_date": day}
    )
    return rows, day.astype("datetime64[M]")
