"""抽样 (sampling): households of a village drawn at random, stratified, replayable by the seed.

Every stratum that has households gives one first, the rest goes by size (largest remainder). Pure.
"""

import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
MONITORED, ALLEVIATED, COMMON = "监测户", "脱贫户", "一般户"
STRATA = (MONITORED, ALLEVIATED, COMMON)


def stratum_of(kind: str, monitor_class: str, eliminated: str) -> str:
    if monitor_class and eliminated != "是":
        return MONITORED
    return ALLEVIATED if kind == "脱贫户" else COMMON


def draw(pool: Iterable[tuple[str, Key, str]], count: int, seed: str) -> list[tuple[Key, str]]:
    """`count` of (number, key, stratum), as (key, stratum); the same pool and seed give the same.

    The order of the pool does not matter: households are sorted by their number first.
    """
    by_stratum: dict[str, list[tuple[str, Key]]] = defaultdict(list)
    for number, key, stratum in sorted(pool, key=lambda row: row[0]):
        by_stratum[stratum].append((number, key))
    names = sorted(by_stratum, key=lambda name: STRATA.index(name) if name in STRATA else 99)
    sizes = allot([len(by_stratum[name]) for name in names], count)
    source = random.Random(seed)  # noqa: S311 - a replayable draw, no secret
    drawn: list[tuple[Key, str]] = []
    for name, size in zip(names, sizes, strict=True):
        drawn += [(key, name) for _, key in source.sample(by_stratum[name], size)]
    return drawn


def allot(sizes: Sequence[int], count: int) -> list[int]:
    """How many of each stratum: one each as far as they go, the rest in proportion."""
    given = [0] * len(sizes)
    for at, size in enumerate(sizes):
        if size and sum(given) < count:
            given[at] = 1
    left = min(count, sum(sizes)) - sum(given)
    rest = [size - one for size, one in zip(sizes, given, strict=True)]
    total = sum(rest)
    if left <= 0 or not total:
        return given
    shares = [left * size / total for size in rest]
    for at, share in enumerate(shares):
        given[at] += min(int(share), rest[at])
    order = sorted(range(len(sizes)), key=lambda at: (int(shares[at]) - shares[at], at))
    while sum(given) < min(count, sum(sizes)):
        for at in order:
            if given[at] < sizes[at] and sum(given) < min(count, sum(sizes)):
                given[at] += 1
    return given
