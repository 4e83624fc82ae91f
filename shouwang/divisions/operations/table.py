"""导入区划表: first what would be new and changed, then all of it or nothing.

A division that the table does not mention stays as it is: absence abolishes nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from shouwang.audit.operations import digest_of, record_bulk
from shouwang.core.actor import WHOLE_TREE, Actor, require
from shouwang.core.errors import DomainError

from ..levels import ORDER, parent_code
from ..models import Division
from ..reading import ReadTable, TableError, read_table
from ..rows import DivisionRow
from .changes import rename
from .making import insert


@dataclass(frozen=True)
class NameChange:
    """A division whose name in the table differs from the present one."""

    row: int
    division: Division
    name: str


@dataclass
class Preview:
    """What the table would do."""

    new: list[tuple[int, DivisionRow]] = field(default_factory=list)
    renamed: list[NameChange] = field(default_factory=list)
    unchanged: int = 0
    errors: list[TableError] = field(default_factory=list)

    @property
    def can_apply(self) -> bool:
        return not self.errors and bool(self.new or self.renamed)


def preview_table(actor: Actor, path: Path, file_name: str) -> Preview:
    """Read the table and hold it against what is there; writes nothing."""
    require(actor, "divisions.manage")
    return _compare(actor, read_table(path, file_name))


@transaction.atomic
def apply_table(actor: Actor, path: Path, file_name: str, *, on: date) -> Preview:
    """Make and rename what the table says, in one step; refuses a table with any error."""
    preview = preview_table(actor, path, file_name)
    if preview.errors:
        raise DomainError(
            f"区划表还有 {len(preview.errors)} 处错误，请改正后重新上传。", "table_errors"
        )
    present = {one.code: one for one in Division.objects.current()}
    for _, row in sorted(preview.new, key=lambda pair: ORDER[pair[1].level]):
        above = row.parent or parent_code(row.code, row.level)
        present[row.code] = insert(row, present[above] if above else None)
    for change in preview.renamed:
        rename(actor, change.division, name=change.name, on=on, document=file_name)
    lines = [f"{row.code} {row.level.value} {row.name}" for _, row in preview.new]
    lines += [f"{change.division.code} {change.name}" for change in preview.renamed]
    record_bulk(
        actor,
        "divisions.imported",
        count=len(lines),
        digest=digest_of(lines),
        what="代码 级别 名称；更名为 代码 名称",
        target_type="divisions.table",
        summary=f"导入区划表：新增 {len(preview.new)} 个，更名 {len(preview.renamed)} 个",
        source=file_name,
    )
    return preview


def _compare(actor: Actor, table: ReadTable) -> Preview:
    preview = Preview(errors=list(table.errors))
    present = {one.code: one for one in Division.objects.current()}
    coming = {row.code: row for _, row in table.rows}
    for number, row in table.rows:
        existing = present.get(row.code)
        problem = _problem(actor, row, existing, present, coming)
        if problem:
            preview.errors.append(TableError(number, *problem))
        elif existing is None:
            preview.new.append((number, row))
        elif existing.name != row.name:
            preview.renamed.append(NameChange(number, existing, row.name))
        else:
            preview.unchanged += 1
    preview.errors.sort(key=lambda error: error.row)
    return preview


def _problem(
    actor: Actor,
    row: DivisionRow,
    existing: Division | None,
    present: dict[str, Division],
    coming: dict[str, DivisionRow],
) -> tuple[str, str] | None:
    if existing is not None:
        if existing.level != row.level:
            return "级别", f"现为{existing.get_level_display()}，不能改为{row.level.label}。"
        if existing.name != row.name and not actor.can_at("divisions.manage", existing.path):
            return "区划代码", "不在您的管辖范围内，不能更名。"
        return None
    above = row.parent or parent_code(row.code, row.level)
    if above is None:
        whole = actor.can_at("divisions.manage", WHOLE_TREE)
        return None if whole else ("区划代码", "新增省级须由全部区划的系统管理员办理。")
    if above not in present and above not in coming:
        return "上级代码", f"上级 {above} 既不在表中，也不在现有区划中，请补上。"
    level = coming[above].level if above in coming else present[above].level
    if ORDER[level] >= ORDER[row.level]:
        return "上级代码", f"上级 {above} 的级别不高于本行，请核对。"
    root = _known_ancestor(above, present, coming)
    reached = actor.can_at("divisions.manage", root.path if root else WHOLE_TREE)
    return None if reached else ("区划代码", "不在您的管辖范围内，不能新增。")


def _known_ancestor(
    code: str, present: dict[str, Division], coming: dict[str, DivisionRow]
) -> Division | None:
    """The lowest division above that exists already."""
    above: str | None = code
    for _ in ORDER:
        if above is None or above in present:
            break
        row = coming.get(above)
        above = (row.parent or parent_code(row.code, row.level)) if row else None
    return present.get(above) if above else None
