"""报送表约定 (feed contracts): which columns a file has, what they mean and what must be there.

The contracts are data in the rulebook; this module gives them types. A new feed needs no code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema
import yaml

from shouwang.engine.errors import RulebookError

LINK_COLUMNS = frozenset(
    {
        "row",
        "person_id",
        "method",
        "reason",
        "id_state",
        "id_hash",
        "name_norm",
        "file_no",
        "file_row",
    }
)


@dataclass(frozen=True)
class Column:
    """栏目: one column of a contract, with the captions under which departments send it."""

    key: str
    header: str
    type: str
    required: bool
    aliases: tuple[str, ...] = ()
    codes: str | None = None
    list: str | None = None
    unit: str | None = None
    event_date: bool = False
    full_day_only: bool = False

    @property
    def captions(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

    @property
    def stored(self) -> str:
        """Its name in rows.parquet, where some names belong to linking."""
        return f"sent_{self.key}" if self.key in LINK_COLUMNS else self.key


@dataclass(frozen=True)
class SheetContract:
    """表约定: the columns of one sheet in catalogue order, in which rejects are tested."""

    key: str
    title: str
    columns: tuple[Column, ...]
    sheet: str = ""

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class FeedContract(SheetContract):
    """部门报送表: what one department sends, how often, and how its rows find a person."""

    department: str = ""
    mode: str = "event"
    rhythm: str = ""
    link: str = ""

    @property
    def event_column(self) -> Column | None:
        """The date that must not lie after the period; only event feeds are tested."""
        if self.mode != "event":
            return None
        return next((column for column in self.columns if column.event_date), None)


@dataclass(frozen=True)
class RegistryContract:
    """监测系统导出: the sheets 人口 and 户 with the national code lists."""

    persons: SheetContract
    households: SheetContract
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Limits:
    """文件上限: a file beyond these is refused whole before it is opened."""

    file_bytes: int
    unpacked_bytes: int
    unpacked_ratio: int
    columns: int
    rows: int
    cells: int


@dataclass(frozen=True)
class Conventions:
    """公共约定: what holds for every file whatever its feed."""

    county: Mapping[str, str]
    header_rows: int
    header_units: tuple[str, ...]
    missing_tokens: frozenset[str]
    ignored_row_prefixes: tuple[str, ...]
    number_units: tuple[str, ...]
    cell_limit: int
    serial_dates: tuple[int, int]
    name_dots: str
    name_variants: Mapping[str, str]
    limits: Limits


CodeList = Mapping[str, "Code"]


@dataclass(frozen=True)
class Code:
    """代码: one entry of a code list; the key is stored, the label is shown."""

    key: str
    label: str
    aliases: tuple[str, ...] = field(default=())


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same result, ten times as fast


def read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError) as error:
        raise RulebookError(f"规则库文件 {path.name} 读不出来：{error}") from error


def load_feeds(folder: Path) -> dict[str, FeedContract]:
    schema = json.loads((folder / "schema" / "feed.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    codes = set(read_yaml(folder / "codes.yaml"))
    feeds: dict[str, FeedContract] = {}
    for path in sorted((folder / "feeds").glob("*.yaml")):
        raw = read_yaml(path)
        try:
            validator.validate(raw)
        except jsonschema.ValidationError as error:
            raise RulebookError(f"{path.name} 不符合约定：{error.message}") from error
        feed = FeedContract(
            key=raw["key"],
            title=raw["title"],
            columns=_columns(raw["columns"]),
            department=raw["department"],
            mode=raw["mode"],
            rhythm=raw.get("rhythm", ""),
            link=raw.get("link", ""),
        )
        _check_codes(feed, codes, path)
        feeds[feed.key] = feed
    return feeds


def load_codes(path: Path) -> dict[str, CodeList]:
    return {
        name: MappingProxyType(
            {
                str(key): Code(str(key), entry["label"], tuple(map(str, entry.get("aliases", ()))))
                for key, entry in entries.items()
            }
        )
        for name, entries in read_yaml(path).items()
    }


def load_registry(path: Path) -> RegistryContract:
    raw = read_yaml(path)
    sheets = {
        sheet["key"]: SheetContract(
            key=sheet["key"],
            title=sheet["sheet"],
            columns=_columns(sheet["columns"]),
            sheet=sheet["sheet"],
        )
        for sheet in raw["sheets"]
    }
    lists = {name: tuple(map(str, values)) for name, values in raw["lists"].items()}
    return RegistryContract(sheets["persons"], sheets["households"], MappingProxyType(lists))


def load_conventions(path: Path) -> Conventions:
    raw = read_yaml(path)
    return Conventions(
        county=MappingProxyType({key: str(value) for key, value in raw["county"].items()}),
        header_rows=raw["header"]["within_rows"],
        header_units=tuple(raw["header"]["units"]),
        missing_tokens=frozenset(raw["missing_tokens"]),
        ignored_row_prefixes=tuple(raw["ignored_row_prefixes"]),
        number_units=tuple(raw["number_units"]),
        cell_limit=raw["cell_limit"],
        serial_dates=(raw["serial_dates"]["first"], raw["serial_dates"]["last"]),
        name_dots=raw["name_dots"],
        name_variants=MappingProxyType(dict(raw["name_variants"])),
        limits=Limits(**raw["limits"]),
    )


def _columns(raw: list[dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(
            key=column["key"],
            header=column["header"],
            type=column["type"],
            required=column["required"],
            aliases=tuple(column.get("aliases", ())),
            codes=column.get("codes"),
            list=column.get("list"),
            unit=column.get("unit"),
            event_date=column.get("event_date", False),
            full_day_only=column.get("full_day_only", False),
        )
        for column in raw
    )


def _check_codes(feed: FeedContract, codes: set[str], path: Path) -> None:
    for column in feed.columns:
        if column.type == "code" and column.codes not in codes:
            raise RulebookError(
                f"{path.name} 的栏目 {column.key} 用了没有的代码表 {column.codes}。"
            )
