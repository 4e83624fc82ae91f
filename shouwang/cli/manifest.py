"""登记表 (manifest.csv): what a clerk would type when uploading each file of a folder."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from shouwang.core.errors import DomainError

COLUMNS = ("file", "feed", "period_start", "period_end", "version", "received_at", "note")
REGISTRY = "registry"


@dataclass(frozen=True)
class Entry:
    """One line: a file, what it is and which period it covers."""

    line: int
    file: str
    path: Path
    feed: str
    period_start: date
    period_end: date
    version: int
    received_at: date
    note: str


def read_manifest(folder: Path, feeds: frozenset[str]) -> list[Entry]:
    """The entries in the order in which the files were received.

    Raises DomainError with the line and the column that is wrong; nothing is imported then.
    """
    path = folder / "manifest.csv"
    if not path.is_file():
        raise DomainError(f"{folder} 中没有 manifest.csv，请先写好文件登记表。")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError(
            f"manifest.csv 不是 UTF-8 编码（第 {error.start} 字节），请另存后重试。"
        ) from error
    reader = csv.DictReader(text.splitlines())
    absent = [name for name in COLUMNS[:5] if name not in (reader.fieldnames or [])]
    if absent:
        raise DomainError(f"manifest.csv 缺少列：{'、'.join(absent)}。")
    entries = [_entry(folder, row, reader.line_num, feeds) for row in reader if any(row.values())]
    return sorted(entries, key=lambda entry: (entry.received_at, entry.file))


def _entry(folder: Path, row: dict[str, str], line: int, feeds: frozenset[str]) -> Entry:
    name = (row["file"] or "").strip()
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()):
        raise DomainError(
            f"manifest.csv 第 {line} 行 file：{name or '空'} 不在登记表所在的文件夹内。"
        )
    feed = (row["feed"] or "").strip()
    if feed != REGISTRY and feed not in feeds:
        raise DomainError(f"manifest.csv 第 {line} 行 feed：没有名为“{feed}”的数据种类。")
    end = _day(row, "period_end", line)
    return Entry(
        line=line,
        file=name,
        path=path,
        feed=feed,
        period_start=_day(row, "period_start", line),
        period_end=end,
        version=_version(row, line),
        received_at=_day(row, "received_at", line) if row.get("received_at") else end,
        note=(row.get("note") or "").strip(),
    )


def _day(row: dict[str, str], column: str, line: int) -> date:
    raw = (row[column] or "").strip()
    try:
        return datetime.fromisoformat(raw).date()
    except ValueError:
        raise DomainError(
            f"manifest.csv 第 {line} 行 {column}：“{raw}”不是日期，应写成 2026-06-30。"
        ) from None


def _version(row: dict[str, str], line: int) -> int:
    raw = (row["version"] or "1").strip()
    if not raw.isdecimal() or not 1 <= int(raw) <= 9999:
        raise DomainError(f"manifest.csv 第 {line} 行 version：“{raw}”不是从 1 起的整数。")
    return int(raw)
