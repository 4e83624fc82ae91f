"""预览内容 (previews): what the page of an import shows, read from its lists on disk."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from shouwang.core.components import Step
from shouwang.core.errors import NotFound
from shouwang.engine import Rulebook
from shouwang.engine.cleaning.rejects import LABELS

from . import snapshots
from .models import RegistryImport
from .tables import IMPORT_TONES

MOST_ROWS = 5_000
TITLES = {
    "new": "新增的记录",
    "changed": "变化的栏目",
    "gone": "未出现的记录",
    "rejects": "退回的行",
}
PURPOSES = {
    "new": "档案里还没有的户和人，",
    "changed": "与现有档案不同的栏目，左边是原值，右边是新值，",
    "gone": "档案里有、这次导出里没有的户和人；不会删除，只作标记，",
    "rejects": "不能使用的行，改正后可以重新上传，",
}
_COLUMNS = {
    "new": "level, household_no, person_no, name, village, file, row",
    "gone": "level, household_no, person_no, name, village, file, row",
    "changed": "level, household_no, person_no, name, village, file, row, col, old, new",
    "rejects": "file, sheet, row, reason, detail",
}
OPEN = (RegistryImport.State.RECEIVED, RegistryImport.State.READY, RegistryImport.State.FAILED)


@dataclass(frozen=True)
class Rows:
    """One list of a preview: the first rows and how many there are."""

    rows: list[dict[str, Any]]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def rows(registry_import: RegistryImport, name: str, level: str = "") -> Rows:
    """One list, of households or people only where `level` says so."""
    if name not in TITLES:
        raise NotFound
    path = registry_import.folder / f"{name}.parquet"
    if not path.is_file():
        return Rows([], 0)
    condition = "level = ?" if level in ("household", "member") and name != "rejects" else "? = ?"
    values = [level] if condition == "level = ?" else ["", ""]
    with duckdb.connect() as con:
        source = f"FROM read_parquet(?) WHERE {condition}"
        ((total,),) = con.execute(f"SELECT count(*) {source}", [str(path), *values]).fetchall()
        found = con.execute(
            f"SELECT {_COLUMNS[name]} {source} LIMIT {MOST_ROWS}",
            [str(path), *values],
        ).fetchall()
    names = [each.strip() for each in _COLUMNS[name].split(",")]
    return Rows([_shown(dict(zip(names, row, strict=True))) for row in found], total)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    if "col" in row:
        row["column"] = column_label(row["level"], row.pop("col"))
    if "reason" in row:
        row["reason"] = LABELS.get(row["reason"], row["reason"])
    return row


def column_label(level: str, key: str) -> str:
    """The caption of a column, as in the national system."""
    registry = Rulebook.load().registry
    sheet = registry.persons if level == "member" else registry.households
    column = sheet.column(key)
    return column.header if column else key


def page(registry_import: RegistryImport, today: date) -> dict[str, Any]:
    """Context of the preview page: steps, figures, and what may be done now."""
    current = snapshots.current()
    is_stale = registry_import.state == RegistryImport.State.READY and (
        registry_import.base_number != (current.number if current else 0)
    )
    counts = registry_import.counts
    reasons = _reasons(registry_import)
    return {
        "registry_import": registry_import,
        "files": registry_import.files.all(),
        "counts": counts,
        "lists": _lists(registry_import),
        "reasons": reasons,
        "rejected_files": {each["file"] for each in reasons if not each["is_file"]},
        "tone": IMPORT_TONES[registry_import.state],
        "confirm": _confirm(counts),
        "gone_towns": _gone_towns(registry_import),
        "steps": _steps(registry_import),
        "is_open": registry_import.state in OPEN,
        "is_stale": is_stale,
        "may_apply": registry_import.state == RegistryImport.State.READY and not is_stale,
        "is_empty": bool(counts)
        and not any(
            counts[f"{noun}_{what}"]
            for noun in ("households", "persons")
            for what in ("new", "changed", "gone", "back")
        ),
        "is_old": (today - registry_import.export_date).days > 400,
    }


def _confirm(counts: dict[str, int]) -> str:
    if not counts:
        return ""
    return (
        f"新增 {counts['households_new']:,} 户 {counts['persons_new']:,} 人，"
        f"更新 {counts['households_changed']:,} 户 {counts['persons_changed']:,} 人，"
        "全部一次写入；入库后不能撤销，但每个原值都保留在历史里。"
    )


def _lists(registry_import: RegistryImport) -> list[dict[str, Any]]:
    counts = registry_import.counts
    if not counts:
        return []
    return [
        {
            "name": name,
            "title": title,
            "households": counts[f"households_{name}"],
            "persons": counts[f"persons_{name}"],
            "cells": counts["cells"] if name == "changed" else None,
            "tone": tone,
        }
        for name, title, tone in (
            ("new", "新增", "going"),
            ("changed", "变化", "near"),
            ("gone", "未出现在本次导出", "idle"),
        )
    ]


def _steps(registry_import: RegistryImport) -> list[Step]:
    state = registry_import.state
    states = RegistryImport.State
    read = {states.RECEIVED: "going", states.FAILED: "late"}.get(states(state), "done")
    confirmed = {states.READY: "going", states.APPLIED: "done", states.UNCHANGED: "done"}
    loaded = {states.APPLIED: "done", states.UNCHANGED: "done"}
    return [
        Step("上传", "done", f"{registry_import.files.count()} 个工作簿"),
        Step("读取并比对", read, "未能读取" if read == "late" else ""),
        Step("核对", confirmed.get(states(state), "idle")),
        Step(
            "入库",
            loaded.get(states(state), "idle"),
            registry_import.get_state_display()
            if state in (states.UNCHANGED, states.DISCARDED)
            else "",
        ),
    ]


def _query(registry_import: RegistryImport, name: str, query: str) -> list[tuple[Any, ...]]:
    path = registry_import.folder / f"{name}.parquet"
    if not path.is_file():
        return []
    with duckdb.connect() as con:
        return [tuple(row) for row in con.execute(query, [str(path)]).fetchall()]


def _reasons(registry_import: RegistryImport) -> list[dict[str, Any]]:
    """Rejected rows by file and reason."""
    found = _query(
        registry_import,
        "rejects",
        "SELECT file, reason, count(*), count(row), min(detail) FROM read_parquet(?) "
        "GROUP BY ALL ORDER BY file, count(*) DESC",
    )
    return [
        {
            "file": file,
            "reason": LABELS.get(reason, reason),
            "count": count,
            "is_file": not rows,
            "detail": detail,
        }
        for file, reason, count, rows, detail in found
    ]


def _gone_towns(registry_import: RegistryImport) -> list[tuple[str, int]]:
    """Villages of which households did not appear, most first: often a workbook was forgotten."""
    return [
        (village, count)
        for village, count in _query(
            registry_import,
            "gone",
            "SELECT village, count(*) AS n FROM read_parquet(?) WHERE level = 'household' "
            "GROUP BY village ORDER BY n DESC, village LIMIT 6",
        )
    ]
