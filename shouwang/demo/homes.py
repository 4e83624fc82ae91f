"""农户 (homes): households with their labels, monitoring, assistance and income statement."""

from dataclasses import dataclass, field

import numpy as np

from .draw import (
    Bools,
    Days,
    Floats,
    Ints,
    Rng,
    Texts,
    choose,
    if_so,
    log_normal,
    pick,
    runs,
    stream,
)
from .people import People
from .places import Places

NONE, UNSTABLE, MARGINAL, SUDDEN = range(4)
CLASSES = (None, "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
LAST_MONTH = np.datetime64("2025-12")


def _no_texts() -> Texts:
    return np.empty(0, dtype=object)


def _no_numbers() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass
class Homes:
    """One value per household, ordered by village."""

    count: int
    village: Ints
    first: Ints
    """Row of the first member, who is the head."""
    size: Ints
    kind: Ints
    group: Ints
    pa: Bools
    monitor: Ints
    eliminated: Bools
    identified: Days
    eliminated_month: Days
    hard: Bools
    """Several troubles at once, and nobody has noticed yet: the households worth finding."""
    any_labour: Bools
    target_pc: Ints = field(default_factory=_no_numbers)
    wage: Ints = field(default_factory=_no_numbers)
    business: Ints = field(default_factory=_no_numbers)
    rents: Ints = field(default_factory=_no_numbers)
    transfer: Ints = field(default_factory=_no_numbers)
    expense: Ints = field(default_factory=_no_numbers)
    previous: Ints = field(default_factory=_no_numbers)
    attribute: Texts = field(default_factory=_no_texts)

    @property
    def monitored(self) -> Bools:
        return (self.monitor > 0) & ~self.eliminated

    @property
    def target(self) -> Bools:
        return self.pa | self.monitored

    @property
    def net(self) -> Ints:
        return self.wage + self.business + self.rents + self.transfer - self.expense


def make_homes(people: People, kinds: Ints, places: Places, seed: int) -> Homes:
    """Place the households in villages and give each its labels, assistance and income."""
    rng = stream(seed, "homes")
    count = len(kinds)
    village = _villages(rng, places, count)
    size = np.bincount(people.home, minlength=count)
    groups = np.array([place.groups for place in places.villages])[village]
    able = people.worker | (people.labour == "弱劳动力或半劳动力")
    any_labour = np.bincount(people.home, weights=able, minlength=count) > 0
    pa = _poor_once(rng, village, len(places.villages))
    monitor, eliminated, identified, ended = _monitoring(rng, pa, any_labour)
    homes = Homes(
        count=count,
        village=village,
        first=np.cumsum(size) - size,
        size=size,
        kind=kinds,
        group=rng.integers(0, 1000, count) % groups + 1,
        pa=pa,
        monitor=monitor,
        eliminated=eliminated,
        identified=identified,
        eliminated_month=ended,
        hard=np.zeros(count, dtype=bool),
        any_labour=any_labour,
    )
    homes.hard[pick(rng, pa & (monitor == NONE) & any_labour & (size > 2), 0.012, 5)] = True
    people.target = homes.target[people.home]
    _assistance(stream(seed, "assistance"), people, homes)
    _income(stream(seed, "income"), people, homes)
    return homes


def _villages(rng: Rng, places: Places, count: int) -> Ints:
    """Villages differ in size; each has at least a few households."""
    share = rng.dirichlet(np.full(len(places.villages), 12.0))
    least = min(12, count // len(places.villages))
    sizes = least + np.floor(share * (count - least * len(places.villages))).astype(np.int64)
    sizes[: count - int(sizes.sum())] += 1
    return np.repeat(np.arange(len(sizes)), sizes)


def _poor_once(rng: Rng, village: Ints, villages: int) -> Bools:
    """脱贫户: 13.5 % of the county, more in some villages than in others."""
    share = np.clip(rng.beta(5, 32, villages), 0.04, 0.4)
    return rng.random(len(village)) < share[village]


def _monitoring(rng: Rng, pa: Bools, any_labour: Bools) -> tuple[Ints, Bools, Days, Days]:
    """监测对象: 2-3 % of the households; somewhat more than half have their risk removed."""
    count = len(pa)
    monitor = np.zeros(count, dtype=np.int64)
    monitor[pick(rng, pa, 0.075, 8)] = UNSTABLE
    monitor[pick(rng, ~pa, 0.011, 8)] = MARGINAL
    monitor[pick(rng, monitor == NONE, 0.005, 6)] = SUDDEN
    eliminated = (monitor > 0) & any_labour & (rng.random(count) < 0.58)
    ago = np.where(eliminated, rng.integers(14, 56, count), rng.integers(0, 15, count))
    long_ago = ~eliminated & (rng.random(count) < 0.22)
    ago = np.where(long_ago, rng.integers(13, 48, count), ago)
    identified = LAST_MONTH - ago.astype("timedelta64[M]")
    after = np.minimum(ago, rng.integers(6, 20, count)).astype("timedelta64[M]")
    return monitor, eliminated, identified, identified + after


def _assistance(rng: Rng, people: People, homes: Homes) -> None:
    """低保、特困、低保边缘 at the end of 2025, for whole households or one disabled person."""
    chance = rng.random(homes.count)
    share = np.select(
        [~homes.any_labour & homes.target, ~homes.any_labour, homes.monitored, homes.pa],
        [0.93, 0.22, 0.25, 0.12],
        0.011,
    )
    whole = (chance < share) & ~homes.hard
    assist = np.where(whole[people.home], "dibao", "").astype(object)
    single = (people.severe & people.target & ~homes.hard[people.home]) | (
        people.severe & (rng.random(people.count) < 0.3)
    )
    assist[single & (rng.random(people.count) < 0.9)] = "dibao"
    alone = (homes.size == 1) & whole & ~homes.any_labour & (rng.random(homes.count) < 0.4)
    tekun = choose(rng, {"tekun_dispersed": 4.0, "tekun_central": 1.0}, people.count)
    assist = np.where(alone[people.home], tekun, assist).astype(object)
    edge = pick(rng, ~whole & ~homes.pa, 0.006, 4)
    assist[np.isin(people.home, edge) & (assist == "")] = "marginal"
    people.assist = assist
    on_dibao = _by_home(people, assist == "dibao", homes.count) > 0
    on_tekun = _by_home(people, assist == "tekun_dispersed", homes.count) > 0
    on_tekun |= _by_home(people, assist == "tekun_central", homes.count) > 0
    attribute = if_so(homes.pa, "一般脱贫户")
    attribute = np.where(homes.pa & on_dibao, "低保脱贫户", attribute)
    homes.attribute = np.where(homes.pa & on_tekun, "特困供养脱贫户", attribute).astype(object)


def _by_home(people: People, values: Bools | Ints, homes: int) -> Ints:
    return np.bincount(people.home, weights=values, minlength=homes).astype(np.int64)


def _income(rng: Rng, people: People, homes: Homes) -> None:
    """Draw what a head lives on, then take it apart into the five lines of the statement."""
    pc = _per_head(rng, people, homes)
    net = np.round(pc * homes.size).astype(np.int64)
    pension = _by_home(people, people.age >= 60, homes.count) * 2280
    relief = _by_home(people, people.assist == "dibao", homes.count) * 4440
    relief += _by_home(people, people.assist == "tekun_dispersed", homes.count) * 8760
    farms = rng.random(homes.count) < 0.86
    transfer = np.minimum(pension + relief + farms * rng.integers(150, 900, homes.count), net)
    rents = (rng.random(homes.count) < 0.23) * log_normal(rng, 800, 0.8, homes.count)
    properties = np.minimum(np.round(rents).astype(np.int64), (net - transfer) // 4)
    rest = net - transfer - properties
    wages = _by_home(people, people.wage * people.months, homes.count)
    posts = _by_home(people, people.post * 600, homes.count)
    earned = rng.uniform(0.55, 0.9, homes.count) * rest
    wage = np.where(wages > 0, np.round(earned).astype(np.int64), np.minimum(posts, rest))
    farm = rest - wage
    expense = np.round(farm * rng.uniform(0.3, 0.9, homes.count)).astype(np.int64)
    homes.wage, homes.transfer, homes.rents = wage, transfer, properties
    homes.business, homes.expense = farm + expense, expense
    homes.target_pc = np.round(pc).astype(np.int64)
    homes.previous = _last_year(rng, homes)


def _per_head(rng: Rng, people: People, homes: Homes) -> Floats:
    count = homes.count
    helped = _by_home(people, people.assist == "dibao", count) * 2 >= homes.size
    pc = log_normal(rng, 20_500, 0.34, count)
    pc[homes.pa] = log_normal(rng, 16_200, 0.27, int(homes.pa.sum()))
    pc[helped] = log_normal(rng, 11_600, 0.14, int(helped.sum()))
    pc[homes.monitor > 0] = log_normal(rng, 12_800, 0.16, int((homes.monitor > 0).sum()))
    pc[homes.monitored] = log_normal(rng, 10_300, 0.17, int(homes.monitored.sum()))
    pc = np.maximum(pc, np.where(homes.pa, 9_150, 8_200))
    near = homes.pa & (homes.monitor == NONE)
    low = pick(rng, near, 0.011, 5)
    pc[low] = rng.uniform(5_600, 8_480, len(low))
    between = pick(rng, near, 0.004, 3)  # between the old line and the new one of March 2026
    pc[between] = rng.uniform(8_510, 8_790, len(between))
    pc[homes.hard] = rng.uniform(6_200, 8_700, int(homes.hard.sum()))
    return pc


def _last_year(rng: Rng, homes: Homes) -> Ints:
    """上年人均: most grew a little; a few fell sharply, some by just over a quarter."""
    now = homes.net / np.maximum(homes.size, 1)
    before = now / np.clip(rng.normal(1.07, 0.06, homes.count), 0.86, 1.4)
    fell = pick(rng, homes.pa, 0.013, 5)
    before[fell] = now[fell] / (1 - rng.uniform(0.31, 0.6, len(fell)))
    slightly = pick(rng, homes.pa, 0.007, 3)
    before[slightly] = now[slightly] / (1 - rng.uniform(0.26, 0.295, len(slightly)))
    return np.round(before).astype(np.int64)


def member_numbers(homes: Homes) -> Ints:
    """1, 2, 3 … within each household."""
    return runs(homes.size) + 1
