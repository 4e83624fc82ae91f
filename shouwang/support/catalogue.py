"""帮扶措施目录 (catalogue): which measures there are, for whom, how much, how long, on what basis.

Pure data of rulebook/measures.yaml, read and checked; a catalogue that names an unknown kind, risk,
source or parameter is refused with every fault at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

RULEBOOK = Path(__file__).resolve().parents[1] / "rulebook"
ENDS = {
    "once": "一次性",
    "yearly": "按年",
    "contract": "合同期满为止",
    "agreement": "协议期满为止",
    "school_stage": "本学段结束为止",
    "while_needed": "困难消除为止",
}
RUNNING = frozenset({"contract", "agreement", "school_stage"})
"""Endings that outlast the resolution of the risk: what was signed is carried out."""


class BadCatalogue(ValueError):
    """A catalogue that cannot be used; the message names every fault."""


@dataclass(frozen=True)
class Stage:
    """学段, recognised by how the national code of 在校生状况 begins."""

    key: str
    label: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """措施: one line of the catalogue."""

    key: str
    kind: str
    label: str
    national: str
    risks: tuple[str, ...]
    who: str
    parameter: str
    amount_words: str
    ends: str
    conditions: tuple[str, ...]
    is_development: bool
    department: str
    household: Mapping[str, Any]
    person: Mapping[str, Any]
    source: str
    source_words: str
    valid_from: date
    valid_to: date | None = None
    per_household: bool = False
    """Given to one member, but once a household (按户)."""
    register: str = ""
    """The register in which each loan, aid or house is noted as well."""

    @property
    def is_personal(self) -> bool:
        """Whether it is given to one member rather than to the household."""
        return bool(self.person)

    @property
    def continues(self) -> bool:
        """Whether it runs on after the risk is resolved, until its contract or stage ends."""
        return self.ends in RUNNING

    @property
    def ends_label(self) -> str:
        return ENDS[self.ends]

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue; the order is that of the file."""

    kinds: Mapping[str, str]
    student_classes: Mapping[str, str]
    stages: tuple[Stage, ...]
    items: Mapping[str, Item] = field(default_factory=dict)

    def item(self, key: str) -> Item | None:
        return self.items.get(key)

    def label(self, key: str) -> str:
        """The name of a measure; a key that a newer catalogue lacks stands for itself."""
        found = self.items.get(key)
        return found.label if found else key

    def on(self, day: date) -> list[Item]:
        return [item for item in self.items.values() if item.valid_on(day)]

    def for_risk(self, risk: str, day: date) -> list[Item]:
        return [item for item in self.on(day) if risk in item.risks]

    def stage_of(self, school_status: str | None) -> str | None:
        """学段 of a 在校生状况, or None where it is empty or unknown."""
        text = (school_status or "").strip()
        for stage in self.stages:
            if any(text.startswith(prefix) for prefix in stage.prefixes):
                return stage.key
        return None


def load(
    path: Path,
    *,
    risks: Sequence[str],
    departments: Sequence[str],
    parameters: Sequence[str],
    sources: Sequence[str],
) -> Catalogue:
    """Read and check a catalogue against the lists that it refers to."""
    data = _plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    schema = json.loads((RULEBOOK / "schema" / "measure.schema.json").read_text(encoding="utf-8"))
    faults = [
        f"{'/'.join(str(part) for part in error.absolute_path) or '整份'}：{error.message}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(data)
    ]
    if not faults:
        faults = list(_faults(data, set(risks), set(departments), set(parameters), set(sources)))
    if faults:
        raise BadCatalogue(f"{path.name}：" + "；".join(faults[:20]))
    return Catalogue(
        kinds={each["key"]: each["label"] for each in data["kinds"]},
        student_classes={each["key"]: each["label"] for each in data["student_classes"]},
        stages=tuple(
            Stage(each["key"], each["label"], tuple(each["prefixes"])) for each in data["stages"]
        ),
        items={each["key"]: _item(each) for each in data["measures"]},
    )


def _plain(value: Any) -> Any:
    """YAML dates as text, so that the schema sees what the file says."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _item(each: Mapping[str, Any]) -> Item:
    end = each.get("valid_to")
    return Item(
        key=each["key"],
        kind=each["kind"],
        label=each["label"],
        national=each["national"],
        risks=tuple(each["risks"]),
        who=each["who"],
        parameter=each["amount"].get("parameter", ""),
        amount_words=each["amount"].get("words", ""),
        ends=each["ends"],
        conditions=tuple(each["conditions"]),
        is_development=each["is_development"],
        department=each["department"],
        household=each["fits"].get("household", {}),
        person=each["fits"].get("person", {}),
        source=each["source"],
        source_words=each["source_words"],
        valid_from=date.fromisoformat(each["valid_from"]),
        valid_to=date.fromisoformat(end) if end else None,
        per_household=each.get("per_household", False),
        register=each.get("register", ""),
    )


def _faults(
    data: Mapping[str, Any],
    risks: set[str],
    departments: set[str],
    parameters: set[str],
    sources: set[str],
) -> Iterator[str]:
    kinds = {each["key"] for each in data["kinds"]}
    stages = {each["key"] for each in data["stages"]}
    seen: set[str] = set()
    for each in data["measures"]:
        key = each["key"]
        if key in seen:
            yield f"{key} 出现两次"
        seen.add(key)
        if each["kind"] not in kinds or not key.startswith(f"{each['kind']}."):
            yield f"{key} 的类别“{each['kind']}”不在九类里或与键不符"
        for risk in sorted(set(each["risks"]) - risks):
            yield f"{key} 的风险“{risk}”不认识"
        if each["department"] not in departments:
            yield f"{key} 的部门“{each['department']}”不在部门名录里"
        if each["source"] not in sources:
            yield f"{key} 的依据“{each['source']}”不在 sources.yaml 里"
        named = each["amount"].get("parameter")
        if named and named not in parameters:
            yield f"{key} 的参数“{named}”不存在"
        if set(each["fits"].get("person", {}).get("stages", ())) - stages:
            yield f"{key} 的学段不认识"
        yield from _date_faults(each)
    for kind in sorted(kinds - {each["kind"] for each in data["measures"]}):
        yield f"类别“{kind}”没有一项措施"


def _date_faults(each: Mapping[str, Any]) -> Iterator[str]:
    end = each.get("valid_to")
    try:
        first = date.fromisoformat(each["valid_from"])
        last = date.fromisoformat(end) if end else None
    except ValueError:
        yield f"{each['key']} 的日期不存在"
        return
    if last is not None and last < first:
        yield f"{each['key']} 的失效日期早于生效日期"


@cache
def catalogue() -> Catalogue:
    """The catalogue of this installation; it changes only with a release."""
    from shouwang.accounts.departments import USUAL
    from shouwang.engine import Rulebook
    from shouwang.screening.states import Risk

    book = Rulebook.load()
    return load(
        RULEBOOK / "measures.yaml",
        risks=Risk.values,
        departments=[name for _, name, _ in USUAL],
        parameters=list(book.parameters),
        sources=list(book.sources["sources"]),
    )
