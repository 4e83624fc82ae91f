"""村级问题的登记: what was found, what is planned; one register of many kinds."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.accounts.models import Department
from shouwang.cases.operations.writing import moment, next_numbers
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.masking import mask_text
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from ..models import Disaster, PlaceProblem, PlaceStep
from ..place_kinds import Kind, book
from ..states import CHANGEABLE, SIGNED
from .water import audited

WORDS = 2000
MOST = Decimal("999999999")
EARLIEST = date(1990, 1, 1)


class Known(Conflict):
    """The same thing stands in the register and is not settled yet."""


def clean(words: object, length: int = WORDS) -> str:
    """Plain words without control characters; personal numbers are masked."""
    plain = "".join(mark for mark in str(words or "") if mark >= " " or mark in "\n\t")
    return mask_text(plain.strip())[:length]


def record_problem(
    actor: Actor, kind: Kind, village: Division, *, disaster: Disaster | None = None, **given: Any
) -> PlaceProblem:
    """Enter a problem; its limit follows from the kind of problem unless one is given.

    Raises Known where the same thing is on the list, and Conflict where it was signed off: then it
    came back and its own record is opened again.
    """
    require(actor, "localities.places", village.path)
    if village.level != Level.VILLAGE or village.valid_to is not None:
        raise DomainError("请选择现有的行政村。", code="division")
    values = found_values(kind, given)
    if kind.has_event and disaster is None:
        raise DomainError("请选择灾害事件；还没有的先登记事件。", code="disaster")
    if disaster is not None:
        _struck(disaster, village, values["found_on"])
    identity = _identity(kind, village, values, disaster)
    _is_new(identity, kind)
    values["due_on"] = values["found_on"] + timedelta(days=kind.subjects[values["subject"]].days)
    values |= planned_values(kind, given, values["found_on"], values["due_on"])
    prefix = f"{village.code[:6]}-{kind.number}-{clock.today().year}"
    try:
        with transaction.atomic():
            made = PlaceProblem.objects.create(
                number=f"{prefix}-{next_numbers(prefix)[0]:04d}", kind=kind.key, division=village,
                disaster=disaster if kind.has_event else None, identity=identity,
                recorded_at=clock.now(), recorded_by_label=actor.label[:120], **values,
            )  # fmt: skip
            trace(actor, made, "登记")
    except IntegrityError:
        raise Known(f"这个{kind.noun}已经登记过。") from None
    return made


def found_values(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was found, checked; missing numbers stay missing."""
    today = clock.today()
    if given.get("subject") not in kind.subjects:
        raise DomainError("请从列表中选择问题类型。", code="subject")
    if not clean(given.get("name")):
        raise DomainError(f"请填写{kind.name_label}。", code="name")
    found_on = given.get("found_on")
    if not isinstance(found_on, date) or not EARLIEST <= found_on <= today:
        raise DomainError(f"{kind.found_label}不能晚于今天，也不能早于 1990 年。", code="found_on")
    if given.get("channel") not in book().channels:
        raise DomainError("请从列表中选择发现渠道。", code="channel")
    quantity, unit = number(given, "quantity"), str(given.get("unit") or "")
    if quantity is not None and unit not in kind.units:
        raise DomainError(f"填了{kind.quantity_label}，请选择单位。", code="unit")
    return {
        "subject": given["subject"], "name": clean(given["name"], 80), "found_on": found_on,
        "place": clean(given.get("place"), 120), "channel": given["channel"],
        "found_by": clean(given.get("found_by"), 60), "text": clean(given.get("text")),
        "quantity": quantity, "unit": unit if quantity is not None else "",
        "households": number(given, "households"),
        "loss": number(given, "loss") if kind.loss_label else None,
        "details": _details(kind, given),
    }  # fmt: skip


def number(given: Mapping[str, Any], key: str) -> Any:
    value = given.get(key)
    if value is not None and not 0 <= value <= MOST:
        raise DomainError("数字应在 0 至 999999999 之间，请核对单位。", code=key)
    return value


def _details(kind: Kind, given: Mapping[str, Any]) -> dict[str, str | int]:
    """The kind's own columns; decimals are kept as they were written."""
    found: dict[str, str | int] = {}
    for detail in kind.details:
        value = given.get(detail.key)
        if value in (None, ""):
            continue
        if detail.type == "choice" and value not in detail.choices:
            raise DomainError(f"请从列表中选择{detail.label}。", code=detail.key)
        if detail.type in ("whole", "decimal"):
            assert value is not None
            if not 0 <= value <= detail.most:
                raise DomainError(f"{detail.label}应在 0 至 {detail.most} 之间。", code=detail.key)
            found[detail.key] = int(value) if detail.type == "whole" else f"{value:f}"
        else:
            found[detail.key] = clean(value, detail.max)
    return found


