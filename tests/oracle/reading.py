"""Read a county folder row by row: cells, cleaning, rejects (feeds.yaml)."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

BLANK = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
ZERO_WIDTH = re.compile(r"[\u200b-\u200d\u2060\ufeff]")
DOTS = re.compile(r"[·•・‧∙．.。]")
UNIT = re.compile(r"\((元|万元|升|天|米|分钟|月|平方米|公里|亩)\)$")
IGNORED = ["合计", "总计", "注:", "备注:", "说明:", "填表人", "制表人", "审核人", "填报单位"]
MISSING = {"", "无", "/", "－", "-", "—", "——", "空", "不详", "NULL", "N/A"}
MISSING = MISSING | {unicodedata.normalize("NFKC", token) for token in MISSING}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Unreadable(Exception):
    """A whole file that must not be used."""


def nfkc(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def squeeze(value: str) -> str:
    return BLANK.sub("", nfkc(value))


def as_text(cell: Any) -> str:
    """What a cell says, as text; numbers as their digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        if cell == int(cell):
            return str(int(cell))
        return format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime):
        return (
            cell.strftime("%Y-%m-%d")
            if cell.time() == time()
            else cell.strftime("%Y-%m-%d %H:%M:%S")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def is_null(text: str) -> bool:
    return nfkc(text).strip() in MISSING or not squeeze(text)


# ---- values --------------------------------------------------------------------------------


class Bad(Exception):
    """A value that cannot be parsed."""


def real_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Bad from None


def parse_date(cell: Any, *, full_day_only: bool = False, month_only: bool = False) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        text = as_text(cell)
        if isinstance(cell, float) and cell != int(cell) and 20000 <= cell < 60001:
            return date(1899, 12, 30) + timedelta(days=int(cell))
    else:
        text = nfkc(as_text(cell)).strip()
    text = ZERO_WIDTH.sub("", text).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and 20000 <= float(text) < 60001:
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    stamp = r"(?:[T\s]*\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?"
    for pattern in (
        r"(\d{4})-(\d{1,2})-(\d{1,2})",
        r"(\d{4})/(\d{1,2})/(\d{1,2})",
        r"(\d{4})\.(\d{1,2})\.(\d{1,2})",
        r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日",
        r"(\d{4})(\d{2})(\d{2})",
    ):
        if found := re.fullmatch(pattern + stamp, text):
            return real_day(*map(int, found.groups()))
    for pattern in (
        r"(\d{4})年(\d{1,2})月",
        r"(\d{4})-(\d{1,2})",
        r"(\d{4})\.(\d{1,2})",
        r"(\d{4})(\d{2})",
    ):
        if found := re.fullmatch(pattern, text):
            day = real_day(int(found[1]), int(found[2]), 1)
            return None if full_day_only else day
    if month_only and (found := re.fullmatch(r"(\d{4})/(\d{1,2})", text)):
        return real_day(int(found[1]), int(found[2]), 1)
    raise Bad


def parse_month(cell: Any) -> date:
    day = parse_date(cell, month_only=True)
    assert day is not None
    return day.replace(day=1)


def half_up(value: Decimal, digits: str) -> Decimal:
    return value.quantize(Decimal(digits), rounding=ROUND_HALF_UP)


def parse_amount(cell: Any, factor: int) -> Decimal:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return half_up(Decimal(repr(cell)) * factor, "0.01")
    text = squeeze(as_text(cell)).replace(",", "")
    found = re.fullmatch(r"(-?)[￥¥]?(-?)(\d+(?:\.\d+)?)(万元|元)?", text)
    if not found or (found[1] and found[2]):
        raise Bad
    number = Decimal(found[3])
    number *= {"万元": 10000, "元": 1, None: factor}[found[4]]
    return half_up(-number if found[1] or found[2] else number, "0.01")


def parse_number(cell: Any) -> Decimal:
    text = squeeze(as_text(cell)).replace(",", "")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:升|天|米|分钟|个|人|月|级|平方米|公里|亩)?", text)
    if not found:
        raise Bad
    try:
        return Decimal(found[1])
    except InvalidOperation:
        raise Bad from None


def name_of(text: str, variants: dict[str, str]) -> str:
    plain = DOTS.sub("", ZERO_WIDTH.sub("", squeeze(text)))
    return "".join(variants.get(character, character) for character in plain).upper()


