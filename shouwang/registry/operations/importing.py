"""档案导入: from received workbooks to the registry, whole or not at all.

`preview_import` reads and compares and changes nothing; `apply_import` does the same once more on
the kept originals (what is prepared holds ID numbers in the clear, so it is never stored) and then
writes everything in one transaction, whose last row makes the next snapshot the present one.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from shouwang.audit.operations import record
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.engine.cleaning.rejects import file_reject
from shouwang.engine.errors import FileRejected
from shouwang.engine.registry_in import PreparedRegistry, prepare_registry
from shouwang.engine.rulebook import Rulebook
from shouwang.registry import snapshots
from shouwang.registry.models import Household, Member, RegistryImport, RegistrySnapshot
from shouwang.registry.originals import fetch, workplace

from .comparison import Comparison
from .history import History
from .loading import Loading
from .new_rows import NewRows
from .places import ensure_places
from .previewing import write_preview
from .quality import check_snapshot
from .receiving import receive_import
from .staging import NextState, Staging
from .waiting_rows import Pour, waiting_rows


class Progress(Protocol):
    def step(self, done: int, total: int | None = None, message: str = "") -> None: ...


class Silent:
    """Progress of work that nobody watches."""

    def step(self, done: int, total: int | None = None, message: str = "") -> None:
        return None


def import_registry(
    actor: Actor,
    files: Sequence[tuple[Path, str]],
    export_date: date,
    *,
    note: str = "",
    progress: Progress | None = None,
) -> RegistryImport:
    """Receive, compare and apply in one go, for the command line; reads the workbooks once."""
    registry_import = receive_import(actor, files, export_date, note=note)
    return apply_import(actor, registry_import, progress=progress, straight=True)


def preview_import(
    actor: Actor, registry_import: RegistryImport, *, progress: Progress | None = None
) -> RegistryImport:
    """Compare with the present registry and keep the lists for the page; may be done again."""
    require(actor, "registry.import")
    progress = progress or Silent()
    base = snapshots.current()
    _refuse_older(registry_import, base)
    try:
        with _compared(registry_import, base, progress) as (prepared, comparison):
            progress.step(80, 100, "正在整理新增、变化和缺失的记录")
            counts = _counts(prepared, comparison)
            with workplace() as work:
                write_preview(comparison, prepared.rejects, work / "preview")
                shutil.rmtree(registry_import.folder, ignore_errors=True)
                registry_import.folder.parent.mkdir(parents=True, exist_ok=True)
                (work / "preview").rename(registry_import.folder)
    except FileRejected as problem:
        return _fail(registry_import, problem)
    done = RegistryImport.objects.filter(
        pk=registry_import.pk, state__in=("received", "ready", "failed")
    ).update(
        state=RegistryImport.State.READY,
        counts=counts,
        base_number=base.number if base else 0,
        error="",
    )
    if not done:
        raise Conflict("这次导入已经处理过，不能再比对。请刷新页面查看结果。")
    registry_import.refresh_from_db()
    return registry_import


def apply_import(
    actor: Actor,
    registry_import: RegistryImport,
    *,
    progress: Progress | None = None,
    straight: bool = False,
) -> RegistryImport:
    """Write the import to the registry; `snapshots.current()` is its result afterwards.

    Refused with Conflict when the registry changed since the preview that somebody confirmed.
    """
    require(actor, "registry.import")
    progress = progress or Silent()
    base = snapshots.current()
    if not straight:
        _require_confirmed(registry_import, base)
    _refuse_older(registry_import, base)
    try:
        with _compared(registry_import, base, progress) as (prepared, comparison):
            counts = _counts(prepared, comparison)
            _keep_rejects(registry_import, prepared.rejects)
            is_same_day = base is not None and base.export_date == registry_import.export_date
            if is_same_day and comparison.is_empty(counts):
                return _unchanged(actor, registry_import, counts)
            snapshot = _write(actor, registry_import, base, comparison, prepared, counts, progress)
    except FileRejected as problem:
        _fail(registry_import, problem)
        raise DomainError(problem.message, problem.reason) from problem
    progress.step(90, 100, "正在检查数据质量")
    check_snapshot(actor, snapshot)
    registry_import.refresh_from_db()
    return registry_import


def _require_confirmed(registry_import: RegistryImport, base: RegistrySnapshot | None) -> None:
    if registry_import.state != RegistryImport.State.READY:
        raise Conflict("这次导入不在待确认状态，可能已经入库或放弃。请刷新页面查看结果。")
    if registry_import.base_number != (base.number if base else 0):
        raise Conflict(
            "预览之后档案已被另一次导入更新，您的文件没有丢失。请重新比对，核对后再入库。"
        )


def _refuse_older(registry_import: RegistryImport, base: RegistrySnapshot | None) -> None:
    if base and registry_import.export_date < base.export_date:
        raise DomainError(
            f"这批工作簿的导出日期 {registry_import.export_date} 早于现有档案 {base.export_date}，"
            "旧数据不能覆盖新数据。请核对导出日期后重新上传。"
        )


@contextmanager
def _compared(
    registry_import: RegistryImport, base: RegistrySnapshot | None, progress: Progress
) -> Iterator[tuple[PreparedRegistry, Comparison]]:
    """The kept workbooks read, cleaned and laid beside the present registry."""
    with workplace() as work:
        sources, repeated = _sources(registry_import, work)
        progress.step(5, 100, "正在读取工作簿")
        prepared = prepare_registry(
            sources,
            rulebook=Rulebook.load(),
            export_date=registry_import.export_date,
            hasher=crypto.provider(),
        )
        prepared.rejects = pa.concat_tables([*repeated, prepared.rejects])
        progress.step(50, 100, "正在与现有档案比对")
        comparison = Comparison(
            prepared,
            base.path if base else None,
            export_date=registry_import.export_date,
            hasher=crypto.provider(),
            spill=work / "spill",
        )
        try:
            yield prepared, comparison
        finally:
            comparison.close()


def _sources(
    registry_import: RegistryImport, work: Path
) -> tuple[list[tuple[Path, str]], list[pa.Table]]:
    """The workbooks in the clear, and a rejected line for each that repeats an earlier one."""
    sources: list[tuple[Path, str]] = []
    repeated: list[pa.Table] = []
    seen: dict[str, str] = {}
    for number, file in enumerate(registry_import.files.all()):
        if file.sha256 in seen:
            line = file_reject("duplicate_file", f"与“{seen[file.sha256]}”内容完全相同。")
            repeated.append(line.add_column(0, "file", pa.array([file.name], pa.string())))
            continue
        seen[file.sha256] = file.name
        ending = Path(file.name).suffix[:10]
        sources.append((fetch(file.sha256, work / f"{number}{ending}"), file.name))
    return sources, repeated


def _counts(prepared: PreparedRegistry, comparison: Comparison) -> dict[str, int]:
    return comparison.counts() | {"rejected": prepared.rejects.num_rows}


def _keep_rejects(registry_import: RegistryImport, rejects: pa.Table) -> None:
    """What was rejected stays with the import, whatever becomes of it."""
    registry_import.folder.mkdir(parents=True, exist_ok=True)
    draft = registry_import.folder / f"rejects.{os.getpid()}.new"
    pq.write_table(rejects, draft, compression="zstd")
    draft.replace(registry_import.folder / "rejects.parquet")


def _fail(registry_import: RegistryImport, problem: FileRejected) -> RegistryImport:
    """No workbook could be used: each is a rejected file."""
    lines = [
        file_reject(problem.reason, problem.message).add_column(
            0, "file", pa.array([file.name], pa.string())
        )
        for file in registry_import.files.all()
    ]
    _keep_rejects(registry_import, pa.concat_tables(lines))
    RegistryImport.objects.filter(pk=registry_import.pk).update(
        state=RegistryImport.State.FAILED, error=problem.message
    )
    registry_import.refresh_from_db()
    return registry_import


def _unchanged(
    actor: Actor, registry_import: RegistryImport, counts: dict[str, int]
) -> RegistryImport:
    """The same content again: said and recorded, nothing written to the registry."""
    with transaction.atomic():
        _decide(actor, registry_import, RegistryImport.State.UNCHANGED, counts)
        _audit(actor, registry_import, "registry.unchanged", "内容与现有档案一致，没有改动")
    registry_import.refresh_from_db()
    return registry_import


def _decide(
    actor: Actor, registry_import: RegistryImport, state: str, counts: dict[str, int]
) -> None:
    done = RegistryImport.objects.filter(
        pk=registry_import.pk, state__in=("received", "ready", "failed")
    ).update(
        state=state,
        counts=counts,
        error="",
        decided_at=clock.now(),
        decided_by_label=actor.label[:80],
    )
    if not done:
        raise Conflict("这次导入已经处理过，不能再次入库。请刷新页面查看结果。")


def _audit(actor: Actor, registry_import: RegistryImport, action: str, summary: str) -> None:
    record(
        actor,
        action,
        target_type="registry_import",
        target_id=str(registry_import.pk),
        summary=f"{registry_import}：{summary}",
    )


def _write(
    actor: Actor,
    registry_import: RegistryImport,
    base: RegistrySnapshot | None,
    comparison: Comparison,
    prepared: PreparedRegistry,
    counts: dict[str, int],
    progress: Progress,
) -> RegistrySnapshot:
    """All rows in one transaction, which ends when the snapshot lies on disk as well."""
    progress.step(60, 100, "正在准备新记录")
    staging = Staging(
        comparison,
        last_household=Household.objects.aggregate(last=Max("pk"))["last"] or 0,
        last_member=Member.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    number = (base.number if base else 0) + 1
    key = f"{number:06d}-{registry_import.uuid}"
    target = Path(settings.SHOUWANG_DATA_DIR) / "registry" / key
    _sweep(target.parent)
    state = staging.next_state()
    snapshot = RegistrySnapshot(
        number=number,
        key=key,
        export_date=registry_import.export_date,
        created_at=clock.now(),
        registry_import=registry_import,
        household_count=state.households.num_rows,
        member_count=state.persons.num_rows,
    )
    files: dict[str, int] = dict(registry_import.files.values_list("name", "pk"))
    try:
        with ThreadPoolExecutor(max_workers=1) as beside, ExitStack() as around:
            written = beside.submit(place_snapshot, state, prepared.rejects, target)
            pour = around.enter_context(waiting_rows(NewRows(staging, files=files)))
            around.enter_context(transaction.atomic())
            snapshot.save()  # whoever comes second on the same state is stopped here
            _load(actor, registry_import, staging, files, pour, progress)
            _decide(actor, registry_import, RegistryImport.State.APPLIED, counts)
            _audit(actor, registry_import, "registry.imported", _summary(counts))
            written.result()
    except IntegrityError as problem:
        if snapshots.current() != base:
            raise Conflict(
                "另一次导入刚刚先入库了，您的文件没有丢失。请重新比对，核对后再入库。"
            ) from problem
        raise
    return snapshot


def place_snapshot(state: NextState, rejects: pa.Table, target: Path) -> None:
    """The snapshot appears under its name in one step; without its row nobody reads it."""
    with workplace() as work:
        draft = work / "snapshot"
        draft.mkdir()
        state.write(draft)
        pq.write_table(rejects, draft / "rejects.parquet", compression="zstd")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)


def _sweep(folder: Path) -> None:
    """Remove folders whose import never came to its end; one still under way has a later number."""
    folder.mkdir(parents=True, exist_ok=True)
    known = dict(RegistrySnapshot.objects.values_list("key", "number"))
    last = max(known.values(), default=0)
    for left in folder.iterdir():
        number = left.name.split("-")[0]
        if left.name not in known and number.isdigit() and int(number) <= last:
            shutil.rmtree(left, ignore_errors=True)


def _load(
    actor: Actor,
    registry_import: RegistryImport,
    staging: Staging,
    files: Mapping[str, int],
    pour: Pour,
    progress: Progress,
) -> None:
    places = ensure_places(actor, staging.comparison)
    loading = Loading(staging, registry_import, files=files, places=places)
    history = History(staging, registry_import, files=files, now=clock.now())
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("正在写入新记录", partial(pour, places)),
        ("正在写入变更历史", history.write),
        ("正在更新变化的栏目", loading.changed_values),
        ("正在标记未出现的记录", loading.absences),
        ("正在收尾", loading.reset_sequences),
    )
    for number, (message, run) in enumerate(steps):
        progress.step(65 + 5 * number, 100, message)
        run()


def _summary(counts: dict[str, int]) -> str:
    return (
        f"新增 {counts['households_new']} 户 {counts['persons_new']} 人，"
        f"变化 {counts['households_changed']} 户 {counts['persons_changed']} 人，"
        f"未出现 {counts['households_gone']} 户 {counts['persons_gone']} 人，"
        f"退回 {counts['rejected']} 行"
    )
