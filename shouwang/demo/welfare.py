"""民政局、残联 (welfare): 低保特困 month by month, temporary relief, disability cards."""

from typing import Any

import numpy as np

from .draw import Days, Ints, Rng, choose, log_normal, pick, runs, stream
from .rows import Rows, fen
from .world import World

NEVER = np.datetime64("2099-12-31")
MONTHS_OF_2026 = tuple(np.datetime64(f"2026-{m:02d}") for m in range(1, 7))
KINDS = ("vision", "hearing", "speech", "limb", "intellect", "mental", "multiple")
REASONS = {"重大疾病": 50.0, "意外事故": 15.0, "子女就学": 12.0, "遭受灾害": 13.0, "生活困难": 10.0}
PER_MONTH = {"dibao": 370, "tekun_dispersed": 730, "tekun_central": 980, "marginal": 60}


def on_assistance(world: World, end: Any) -> Rows:
    """低保特困在册名单: who was on the list at the end of a month."""
    who, kind, start, stop, amount = _spells(world)
    day = np.datetime64(end, "D")
    there = np.flatnonzero((start <= day) & (stop > day))
    there = there[np.argsort(who[there], kind="stable")]
    shown = np.where(np.arange(len(there)) % 97 == 5, np.datetime64("NaT"), start[there])
    cells: dict[str, Any] = {"kind": kind[there], "start_date": shown, "amount": amount[there]}
    return Rows(who[there], cells)


def _spells(world: World) -> tuple[Ints, Any, Days, Days, Ints]:
    """Who receives what from when until when; people join and leave every month of 2026."""
    rng = stream(world.seed, "assistance spells")
    people, homes = world.people, world.homes
    old = np.flatnonzero(people.assist != "")
    ago = rng.integers(20, 3100, homes.count)
    start = np.datetime64("2025-12-20") - ago[people.home[old]].astype("timedelta64[D]")
    start = start.astype("datetime64[M]").astype("datetime64[D]")
    stop = np.full(len(old), NEVER)
    left = pick(rng, (people.assist[old] == "dibao") & people.target[old], 0.045, 12)
    stop[left] = _month_days(rng, len(left), np.ones(6))
    eligible = (homes.target_pc < 12_500) & (homes.size <= 4) & ~homes.hard
    eligible &= people.assist[homes.first] == ""
    homes_new = pick(rng, eligible, 0.09, 10)
    new_start = _month_days(rng, len(homes_new), np.array([2, 1, 3, 3, 4, 5]))
    new = np.repeat(homes.first[homes_new], homes.size[homes_new])
    new = new + runs(homes.size[homes_new])
    starts = np.repeat(new_start, homes.size[homes_new])
    kept = people.assist[new] == ""
    who = np.concatenate([old, new[kept]])
    kind = np.concatenate([people.assist[old], np.full(int(kept.sum()), "dibao", dtype=object)])
    base = np.array([PER_MONTH[key] for key in kind], dtype=float)
    amount = fen(np.round(base * rng.uniform(0.75, 1.35, len(who)) / 5) * 5)
    stops = np.concatenate([stop, np.full(int(kept.sum()), NEVER)])
    return who, kind, np.concatenate([start, starts[kept]]), stops, amount


def _month_days(rng: Rng, count: int, weight: Any) -> Days:
    """The first of some month of 2026; later months weigh more."""
    month = rng.choice(6, size=count, p=np.asarray(weight) / np.sum(weight))
    return np.array(MONTHS_OF_2026)[month].astype("datetime64[D]")


def reliefs(world: World) -> tuple[Rows, Days]:
    """临时救助: about one household in forty a year, mostly small sums."""
    rng = stream(world.seed, "relief")
    homes = world.homes
    poor = homes.target | (homes.target_pc < 13_000)
    home = np.concatenate([pick(rng, poor, 0.13, 20), pick(rng, ~poor, 0.01, 6)])
    count = len(home)
    day = np.datetime64("2025-01-01") + rng.integers(0, 546, count).astype("timedelta64[D]")
    amount = np.round(log_normal(rng, 1_300, 0.55, count) / 100) * 100
    large = pick(rng, np.ones(count, dtype=bool), 0.05, 6)
    amount[large] = rng.integers(50, 160, len(large)) * 100
    cells: dict[str, Any] = {
        "relief_date": day,
        "amount": fen(amount),
        "reason": choose(rng, REASONS, count),
    }
    return Rows(homes.first[home], cells), day.astype("datetime64[M]")


def cards(world: World, end: Any) -> Rows:
    """持证残疾人名册 at the end of a quarter; new cards appear with their date of issue."""
    rng = stream(world.seed, "cards")
    people = world.people
    holders = pick(rng, people.disability > 0, 0.9)
    ago = rng.integers(200, 5000, len(holders))
    issued = np.datetime64("2025-12-31") - ago.astype("timedelta64[D]")
    fresh = pick(rng, np.ones(len(holders), dtype=bool), 0.045, 24)
    issued[fresh] = np.datetime64("2025-10-05") + rng.integers(0, 265, len(fresh)).astype(
        "timedelta64[D]"
    )
    status = choose(rng, {"valid": 97.0, "cancelled": 3.0}, len(holders))
    day = np.datetime64(end, "D")
    there = np.flatnonzero(issued <= day)
    who = holders[there]
    level = people.level[who].astype("U1").astype(object)
    number = people.id_no[who] + people.disability[who].astype("U1").astype(object) + level
    again = rng.random(len(who)) < 0.08
    cells: dict[str, Any] = {
        "card_no": np.where(again, number + "B1", number).astype(object),
        "kind": np.array([KINDS[n - 1] for n in people.disability[who]], dtype=object),
        "level": level,
        "issue_date": issued[there],
        "card_status": status[there],
    }
    return Rows(who, cells)