def id_normal(text: str) -> str:
    plain = ZERO_WIDTH.sub("", squeeze(text))
    return re.sub(r"[-‐‑‒–—−'‘’`]", "", plain).upper()


def check_digit(first17: str) -> str:
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, WEIGHTS, strict=True)) % 11]


def id_valid(number: str) -> str | None:
    """The valid 18 characters, or None."""
    if re.fullmatch(r"[0-9]{15}", number):
        try:
            date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
        except ValueError:
            return None
        first = number[:6] + "19" + number[6:]
        return first + check_digit(first)
    if len(number) in (20, 22):
        number = number[:18]
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return number if born.year >= 1900 and check_digit(number[:17]) == number[17] else None


def id_like(text: str) -> bool:
    return re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", id_normal(text)) is not None


def village_of(text: str, towns: list[str]) -> str:
    plain = squeeze(text)
    for prefix in ("示例省", "示例县"):
        plain = plain.removeprefix(prefix)
    for town in towns:
        if town and plain.startswith(town):
            plain = plain.removeprefix(town)
            break
    return plain[: plain.index("村") + 1] if "村" in plain else plain


# ---- files ---------------------------------------------------------------------------------


def grid_of(path: Path, sheet: str | None) -> list[list[Any]]:
    data = path.read_bytes()
    if not data:
        raise Unreadable("file_empty")
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        except Exception:
            raise Unreadable("file_corrupt") from None
        return page.to_python(skip_empty_area=False)
    if path.suffix.lower() != ".csv":
        raise Unreadable("file_corrupt")
    try:
        text = data.decode("utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "gb18030")
    except UnicodeDecodeError:
        raise Unreadable("file_corrupt") from None
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]


@dataclass
class Column:
    spec: dict[str, Any]
    index: int
    factor: int


def caption(text: str) -> tuple[str, bool]:
    plain = squeeze(text)
    found = UNIT.search(plain)
    return (plain[: found.start()], found[1] == "万元") if found else (plain, False)


def find_header(grid: list[list[Any]], specs: list[dict[str, Any]]) -> tuple[int, list[Column]]:
    """Index of the first data row and the recognised columns."""
    for start in range(min(10, len(grid))):
        upper = [as_text(cell) for cell in grid[start]]
        lower = [as_text(cell) for cell in grid[start + 1]] if start + 1 < len(grid) else []
        width = max(len(upper), len(lower))
        upper += [""] * (width - len(upper))
        lower += [""] * (width - len(lower))
        both = [b if squeeze(b) else a for a, b in zip(upper, lower, strict=True)]
        single, pair = match(upper, specs), match(both, specs)
        if complete(single, specs):
            required = [c.index for c in single if c.spec["required"]]
            more = {c.spec["key"] for c in pair} > {c.spec["key"] for c in single}
            if more and not any(squeeze(lower[i]) for i in required):
                return start + 2, pair
            return start + 1, single
        if lower and complete(pair, specs):
            return start + 2, pair
    raise Unreadable("file_corrupt")


def complete(columns: list[Column], specs: list[dict[str, Any]]) -> bool:
    found = {column.spec["key"] for column in columns}
    return all(spec["key"] in found for spec in specs if spec["required"])


def match(captions: list[str], specs: list[dict[str, Any]]) -> list[Column]:
    columns: list[Column] = []
    taken: set[int] = set()
    for spec in specs:
        for wanted in [spec["header"], *spec.get("aliases", [])]:
            name = caption(wanted)[0]
            hits = [i for i, c in enumerate(captions) if i not in taken and caption(c)[0] == name]
            if hits:
                taken.add(hits[0])
                factor = 10000 if caption(captions[hits[0]])[1] and spec["type"] == "amount" else 1
                columns.append(Column(spec, hits[0], factor))
                break
    return columns


@dataclass
class Row:
    file: str
    sheet: str
    number: int
    values: dict[str, Any]
    raw: dict[str, str] = field(default_factory=dict)


@dataclass
class Sheet:
    rows: list[Row]
    rejects: list[tuple[str, str, int | str, str]]


