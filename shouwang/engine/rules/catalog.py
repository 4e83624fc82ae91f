"""名录: the columns that rules may name, with their types, and the code lists.

Built from the feed contracts and the registry description of the rulebook. A name that is not here
cannot get into a query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shouwang.engine.contracts import CodeList, Column, FeedContract, RegistryContract
from shouwang.engine.rules import typed
from shouwang.engine.rules.typed import Type

HIDDEN = frozenset({"id_no", "card_no", "phone", "head_id"})
TYPES = {
    "text": typed.TEXT, "name": typed.TEXT, "village": typed.TEXT, "date": typed.DATE,
    "month": typed.MONTH, "amount": typed.AMOUNT, "number": typed.NUMBER,
}  # fmt: skip
# Columns that the registry snapshot adds to those of the sheets.
PERSON_EXTRA = {
    "person_id": typed.INT, "birth": typed.DATE, "id_valid": typed.BOOL, "id_length": typed.INT,
    "id_birth": typed.DATE, "id_check_ok": typed.BOOL, "id_hash": typed.TEXT,
    "id_sex": Type("code", "id_sex"), "id_shape": Type("code", "id_shape"),
}  # fmt: skip
HOUSEHOLD_EXTRA = {"household_id": typed.INT, "size": typed.INT, "phone_ok": typed.BOOL}
SEXES = {"男": "男", "女": "女"}
ID_SHAPES = {
    "missing": "空", "valid": "有效", "old15": "15位旧号码",
    "old15_bad_date": "15位、日期不合法", "bad_date": "日期不合法", "bad_check": "校验位错误",
    "other_length": "长度不对", "other": "其他",
}  # fmt: skip
LEVELS = {"person": "人", "household": "户", "village": "村"}
KINDS = {"clue": "线索", "explain": "需说明"}
RISKS = {
    "illness": "因病", "education": "因学", "disability": "因残", "natural_disaster": "因自然灾害",
    "accident": "因意外事故", "industry_failure": "因产业项目失败",
    "job_instability": "因务工就业不稳",
    "labour_shortage": "缺劳动力", "housing": "住房安全", "water": "饮水安全", "income": "收入不稳",
    "other": "其他",
}  # fmt: skip


@dataclass(frozen=True)
class FeedColumns:
    """What a rule can know of one feed."""

    key: str
    title: str
    mode: str
    columns: Mapping[str, Type]
    headers: Mapping[str, str]
    event_date: str = ""


@dataclass(frozen=True)
class Catalog:
    """Everything a rule may name."""

    feeds: Mapping[str, FeedColumns]
    persons: Mapping[str, Type]
    households: Mapping[str, Type]
    lists: Mapping[str, Mapping[str, str]]
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_rules(self, rules: Iterable[str]) -> "Catalog":
        """The same with the list of rule ids, for quantities over the hits of other rules."""
        lists = {**self.lists, "rule": {rule: rule for rule in rules}}
        return Catalog(self.feeds, self.persons, self.households, lists, self.headers)


HITS = {
    "rule": Type("code", "rule"), "risk": Type("code", "risk_kind"),
    "kind": Type("code", "rule_kind"), "level": Type("code", "rule_level"), "severity": typed.INT,
}  # fmt: skip


def build_catalog(
    feeds: Iterable[FeedContract],
    registry: RegistryContract,
    codes: Mapping[str, CodeList],
) -> Catalog:
    """The catalogue of a rulebook's feed contracts, registry form and code lists."""
    lists: dict[str, Mapping[str, str]] = {
        name: {key: code.label for key, code in items.items()} for name, items in codes.items()
    }
    lists |= {name: {item: item for item in items} for name, items in registry.lists.items()}
    lists |= {
        "risk_kind": RISKS, "rule_kind": KINDS, "rule_level": LEVELS, "id_sex": SEXES,
        "id_shape": ID_SHAPES, "rule": {},
    }  # fmt: skip
    persons, households = _types(registry.persons.columns), _types(registry.households.columns)
    persons |= PERSON_EXTRA
    return Catalog(
        feeds={feed.key: _feed(feed) for feed in feeds},
        persons=persons,
        households=households | HOUSEHOLD_EXTRA,
        lists=lists,
        headers=_headers(registry.persons.columns) | _headers(registry.households.columns),
    )


def _feed(feed: FeedContract) -> FeedColumns:
    dated = [column.key for column in feed.columns if column.event_date]
    return FeedColumns(
        feed.key,
        feed.title,
        feed.mode,
        _types(feed.columns),
        _headers(feed.columns),
        dated[0] if dated else "",
    )


def _types(columns: Iterable[Column]) -> dict[str, Type]:
    return {column.key: _type(column) for column in columns if column.key not in HIDDEN}


def _type(column: Column) -> Type:
    if column.type == "code":
        return Type("code", column.codes or "")
    if column.type == "code_text":
        return Type("code", column.list or "")
    return TYPES[column.type]


def _headers(columns: Iterable[Column]) -> dict[str, str]:
    return {column.key: column.header for column in columns if column.key not in HIDDEN}
