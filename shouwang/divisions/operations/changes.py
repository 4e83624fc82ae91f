"""更名、撤并、拆分、代码变更: what happens to divisions, with the day and the document.

Records stay with the division they were written for. An abolished division is hung below its
successor, so that the successor's people reach them; after a split they stay with the parent until
they are moved.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..levels import Level
from ..models import Division, FormerName, Succession
from ..pinyin import spelling
from ..rows import DivisionRow
from .making import insert


@transaction.atomic
def rename(
    actor: Actor, division: Division, *, name: str, on: date, document: str = ""
) -> Division:
    """A new name from a day on; the old one is kept and still found."""
    require(actor, "divisions.manage", division.path)
    name, old = name.strip(), division.name
    if not name:
        raise DomainError("请填写新名称。", "bad_name")
    if name == old:
        raise DomainError("新名称与现名称相同，不必更名。", "same_name")
    pinyin, initials = spelling(name)
    changed = Division.objects.filter(pk=division.pk, name=old, valid_to=None).update(
        name=name, pinyin=pinyin, initials=initials
    )
    if not changed:
        raise Conflict
    FormerName.objects.create(division=division, name=old, valid_to=on - timedelta(days=1))
    division.refresh_from_db()
    _note(actor, division, "divisions.renamed", f"{old} 更名为 {name}", document, name=[old, name])
    return division


@transaction.atomic
def merge(
    actor: Actor,
    predecessors: Sequence[Division],
    successor: Division,
    *,
    on: date,
    document: str = "",
) -> Division:
    """Several divisions end on the eve of `on` and go into one that exists."""
    require(actor, "divisions.manage", successor.path)
    _require_current(successor)
    for division in predecessors:
        require(actor, "divisions.manage", division.path)
        if division.pk == successor.pk:
            raise DomainError("撤并后的区划不能是被撤的区划之一，请重新选择。", "same_division")
        if successor.path.startswith(division.path):
            raise DomainError(
                f"{successor.name} 在 {division.name} 之下，不能并入，请重新选择。", "wrong_place"
            )
        if division.level != successor.level:
            raise DomainError(
                f"{division.name} 与 {successor.name} 级别不同，不能撤并。", "wrong_level"
            )
        _end(division, on, successor)
        _link(division, successor, Succession.Kind.MERGE, on, document)
        _hand_over(division, successor)
        _note(
            actor,
            division,
            "divisions.merged",
            f"{division.name} 并入 {successor.name}",
            document,
            valid_to=[None, _eve(on).isoformat()],
            successor=[None, successor.code],
        )
    return successor


@transaction.atomic
def split(
    actor: Actor,
    division: Division,
    parts: Sequence[DivisionRow],
    *,
    on: date,
    document: str = "",
    ends: bool = True,
) -> list[Division]:
    """New divisions out of one, which ends unless it keeps the rest (`ends=False`)."""
    require(actor, "divisions.manage", division.path)
    _require_current(division)
    if len(parts) < (2 if ends else 1):
        raise DomainError("拆分后至少要有两个区划，请补充。", "too_few_parts")
    if ends:
        _end(division, on, None)
    made = []
    for part in parts:
        if part.level != division.level:
            raise DomainError(f"{part.name} 须与 {division.name} 同级，请核对代码。", "wrong_level")
        fresh = insert(
            DivisionRow(part.code, part.name, part.level, part.parent, on), division.parent
        )
        _link(division, fresh, Succession.Kind.SPLIT, on, document)
        made.append(fresh)
    names = "、".join(part.name for part in made)
    _note(
        actor,
        division,
        "divisions.split",
        f"{division.name} 拆分出 {names}",
        document,
        parts=[None, [part.code for part in made]],
    )
    return made


@transaction.atomic
def recode(
    actor: Actor, division: Division, *, code: str, on: date, document: str = ""
) -> Division:
    """The same place under a new code: a new division takes over, with all that lies below."""
    require(actor, "divisions.manage", division.path)
    _require_current(division)
    _end(division, on, None)
    fresh = insert(
        DivisionRow(code, division.name, Level(division.level), valid_from=on), division.parent
    )
    Division.objects.filter(pk=division.pk).update(successor=fresh)
    _link(division, fresh, Succession.Kind.RECODE, on, document)
    division.refresh_from_db()
    _hand_over(division, fresh)
    _note(
        actor,
        fresh,
        "divisions.recoded",
        f"{division.name} 的代码由 {division.code} 改为 {code}",
        document,
        code=[division.code, code],
    )
    return fresh


def _eve(on: date) -> date:
    return on - timedelta(days=1)


def _require_current(division: Division) -> None:
    if not division.is_current:
        raise Conflict(f"{division.name} 已经撤销，请刷新页面。")


def _end(division: Division, on: date, successor: Division | None) -> None:
    if division.valid_from is not None and division.valid_from > _eve(on):
        raise DomainError(f"{division.name} 在这一天还没有设立，请核对日期。", "wrong_date")
    ended = Division.objects.filter(pk=division.pk, valid_to=None).update(
        valid_to=_eve(on), successor=successor
    )
    if not ended:
        raise Conflict(f"{division.name} 已经撤销，请刷新页面。")
    division.refresh_from_db()


def _link(old: Division, new: Division, kind: Succession.Kind, on: date, document: str) -> None:
    Succession.objects.create(
        predecessor=old, successor=new, kind=kind, on=on, document=document.strip()
    )


def _hand_over(division: Division, successor: Division) -> None:
    """What lay directly below goes on directly below the successor; the old one hangs beside it."""
    for child in division.children.current():
        _move_below(child, successor)
    _move_below(division, successor)


def _move_below(division: Division, parent: Division) -> None:
    """Hang a subtree below another division; the paths of all below follow in one statement."""
    old, new = division.path, f"{parent.path}{division.pk}/"
    Division.objects.filter(pk=division.pk).update(parent=parent)
    Division.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1))
    )
    division.refresh_from_db()


def _note(
    actor: Actor,
    division: Division,
    action: str,
    summary: str,
    document: str,
    **changes: list[object],
) -> None:
    record(
        actor,
        action,
        target_type="divisions.division",
        target_id=str(division.pk),
        division_path=division.path,
        summary=summary,
        changes=dict(changes),
        source=document.strip() or None,
    )
