"""新增区划: one division below an existing one."""

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import WHOLE_TREE, Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..levels import ORDER, full_code, parent_code
from ..models import Division
from ..pinyin import spelling
from ..rows import DivisionRow


@transaction.atomic
def create(actor: Actor, row: DivisionRow) -> Division:
    """One new division below an existing one (a province: below nothing)."""
    parent = _parent_of(row)
    require(actor, "divisions.manage", parent.path if parent else WHOLE_TREE)
    division = insert(row, parent)
    record(
        actor,
        "divisions.created",
        target_type="divisions.division",
        target_id=str(division.pk),
        division_path=division.path,
        summary=f"新增{division.get_level_display()}区划 {division.name}（{division.code}）",
    )
    return division


def insert(row: DivisionRow, parent: Division | None) -> Division:
    """The row itself; the callers check rights and write the log."""
    if Division.objects.current().filter(code=row.code).exists():
        raise Conflict(f"代码 {row.code} 已被现有区划使用，请核对。", "code_taken")
    if parent is not None and ORDER[parent.level] >= ORDER[row.level]:
        raise DomainError(
            f"{row.name}（{row.level.label}）不能设在{parent.name}"
            f"（{parent.get_level_display()}）之下，请核对代码和级别。",
            "wrong_level",
        )
    pinyin, initials = spelling(row.name)
    division = Division.objects.create(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=parent,
        path="",
        valid_from=row.valid_from,
        pinyin=pinyin,
        initials=initials,
    )
    division.path = f"{parent.path if parent else WHOLE_TREE}{division.pk}/"
    division.save(update_fields=["path"])
    return division


def _parent_of(row: DivisionRow) -> Division | None:
    code = full_code(row.parent) if row.parent else parent_code(row.code, row.level)
    if code is None:
        return None
    parent = Division.objects.current().filter(code=code).first()
    if parent is None:
        raise DomainError(
            f"{row.name}（{row.code}）的上级 {code} 还没有，请先新增上级。", "parent_missing"
        )
    return parent
