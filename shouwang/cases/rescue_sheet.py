"""省级救助平台清单: rows of the exported workbook, with the place of each one that is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shouwang.core import clock
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import first_rows

from .answer_sheet import MOST_ROWS, text
from .regimes import FOLDER
from .states import Emergency

HEAD_ROWS = 10


@dataclass(frozen=True)
class RescueRow:
    """One plea as the platform sent it; the ID number stays in memory only."""

    row: int
    number: str
    name: str
    id_no: str
    phone: str
    town: str
    village: str
    text: str
    received_on: date
    emergency: str
    risks: tuple[str, ...]


@cache
def layout() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(
        (FOLDER / "exchange" / "rescue_platform.yaml").read_text(encoding="utf-8")
    )
    return found


def read_rescue(path: Path) -> tuple[list[RescueRow], list[dict[str, Any]]]:
    """Readable rows, and for each other row its number, the column and why it is refused."""
    sheet = first_rows(path, rows=MOST_ROWS)
    head, start = _head(sheet)
    rows: list[RescueRow] = []
    rejects: list[dict[str, Any]] = []
    for number, cells in enumerate(sheet[start:], start + 1):
        if not any(text(cells, place) for place in head.values()):
            continue
        made = _row(number, cells, head)
        if isinstance(made, RescueRow):
            rows.append(made)
        else:
            rejects.append({"row": number, "column": made[0], "reason": made[1]})
    return rows, rejects


def _head(sheet: Sequence[Sequence[Any]]) -> tuple[dict[str, int], int]:
    names = {
        spelled: column["key"]
        for column in layout()["columns"]
        for spelled in (column["label"], *column["aliases"])
    }
    required = {column["key"]: column["label"] for column in layout()["columns"]
                if column["required"]}  # fmt: skip
    best: dict[str, int] = {}
    for number, cells in enumerate(sheet[:HEAD_ROWS]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            key = names.get(str(cell).strip().rstrip("*：:"))
            if key:
                found.setdefault(key, place)
        if required.keys() <= found.keys():
            return found, number + 1
        best = max(best, found, key=len)
    missing = "、".join(label for key, label in required.items() if key not in best)
    raise DomainError(f"这份清单缺少栏目：{missing}。请核对是不是救助平台导出的原表。", code="file")


def _row(number: int, cells: Sequence[Any], head: Mapping[str, int]) -> RescueRow | tuple[str, str]:
    """The row, or the column that is wrong and why."""
    cell = {key: text(cells, place) for key, place in head.items()}
    for column in layout()["columns"]:
        if column["required"] and not cell.get(column["key"]):
            return column["label"], "没有填写"
    place = head["received_on"]
    received = _day(cells[place] if place < len(cells) else "")
    if received is None:
        return "申请日期", f"“{cell['received_on'][:20]}”不是日期，应写作 2026-03-31"
    if received > clock.today():
        return "申请日期", "晚于今天"
    labels = {str(kind.label): kind.value for kind in Emergency if kind.value}
    said = cell.get("emergency", "")
    if said and said not in labels:
        return "突发类型", f"“{said[:20]}”不在“{'、'.join(labels)}”里"
    return RescueRow(
        number, cell["number"][:80], cell["name"][:60], cell.get("id_no", ""),
        cell.get("phone", ""), cell.get("town", ""), cell["village"], cell["text"], received,
        labels.get(said, ""), _risks(cell["text"]),
    )  # fmt: skip


def _risks(said: str) -> tuple[str, ...]:
    """The risks that the words of the plea point to; a person corrects them."""
    words: Mapping[str, Sequence[str]] = layout()["risk_words"]
    return tuple(key for key, named in words.items() if any(word in said for word in named))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = str(value).strip()[:10].replace("/", "-").replace(".", "-")
    if said.isdigit() and len(said) == 8:
        said = f"{said[:4]}-{said[4:6]}-{said[6:]}"
    parts = said.split("-")
    try:
        return date(*(int(part) for part in parts)) if len(parts) == 3 else None
    except ValueError:
        return None
