"""户表错误 (home flaws): contradictions between a household's labels, risks and measures."""

from collections import Counter
from typing import Any

import numpy as np

from .draw import Bools, same, stream
from .flaws import Desk, Flaw, Where, change, chosen, same_sex_number
from .register import Sheet
from .supports import MEASURES
from .world import World

NO_MEASURES: dict[str, Any] = dict.fromkeys(MEASURES)


def _any_home(desk: Desk) -> Bools:
    return same(desk.homes.monitor, 0)


def _former(desk: Desk) -> Bools:
    return desk.homes.pa & same(desk.homes.monitor, 0)


def _monitored(desk: Desk) -> Bools:
    return desk.homes.monitored


def _removed(desk: Desk) -> Bools:
    return desk.homes.eliminated


def _helped(desk: Desk) -> Bools:
    return desk.homes.eliminated & same(desk.households["elimination_way"], "帮扶消除")


def _long_monitored(desk: Desk) -> Bools:
    long = desk.homes.identified < np.datetime64("2025-05")
    return desk.homes.monitored & long & desk.homes.any_labour


def _nobody(key: str, *labels: str) -> Where:
    """Monitored households without a member of a kind."""

    def test(desk: Desk) -> Bools:
        has = np.isin(getattr(desk.people, key), labels)
        return (desk.homes.monitor > 0) & ~_some(desk, has)

    return test


def _some(desk: Desk, members: Bools) -> Bools:
    return np.bincount(desk.people.home, weights=members, minlength=desk.homes.count) > 0


def _on_dibao(desk: Desk) -> Bools:
    return (desk.homes.monitor > 0) & _some(desk, desk.people.assist == "dibao")


def _nobody_works(desk: Desk) -> Bools:
    works = (desk.people.months > 0) | (desk.people.post > 0)
    return (desk.homes.monitor > 0) & ~_some(desk, works)


def _all_able(desk: Desk) -> Bools:
    able = desk.people.worker | (desk.people.labour == "弱劳动力或半劳动力")
    return desk.homes.monitored & ~_some(desk, ~able)


def _none_able(desk: Desk) -> Bools:
    return (desk.homes.monitor > 0) & ~desk.homes.eliminated & ~desk.homes.any_labour


REMOVED = {
    "eliminated": "是", "eliminated_month": "202509", "elimination_way": "帮扶消除",
    "measure_social": "结对帮扶", "after_net_income": 21000, "after_per_capita": 10500,
    "after_wage": 0, "after_transfer": 9000,
}  # fmt: skip

HOME_FLAWS = (
    Flaw("phone.length", _any_home, {"phone": lambda d, r: ("1990000", "0990-1234567")[r % 2]}, 2),
    Flaw("house_area.missing", _any_home, {"house_area": lambda d, r: (None, "约一百")[r % 2]}, 2),
    Flaw("road_distance.missing", _any_home,
         {"road_distance": lambda d, r: (None, "较近")[r % 2]}, 2),
    Flaw("size.mismatch", _any_home, {"household_size": lambda d, r: int(d.homes.size[r]) + 1}, 2),
    Flaw("pa.danger_not_monitored", _former, {"danger_house": "是"}),
    Flaw("pa.water_not_monitored", _former, {"water_ok": "否"}),
    Flaw("monitor.no_risk", lambda d: d.homes.monitor > 0,
         {"risk1": None, "risk2": None, "risk3": None}),
    Flaw("monitor.fields_missing", lambda d: d.homes.monitor > 0, {"wage_income": None}),
    Flaw("eliminated.danger", _removed, {"danger_house": "是"}),
    Flaw("eliminated.water", _removed, {"water_ok": "否"}),
    Flaw("eliminated.no_measure", _helped, NO_MEASURES),
    Flaw("eliminated.after_missing", _removed, {"after_net_income": None}),
    Flaw("eliminated.below_line", _helped,
         {"eliminated_month": "202510", "after_per_capita": 7900}),
    Flaw("eliminated.no_labour", _none_able, REMOVED, 0.5),
    Flaw("eliminated.wage_zero", _removed, {"measure_job": "劳务输出", "after_wage": 0}, 0.7),
    Flaw("risk.water_missing", _monitored,
         {"water_ok": "否", "risk2": None, "risk3": None, "risk1": "因学"}),
    Flaw("risk.labour_all", _all_able, {"risk2": "缺劳动力"}, 0.7),
    Flaw("measure.dibao_nobody", _nobody("assist", "dibao"), {"measure_general": "低保"}),
    Flaw("measure.dibao_missing", _on_dibao, {"measure_general": None}),
    Flaw("measure.job_nobody_works", _nobody_works,
         {"measure_job": "劳务输出", "after_wage": 1200}, 0.7),
    Flaw("measure.development_missing", _long_monitored, dict.fromkeys(MEASURES[:4])),
    Flaw("measure.not_started", _long_monitored, {"development_status": "尚未实施"}, 0.7),
)  # fmt: skip

UNINSURED = {"resident_medical": "否", "employee_medical": "否"}


def plant_home_flaws(world: World, persons: Sheet, households: Sheet) -> Counter[str]:
    """Change the sheet 户, and relations and insurance of members on the sheet 人口."""
    rng = stream(world.seed, "home flaws")
    nobody = np.zeros(0, dtype=bool)
    desk = Desk(rng, world.people, world.homes, persons, households, nobody)
    free = np.ones(world.homes.count, dtype=bool)
    planted: Counter[str] = Counter()
    for flaw in HOME_FLAWS:
        for row in chosen(desk, flaw, flaw.where(desk) & free, world.homes.count):
            free[row] = False
            change(desk, households, flaw, int(row))
            planted[flaw.check] += 1
    for flaw, members in _MEMBER_FLAWS:
        for row in chosen(desk, flaw, flaw.where(desk) & free, world.homes.count):
            free[row] = False
            change(desk, persons, flaw, int(world.homes.first[row]) + members)
            planted[flaw.check] += 1
    return planted


def _couple(desk: Desk) -> Bools:
    """Ordinary households whose second member is the spouse."""
    second = np.minimum(desk.homes.first + 1, desk.people.count - 1)
    return _any_home(desk) & (desk.homes.size > 1) & same(desk.people.relation[second], "配偶")


def _couple_and_child(desk: Desk) -> Bools:
    return _couple(desk) & (desk.homes.size > 2)


def _not_ill(desk: Desk) -> Bools:
    """Monitored for other risks than illness."""
    well = [~same(desk.households[f"risk{n}"], "因病") for n in (1, 2, 3)]
    return _monitored(desk) & well[0] & well[1] & well[2]


_MEMBER_FLAWS = (
    (Flaw("head.none", _couple, {"relation": "其他"}), 0),
    (Flaw("head.many", _couple, {"relation": "户主"}), 1),
    (Flaw("spouse.many", _couple_and_child, {"relation": "配偶"}), 2),
    (Flaw("spouse.same_sex", _couple, {"id_no": same_sex_number}), 1),
    (Flaw("eliminated.uninsured", _removed, UNINSURED), 0),
    (Flaw("risk.illness_missing", _not_ill, UNINSURED), 0),
)  # fmt: skip
