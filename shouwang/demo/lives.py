"""生活状况 (lives): schooling by age, health, disability, working capacity and work away."""

import numpy as np

from .draw import Bools, Ints, Texts, choose, labels, log_normal, pick, stream
from .people import People, completed_years

SCHOOL_YEAR = np.datetime64("2025-08-31")
"""Ages on this day decide the class of the school year 2025/26."""
KIND_WEIGHTS = np.array([0.10, 0.13, 0.06, 0.45, 0.11, 0.10, 0.05])
LEVEL_WEIGHTS = np.array([0.13, 0.22, 0.32, 0.33])
OLD_EDUCATION = {"文盲或半文盲": 34.0, "小学": 46.0, "初中": 17.0, "高中": 3.0}
MIDDLE_EDUCATION = {"文盲或半文盲": 3.0, "小学": 35.0, "初中": 51.0, "高中": 9.0, "大专": 2.0}
YOUNG_EDUCATION = {"小学": 6.0, "初中": 52.0, "高中": 22.0, "大专": 13.0, "本科及以上": 7.0}


def live(people: People, seed: int) -> None:
    """Fill in schooling, health, working capacity and work."""
    _schooling(people, seed)
    _health(people, seed)
    _capacity(people, seed)
    _work(people, seed)


def _schooling(people: People, seed: int) -> None:
    rng = stream(seed, "schooling")
    age = completed_years(people.birth, SCHOOL_YEAR)
    chance = rng.random(people.count)
    stage = np.full(people.count, "", dtype=object)
    status = np.full(people.count, None, dtype=object)
    status[age < 6] = "学龄前儿童"
    _enter(stage, status, (age >= 3) & (age <= 5) & (chance < 0.88), "kindergarten", "学前教育")
    _enter(stage, status, (age >= 6) & (age <= 11), "primary", "小学")
    for years, label in ((12, "七年级"), (13, "八年级"), (14, "九年级")):
        _enter(stage, status, age == years, "junior", label)
    for number, label in enumerate("一二三"):
        upper, college = age == 15 + number, age == 18 + number
        _enter(stage, status, upper & (chance < 0.58), "senior_high", f"普通高中{label}年级")
        vocational = upper & (chance >= 0.58) & (chance < 0.90)
        _enter(stage, status, vocational, "secondary_vocational", f"中职{label}年级")
        _enter(stage, status, college & (chance < 0.26), "undergraduate", f"本科{label}年级")
        higher = college & (chance >= 0.26) & (chance < 0.52)
        _enter(stage, status, higher, "higher_vocational", f"高职高专{label}年级")
    _enter(stage, status, (age == 21) & (chance < 0.26), "undergraduate", "本科四年级")
    graduate = (age >= 22) & (age <= 24) & (chance < 0.02)
    _enter(stage, status, graduate, "postgraduate", "硕士研究生及以上")
    education = np.where(
        age >= 60,
        choose(rng, OLD_EDUCATION, people.count),
        np.where(
            age >= 35,
            choose(rng, MIDDLE_EDUCATION, people.count),
            choose(rng, YOUNG_EDUCATION, people.count),
        ),
    )
    education[age < 19] = "初中"
    education[status != None] = None  # noqa: E711 (elementwise)
    people.stage, people.school_status, people.education = stage, status, education


def _enter(stage: Texts, status: Texts, who: Bools, key: str, label: str) -> None:
    stage[who] = key
    status[who] = label


def _health(people: People, seed: int) -> None:
    rng = stream(seed, "health")
    age = people.age
    people.chronic = rng.random(people.count) < np.interp(
        age, [0, 30, 50, 70, 90], [0.002, 0.01, 0.07, 0.26, 0.33]
    )
    people.serious = rng.random(people.count) < np.interp(
        age, [0, 30, 50, 70, 90], [0.001, 0.002, 0.008, 0.016, 0.02]
    )
    people.chronic &= ~people.serious
    disabled = rng.random(people.count) < np.interp(
        age, [0, 20, 50, 75, 90], [0.006, 0.02, 0.055, 0.11, 0.15]
    )
    kind = rng.choice(7, size=people.count, p=KIND_WEIGHTS) + 1
    people.disability = np.where(disabled, kind, 0)
    people.level = rng.choice(4, size=people.count, p=LEVEL_WEIGHTS) + 1
    people.level[~disabled] = 9


def _capacity(people: People, seed: int) -> None:
    """劳动技能 by age and health; pupils and children have none."""
    rng = stream(seed, "capacity")
    chance = rng.random(people.count)
    labour = np.where(chance < 0.14, "技能劳动力", "普通劳动力").astype(object)
    ill = people.chronic | people.serious | (people.disability > 0)
    labour[ill & (chance < 0.35)] = "弱劳动力或半劳动力"
    labour[people.serious & (chance < 0.75)] = "弱劳动力或半劳动力"
    labour[people.serious & (chance < 0.25)] = "丧失劳动力"
    labour[people.severe] = "弱劳动力或半劳动力"
    labour[people.severe & (chance < 0.62)] = "丧失劳动力"
    old = people.age >= 60
    labour[old] = "弱劳动力或半劳动力"
    frail = np.interp(people.age, [60, 70, 78, 85], [0.08, 0.35, 0.85, 1.0])
    labour[old & ((chance < frail) | people.severe)] = "无劳动力"
    student = people.school_status != None  # noqa: E711 (elementwise)
    labour[(people.age < 16) | student] = "无劳动力"
    people.labour = labour


def _work(people: People, seed: int) -> None:
    """务工: who works for wages, where, how many months a year and for how much."""
    rng = stream(seed, "work")
    share = np.interp(people.age, [16, 22, 40, 55, 60], [0.45, 0.8, 0.74, 0.5, 0.3])
    share = share * np.where(people.sex == 1, 1.0, 0.78)
    works = people.worker & (rng.random(people.count) < share)
    months = np.clip(np.round(rng.normal(9.3, 1.9, people.count)), 2, 12).astype(np.int64)
    people.months = np.where(works, months, 0)
    area = choose(rng, {"county": 36.0, "province": 26.0, "outside": 38.0}, people.count)
    people.area = np.where(works, area, "")
    base = np.select([area == "county", area == "province"], [2950.0, 3900.0], 4700.0)
    wage = base * log_normal(rng, 1.0, 0.25, people.count)
    wage = wage * np.where(people.labour == "技能劳动力", 1.25, 1.0)
    people.wage = np.where(works, np.round(wage / 10) * 10, 0).astype(np.int64)
    able = (people.labour == "弱劳动力或半劳动力") & (people.age >= 40) & (people.age < 68)
    people.post = np.zeros(people.count, dtype=np.int64)
    chosen = pick(rng, able, 0.07, 4)
    people.post[chosen] = rng.integers(6, 13, len(chosen))


def health_text(people: People) -> Texts:
    """健康状况 as the registry writes it, several values joined by +."""
    parts: list[tuple[Ints | Bools, str]] = [
        (people.disability > 0, "残疾"),
        (people.serious, "患有大病"),
        (people.chronic, "长期慢性病"),
    ]
    number = sum(np.where(has, 1 << i, 0) for i, (has, _) in enumerate(parts))
    texts = [
        "+".join(label for i, (_, label) in enumerate(parts) if n >> i & 1) or "健康"
        for n in range(8)
    ]
    return labels(texts, np.asarray(number))
