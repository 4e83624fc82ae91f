"""写单元格 (rendering): what a department knows as cells of a file, in that file's habits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from shouwang.engine.contracts import CodeList, Column

from .draw import Days, Ints, labels
from .mess import (
    BLANK,
    OTHER_DATES,
    Mess,
    write_amounts,
    write_codes,
    write_dates,
    write_ids,
    write_names,
    write_numbers,
    write_villages,
)
from .people import Identity
from .rows import Rows

Cells = list[Any]
UNITS = {
    "litres": "升", "outage_days": "天", "fetch_minutes": "分钟", "horizontal_m": "米",
    "vertical_m": "米", "area": "平方米",
}  # fmt: skip
PERSONAL = frozenset({"name", "id_no", "birth_date", "village", "town"})


class Renderer:
    """The habits of one file: how dates, amounts and codes are written in it."""

    def __init__(
        self, mess: Mess, identity: Identity, codes: dict[str, CodeList], *, csv: bool
    ) -> None:
        self.mess, self.identity, self.codes, self.csv = mess, identity, codes, csv
        self.wan: set[str] = set()
        """Columns whose caption states 万元."""

    def cells(self, column: Column, rows: Rows, *, known_identity: bool) -> Cells:
        """The cells of one column of the contract, mistakes included."""
        if column.key in PERSONAL:
            return self._personal(column, rows, known_identity=known_identity)
        values = rows.cells.get(column.key)
        if values is None:
            return self._blank([None] * len(rows))
        if column.type in ("date", "month"):
            return self._dates(column, values)
        if column.type == "amount":
            return self._amounts(column, values)
        if column.type == "number":
            return self._numbers(column, values)
        if column.type == "code":
            return self._codes(column, values)
        return self._blank(values.tolist())

    def _personal(self, column: Column, rows: Rows, *, known_identity: bool) -> Cells:
        who = rows.who
        if column.key == "birth_date":
            return self._dates(column, self.identity.birth[who])
        cells: Cells = {
            "name": self.identity.name,
            "id_no": self.identity.id_no,
            "village": self.identity.village,
            "town": self.identity.town,
        }[column.key][who].tolist()
        if column.key == "id_no":
            rate = 0.004 if known_identity else 0.0006
            for i in self.mess.where("id_missing", range(len(cells)), rate):
                cells[i] = self.mess.one_of(BLANK)
            write_ids(self.mess, cells)
        elif column.key == "name":
            write_names(self.mess, cells)
        elif column.key == "village":
            write_villages(self.mess, cells, self.identity.town[who])
        return cells

    def _blank(self, cells: Cells) -> Cells:
        """Write "no data" in the ways of departments."""
        tokens = self.mess.rng.integers(0, len(BLANK), 64).tolist()
        return [BLANK[tokens[i & 63]] if cell is None else cell for i, cell in enumerate(cells)]

    def _codes(self, column: Column, values: Any) -> Cells:
        """One writing per code and file: the label, or one of the aliases."""
        assert column.codes is not None
        table: dict[Any, Any] = {None: None}
        for key, code in self.codes[column.codes].items():
            options = (code.label, code.label, *code.aliases)
            table[key] = options[int(self.mess.rng.integers(0, len(options)))]
        cells = [table[value] for value in values.tolist()]
        write_codes(self.mess, cells)
        return self._blank(cells)

    def _dates(self, column: Column, days: Days) -> Cells:
        known, back = np.unique(days.astype("datetime64[D]"), return_inverse=True)
        texts = labels([self._day(column, day) for day in known], back).tolist()
        harmless = not column.required and column.key != "issue_date"
        write_dates(self.mess, texts, days, month_allowed=harmless)
        return self._blank(texts)

    def _day(self, column: Column, day: np.datetime64) -> str | int | date | None:
        """A day in this file's habit; spreadsheets know date cells and serial numbers."""
        if np.isnat(day):
            return None
        text = str(day)
        habit = (self.mess.number + len(column.key)) % 9
        if column.type == "month":
            year, month = text[:4], text[5:7]
            options = (
                year + month,
                f"{year}-{month}",
                f"{year}年{int(month)}月",
                f"{year}.{int(month)}",
            )
            return options[habit % 4]
        if habit >= 6:
            return text
        if not self.csv and habit == 0:
            return date.fromisoformat(text)
        if not self.csv and habit == 1:
            return int((day - np.datetime64("1899-12-30")).astype(np.int64))
        return OTHER_DATES[habit if habit < 5 else 1](text)

    def _amounts(self, column: Column, fen: Ints) -> Cells:
        unit = 1_000_000 if column.key in self.wan else 100
        as_number = not self.csv and (self.mess.number + len(column.key)) % 3 > 0
        cells: Cells
        if as_number:
            cells = [v / unit if v >= 0 else None for v in fen.tolist()]
        elif unit == 100:
            cells = [f"{v / 100:.2f}" if v >= 0 else None for v in fen.tolist()]
        else:
            cells = [
                f"{v // unit}.{v % unit:06d}".rstrip("0").rstrip(".") if v >= 0 else None
                for v in fen.tolist()
            ]
        write_amounts(self.mess, cells, fen)
        return self._blank(cells)

    def _numbers(self, column: Column, numbers: Any) -> Cells:
        whole = bool(np.all(np.nan_to_num(numbers) % 1 == 0))
        cells: Cells = [
            None if value != value else int(value) if whole else value for value in numbers.tolist()
        ]
        write_numbers(self.mess, cells, numbers, UNITS.get(column.key, ""))
        return self._blank(cells)


def spoil_any(mess: Mess, columns: Sequence[Cells], long: str, protect: set[int]) -> None:
    """A cell of thousands of characters somewhere in one file of four."""
    free = [number for number in range(len(columns)) if number not in protect]
    for row in mess.where("cell_too_long", range(len(columns[0])), 0.00002):
        columns[free[row % len(free)]][row] = long
