"""脏数据 (mess): the ways in which real files go wrong, planted where they can be counted.

Every way has a name. `Mess.where` decides how often it happens in a file and keeps the tally.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .draw import Rng, stream

TRADITIONAL = dict(
    zip("张刘陈杨赵黄吴孙马罗郑谢许邓冯叶国兰凤龙贵荣莲军丽艳庆兴财长峰升珍清年洁",
        "張劉陳楊趙黃吳孫馬羅鄭謝許鄧馮葉國蘭鳳龍貴榮蓮軍麗艷慶興財長峯昇珎淸秊㛃", strict=True)
)  # fmt: skip
BLANK = ("", "", "", "", "", "无", "/", "—", "-", "NULL", "－")
"""How departments write that there is nothing; most leave the cell empty."""
LONG = "长内容" * 2_000
FORMULAS = ('=HYPERLINK("file.xls","查看")', "@SUM(1+1)*cmd", "=1+2", "-2+3", "+86")


class Mess:
    """The mistakes of one file, from its own stream of chance."""

    def __init__(self, seed: int, topic: str, number: int) -> None:
        self.rng: Rng = stream(seed, f"mess {topic}")
        self.number = number
        self.tally: Counter[str] = Counter()
        self._asked = 0

    def where(self, kind: str, candidates: Sequence[int] | range, rate: float) -> list[int]:
        """Rows for a mistake: by its rate, and at least one in every fourth file of some length."""
        self._asked += 1
        wanted = int(self.rng.poisson(rate * len(candidates)))
        if len(candidates) >= 8 and (self.number + self._asked) % 4 == 0:
            wanted = max(wanted, 1)
        wanted = min(wanted, len(candidates))
        if not wanted:
            return []
        self.tally[kind] += wanted
        chosen = self.rng.choice(len(candidates), size=wanted, replace=False)
        return sorted(int(candidates[index]) for index in chosen)

    def one_of(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(0, len(options)))]


Writing = Callable[[Mess, str], str]


def _transposed(mess: Mess, number: str) -> str:
    """Two neighbouring digits change places, so that the check digit is wrong."""
    for place in (15, 13, 12, 11, 10, 9, 8):
        if number[place] != number[place - 1]:
            return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
    return number[:17]


def _full_width(mess: Mess, text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


ID_WRITINGS: dict[str, tuple[float, Writing]] = {
    "id_full_width": (0.0008, _full_width),
    "id_blanks": (0.001, lambda _, n: f"{n[:6]} {n[6:14]} {n[14:]}"),
    "id_zero_width": (0.0006, lambda _, n: f"{n[:6]}\u200b{n[6:]}"),
    "id_apostrophe": (0.001, lambda _, n: f"'{n}"),
    "id_15_digits": (0.0005, lambda _, n: n[:6] + n[8:17] if n[6:8] == "19" else n),
    "id_transposed": (0.0005, _transposed),
    "id_digit_lost": (0.0003, lambda _, n: n[:9] + n[10:]),
    "id_scientific": (0.0002, lambda _, n: f"{float(n[:17]) * 10:.5E}"),
}


def write_ids(mess: Mess, cells: list[Any]) -> None:
    """Spoil some ID numbers; in every third file x is written small."""
    full = [i for i, cell in enumerate(cells) if isinstance(cell, str) and len(cell) == 18]
    if mess.number % 3 == 0:
        ending_x = [i for i in full if cells[i][17] == "X"]
        for i in mess.where("id_lower_x", ending_x, 0.6):
            cells[i] = cells[i].lower()
    for kind, (rate, writing) in ID_WRITINGS.items():
        for i in mess.where(kind, full, rate):
            if len(cells[i]) == 18:
                cells[i] = writing(mess, cells[i])


def _traditional(mess: Mess, name: str) -> str:
    return "".join(TRADITIONAL.get(character, character) for character in name)


def write_names(mess: Mess, cells: list[Any]) -> None:
    """Blanks, other dots, traditional characters, somebody else's name, formula text."""
    count = len(cells)
    for i in mess.where("name_blanks", range(count), 0.004):
        cells[i] = mess.one_of([" ", "\u3000", "\u00a0"]).join(cells[i])
    dotted = [i for i, cell in enumerate(cells) if "·" in cell]
    for i in mess.where("name_dots", dotted, 0.7):
        cells[i] = cells[i].replace("·", mess.one_of("•・．."))
    for i in mess.where("name_variant", range(count), 0.002):
        cells[i] = _traditional(mess, cells[i])
    for i in mess.where("name_of_another", range(1, count), 0.0008):
        cells[i] = cells[i - 1] if cells[i - 1] != cells[i] else cells[i] + "子"
    for i in mess.where("formula_text", range(count), 0.00005):
        cells[i] = mess.one_of(FORMULAS)


