"""人口 (people): everybody in the registry, and the strangers who turn up on department lists."""

from dataclasses import dataclass, field

import numpy as np

from .draw import Bools, Days, Ints, Rng, Texts, choose, labels, pick, same, stream
from .names import DOTTED, draw_surnames, given_names
from .numbers import ELSEWHERE, HERE, id_numbers
from .structure import Members, make_members

EXPORT = np.datetime64("2025-12-31")
OLDEST = np.datetime64("1926-01-01")
NATIONS = {"汉族": 88.0, "回族": 4.0, "苗族": 3.0, "彝族": 3.0, "藏族": 2.0}
STRANGER_VILLAGES = ("外县东村", "邻安县河口村", "外县西岭村", "邻安县柏树村")


@dataclass
class People:
    """One value per registered person, ordered by household; strangers follow in some columns."""

    count: int
    home: Ints
    relation: Texts
    sex: Ints
    birth: Days
    age: Ints
    name: Texts
    id_no: Texts
    nation: Texts
    # schooling, health, work and assistance are filled in by lives.py and homes.py
    stage: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    school_status: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    education: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    chronic: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))
    serious: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))
    disability: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """0 = none, else 1 … 7 in the order of the code list."""
    level: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    labour: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    months: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    area: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    wage: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    post: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Months a year in a public-welfare post; 0 = none."""
    assist: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    target: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))

    @property
    def worker(self) -> Bools:
        return same(self.labour, "普通劳动力", "技能劳动力")

    @property
    def severe(self) -> Bools:
        return (self.disability > 0) & (self.level <= 2)


@dataclass
class Identity:
    """姓名、证件号码、出生日期、村: registered people first, then strangers."""

    name: Texts
    id_no: Texts
    birth: Days
    village: Texts
    town: Texts
    strangers: Ints
    """The rows of people from outside the county."""
    newborn: Ints
    """The rows of children born after the registry was exported."""


def make_people(households: int, seed: int) -> tuple[People, Members]:
    """Who lives where, with name, birthday and number."""
    rng = stream(seed, "people")
    members = make_members(rng, households)
    count = len(members.home)
    birth = np.maximum(EXPORT - (members.age * 365.2425).astype("timedelta64[D]"), OLDEST)
    id_no = id_numbers(_regions(rng, members), birth, members.sex)
    nation = choose(rng, NATIONS, households)[members.home]
    people = People(
        count=count,
        home=members.home,
        relation=members.relation,
        sex=members.sex,
        birth=birth,
        age=completed_years(birth, EXPORT),
        name=_names(rng, households, members, birth),
        id_no=id_no,
        nation=nation,
    )
    dotted = pick(rng, nation != "汉族", 0.02, 3)
    people.name[dotted] = labels(DOTTED, rng.integers(0, len(DOTTED), len(dotted)))
    return people, members


def completed_years(birth: Days, day: np.datetime64) -> Ints:
    """Completed years; a birthday on 29 February is kept on 1 March in common years."""
    year = birth.astype("datetime64[Y]").astype(np.int64)
    months = birth.astype("datetime64[M]")
    month_day = (months.astype(np.int64) % 12) * 40 + (birth - months).astype(np.int64)
    at = int(day.astype("datetime64[M]").astype(np.int64)) % 12 * 40
    at += int((day - day.astype("datetime64[M]")).astype(np.int64))
    years: Ints = int(day.astype("datetime64[Y]").astype(np.int64)) - year - (month_day > at)
    return years


def make_strangers(rng: Rng, count: int) -> tuple[Texts, Texts, Days, Texts]:
    """Names, numbers, birthdays and villages of people who are not in the registry."""
    sex = rng.integers(0, 2, count)
    birth = np.datetime64("1948-01-01") + rng.integers(0, 26000, count).astype("timedelta64[D]")
    regions = np.array([int(code) for code in ELSEWHERE])[rng.integers(0, 3, count)]
    name = draw_surnames(rng, count) + given_names(rng, sex, _years(birth))
    village = labels(STRANGER_VILLAGES, rng.integers(0, 4, count))
    return name, id_numbers(regions, birth, sex), birth, village


def make_newborn(rng: Rng, count: int) -> tuple[Texts, Texts, Days]:
    """Names, numbers and birthdays of children born in the first half of 2026."""
    sex = rng.integers(0, 2, count)
    birth = np.datetime64("2026-01-01") + rng.integers(0, 155, count).astype("timedelta64[D]")
    name = draw_surnames(rng, count) + given_names(rng, sex, _years(birth))
    return name, id_numbers(np.full(count, int(HERE[0])), birth, sex), birth


def _regions(rng: Rng, members: Members) -> Ints:
    """Most were born here; those who married in often come from a neighbouring region."""
    here = np.array([int(code) for code in HERE])
    index = np.where(rng.random(len(members.home)) < 0.06 + 0.5 * members.marries_in, 1, 0)
    return here[index * rng.integers(1, len(HERE), len(index))]


def _names(rng: Rng, households: int, members: Members, birth: Days) -> Texts:
    family = draw_surnames(rng, households)[members.home]
    other = draw_surnames(rng, len(birth))
    surname = np.where(members.marries_in == 1, other, family).astype(object)
    names: Texts = surname + given_names(rng, members.sex, _years(birth))
    return names


def _years(days: Days) -> Ints:
    years: Ints = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return years
