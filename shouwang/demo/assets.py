"""市场监管局、自然资源局、车管所 (assets): businesses, real estate and vehicles."""

from typing import Any

import numpy as np

from .draw import Ints, Rng, choose, labels, log_normal, pick, stream
from .rows import NO_AMOUNT, Rows, fen
from .world import World

SHOPS = ("农资店", "小吃店", "百货店", "运输服务部", "理发店", "修理店")
FIRMS = {"coop": "种养专业合作社", "company": "农产品有限公司", "sole": "家庭农场"}
VEHICLES = {
    "car": 38.0, "motorcycle": 36.0, "tricycle": 17.0, "truck": 6.0, "machine": 1.0,
    "disabled": 2.0,
}  # fmt: skip
QUARTER_DAYS = 92


def businesses(world: World, end: Any) -> Rows:
    """经营主体登记 at the end of a quarter; closures carry the day on which they happened."""
    rng = stream(world.seed, "businesses")
    people = world.people
    adults = (people.age >= 20) & (people.age < 68)
    monitored = adults & world.homes.monitored[people.home]
    who = np.concatenate(
        [
            pick(rng, adults, 0.014),
            pick(rng, monitored, 0.012, 4),
            pick(rng, adults & people.target, 0.006, 12),
        ]
    )
    count = len(who)
    role = choose(rng, {"legal_rep": 74.0, "shareholder": 17.0, "manager": 9.0}, count)
    kind = choose(rng, {"individual": 74.0, "coop": 11.0, "company": 12.0, "sole": 3.0}, count)
    role[kind == "individual"] = "legal_rep"
    opened = np.datetime64("2025-09-30") - rng.integers(30, 3600, count).astype("timedelta64[D]")
    closed = rng.random(count) < 0.16
    closing = opened + rng.integers(20, 2000, count).astype("timedelta64[D]")
    recent = np.zeros(count, dtype=bool)
    recent[-12:] = True
    recent[pick(rng, np.ones(count, dtype=bool), 0.02)] = True
    when = np.datetime64("2025-11-05") + rng.integers(0, 236, count).astype("timedelta64[D]")
    role[recent] = "legal_rep"
    closing = np.where(recent, when, closing)
    day = np.datetime64(end, "D")
    ended = (closed | recent) & (closing <= day)
    how = choose(rng, {"cancelled": 88.0, "revoked": 12.0}, count)
    cells: dict[str, Any] = {
        "credit_code": _codes("92999901MA", count),
        "entity_name": _firm_names(rng, kind),
        "entity_type": kind,
        "role": role,
        "capital": fen(np.round(log_normal(rng, 60_000, 0.9, count) / 10_000 + 0.5) * 10_000),
        "status": np.where(ended, how, "active").astype(object),
        "status_date": np.where(ended, closing, opened),
    }
    return Rows(who, cells)


def _firm_names(rng: Rng, kind: Any) -> Any:
    trade = labels(SHOPS, rng.integers(0, len(SHOPS), len(kind)))
    for key, firm in FIRMS.items():
        trade[kind == key] = firm
    return "示例县" + trade


def _codes(prefix: str, count: int) -> Any:
    return np.array([f"{prefix}{n:07d}X" for n in range(1, count + 1)], dtype=object)


def estates(world: World, end: Any) -> Rows:
    """不动产登记: homesteads for most, a flat in town for some, a shop for very few."""
    rng = stream(world.seed, "estates")
    people, homes = world.people, world.homes
    heads = homes.first
    who = np.concatenate([pick(rng, heads, 0.22), pick(rng, heads[homes.monitored], 0.02, 3)])
    extra = np.repeat(pick(rng, heads[homes.monitored], 0.012, 2), 2)
    who = np.concatenate([who, pick(rng, people.age > 25, 0.008), extra])
    count = len(who)
    usage = choose(
        rng, {"homestead": 76.0, "residential": 21.0, "commercial": 1.5, "other": 1.5}, count
    )
    usage[count - len(extra) :] = "residential"
    usage[len(heads) // 5 : len(heads) // 5 + 1] = "commercial"
    registered = np.datetime64("2026-05-30") - rng.integers(0, 5200, count).astype("timedelta64[D]")
    there = np.flatnonzero(registered <= np.datetime64(end, "D"))
    area = np.round(log_normal(rng, 125, 0.25, count), 1)
    village = world.identity.village[who]
    cells: dict[str, Any] = {
        "cert_no": np.array(
            [f"示(2025)示例县不动产权第{n:07d}号" for n in range(count)], dtype=object
        ),
        "usage": usage,
        "area": area,
        "register_date": registered,
        "location": np.where(usage == "homestead", village, "示例县城区示例路").astype(object),
    }
    return Rows(who, cells).take(there)


def vehicles(world: World, end: Any) -> Rows:
    """机动车登记: motorcycles and tricycles of farmers, cars of those who work away."""
    rng = stream(world.seed, "vehicles")
    people = world.people
    drivers = (people.age >= 20) & (people.age < 66) & (people.disability == 0)
    monitored = drivers & world.homes.monitored[people.home]
    poor = people.target | (people.assist != "")
    who = np.concatenate(
        [
            pick(rng, drivers & ~poor, 0.12),
            pick(rng, drivers & poor, 0.05),
            pick(rng, monitored, 0.02, 4),
        ]
    )
    count = len(who)
    kind = choose(rng, VEHICLES, count)
    kind[-4:] = ("car", "truck", "car", "machine")
    status = choose(rng, {"normal": 94.0, "scrapped": 6.0}, count)
    status[-4:] = "normal"
    registered = np.datetime64("2026-04-28") - rng.integers(0, 4700, count).astype("timedelta64[D]")
    there = np.flatnonzero(registered <= np.datetime64(end, "D"))
    cells: dict[str, Any] = {
        "plate": np.array([f"示Z{n:06d}" for n in range(1, count + 1)], dtype=object),
        "kind": kind,
        "status": status,
        "register_date": registered,
        "price": _prices(rng, kind),
    }
    return Rows(who, cells).take(there)


def _prices(rng: Rng, kind: Any) -> Ints:
    median = {"car": 78_000, "truck": 92_000, "machine": 310_000, "motorcycle": 6_200}
    base = np.array([median.get(key, 11_000) for key in kind], dtype=float)
    price = fen(np.round(base * log_normal(rng, 1.0, 0.3, len(kind)) / 100) * 100)
    price[rng.random(len(kind)) < 0.15] = NO_AMOUNT
    return price
