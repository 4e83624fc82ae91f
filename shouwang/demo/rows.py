"""部门记录 (rows): what a department knows, before it is written into a messy file."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .draw import Days, Ints

NO_AMOUNT = -1
"""An amount (in fen) or a number that the department left empty."""


@dataclass
class Rows:
    """Who (a row of Identity) and what, one array per column of the feed's contract.

    Dates are days, amounts whole fen, numbers floats, codes their keys, the rest text; no data is
    NaT, NO_AMOUNT, NaN or None.
    """

    who: Ints
    cells: dict[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return len(self.who)

    def take(self, index: npt.NDArray[Any]) -> "Rows":
        return Rows(self.who[index], {key: cells[index] for key, cells in self.cells.items()})

    def joined(self, other: "Rows") -> "Rows":
        cells = {k: np.concatenate([cells, other.cells[k]]) for k, cells in self.cells.items()}
        return Rows(np.concatenate([self.who, other.who]), cells)

    def reported_in(self, date_key: str, month: Days, start: Any, end: Any) -> "Rows":
        """The events that reached the department between two days, oldest first."""
        first, last = np.datetime64(start, "M"), np.datetime64(end, "M")
        index = np.flatnonzero((month >= first) & (month <= last))
        return self.take(index[np.argsort(self.cells[date_key][index], kind="stable")])


def fen(yuan: npt.NDArray[Any]) -> Ints:
    """Yuan to whole fen."""
    cents: Ints = np.round(yuan * 100).astype(np.int64)
    return cents
