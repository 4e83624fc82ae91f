"""Writes of the baselines room. Every one: actor first; atomic and audited.

record_value(actor, division, *, series, year, value, source, note="") -> BaselineValue
correct_value(actor, baseline, *, value, source, note, reason, version) -> BaselineValue
import_values(actor, path, *, name) -> Imported        all of a workbook or nothing
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.divisions.models import Division
from shouwang.support.operations.writing import same_version, text
from shouwang.support.sheets import Column, Fault, Line, Sheet, read

from .models import BaselineChange, BaselineValue
from .series import Series, all_series, first_year

MOST = Decimal("9999999999999.99")
LEVELS = {"county": "县", "town": "乡镇", "village": "村"}
SHEET = Sheet("baselines", "历史基数", (
    Column("place", "区划", aliases=("地区", "乡镇", "单位"), required=True),
    Column("code", "区划代码", aliases=("代码",)),
    Column("series", "项目", "choice", aliases=("系列", "指标"), required=True,
           choices={one.label: one.key for one in all_series().values()}),
    Column("year", "年度", "whole", aliases=("年份",), required=True),
    Column("value", "数值", "large", aliases=("值", "基数"), required=True),
    Column("unit", "计量单位", aliases=("单位名称",)),
    Column("source", "来源", aliases=("数据来源", "依据"), required=True),
    Column("note", "备注"),
))  # fmt: skip


@dataclass
class Imported:
    """What came of a workbook."""

    added: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Refused(Exception):
    """Some row is wrong: nothing of the file is kept."""


def record_value(
    actor: Actor,
    division: Division,
    *,
    series: str,
    year: int,
    value: Decimal,
    source: str,
    note: str = "",
    origin: Mapping[str, Any] | None = None,
) -> BaselineValue:
    """Note one number; the same again is a Conflict, another number is refused with the way."""
    require(actor, "baselines.record", division.path)
    values = checked(series, value, source, note)
    if division.level not in LEVELS:
        raise DomainError("历史基数只登记到县、乡镇和村，请重新选择区划。", code="division")
    if not first_year() <= year <= clock.today().year:
        raise DomainError(f"年度应在 {first_year()} 年和今年之间，请核对。", code="year")
    keys = {"division": division, "series": series, "year": year}
    known = BaselineValue.objects.filter(**keys).first()
    if known is not None:
        if any(getattr(known, key) != new for key, new in values.items()):
            raise DomainError(
                f"{known}已登记为 {known.value.normalize():f}，不同的请打开原记录更正。",
                code="value",
            )
        raise Conflict(f"{known}已经登记。")
    given = origin or {}
    try:
        with transaction.atomic():
            made = BaselineValue.objects.create(
                **keys, **values, recorded_at=clock.now(), recorded_by_label=actor.label[:120],
                file_name=str(given.get("file", ""))[:200], file_row=given.get("row"),
            )  # fmt: skip
            _audited(actor, "recorded", made, f"登记{made}：{made.value.normalize():f}")
    except IntegrityError:
        raise Conflict("这个地方这一年的这项基数刚被他人登记。") from None
    return made


@transaction.atomic
def correct_value(
    actor: Actor,
    baseline: BaselineValue,
    *,
    value: Decimal,
    source: str,
    reason: str,
    version: int,
    note: str = "",
) -> BaselineValue:
    """Put right a number; what stood before stays in the record."""
    rows = BaselineValue.objects.visible_to(actor).select_for_update(of=("self",))
    standing: BaselineValue | None = rows.select_related("division").filter(pk=baseline.pk).first()
    if standing is None:
        raise NotFound("没有找到这项基数，它可能不存在，或不在您的辖区内。")
    require(actor, "baselines.record", standing.division.path)
    same_version(standing, version)
    values = checked(standing.series, value, source, note)
    why = text(reason, "更正理由", 200, required=True)
    found = [
        [str(getattr(standing._meta.get_field(key), "verbose_name", key)), str(old), str(new)]
        for key, new in values.items()
        if (old := getattr(standing, key)) != new
    ]
    if not found:
        raise DomainError("内容没有变化，不用更正。", code="unchanged")
    for key, new in values.items():
        setattr(standing, key, new)
    standing.version += 1
    standing.save(update_fields=[*values, "version"])
    BaselineChange.objects.create(
        baseline=standing, at=clock.now(), actor_label=actor.label[:120], reason=why, changes=found
    )
    changes = {label: [old, new] for label, old, new in found}
    _audited(actor, "changed", standing, f"更正{standing}", changes=changes)
    return standing


def checked(series: str, value: Decimal, source: str, note: str) -> dict[str, Any]:
    """The values as they may be stored; DomainError under the name of what cannot be."""
    kind = all_series().get(series)
    if kind is None:
        raise DomainError("没有这个系列，请从列表中选择。", code="series")
    return {
        "value": _number(kind, value), "source": _words(source, "来源", 120, "source"),
        "note": text(note, "备注", 200),
    }  # fmt: skip


def _number(kind: Series, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= (kind.most or MOST):
        raise DomainError(f"{kind.label}不对，请核对数字和单位（{kind.unit}）。", code="value")
    if kind.whole and value != value.to_integral_value():
        raise DomainError(f"{kind.label}应是整数，请核对。", code="value")
    if value != value.quantize(Decimal("0.01")):
        raise DomainError(f"{kind.label}最多两位小数，请核对。", code="value")
    return value


def _words(value: str, what: str, most: int, code: str) -> str:
    try:
        return text(value, what, most, required=True)
    except DomainError as error:
        raise DomainError(error.message, code=code) from None


def import_values(actor: Actor, path: Path, *, name: str) -> Imported:
    """Take in a workbook; one wrong row and nothing is taken, every fault is told."""
    require(actor, "baselines.record")
    found = read(path, name, SHEET)
    outcome = Imported(faults=list(found.faults))
    places = _Places(actor)
    try:
        with transaction.atomic():
            for line in found.lines:
                _take(actor, places, line, name, outcome)
            if outcome.faults:
                raise _Refused
            record(
                actor, "baselines.imported", target_type="baselines.sheet", target_id="values",
                summary=f"导入历史基数：新增 {outcome.added} 行，已有 {outcome.unchanged} 行",
                source=name[:200],
            )  # fmt: skip
    except _Refused:
        outcome.added = outcome.unchanged = 0
        outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def _take(actor: Actor, places: "_Places", line: Line, name: str, outcome: Imported) -> None:
    given = line.values
    try:
        with transaction.atomic():
            kind = all_series()[given["series"]]
            if given["unit"] and given["unit"] != kind.unit:
                raise DomainError(f"{kind.label}按“{kind.unit}”登记，请换算后再导入。", "unit")
            record_value(
                actor, places.find(given["place"], given["code"]), series=given["series"],
                year=given["year"], value=given["value"], source=given["source"],
                note=given["note"], origin={"file": name, "row": line.row},
            )  # fmt: skip
    except Conflict:
        outcome.unchanged += 1
    except DomainError as error:
        head = next((one.header for one in SHEET.columns if one.key == error.code), "")
        outcome.faults.append(Fault(line.row, head, error.message))
    else:
        outcome.added += 1


class _Places:
    """The places of the actor by code and by name."""

    def __init__(self, actor: Actor) -> None:
        rows = Division.objects.visible_to(actor, "baselines.record").current()
        self._by_code: dict[str, Division] = {}
        self._by_name: dict[str, list[Division]] = {}
        for one in rows.filter(level__in=LEVELS):
            self._by_code[one.code] = one
            self._by_name.setdefault(one.name, []).append(one)

    def find(self, name: str, code: str) -> Division:
        if code:
            found = self._by_code.get(code.ljust(12, "0"))
            if found is None:
                raise DomainError("辖区内没有这个区划代码，请核对。", "code")
            if name and name != found.name:
                raise DomainError(f"代码是“{found.name}”，与名称不一致，请核对。", "place")
            return found
        named = self._by_name.get(name, [])
        if len(named) != 1:
            words = "有几个同名的地方，请补填区划代码" if named else "辖区内没有这个地方"
            raise DomainError(f"{words}，请核对。", "place")
        return named[0]


def _audited(actor: Actor, action: str, baseline: BaselineValue, summary: str, **more: Any) -> None:
    record(
        actor, f"baselines.{action}", target_type="baselines.value", target_id=str(baseline.pk),
        division_path=baseline.division.path, summary=summary, **more,
    )  # fmt: skip
