"""教育体育局 (schools): the list of pupils and students with fees and aid."""

from typing import Any

import numpy as np

from .draw import Ints, Rng, choose, pick, stream
from .lives import SCHOOL_YEAR
from .people import completed_years
from .rows import Rows, fen
from .world import World

FEES = {  # tuition, boarding, textbooks, and the greatest aid, in yuan per school year
    "kindergarten": (3200, 0, 0, 600),
    "primary": (0, 200, 60, 750),
    "junior": (0, 400, 90, 1250),
    "senior_high": (1500, 900, 850, 2600),
    "secondary_vocational": (0, 800, 600, 2600),
    "higher_vocational": (5600, 1100, 700, 4200),
    "undergraduate": (4900, 1200, 800, 4200),
    "postgraduate": (8000, 1200, 600, 6000),
}
SCHOOLS = {
    "kindergarten": "示例县第二幼儿园", "primary": "示例县中心小学", "junior": "示例县第三中学",
    "senior_high": "示例县第一高级中学", "secondary_vocational": "示例县职业教育中心",
    "higher_vocational": "示例职业技术学院", "undergraduate": "示例理工大学",
    "postgraduate": "示例理工大学",
}  # fmt: skip


def enrolled(world: World, end: Any) -> Rows:
    """学籍与资助名册 as it stood at the end of a month."""
    rng = stream(world.seed, "schools")
    people = world.people
    term = np.datetime64(end, "M")
    listed = (people.stage != "") & ~(
        (people.stage == "kindergarten") & (rng.random(people.count) < 0.4)
    )
    age = completed_years(people.birth, SCHOOL_YEAR)
    compulsory = (age >= 6) & (age <= 14)
    listed[pick(rng, compulsory, 0.0025, 4)] = False
    if term >= np.datetime64("2026-05"):
        listed[pick(rng, compulsory & listed, 0.0006, 1)] = False
    status = _status(rng, world, compulsory, term)
    who = np.flatnonzero(listed)
    stage = people.stage[who]
    cells: dict[str, Any] = {
        "stage": stage,
        "school": np.array([SCHOOLS[key] for key in stage], dtype=object),
        "school_kind": np.where(rng.random(len(who)) < 0.93, "public", "private").astype(object),
        "status": status[who],
    }
    cells |= _fees(rng, world, who)
    return Rows(who, cells)


def _status(rng: Rng, world: World, compulsory: Any, term: np.datetime64) -> Any:
    """Nearly all are in school; a few drop out in spring and are brought back by May."""
    people = world.people
    status = np.full(people.count, "in_school", dtype=object)
    status[pick(rng, people.stage != "", 0.002)] = "leave"
    status[compulsory & people.severe] = "home_teaching"
    pupils = compulsory & (status == "in_school")
    gone = pick(rng, pupils & people.target, 0.004, 4)
    gone = np.concatenate([gone, pick(rng, pupils & ~people.target, 0.0006, 2)])
    kind = choose(rng, {"suspected_dropout": 6.0, "dropout": 2.0, "other_leave": 2.0}, len(gone))
    if term < np.datetime64("2026-01"):
        gone, kind = gone[::2], kind[::2]
    elif term >= np.datetime64("2026-05"):
        gone, kind = gone[len(gone) // 4 :], kind[len(gone) // 4 :]
    status[gone] = kind
    return status


def _fees(rng: Rng, world: World, who: Ints) -> dict[str, Any]:
    people = world.people
    stage = people.stage[who]
    table = np.array([FEES[key] for key in stage], dtype=float).reshape(len(who), 4)
    fees = table * rng.uniform(0.8, 1.2, table.shape)
    aided = people.target[who] | (rng.random(len(who)) < 0.1)
    fees[:, 3] = np.where(aided, fees[:, 3], 0)
    upper = np.isin(stage, ["senior_high", "secondary_vocational"])
    costly = pick(rng, upper & people.target[who], 0.03, 3)
    costly = np.union1d(costly, pick(rng, upper & ~people.target[who], 0.006, 4))
    fees[costly, 0] = rng.uniform(9_500, 14_500, len(costly))
    rounded = fen(np.round(fees / 10) * 10)
    keys = ("tuition", "boarding", "textbook", "subsidy")
    return {key: rounded[:, number].copy() for number, key in enumerate(keys)}