def planned_values(
    kind: Kind, given: Mapping[str, Any], found_on: date, usual: date
) -> dict[str, Any]:
    """Measure, plan, who answers for it, until when; no limit given means the usual one."""
    measure, plan = str(given.get("measure") or ""), str(given.get("plan") or "unlisted")
    if measure and measure not in kind.measures:
        raise DomainError("请从列表中选择措施。", code="measure")
    if plan not in book().plans:
        raise DomainError("请从列表中选择计划状态。", code="plan")
    year = given.get("plan_year")
    if plan == "listed" and not year:
        raise DomainError("已列计划的，请填写计划年度。", code="plan_year")
    if year and not 2000 <= year <= 2100:
        raise DomainError("计划年度应写成四位数，例如 2026。", code="plan_year")
    due_on = given.get("due_on") or usual
    if due_on < found_on or due_on.year > found_on.year + 20:
        raise DomainError(f"完成期限不能早于{kind.found_label}，也不能太远。", code="due_on")
    department = given.get("department")
    assert department is None or isinstance(department, Department)
    return {
        "measure": measure, "plan": plan, "plan_year": year if plan == "listed" else None,
        "department": department, "responsible": clean(given.get("responsible"), 40),
        "money": number(given, "money"), "due_on": due_on,
    }  # fmt: skip


def _struck(disaster: Disaster, village: Division, found_on: date) -> None:
    if not village.path.startswith(disaster.division.path):
        raise DomainError("这个村不在这次灾害的范围里，请核对。", code="disaster")
    if found_on < disaster.began_on:
        raise DomainError("发现日期早于灾害开始日期，请核对。", code="found_on")


def _identity(
    kind: Kind, village: Division, values: Mapping[str, Any], disaster: Disaster | None
) -> str:
    parts = (
        kind.key, village.pk, values["subject"], "".join(values["name"].split()),
        "".join(values["place"].split()), disaster.pk if disaster else "",
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def _is_new(identity: str, kind: Kind, but: int = 0) -> None:
    same = PlaceProblem.objects.exclude(pk=but).exclude(state="mistaken").filter(identity=identity)
    found = same.first()
    if found is None:
        return
    if found.state in SIGNED:
        raise Conflict(
            f"同一处已在 {found.signed_on:%Y-%m-%d} 销号（{found.number}），"
            "再次出现请在原记录上办理“问题反弹”。"
        )
    raise Known(f"这个{kind.noun}已经登记过（{found.number}），请在原记录上办理。")


def change_problem(
    actor: Actor, problem: PlaceProblem, *, version: int, **given: Any
) -> PlaceProblem:
    """Put right what was found; the village and the event stay."""
    require(actor, "localities.places", problem.division.path)
    _still_open(problem)
    kind = problem.register
    values = found_values(kind, given)
    if problem.disaster is not None:
        _struck(problem.disaster, problem.division, values["found_on"])
    if problem.due_on < values["found_on"]:
        raise DomainError(f"{kind.found_label}晚于完成期限，请先改期限。", code="found_on")
    identity = _identity(kind, problem.division, values, problem.disaster)
    _is_new(identity, kind, problem.pk)
    return write(actor, problem, version, "修改情况", "", **values, identity=identity)


def plan_problem(
    actor: Actor, problem: PlaceProblem, *, version: int, **given: Any
) -> PlaceProblem:
    """Note or change measure, plan, department, money and limit."""
    require(actor, "localities.places", problem.division.path)
    _still_open(problem)
    values = planned_values(problem.register, given, problem.found_on, problem.due_on)
    moved = values["due_on"] != problem.due_on
    note = f"期限 {problem.due_on} 改为 {values['due_on']}" if moved else ""
    return write(actor, problem, version, "登记措施", note, **values)


def _still_open(problem: PlaceProblem) -> None:
    if problem.state not in CHANGEABLE:
        raise Conflict(f"现在是“{problem.state_label}”，不能修改；退回或反弹后再改。")


def write(
    actor: Actor, problem: PlaceProblem, version: int, label: str, note: str, **values: Any
) -> PlaceProblem:
    """Only one of two people at the same time goes on; the other is told who was faster."""
    with transaction.atomic():
        found = PlaceProblem.objects.filter(pk=problem.pk, version=version)
        try:
            with transaction.atomic():
                changed = found.update(**values, version=version + 1)
        except IntegrityError:
            raise Known("这一处已经登记过，请核对名称和位置。") from None
        if not changed:
            raise too_late(problem)
        problem.refresh_from_db()
        trace(actor, problem, label, note)
    return problem


def too_late(problem: PlaceProblem) -> Conflict:
    last = problem.steps.last()
    told = f"{last.by_label}已在 {moment(last.at)} 办理“{last.label}”，" if last else ""
    return Conflict(f"{told}您的操作没有保存，请刷新页面核对后再办理。")


def trace(actor: Actor, problem: PlaceProblem, label: str, note: str = "") -> None:
    PlaceStep.objects.create(
        problem=problem, label=label, note=note, at=clock.now(), by_label=actor.label[:120]
    )
    audited(actor, "place.step", problem.division, f"{problem.number} {problem.name}：{label}")
