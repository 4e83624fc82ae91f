"""随机 (draw): one stream of chance per topic, so that no part changes when another does."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.object_]
Rng = np.random.Generator


def stream(seed: int, topic: str) -> Rng:
    """The same numbers for the same seed and topic, whatever else is drawn."""
    return np.random.default_rng([seed, zlib.crc32(topic.encode())])


def pick(rng: Rng, among: Bools | Ints, share: float, least: int = 0) -> Ints:
    """Some of the candidates, sorted: their share, but at least `least` while there are enough."""
    indices = np.flatnonzero(among) if among.dtype == np.bool_ else among.astype(np.int64)
    wanted = max(least, round(len(indices) * share))
    chosen = rng.choice(indices, size=min(wanted, len(indices)), replace=False)
    return np.sort(chosen)


def labels(values: Sequence[Any], index: npt.NDArray[Any]) -> Texts:
    """Texts (or None) by their number in a list."""
    table = np.empty(len(values), dtype=object)
    table[:] = list(values)
    found: Texts = table[index]
    return found


def same(values: npt.NDArray[Any], *wanted: Any) -> Bools:
    """Where a value is one of those wanted; None is a value like any other."""
    found: Bools = np.zeros(len(values), dtype=bool)
    for value in wanted:
        found |= np.asarray(values == value, dtype=bool)
    return found


def if_so(condition: Bools, values: Any) -> Texts:
    """The values where the condition holds, None elsewhere."""
    chosen = np.full(len(condition), None, dtype=object)
    chosen[condition] = values[condition] if isinstance(values, np.ndarray) else values
    return chosen


def choose(rng: Rng, weights: dict[str, float], count: int) -> Texts:
    """Texts drawn by weight."""
    share = np.array(list(weights.values()))
    return labels(list(weights), rng.choice(len(weights), size=count, p=share / share.sum()))


def log_normal(rng: Rng, median: float, sigma: float, count: int) -> Floats:
    """Skewed amounts, as incomes and hospital bills are."""
    drawn: Floats = np.exp(np.log(median) + sigma * rng.standard_normal(count))
    return drawn


def runs(lengths: Ints) -> Ints:
    """0, 1, 2 … within each run: runs([2, 3]) is [0, 1, 0, 1, 2]."""
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.arange(int(lengths.sum())) - starts
