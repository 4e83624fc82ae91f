"""指标定义的办理: made, corrected and ended; every change is in the log with the old words."""

import re
from copy import copy
from datetime import date
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import Definition
from ..naming import checked, no_circle
from ..states import Comparison, Source

CODE = re.compile(r"[^\W\d]\w{0,39}")
EDITABLE = (
    "number", "name", "unit", "value_type", "direction", "attribute", "comparison", "upper_level",
    "base_year", "rule_below", "rule_above", "level", "place_class", "scope_words", "rhythm",
    "due_days", "source", "reporter", "formula", "department", "spread", "accumulates",
    "is_red_line", "tags", "requirement", "parent",
)  # fmt: skip


def make_definition(
    actor: Actor, *, division: Division, code: str, name: str, **values: Any
) -> Definition:
    """A new indicator of a county."""
    require_here(actor, "indicators.manage", division.path)
    if not CODE.fullmatch(code):
        raise DomainError(
            "代码由文字、数字和下划线组成，不能以数字开头，最多 40 个字。", code="code"
        )
    if Definition.objects.filter(division=division, code=code).exists():
        raise DomainError(f"已经有代码是“{code}”的指标，请换一个。", code="code")
    made = Definition(
        division=division, code=code, name=name.strip()[:120], made_at=clock.now(),
        made_by_label=actor.label[:120],
        **{"valid_from": date(clock.today().year, 1, 1), **values},
    )  # fmt: skip
    _sound(made)
    with transaction.atomic():
        made.save()
        _audit(actor, made, "made", f"建立指标 {made.name}")
    return made


def edit_definition(
    actor: Actor, definition: Definition, *, version: int, **values: Any
) -> Definition:
    """Correct a definition; values that were computed before keep the formula of their time."""
    require_here(actor, "indicators.manage", definition.division.path)
    if unknown := set(values) - set(EDITABLE):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    changes = {
        key: [str(getattr(definition, key)), str(value)]
        for key, value in values.items()
        if getattr(definition, key) != value
    }
    draft = copy(definition)
    for key, value in values.items():
        setattr(draft, key, value)
    _sound(draft)
    with transaction.atomic():
        found = Definition.objects.filter(pk=definition.pk, version=version)
        if not found.update(**values, version=version + 1):
            raise Conflict("这个指标刚被别人改过，请刷新页面核对后再保存。")
        _audit(actor, definition, "edited", f"修改指标 {definition.name}", changes)
    definition.refresh_from_db()
    return definition


def end_definition(actor: Actor, definition: Definition, *, on: date, version: int) -> Definition:
    """The indicator is not asked any more from the next day on; its values stay."""
    require_here(actor, "indicators.manage", definition.division.path)
    if on < definition.valid_from:
        raise DomainError("停用日期早于启用日期，请核对。", code="on")
    with transaction.atomic():
        found = Definition.objects.filter(pk=definition.pk, version=version)
        if not found.update(valid_to=on, version=version + 1):
            raise Conflict("这个指标刚被别人改过，请刷新页面核对后再保存。")
        _audit(actor, definition, "ended", f"停用指标 {definition.name}")
    definition.refresh_from_db()
    return definition


def _sound(definition: Definition) -> None:
    if not definition.name.strip():
        raise DomainError("请填写指标名称。", code="name")
    if definition.source == Source.FORMULA:
        path = definition.division.path
        tree = checked(definition.formula, path, definition.unit)
        no_circle(definition.code, tree, path)
    if definition.comparison == Comparison.CONDITIONAL:
        if not definition.base_year or not definition.rule_below or not definition.rule_above:
            raise DomainError(
                "按基期分档的指标要写明基期年，以及低于和不低于上级时各是什么要求。",
                code="base_year",
            )
        if Comparison.CONDITIONAL in (definition.rule_below, definition.rule_above):
            raise DomainError("分档以后的要求不能再分档。", code="rule_below")
    parent = definition.parent
    if parent is not None and (parent.pk == definition.pk or parent.parent_id):
        raise DomainError("上级指标不能是自己，也不能是“其中”项。", code="parent")


def _audit(
    actor: Actor,
    definition: Definition,
    action: str,
    summary: str,
    changes: dict[str, Any] | None = None,
) -> None:
    audit(
        actor,
        f"indicators.definition.{action}",
        target_type="indicators.definition",
        target_id=str(definition.pk),
        division_path=definition.division.path,
        summary=summary,
        changes=changes,
    )
