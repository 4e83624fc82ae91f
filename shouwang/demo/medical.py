"""医疗保障局 (medical): settlements of 18 months and the two lists of the enrolment season."""

from typing import Any

import numpy as np

from .draw import Bools, Days, Floats, Ints, Rng, Texts, choose, log_normal, pick, stream
from .rows import Rows, fen
from .world import World

FIRST_DAY = np.datetime64("2025-01-01")
DAYS = 546  # up to 30 June 2026
THIS_YEAR = np.datetime64("2026-01-01")
HOSPITALS = {
    "示例县人民医院": 45.0,
    "示例县中医院": 25.0,
    "示例市中心医院": 18.0,
    "示例县妇幼保健院": 8.0,
}


def settlements(world: World) -> tuple[Rows, Days]:
    """All settlements with the month in which each was reported; one in eight is a month late."""
    rng = stream(world.seed, "settlements")
    who, visit, serious = _visits(rng, world)
    day = FIRST_DAY + rng.integers(0, DAYS, len(who)).astype("timedelta64[D]")
    day = _onset(rng, world, who, serious, day)
    ratio = np.where(world.people.target[who], 0.15, 0.34)
    inpatient = visit == "inpatient"
    median = np.where(inpatient, np.where(serious, 15_000.0, 5_000.0), 260.0)
    total = median * log_normal(rng, 1.0, 0.72, len(who))
    share = np.clip(ratio * rng.uniform(0.5, 1.5, len(who)) + 0.22 * ~inpatient, 0.05, 0.9)
    rows = _rows(rng, world, who, day, visit, serious, total, share)
    rows = rows.joined(_hard_cases(rng, world))
    number = (200_000_001 + np.arange(len(rows))).astype("U9").astype(object)
    rows.cells["settle_no"] = "JS" + number
    late = rng.random(len(rows)) < 0.12
    month = rows.cells["settle_date"].astype("datetime64[M]") + late.astype("timedelta64[M]")
    return rows, month


def _visits(rng: Rng, world: World) -> tuple[Ints, Texts, Bools]:
    people = world.people
    everyone = np.arange(people.count)
    stays = rng.poisson(np.interp(people.age, [0, 6, 40, 65, 85], [0.16, 0.07, 0.12, 0.3, 0.42]))
    stays = stays + rng.poisson(1.3, people.count) * people.serious
    chronic = rng.poisson(2.1, people.count) * people.chronic
    chronic = chronic + rng.poisson(3.2, people.count) * people.serious + people.serious
    outpatient = rng.poisson(0.24, people.count)
    who = np.concatenate([np.repeat(everyone, n) for n in (stays, chronic, outpatient)])
    kinds = np.array(["inpatient", "chronic", "outpatient"], dtype=object)
    visit = np.repeat(kinds, [stays.sum(), chronic.sum(), outpatient.sum()])
    serious = people.serious[who] & (visit != "outpatient")
    return who, visit, serious


def _onset(rng: Rng, world: World, who: Ints, serious: Bools, day: Days) -> Days:
    """Some fell seriously ill this year; the others were treated for it last year already."""
    ill = world.people.serious
    onset = np.full(len(ill), FIRST_DAY)
    fresh = pick(rng, ill, 0.2, 12)
    onset[fresh] = THIS_YEAR + rng.integers(0, 176, len(fresh)).astype("timedelta64[D]")
    last = FIRST_DAY + np.timedelta64(DAYS - 1, "D")
    span = (last - onset[who]).astype(np.int64)
    shifted = onset[who] + (rng.random(len(who)) * span).astype("timedelta64[D]")
    day = np.where(serious, shifted, day)
    _, firsts = np.unique(np.where(serious, who, -1), return_index=True)
    first = firsts[serious[firsts]]
    earlier = FIRST_DAY + rng.integers(5, 300, len(first)).astype("timedelta64[D]")
    new = onset[who[first]] >= THIS_YEAR
    return _placed(day, first, np.where(new, onset[who[first]], earlier))


def _placed(days: Days, index: Ints, values: Days) -> Days:
    days = days.copy()
    days[index] = values
    return days


def _rows(
    rng: Rng, world: World, who: Ints, day: Days, visit: Texts, serious: Bools,
    total: Floats, share: Floats,
) -> Rows:  # fmt: skip
    mark = np.where(serious, "yes", "no").astype(object)
    mark[rng.random(len(who)) < 0.03] = None
    cost = fen(total)
    own = np.round(cost * share).astype(np.int64)
    cells: dict[str, Any] = {
        "settle_date": day,
        "visit_type": visit,
        "hospital": choose(rng, HOSPITALS, len(who)),
        "serious_disease": mark,
        "total_cost": cost,
        "fund_paid": cost - own,
        "self_paid": own,
        "settle_no": np.full(len(who), None, dtype=object),
    }
    return Rows(who, cells)


def _hard_cases(rng: Rng, world: World) -> Rows:
    """Costly treatment in households that already have other troubles, and a few others."""
    homes = world.homes
    who = np.repeat(homes.first[homes.hard], 2)
    others = pick(rng, ~homes.pa, 0.0006, 3)
    who = np.concatenate([who, np.repeat(homes.first[others], 2)])
    day = THIS_YEAR + rng.integers(20, 178, len(who)).astype("timedelta64[D]")
    share = np.where(world.people.target[who], 0.22, 0.42)
    total = rng.uniform(24_000, 38_000, len(who))
    visit = np.full(len(who), "inpatient", dtype=object)
    serious = np.zeros(len(who), dtype=bool)
    return _rows(rng, world, who, day, visit, serious, total, share)


def insured(world: World, end: Any) -> Rows:
    """参保名册 for 2026: a complete list; those who have not paid are on it, or missing."""
    rng = stream(world.seed, "insurance")
    people = world.people
    luck = rng.random(people.count)
    early = np.datetime64(end, "M") < np.datetime64("2026-03")
    gap = np.where(people.target, 0.026, 0.05) if early else np.where(people.target, 0.011, 0.023)
    without = luck < gap
    how = choose(rng, {"absent": 50.0, "unpaid": 36.0, "suspended": 14.0}, people.count)
    status = np.where(without, how, "insured").astype(object)
    who = np.flatnonzero(status != "absent")
    employee = (people.months >= 9) & (people.area != "") & (rng.random(people.count) < 0.06)
    cells: dict[str, Any] = {
        "insured_year": np.full(len(who), 2026.0),
        "kind": np.where(employee, "employee", "resident").astype(object)[who],
        "status": status[who],
    }
    return Rows(who, cells)
