"""登记错误 (flaws): what goes wrong in a registry, planted so that every quality check has work.

Each flaw names the check that it is meant for, whom it may befall, and the cells it changes. A cell
is a fixed value or a function of the row. Nobody and no household gets two flaws.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .draw import Bools, Ints, Rng, same, stream
from .homes import Homes
from .numbers import check_digit
from .people import People
from .register import Sheet
from .world import World

Change = Callable[["Desk", int], Any]
Where = Callable[["Desk"], Bools]


@dataclass
class Desk:
    """What a flaw may look at: the true county and the two sheets as they will be exported."""

    rng: Rng
    people: People
    homes: Homes
    persons: Sheet
    households: Sheet
    quiet: Bools
    """People of households that are not monitored, where a flaw has no second effect."""


@dataclass(frozen=True)
class Flaw:
    check: str
    where: Where
    changes: dict[str, Any]
    weight: float = 1.0


def _everybody(desk: Desk) -> Bools:
    return desk.quiet


def _adult(desk: Desk) -> Bools:
    age = desk.people.age
    return desk.quiet & (age >= 22) & (age < 58) & same(desk.persons["school_status"], None)


def _healthy(desk: Desk) -> Bools:
    return same(desk.persons["health"], "健康")


def _worker(desk: Desk) -> Bools:
    return _adult(desk) & (desk.people.months > 0) & desk.people.worker


def _idle(desk: Desk) -> Bools:
    idle: Bools = (desk.people.months == 0) & (desk.people.post == 0)
    return _adult(desk) & idle


def _pupil(desk: Desk) -> Bools:
    return desk.quiet & same(desk.people.stage, "primary")


def _old(desk: Desk) -> Bools:
    return desk.quiet & (desk.people.age >= 72) & same(desk.people.assist, "")


def _on_tekun(desk: Desk) -> Bools:
    return desk.quiet & same(desk.people.assist, "tekun_dispersed", "tekun_central")


def _relation(*labels: str) -> Where:
    return lambda desk: desk.quiet & np.isin(desk.people.relation, labels)


def _id(desk: Desk, row: int) -> str:
    return str(desk.people.id_no[row])


def _old_number(desk: Desk, row: int) -> str:
    number = _id(desk, row)
    return number[:6] + number[8:17]


def _no_such_day(desk: Desk, row: int) -> str:
    number = _id(desk, row)
    body = f"{number[:10]}13{number[12:17]}"
    return body + check_digit(body)


def _wrong_check(desk: Desk, row: int) -> str:
    number = _id(desk, row)
    return number[:17] + ("1" if number[17] == "0" else "0")


def _of_another(desk: Desk, row: int) -> str:
    return _id(desk, (row + 7) % desk.people.count)


def _other_day(desk: Desk, row: int) -> str:
    return str(desk.people.birth[row] - np.timedelta64(31, "D"))


def _other_sex(desk: Desk, row: int) -> str:
    return "女" if desk.people.sex[row] else "男"


def same_sex_number(desk: Desk, row: int) -> str:
    number = _id(desk, row)
    body = number[:16] + str((int(number[16]) + 1) % 10)
    return body + check_digit(body)


def _odd_name(desk: Desk, row: int) -> str:
    name = str(desk.people.name[row])
    return (name + "1", name + "(小)", "=" + name, "<" + name, "-" + name)[row % 5]


PERSON_FLAWS = (
    Flaw("id.missing", _everybody, {"id_no": None}, 2),
    Flaw("id.length", _everybody, {"id_no": lambda d, r: _id(d, r)[:16]}),
    Flaw("id.old15", lambda d: d.quiet & (d.people.age > 30), {"id_no": _old_number}),
    Flaw("id.birth_invalid", _everybody, {"id_no": _no_such_day}),
    Flaw("id.check_digit", _everybody, {"id_no": _wrong_check}, 2),
    Flaw("id.duplicate", _everybody, {"id_no": _of_another}),
    Flaw("id.birth_mismatch", _everybody, {"birth_date": _other_day}, 2),
    Flaw("id.sex_mismatch", _relation("户主"), {"sex": _other_sex}),
    Flaw("name.suspicious", _everybody, {"name": _odd_name}),
    Flaw("relation.invalid", _relation("之子", "之女"),
         {"relation": lambda d, r: (None, "子女")[r % 2]}, 2),
    Flaw("nation.missing", _everybody, {"nation": None}, 3),
    Flaw("politics.invalid", _adult, {"politics": "党员"}),
    Flaw("education.both", _pupil, {"education": "小学"}, 2),
    Flaw("education.neither", _adult, {"education": None}, 2),
    Flaw("education.invalid", _adult, {"education": lambda d, r: ("中专", "高小")[r % 2]}),
    Flaw("school_status.invalid", lambda d: d.quiet & (d.people.stage == "senior_high"),
         {"school_status": "高一"}),
    Flaw("labour.invalid", _idle, {"labour": lambda d, r: (None, "全劳动力")[r % 2]}, 2),
    Flaw("health.missing", _everybody, {"health": None}, 2),
    Flaw("serious_insurance.missing", _everybody, {"serious_insurance": None}, 2),
    Flaw("medical.none", _adult, {"resident_medical": "否", "employee_medical": "否"}, 2),
    Flaw("medical.both", _adult, {"resident_medical": "是", "employee_medical": "是"}),
    Flaw("labour.under16", _pupil, {"labour": "普通劳动力"}),
    Flaw("labour.over60", _old, {"labour": lambda d, r: ("普通劳动力", "丧失劳动力")[r % 2]}, 2),
    Flaw("labour.healthy_adult", lambda d: _idle(d) & _healthy(d) & d.people.worker,
         {"labour": "弱劳动力或半劳动力"}, 2),
    Flaw("work.no_labour", lambda d: _worker(d) & ~_healthy(d), {"labour": "丧失劳动力"}),
    Flaw("work.student", _pupil,
         {"work_months": 6, "work_province": "示例省", "work_county": "示例县"}),
    Flaw("work.place_without_months", _worker, {"work_months": lambda d, r: (None, 0)[r % 2]}, 2),
    Flaw("work.months_without_place", _worker, {"work_province": None, "work_county": None}, 2),
    Flaw("work.no_county", _worker, {"work_county": None}),
    Flaw("work.tekun", _on_tekun,
         {"work_months": 3, "work_province": "示例省", "work_county": "示例县"}, 0.5),
    Flaw("work.local_channel_outside", lambda d: _worker(d) & (d.people.area == "outside"),
         {"job_channel": "帮扶车间"}),
    Flaw("school.preschool_age", lambda d: _pupil(d) & _healthy(d) & (d.people.age >= 8),
         {"school_status": "学前教育"}),
    Flaw("school.primary_age", lambda d: d.quiet & (d.people.age == 15) & (d.people.stage != ""),
         {"school_status": "小学"}),
    Flaw("relation.sex", _relation("之子"), {"relation": "之女"}),
    Flaw("post.months_without_type", lambda d: d.quiet & (d.people.post > 0),
         {"post_type": None}, 0.7),
    Flaw("post.type_without_months", _idle, {"post_type": "保洁员"}),
    Flaw("post.under16", _pupil, {"post_type": "护林员", "post_months": 6}, 0.5),
    Flaw("post.over70", _old, {"post_type": "护林员", "post_months": 10}),
    Flaw("disability.no_card", lambda d: d.quiet & (d.people.disability > 0),
         {"disability_kind": None}, 2),
    Flaw("insurance.pa_serious_no", lambda d: d.quiet & d.people.target,
         {"serious_insurance": "否"}),
)  # fmt: skip


def plant_person_flaws(world: World, persons: Sheet, households: Sheet) -> Counter[str]:
    """Change the sheet 人口; returns how often each flaw was planted."""
    quiet = (world.homes.monitor == 0)[world.people.home]
    rng = stream(world.seed, "flaws")
    desk = Desk(rng, world.people, world.homes, persons, households, quiet)
    free = np.ones(world.people.count, dtype=bool)
    planted: Counter[str] = Counter()
    for flaw in PERSON_FLAWS:
        for row in chosen(desk, flaw, flaw.where(desk) & free, world.homes.count):
            free[row] = False
            change(desk, persons, flaw, int(row))
            planted[flaw.check] += 1
    return planted


def chosen(desk: Desk, flaw: Flaw, candidates: Bools, households: int) -> Ints:
    """A handful in a small county, a few dozen in a large one."""
    wanted = max(1, round(flaw.weight * (1 + households / 3000)))
    index = np.flatnonzero(candidates)
    return np.sort(desk.rng.choice(index, size=min(wanted, len(index)), replace=False))


def change(desk: Desk, sheet: Sheet, flaw: Flaw, row: int) -> None:
    for key, value in flaw.changes.items():
        sheet[key][row] = value(desk, row) if callable(value) else value
