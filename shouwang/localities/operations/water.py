"""饮水工程的登记: works, tests; a test that failed opens a problem at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.campaigns.kinds import kinds
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.support.sheets import Column, Fault, Line, Sheet, read

from ..models import WaterProblem, WaterTest, WaterWorks
from ..waterworks import demands

NAMES = ("government", "department", "operator", "keeper")
WORKS = Sheet("water-works", "饮水工程台账", (
    Column("name", "工程名称", required=True),
    Column("kind", "类型", "choice", required=True,
           choices={label: key for key, label in demands().kinds.items()}),
    Column("villages", "供水村", required=True, aliases=("供水范围",)),
    Column("households", "供水户数", "whole", aliases=("户数",)),
    Column("people", "供水人口", "whole", aliases=("人口",)),
    Column("government", "地方政府主体责任人", aliases=("政府责任人",)),
    Column("department", "水行政主管部门监管责任人", aliases=("监管责任人",)),
    Column("operator", "供水单位运行管理责任人", aliases=("运行管理责任人",)),
    Column("keeper", "管水员"),
    Column("built_on", "建成日期", "date"),
    Column("note", "备注"),
))  # fmt: skip


def audited(actor: Actor, action: str, place: Division, summary: str) -> None:
    record(
        actor, f"localities.{action}", target_type="divisions.division", target_id=place.code,
        division_path=place.path, summary=summary,
    )  # fmt: skip


def record_works(
    actor: Actor,
    *,
    name: str,
    kind: str,
    villages: Sequence[Division],
    works: WaterWorks | None = None,
    version: int | None = None,
    **given: Any,
) -> WaterWorks:
    """Enter works, or change them; they stand at the place that holds all villages they serve."""
    if not villages:
        raise DomainError("请选择供水的村。", code="villages")
    for village in villages:
        require(actor, "localities.water", village.path)
    if kind not in demands().kinds:
        raise DomainError("请从列表中选择工程类型。", code="kind")
    if not name.strip():
        raise DomainError("请填写工程名称。", code="name")
    values: dict[str, Any] = {key: str(given.get(key) or "").strip()[:40] for key in NAMES}
    values |= {key: given.get(key) for key in ("households", "people", "built_on")}
    values["note"] = str(given.get("note") or "").strip()[:200]
    if values["built_on"] and values["built_on"] > clock.today():
        raise DomainError("建成日期不能晚于今天。", code="built_on")
    place = _common(villages)
    values |= {"name": name.strip()[:80], "kind": kind, "division": place}
    try:
        with transaction.atomic():
            made = _stored(actor, works, version, values)
            made.villages.set(villages)
            audited(actor, "works.recorded", place, f"登记饮水工程：{made.name}")
    except IntegrityError:
        raise Conflict("这里已有同名的饮水工程，请核对。") from None
    return made


def _stored(
    actor: Actor, works: WaterWorks | None, version: int | None, values: dict[str, Any]
) -> WaterWorks:
    if works is None:
        return WaterWorks.objects.create(
            **values, recorded_at=clock.now(), recorded_by_label=actor.label[:120]
        )
    require(actor, "localities.water", works.division.path)
    found = WaterWorks.objects.filter(pk=works.pk, version=version or 0)
    if not found.update(**values, version=works.version + 1):
        raise Conflict("这个工程刚被他人修改过，请刷新页面核对。")
    return WaterWorks.objects.get(pk=works.pk)


def _common(villages: Sequence[Division]) -> Division:
    """The lowest place that holds all of them."""
    chains = [village.path.strip("/").split("/") for village in villages]
    last = ""
    for step in zip(*chains, strict=False):
        if len(set(step)) > 1:
            break
        last = step[0]
    return Division.objects.get(pk=int(last))


def record_test(
    actor: Actor,
    works: WaterWorks,
    *,
    tested_on: date,
    tested_by: str,
    items: str,
    passed: bool,
    failed_items: str = "",
    note: str = "",
) -> WaterTest:
    """Note a test; one that failed opens a problem with the days that the rulebook gives."""
    require(actor, "localities.water", works.division.path)
    if tested_on > clock.today():
        raise DomainError("检测日期不能晚于今天。", code="tested_on")
    if works.built_on and tested_on < works.built_on:
        raise DomainError("检测日期早于工程建成日期，请核对。", code="tested_on")
    if not tested_by.strip() or not items.strip():
        raise DomainError("请填写检测单位和检测项目。", code="tested_by")
    if not passed and not failed_items.strip():
        raise DomainError("不合格的，请写明哪些项目不合格。", code="failed_items")
    if passed and failed_items.strip():
        raise DomainError("写了不合格项目，就不能登记为合格。", code="failed_items")
    try:
        with transaction.atomic():
            test = WaterTest.objects.create(
                works=works, tested_on=tested_on, tested_by=tested_by.strip()[:60],
                items=items.strip()[:200], passed=passed,
                failed_items=failed_items.strip()[:200], note=note.strip()[:200],
                recorded_at=clock.now(), recorded_by_label=actor.label[:120],
            )  # fmt: skip
            words = "合格" if passed else "不合格"
            audited(actor, "test.recorded", works.division, f"{works}水质检测{words}")
            if not passed:
                _open(actor, works, test)
    except IntegrityError:
        raise Conflict("这个单位这一天的检测已经登记。") from None
    return test


def _open(actor: Actor, works: WaterWorks, test: WaterTest) -> None:
    words = f"{test.tested_on:%Y-%m-%d} 检测不合格：{test.failed_items}"
    WaterProblem.objects.create(
        works=works, test=test, problem=words,
        found_on=test.tested_on, due_on=clock.today() + timedelta(days=kinds()["water"].days),
        history=[[clock.today().isoformat(), "检测不合格，建立问题", actor.label[:120], ""]],
    )  # fmt: skip
    audited(actor, "problem.opened", works.division, f"{works}检测不合格，建立问题")


@dataclass
class Imported:
    """What came of a workbook."""

    added: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Refused(Exception):
    """Some row is wrong: nothing of the file is kept."""


def import_works(actor: Actor, path: Path, *, name: str) -> Imported:
    """A workbook of works; one wrong row and nothing is taken, every fault is told."""
    require(actor, "localities.water")
    found = read(path, name, WORKS)
    outcome = Imported(faults=list(found.faults))
    places: dict[str, list[Division]] = {}
    for village in villages_with(actor, "localities.water").filter(valid_to=None):
        places.setdefault(village.name, []).append(village)
        places.setdefault(village.code, []).append(village)
    try:
        with transaction.atomic():
            for line in found.lines:
                _take(actor, places, line, outcome)
            if outcome.faults:
                raise _Refused
    except _Refused:
        outcome.added = outcome.unchanged = 0
        outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def _take(actor: Actor, places: dict[str, list[Division]], line: Line, outcome: Imported) -> None:
    values = dict(line.values)
    villages = []
    for word in str(values.pop("villages")).replace(",", "、").replace("，", "、").split("、"):
        match = places.get(word.strip(), [])
        if len(match) != 1:
            why = "辖区内没有" if not match else "有几个同名的村，请写区划代码："
            outcome.faults.append(Fault(line.row, "供水村", f"{why}“{word.strip()[:20]}”"))
            return
        villages += match
    try:
        with transaction.atomic():
            record_works(actor, villages=villages, **values)
    except Conflict:
        outcome.unchanged += 1
    except DomainError as error:
        outcome.faults.append(Fault(line.row, "", error.message))
    else:
        outcome.added += 1
