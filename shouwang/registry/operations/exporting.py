"""导出整本档案 (export): audited before a row leaves; several workbooks where one would not do."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from shouwang.audit.operations import record
from shouwang.core import export_files
from shouwang.core.actor import Actor, require
from shouwang.core.clock import today
from shouwang.core.errors import DomainError
from shouwang.core.masking import mask_text
from shouwang.core.models import Export
from shouwang.divisions.models import Division
from shouwang.registry import snapshots
from shouwang.registry.exporting import MOST_MEMBERS, present, write_workbook
from shouwang.registry.models import Household, Member
from shouwang.registry.originals import workplace
from shouwang.registry.querysets import HouseholdQuerySet

from .revealing import SHORTEST_REASON

AT_ONCE = 3_000
"""Households that are written while the person waits."""
Progress = Callable[[int, int | None, str], None]


def export_registry(
    actor: Actor,
    division: Division,
    *,
    full: bool = False,
    reason: str = "",
    progress: Progress | None = None,
) -> tuple[IO[bytes], str]:
    """The two sheets for a division subtree, as an open file that vanishes when closed."""
    households, reason = asked_for(actor, division, full=full, reason=reason)
    snapshot = snapshots.current()
    record(
        actor,
        "registry.exported",
        target_type="division",
        target_id=division.code,
        division_path=division.path,
        summary=f"导出{division.name}农户档案 {households.count()} 户，"
        + (f"含完整号码，理由：{mask_text(reason)}" if full else "号码已脱敏"),
    )
    title = f"农户档案（{division.name}）　{snapshot}　导出人：{actor.label}"
    handle = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with workplace() as work:
        if progress:
            progress(0, None, "正在写工作簿")
        paths = _workbooks(work, households, title=title, full=full)
        if len(paths) == 1:
            handle.write(paths[0].read_bytes())
        else:
            with zipfile.ZipFile(handle, "w", zipfile.ZIP_STORED) as archive:
                for path in paths:
                    archive.write(path, path.name)
    handle.seek(0)
    return handle, ".xlsx" if len(paths) == 1 else ".zip"


def asked_for(
    actor: Actor, division: Division, *, full: bool, reason: str
) -> tuple[HouseholdQuerySet, str]:
    """The households of an export that may be made, and its reason tidied; refused otherwise."""
    require(actor, "registry.export", division.path)
    if snapshots.current() is None:
        raise DomainError("还没有档案可以导出，请先导入。")
    reason = " ".join(reason.split())[:200]
    if full and len(reason) < SHORTEST_REASON:
        raise DomainError("导出完整证件号码须写明理由（至少 4 个字）。")
    households = Household.objects.visible_to(actor, "registry.export").filter(
        village__path__startswith=division.path
    )
    return households, reason


def order_export(actor: Actor, division: Division, *, full: bool, reason: str) -> Export | None:
    """An export to be made in the background; nothing where it is small enough to be made at once.

    It is audited when it is made, before a row leaves.
    """
    households, reason = asked_for(actor, division, full=full, reason=reason)
    if households.count() <= AT_ONCE:
        return None
    name = f"农户档案-{division.name}-{today():%Y%m%d}.xlsx"
    details = {"division": division.pk, "full": full, "reason": reason}
    return export_files.order(
        actor, title=f"{division.name}农户档案", name=name, kind="xlsx", right="registry.export",
        details=details,
    )  # fmt: skip


def _workbooks(work: Path, households: HouseholdQuerySet, *, title: str, full: bool) -> list[Path]:
    """One workbook, or one for each town where there are too many people for one."""
    people = Member.objects.filter(present(), household__in=households.values("pk")).count()
    if people <= MOST_MEMBERS:
        path = work / "registry.xlsx"
        write_workbook(path, households, title=title, full=full)
        return [path]
    paths = []
    towns = households.order_by("village__parent__code").values_list(
        "village__parent__code", flat=True
    )
    for number, town in enumerate(towns.distinct(), 1):
        path = work / f"{number:03d}-{town}.xlsx"
        write_workbook(path, households.filter(village__parent__code=town), title=title, full=full)
        paths.append(path)
    return paths
