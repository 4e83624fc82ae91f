"""新增区划: one by one, or the villages (with town and county) that a registry file names."""

from collections.abc import Iterable

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import WHOLE_TREE, Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..levels import ORDER, USED_DIGITS, Level, full_code, level_of, parent_code
from ..models import Division
from ..pinyin import spelling
from ..rows import DivisionRow, VillageRow


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


@transaction.atomic
def ensure_villages(actor: Actor, rows: Iterable[VillageRow]) -> dict[str, Division]:
    """The divisions of these village codes, made with their ancestors where they are missing.

    A level above whose name no file tells is called by its code until a table names it. Codes that
    are no village codes are left out of the answer.
    """
    require(actor, "divisions.manage")
    wanted = {row.code: row for row in rows if level_of(row.code) is Level.VILLAGE}
    known = _current(wanted)
    made: list[Division] = []
    for code, row in sorted(wanted.items()):
        if code not in known:
            _make_chain(actor, row, known, made)
    if made:
        record(
            actor,
            "divisions.created",
            target_type="divisions.division",
            division_path=made[0].path,
            summary=f"按档案新增 {len(made)} 个区划",
            changes={"codes": [None, [division.code for division in made[:500]]]},
        )
    return {code: known[code] for code in wanted}


def _current(codes: Iterable[str]) -> dict[str, Division]:
    """Every present division by code; a county has some thousands of them."""
    wanted = set(codes)
    towns = {parent_code(code, Level.VILLAGE) for code in wanted}
    prefixes = {code[:6] for code in wanted}
    above = {full_code(prefix[:digits]) for prefix in prefixes for digits in (2, 4, 6)}
    needed = wanted | {code for code in towns if code} | above
    return {
        division.code: division
        for division in Division.objects.current()
        if division.code in needed
    }


def _make_chain(
    actor: Actor, row: VillageRow, known: dict[str, Division], made: list[Division]
) -> None:
    names = {Level.VILLAGE: row.name, Level.TOWN: row.town, Level.COUNTY: row.county}
    parent: Division | None = None
    for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWN, Level.VILLAGE):
        code = full_code(row.code[: USED_DIGITS[level]])
        if code not in known:
            if parent is not None:
                require(actor, "divisions.manage", parent.path)
            name = names.get(level) or f"{level.label}区划{code[:6]}"
            known[code] = insert(DivisionRow(code, name, level), parent)
            made.append(known[code])
        parent = known[code]


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
