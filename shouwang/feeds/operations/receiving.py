"""收文: keep the original, recognise what was sent before, and make the batch it is to become.

The rule: a file byte-identical to an earlier one of the same feed and period changes nothing and is
recorded as `duplicate_file`; the very same delivery given twice (a folder imported again) is not
even recorded twice.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.masking import mask_text
from shouwang.divisions.models import Division

from .. import preparing, storage
from ..models import LIVE, BatchState, FeedBatch, FeedFile
from ..queries.access import county_for, permit

NAME_LENGTH = 1000
VERSION_LIMIT = 9999
BRIEF = 120
YEARS = (1990, 2100)


@dataclass(frozen=True)
class Delivery:
    """What the sender says about a file."""

    feed: str
    period_start: date
    period_end: date
    version: int
    received_at: datetime
    note: str


def receive_file(
    actor: Actor,
    path: Path,
    *,
    feed: str,
    period_start: date,
    period_end: date,
    version: int = 1,
    received_at: date | datetime | None = None,
    note: str = "",
    file_name: str | None = None,
    division: Division | None = None,
) -> FeedBatch:
    """Record one file with what it is said to be; the batch is then `received` or `rejected`."""
    county = division or county_for(actor, "feeds.upload")
    said = _delivery(feed, period_start, period_end, version, received_at, note)
    permit(actor, "feeds.upload", county, department_of(feed))
    check_size(path.stat().st_size)
    name = shown_name(file_name or path.name)
    sha256, size = storage.fingerprint(path)
    known = _same_delivery(county, said, name, sha256)
    if known is not None:
        return known
    storage.keep_original(path, sha256)
    file = FeedFile(
        file_name=name,
        sha256=sha256,
        size=size,
        division=county,
        uploaded_by_id=actor.account_id,
        uploaded_by_label=actor.label,
        uploaded_at=clock.now(),
    )
    return deliver(actor, file, said)


def stage_file(actor: Actor, path: Path, *, file_name: str, proposal: dict[str, Any]) -> FeedFile:
    """Keep an uploaded file until its sender has confirmed what it is."""
    county = county_for(actor, "feeds.upload")
    check_size(path.stat().st_size)
    sha256, size = storage.fingerprint(path)
    storage.keep_original(path, sha256)
    return FeedFile.objects.create(
        file_name=shown_name(file_name),
        sha256=sha256,
        size=size,
        division=county,
        uploaded_by_id=actor.account_id,
        uploaded_by_label=actor.label,
        uploaded_at=clock.now(),
        proposal=proposal,
    )


def complete_proposal(file: FeedFile, proposal: dict[str, Any]) -> None:
    """What opening a large file told, unless its sender has decided meanwhile."""
    with transaction.atomic():
        current = FeedFile.objects.select_for_update().filter(pk=file.pk).first()
        if current is not None and current.proposal.get("pending"):
            FeedFile.objects.filter(pk=file.pk).update(proposal=proposal)


def send_staged(
    actor: Actor,
    file: FeedFile,
    *,
    feed: str,
    period_start: date,
    period_end: date,
    version: int,
    note: str = "",
) -> FeedBatch:
    """The sender confirmed an uploaded file: make its batch."""
    said = _delivery(feed, period_start, period_end, version, None, note)
    permit(actor, "feeds.upload", file.division, department_of(feed))
    return deliver(actor, file, said)


def discard_file(actor: Actor, file: FeedFile) -> None:
    """Remove an uploaded file that was never confirmed; a sweep takes its original later."""
    with transaction.atomic():
        waiting = FeedFile.objects.filter(
            pk=file.pk, uploaded_by_id=actor.account_id, batches__isnull=True
        )
        if not waiting.exists():
            raise Conflict("这份文件已经确认导入，不能再移除；需要撤回请打开它的批次。")
        FeedFile.objects.filter(pk=file.pk).delete()


def deliver(
    actor: Actor, file: FeedFile, said: Delivery, *, corrects: FeedBatch | None = None
) -> FeedBatch:
    """Make the batch of a file; `corrects` is the version whose rejected rows it holds."""
    with transaction.atomic():
        # one sender at a time for a county: of two who send the same, the second is told
        Division.objects.select_for_update().get(pk=file.division_id)
        if file.pk and file.batches.exists():
            raise Conflict("这份文件已经确认过了，请在批次列表中查看。")
        if corrects is not None:
            said = replace(said, version=_following(corrects))
        twin = _twin(file, said)
        if twin is None:
            _refuse_taken_version(file, said)
        if file.pk is None:
            file.save()
        batch = FeedBatch.objects.create(
            file=file,
            division_id=file.division_id,
            feed=said.feed,
            department=department_of(said.feed),
            period_start=said.period_start,
            period_end=said.period_end,
            version=said.version,
            received_at=said.received_at,
            note=said.note,
            corrects=corrects,
            state=BatchState.RECEIVED if twin is None else BatchState.REJECTED,
            reason="" if twin is None else "duplicate_file",
            message="" if twin is None else _twin_sentence(twin),
        )
        record(
            actor,
            "feeds.file_received" if twin is None else "feeds.file_duplicate",
            target_type="feeds.FeedBatch",
            target_id=str(batch.uuid),
            division_path=file.division.path,
            summary=f"收到{title_of(said.feed)}（{said.period_start}至{said.period_end}，"
            f"第{said.version}版）：{brief(file.file_name)}",
        )
    return batch


def _following(corrects: FeedBatch) -> int:
    """The version after the one that is corrected; nobody else may be making it just now."""
    live = FeedBatch.objects.filter(
        division_id=corrects.division_id,
        feed=corrects.feed,
        period_start=corrects.period_start,
        period_end=corrects.period_end,
        state__in=LIVE,
    )
    present = live.filter(state=BatchState.ACCEPTED).first()
    newest = max(live.values_list("version", flat=True), default=0)
    if present is None or present.pk != corrects.pk:
        raise Conflict(f"第{corrects.version}版已不是现在采用的版本，没有补正。请刷新页面再试。")
    if newest > corrects.version:
        raise Conflict(f"第{newest}版正在导入，请等它结束后再补正。")
    return newest + 1


def _twin(file: FeedFile, said: Delivery) -> FeedBatch | None:
    """The earlier batch of the same feed and period with the same bytes; an empty file has none."""
    if file.size == 0:
        return None
    return (
        FeedBatch.objects.filter(
            division_id=file.division_id,
            feed=said.feed,
            period_start=said.period_start,
            period_end=said.period_end,
            file__sha256=file.sha256,
            state__in=LIVE,
        )
        .select_related("file")
        .order_by("received_at", "file__file_name")
        .first()
    )


def _twin_sentence(twin: FeedBatch) -> str:
    return (
        f"与{timezone.localtime(twin.received_at).date()}收到的“{twin.file_name}”"
        f"（第{twin.version}版）内容完全相同，没有重复导入，数据没有变化。"
    )


def _refuse_taken_version(file: FeedFile, said: Delivery) -> None:
    live = FeedBatch.objects.filter(
        division_id=file.division_id,
        feed=said.feed,
        period_start=said.period_start,
        period_end=said.period_end,
        state__in=LIVE,
    )
    taken = live.filter(version=said.version).select_related("file").first()
    if taken is None:
        return
    following = max(live.values_list("version", flat=True)) + 1
    raise Conflict(
        f"{title_of(said.feed)}（{said.period_start}至{said.period_end}）的第{said.version}版"
        f"已由{taken.file.uploaded_by_label or '他人'}报送（{taken.file_name}）。"
        f"如果这是更正，请把版本改为{following}后再导入。",
        code="version_taken",
    )


def _same_delivery(county: Division, said: Delivery, name: str, sha256: str) -> FeedBatch | None:
    return (
        FeedBatch.objects.filter(
            division=county,
            feed=said.feed,
            period_start=said.period_start,
            period_end=said.period_end,
            version=said.version,
            received_at=said.received_at,
            file__file_name=name,
            file__sha256=sha256,
        )
        .exclude(state=BatchState.WITHDRAWN)
        .first()
    )


def _delivery(
    feed: str,
    period_start: date,
    period_end: date,
    version: int,
    received_at: date | datetime | None,
    note: str,
) -> Delivery:
    if feed not in preparing.rulebook().feeds:
        raise DomainError("没有这种部门数据，请从列表中选择数据种类。", code="unknown_feed")
    if period_start.year < YEARS[0] or period_end.year > YEARS[1]:
        raise DomainError(
            f"期间应在{YEARS[0]}年至{YEARS[1]}年之间，请核对年份。", code="period_out_of_range"
        )
    if period_start > period_end:
        raise DomainError("期间起不能晚于期间止，请改正日期。", code="period_order")
    if not 1 <= version <= VERSION_LIMIT:
        raise DomainError(f"版本应是1至{VERSION_LIMIT}的整数。", code="bad_version")
    return Delivery(feed, period_start, period_end, version, _instant(received_at), note[:500])


def _instant(given: date | datetime | None) -> datetime:
    if given is None:
        return clock.now()
    if not isinstance(given, datetime):
        given = datetime.combine(given, time())
    return timezone.make_aware(given) if timezone.is_naive(given) else given


def shown_name(given: str) -> str:
    """A name that is safe to show: without control and direction characters, of bearable length."""
    kept = "".join(
        char for char in given if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ).strip()
    return kept[-NAME_LENGTH:] or "未命名文件"


def brief(name: str) -> str:
    """A file name for a sentence in the log: short, without what looks like a person's number."""
    masked = mask_text(name)
    return masked if len(masked) <= BRIEF else f"…{masked[-BRIEF:]}"


def check_size(size: int) -> None:
    limit = int(settings.SHOUWANG_MAX_UPLOAD_MB)
    if size > limit * 1024 * 1024:
        raise DomainError(
            f"文件有{size / 1024 / 1024:.0f} MB，超过上限{limit} MB。"
            "请按乡镇或月份拆分后分别报送，或删去与数据无关的图片和工作表。",
            code="file_too_large",
        )


def department_of(feed: str) -> str:
    return str(preparing.rulebook().feeds[feed].department)


def title_of(feed: str) -> str:
    return str(preparing.rulebook().feeds[feed].title)
