"""登记工作簿 (registry files): the export of the national system, in several workbooks by towns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shouwang.engine.contracts import RegistryContract, SheetContract

from .draw import Ints
from .files import FileNote
from .flaws import plant_person_flaws
from .home_flaws import plant_home_flaws
from .mess import BLANK, LONG, Mess, write_ids, write_names
from .register import Sheet, build_register
from .world import World
from .writing import Page, write_xlsx

EXPORT_DAY, RECEIVED = "2025-12-31", "2026-01-02"
BOOK_HOUSEHOLDS = 18_000
"""About so many households go into one workbook; a sheet could hold a million rows."""
TITLES = {
    "人口": "全国防止返贫监测信息系统（示例）人口导出  导出日期：2025-12-31",
    "户": "全国防止返贫监测信息系统（示例）户导出  导出日期：2025-12-31",
}


@dataclass(frozen=True)
class Book:
    """One workbook: the towns that are in it."""

    number: int
    towns: tuple[int, ...]

    @property
    def file(self) -> str:
        return f"乡村振兴局/防返贫监测导出-{self.number:02d}.xlsx"


def books(households: int, towns: int) -> list[Book]:
    """Share the towns out; even a small county may come in two workbooks."""
    wanted = max(2 if households >= 2_000 else 1, -(-households // BOOK_HOUSEHOLDS))
    parts = np.array_split(np.arange(towns), min(wanted, towns))
    return [Book(n, tuple(part.tolist())) for n, part in enumerate(parts, start=1)]


class Register:
    """The two sheets with their flaws, built once per process."""

    def __init__(self, world: World) -> None:
        self.persons, self.households = build_register(world)
        self.planted = plant_person_flaws(world, self.persons, self.households)
        self.planted += plant_home_flaws(world, self.persons, self.households)


def write_book(
    world: World, register: Register, book: Book, contract: RegistryContract, folder: Path
) -> FileNote:
    """Write one workbook with the sheets 人口 and 户."""
    path = folder / book.file
    path.parent.mkdir(parents=True, exist_ok=True)
    mess = Mess(world.seed, book.file, book.number)
    home_town = world.places.village_town[world.homes.village]
    homes = np.flatnonzero(np.isin(home_town, book.towns))
    people = np.flatnonzero(np.isin(world.people.home, homes))
    persons = _page(contract.persons, register.persons, people, mess)
    households = _page(contract.households, register.households, homes, mess)
    _unknown_households(mess, persons, contract.persons)
    write_xlsx(path, [persons, households])
    rows = len(people) + len(homes)
    return FileNote(
        book.file, "registry", EXPORT_DAY, EXPORT_DAY, 1, RECEIVED, "", rows, dict(mess.tally)
    )


def _page(contract: SheetContract, sheet: Sheet, index: Ints, mess: Mess) -> Page:
    """The export has a title and a serial number; its columns stand in catalogue order."""
    count = len(index)
    cells: list[list[Any]] = [list(range(1, count + 1))]
    captions = ["序号"]
    id_at = 0
    for column in contract.columns:
        values = sheet[column.key][index].tolist()
        if column.type == "id":
            id_at = len(cells)
            write_ids(mess, values)
        if column.type == "name" and column.required:
            write_names(mess, values)
        cells.append(_blanked(mess, values))
        captions.append(column.header)
    body = [list(row) for row in zip(*cells, strict=True)]
    _spoil_rows(mess, body, id_at, contract)
    top: list[list[Any]] = [[TITLES[contract.sheet]], captions]
    page = Page(contract.sheet, [*top, *body, ["注：本表为系统导出，修改无效。"]], title_rows=1)
    page.merges.append((0, 0, 0, len(captions) - 1))
    return page


def _blanked(mess: Mess, cells: list[Any]) -> list[Any]:
    """Every tenth empty cell says so in words."""
    empty = [i for i, cell in enumerate(cells) if cell is None]
    for i in empty:
        cells[i] = ""
    for i in mess.rng.choice(empty, size=len(empty) // 10, replace=False) if empty else ():
        cells[int(i)] = BLANK[int(mess.rng.integers(5, len(BLANK)))]
    return cells


def _spoil_rows(mess: Mess, body: list[list[Any]], id_at: int, contract: SheetContract) -> None:
    keys = [column.key for column in contract.columns]
    employer = keys.index("employer") + 1 if "employer" in keys else keys.index("contact_cadre") + 1
    for i in mess.where("cell_too_long", range(len(body)), 0.00002):
        body[i][employer] = LONG
    for i in mess.where("row_shifted", range(len(body)), 0.00005):
        body[i].insert(id_at, "")
        body[i].pop()
    for i in reversed(mess.where("row_duplicate", range(len(body)), 0.0003)):
        body.insert(i + 1, list(body[i]))
    for i in mess.where("code_blanks", range(len(body)), 0.001):
        at = 1 + keys.index("household_type")
        body[i][at] = f"{body[i][at]} "


def _unknown_households(mess: Mess, persons: Page, contract: SheetContract) -> None:
    """People whose household is in no workbook."""
    at = 1 + [column.key for column in contract.columns].index("household_no")
    rows = [row for row in persons.rows[2:-1] if row[at]]
    for i in mess.where("unknown_household", range(len(rows)), 0.00005):
        rows[i][at] = f"99{i:010d}"  # type: ignore[index]