def write_villages(mess: Mess, cells: list[Any], towns: Any) -> None:
    """The village as an address: with committee, town or group."""
    filled = [i for i, cell in enumerate(cells) if isinstance(cell, str) and cell.endswith("村")]
    for i in mess.where("village_committee", filled, 0.03):
        cells[i] += mess.one_of(["委会", "村民委员会"])
    for i in mess.where("village_address", filled, 0.02):
        prefix = mess.one_of(["", str(towns[i]), f"示例县{towns[i]}"])
        if cells[i].endswith("村"):
            cells[i] = f"{prefix}{cells[i]}{mess.one_of(['', '2组', '五组'])}"


def write_codes(mess: Mess, cells: list[Any]) -> None:
    filled = [i for i, cell in enumerate(cells) if cell]
    for i in mess.where("code_blanks", filled, 0.003):
        cells[i] = f"{cells[i]}{mess.one_of([' ', '　'])}"
    for i in mess.where("code_unknown", filled, 0.0004):
        cells[i] = mess.one_of(["其它情况", "待定", "见附件", "99"])


def write_dates(mess: Mess, cells: list[Any], days: Any, *, month_allowed: bool) -> None:
    """Single dates in another writing, unreadable ones, and (where it does no harm) months."""
    known = np.flatnonzero(~np.isnat(days)).tolist()
    for i in mess.where("date_other_writing", known, 0.006):
        cells[i] = mess.one_of(OTHER_DATES)(str(days[i].astype("datetime64[D]")))
    for i in mess.where("date_unreadable", known, 0.0003):
        cells[i] = mess.one_of(["2026-02-30", "2026年13月1日", "去年冬天", "20261301", "待补"])
    if month_allowed:
        for i in mess.where("date_month_only", known, 0.002):
            year, month, _ = str(days[i].astype("datetime64[D]")).split("-")
            cells[i] = f"{year}年{int(month)}月"


OTHER_DATES: tuple[Callable[[str], str], ...] = (
    lambda day: day.replace("-", "/"),
    lambda day: day.replace("-", "."),
    lambda day: day.replace("-", ""),
    lambda day: f"{day} 00:00:00",
    lambda day: "{}年{}月{}日".format(*map(int, day.split("-"))),
    lambda day: str(int((np.datetime64(day) - np.datetime64("1899-12-30")).astype(int))),
)


def write_amounts(mess: Mess, cells: list[Any], fen: Any) -> None:
    """Single amounts as text with separators, 元, ￥ or 万元, and unreadable ones."""
    known = np.flatnonzero(fen >= 0).tolist()
    writings: tuple[tuple[str, Callable[[int], str]], ...] = (
        ("amount_separators", lambda cents: f"{cents / 100:,.2f}"),
        ("amount_yuan", lambda cents: f"{cents / 100:.2f}元"),
        ("amount_sign", lambda cents: f"￥{cents / 100:,.2f}"),
        ("amount_wan", lambda cents: f"{cents // 1_000_000}.{cents % 1_000_000:06d}万元"),
    )
    for kind, writing in writings:
        for i in mess.where(kind, known, 0.002):
            cells[i] = writing(int(fen[i]))
    for i in mess.where("amount_unreadable", known, 0.0002):
        cells[i] = mess.one_of(["约五千", "见发票", "1,2OO元", "三千五"])


def write_numbers(mess: Mess, cells: list[Any], numbers: Any, unit: str) -> None:
    known = np.flatnonzero(~np.isnan(numbers)).tolist()
    for i in mess.where("number_unit", known, 0.004):
        cells[i] = f"{numbers[i]:g}{unit}"
    for i in mess.where("number_unreadable", known, 0.0006):
        cells[i] = mess.one_of(["很多", "三十", "约40", "正常"])