class Reader:
    """Reads files by the catalogue; knows the towns once the registry has been read."""

    def __init__(self, catalogue: dict[str, Any]) -> None:
        self.catalogue = catalogue
        self.variants = catalogue["conventions"]["name_variants"]
        self.limit = catalogue["conventions"]["cell_limit"]
        self.towns: list[str] = []

    def code(self, text: str, codes: str) -> str | None:
        plain = squeeze(text)
        for key, entry in self.catalogue["codes"][codes].items():
            if plain in {squeeze(label) for label in (entry["label"], *entry["aliases"])}:
                return str(key)
        return None

    def value(self, cell: Any, column: Column) -> Any:
        """The canonical value, None for no data; raises Bad."""
        spec, text = column.spec, as_text(cell)
        kind = spec["type"]
        if kind == "code":
            known = self.code(text, spec["codes"])
            if known is not None:
                return known
        if is_null(text):
            return None
        if kind == "code":
            raise Bad
        if kind == "id":
            return id_normal(text) or None
        if kind == "name":
            return squeeze(text) if name_of(text, self.variants) else None
        if kind == "village":
            return village_of(text, self.towns) or None
        if kind == "date":
            return parse_date(cell, full_day_only=spec.get("full_day_only", False))
        if kind == "month":
            return parse_month(cell)
        if kind == "amount":
            return parse_amount(cell, column.factor)
        if kind == "number":
            return parse_number(cell)
        return squeeze(text) or None

    def read(
        self,
        path: Path,
        file: str,
        sheet: str,
        specs: list[dict[str, Any]],
        *,
        period_end: date | None,
        events: bool = False,
    ) -> Sheet:
        """`events`: only the dates of event feeds are held against the period."""
        grid = grid_of(path, sheet or None)
        first, columns = find_header(grid, specs)
        result, seen = Sheet([], []), set()
        for offset, cells in enumerate(grid[first:], start=first + 1):
            texts = [as_text(cell) for cell in cells]
            if all(not squeeze(text) for text in texts):
                continue
            leading = next(squeeze(text) for text in texts if squeeze(text))
            if leading.startswith(tuple(IGNORED)):
                continue
            row = Row(file, sheet, offset, {})
            reason = self.reason(row, cells, texts, columns, specs, period_end, events)
            if reason is None:
                key = self.identity(row, specs)
                reason = "duplicate_row" if key in seen else None
                seen.add(key)
            if reason:
                result.rejects.append((file, sheet, offset, reason))
            else:
                result.rows.append(row)
        return result

    def reason(
        self, row: Row, cells: list[Any], texts: list[str], columns: list[Column],
        specs: list[dict[str, Any]], period_end: date | None, events: bool,
    ) -> str | None:  # fmt: skip
        if any(len(text) > self.limit for text in texts):
            return "cell_too_long"
        ids = {column.index for column in columns if column.spec["type"] == "id"}
        for index in ids:
            here = texts[index] if index < len(texts) else ""
            beside = [i for i in (index - 1, index + 1) if 0 <= i < len(texts) and i not in ids]
            if not id_like(here) and any(id_like(texts[i]) for i in beside):
                return "row_shifted"
        by_key = {column.spec["key"]: column for column in columns}
        for spec in specs:
            column = by_key.get(spec["key"])
            cell = cells[column.index] if column and column.index < len(cells) else None
            try:
                value = self.value(cell, column) if column else None
            except Bad:
                if spec["required"]:
                    kind = {"month": "date", "code_text": "code"}.get(spec["type"], spec["type"])
                    return f"bad_{kind}"
                value = None
            if value is None and spec["required"]:
                return "required_missing"
            row.values[spec["key"]] = value
            row.raw[spec["key"]] = as_text(cell)
        if period_end is None:
            return None
        for spec in specs:
            if events and spec.get("event_date") and row.values[spec["key"]] > period_end:
                return "date_out_of_period"
        values = row.values
        if key_of(values) is None and not all(
            values.get(k) for k in ("name", "birth_date", "village")
        ):
            return "no_identity"
        return None

    def identity(self, row: Row, specs: list[dict[str, Any]]) -> tuple[Any, ...]:
        parts: list[Any] = []
        for spec in specs:
            value = row.values[spec["key"]]
            if value is not None and spec["type"] == "id":
                value = id_valid(value) or value
            if value is not None and spec["type"] == "name":
                value = name_of(value, self.variants)
            parts.append(value)
        return tuple(parts)


def key_of(values: dict[str, Any]) -> str | None:
    if values.get("id_no") is not None:
        return values["id_no"]
    if values.get("card_no") is not None:
        return id_normal(values["card_no"])[:18] or None
    return None
