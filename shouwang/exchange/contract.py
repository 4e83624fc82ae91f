"""对接约定 (contract): the national columns as data (rulebook/exchange.yaml).

A column that names a value which the program does not know is refused when the file is read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shouwang.engine.contracts import Column, SheetContract

PATH = Path(__file__).resolve().parents[1] / "rulebook" / "exchange.yaml"


class BadContract(ValueError):
    """An exchange.yaml that cannot be used; the message names the place."""


@dataclass(frozen=True)
class ExportColumn:
    """One column of a workbook to upload: a value, or the measures of one national kind."""

    header: str
    value: str = ""
    measure: str = ""


@dataclass(frozen=True)
class ExportSheet:
    sheet: str
    rows: str
    columns: tuple[ExportColumn, ...]


@dataclass(frozen=True)
class ExportKind:
    """One workbook to upload; `dated` says which day the period is about."""

    key: str
    title: str
    dated: str
    sheets: tuple[ExportSheet, ...]


@dataclass(frozen=True)
class Contract:
    objects: SheetContract
    by_household: tuple[str, ...]
    by_person: tuple[str, ...]
    exports: Mapping[str, ExportKind]
    risk_names: Mapping[str, str]
    """Risks that the national list does not have, and what they are called there."""
    risk_aliases: Mapping[str, str]
    """Older names in exports, and the name of today."""

    def label(self, key: str) -> str:
        column = self.objects.column(key)
        return column.header if column else key


@cache
def contract(path: Path = PATH) -> Contract:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = raw["objects"]["columns"]
    exports = [_export(each) for each in raw["exports"]]
    return Contract(
        objects=SheetContract(
            raw["objects"]["key"], raw["objects"]["title"], tuple(_column(c) for c in columns)
        ),
        by_household=tuple(c["key"] for c in columns if c.get("compare") == "household"),
        by_person=tuple(c["key"] for c in columns if c.get("compare") == "person"),
        exports={each.key: each for each in exports},
        risk_names=raw["risk_names"],
        risk_aliases=raw["risk_aliases"],
    )


def _column(raw: Mapping[str, Any]) -> Column:
    return Column(
        key=raw["key"],
        header=raw["header"],
        type=raw["type"],
        required=raw["required"],
        aliases=tuple(raw.get("aliases", ())),
    )


def _export(raw: Mapping[str, Any]) -> ExportKind:
    return ExportKind(
        raw["key"],
        raw["title"],
        raw["dated"],
        tuple(
            ExportSheet(
                sheet["sheet"], sheet["rows"], tuple(ExportColumn(**c) for c in sheet["columns"])
            )
            for sheet in raw["sheets"]
        ),
    )


def check_values(exports: Mapping[str, ExportKind], known: Mapping[str, Collection[str]]) -> None:
    """Every column must name something that the program can give for that kind of row."""
    for kind in exports.values():
        for sheet in kind.sheets:
            for column in sheet.columns:
                if not column.measure and column.value not in known[sheet.rows]:
                    raise BadContract(f"{kind.key}/{sheet.sheet}/{column.header}: {column.value}")
