"""对接的操作: take in exports of the national system, compare them, order workbooks to upload."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.cases.models import Case
from shouwang.core import clock, export_files
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.masking import mask_text
from shouwang.core.models import Export as ExportFile
from shouwang.registry import originals
from shouwang.registry.models import Household
from shouwang.screening.queries import rulebook_in_force

from .comparing import Found, compare
from .contract import contract
from .models import Comparison, Difference, Problem
from .own import own_side
from .reading import Export, read_export

MOST_PROBLEMS = 5_000
SHORTEST_REASON = 4
Progress = Callable[[int, int | None, str], None]
COLUMNS = (
    "comparison", "kind", "division_path", "town", "village", "household_no", "head_name",
    "case_number", "person_name", "field", "national", "own", "file", "row",
)  # fmt: skip


def receive_export(
    actor: Actor, files: Sequence[tuple[Path, str]], export_date: date, *, note: str = ""
) -> Comparison:
    """Keep the workbooks encrypted; the comparison itself runs in the background."""
    require(actor, "exchange.compare")
    if not files:
        raise DomainError("请选择国家系统导出的工作簿。", "no_files")
    if export_date > clock.today():
        raise DomainError("导出日期不能晚于今天。", "export_date")
    scope = actor.scopes_with("exchange.compare")[0]
    kept = [{"name": name[:200], "sha256": originals.keep(path)} for path, name in files]
    with transaction.atomic():
        made = Comparison.objects.create(
            export_date=export_date,
            note=mask_text(" ".join(note.split()))[:200],
            division_path=scope.division_path,
            files=kept,
            received_at=clock.now(),
            received_by_label=actor.label[:120],
        )
        record(
            actor, "exchange.received", target_type="exchange.Comparison",
            target_id=str(made.uuid), division_path=made.division_path,
            summary=f"上传国家系统导出表 {len(kept)} 个，导出日期 {export_date}",
        )  # fmt: skip
    return made


def compare_export(actor: Actor, comparison: Comparison, progress: Progress) -> Comparison:
    """Read the kept workbooks and write down every difference; done again it replaces the first."""
    require(actor, "exchange.compare", comparison.division_path)
    progress(0, 4, "正在读取工作簿")
    with originals.workplace() as work:
        sources = [
            (originals.fetch(file["sha256"], work / f"file-{at}"), file["name"])
            for at, file in enumerate(comparison.files)
        ]
        export = read_export(sources, rulebook_in_force())
    progress(1, 4, "正在读取本平台的个案")
    own = own_side(
        Household.objects.visible_to(actor, "exchange.compare"),
        Case.objects.visible_to(actor, "exchange.compare"),
        export.households,
        step=lambda done: progress(1, 4, f"正在读取本平台的个案，已读 {done:,} 户"),
    )
    progress(2, 4, "正在逐项比对")
    found = list(compare(export, own, contract()))
    progress(3, 4, f"正在保存 {len(found):,} 条差异")
    return _write(actor, comparison, export, found)


@transaction.atomic
def _write(
    actor: Actor, comparison: Comparison, export: Export, found: Sequence[Found]
) -> Comparison:
    held = Comparison.objects.select_for_update().get(pk=comparison.pk)
    held.differences.all().delete()
    held.problems.all().delete()
    copy_rows(Difference, COLUMNS, (_row(held, one) for one in found))
    Problem.objects.bulk_create(
        (
            Problem(
                comparison=held, file=one.file[:200], sheet=one.sheet[:60], row=one.row,
                column=one.column[:80], sentence=mask_text(one.sentence)[:300],
            )
            for one in export.troubles[:MOST_PROBLEMS]
        ),
        batch_size=500,
    )  # fmt: skip
    usable = bool(export.households)
    held.state = Comparison.State.DONE if usable else Comparison.State.FAILED
    held.error = "" if usable else "没有一行可以使用，请看问题行。"
    held.compared_at = clock.now()
    held.counts = {
        "households": len(export.households),
        "people": export.rows,
        "problems": len(export.troubles),
        "by_kind": dict(Counter(one.kind for one in found)),
        "disagreeing": len({one.number for one in found}),
    }
    held.save(update_fields=["state", "error", "compared_at", "counts"])
    record(
        actor, "exchange.compared", target_type="exchange.Comparison",
        target_id=str(held.uuid), division_path=held.division_path,
        summary=f"比对国家系统导出表：{len(export.households)} 户，差异 {len(found)} 条",
    )  # fmt: skip
    return held


def _row(comparison: Comparison, one: Found) -> tuple[object, ...]:
    here = one.household
    return (
        comparison.pk, one.kind, here.path if here else comparison.division_path,
        (here.town if here else "")[:60], (here.village if here else "")[:60],
        mask_text(one.number)[:120], mask_text(here.head_name if here else one.head_name)[:60],
        here.case if here else "", mask_text(one.person)[:60],
        contract().label(one.field)[:40] if one.field else "",
        mask_text(one.national)[:300], mask_text(one.own)[:300], one.file[:200], one.row,
    )  # fmt: skip


def order_workbook(
    actor: Actor,
    kind: str,
    start: date,
    end: date,
    *,
    full: bool = False,
    reason: str = "",
    missing_only: bool = False,
) -> ExportFile:
    """Order a workbook in the national columns; it is made in the background, audited there."""
    require(actor, "exchange.export")
    chosen = contract().exports.get(kind)
    if chosen is None:
        raise NotFound("没有这种上报表。")
    if start > end:
        raise DomainError("起始日期不能晚于截止日期。", "period")
    reason = mask_text(" ".join(reason.split()))[:200]
    if full and len(reason) < SHORTEST_REASON:
        raise DomainError("导出完整证件号码和电话须写明理由（至少 4 个字）。", "reason")
    details = {
        "kind": kind, "start": start.isoformat(), "end": end.isoformat(), "full": full,
        "reason": reason, "missing_only": missing_only,
    }  # fmt: skip
    name = f"{chosen.title}-{start:%Y%m%d}-{end:%Y%m%d}.xlsx"
    return export_files.order(
        actor, title=f"{chosen.title}上报表", name=name, kind="xlsx", right="exchange.export",
        details=details,
    )  # fmt: skip
