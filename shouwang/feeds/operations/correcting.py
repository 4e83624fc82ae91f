"""补正: rejected rows that a department corrected come in beside the accepted ones.

A new version is made of all accepted rows of the present one and the corrected rows; the present
one is superseded and counts again when the new one is withdrawn.
"""

from pathlib import Path

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict
from shouwang.engine.errors import FileRejected
from shouwang.engine.reading import open_file
from shouwang.engine.workbook_mark import read_mark

from .. import storage
from ..models import FeedBatch, FeedFile
from ..preparing import rulebook
from ..queries.access import permit
from ..queries.corrections import marked_batch, target_for, target_of
from ..wording import version_label
from .receiving import Delivery, check_size, deliver, shown_name

QUICKLY_OPENED = 20 * 1024 * 1024


def receive_correction(actor: Actor, batch: FeedBatch, path: Path, *, file_name: str) -> FeedBatch:
    """The corrected rows of a batch as a file; what it becomes waits to be imported."""
    permit(actor, "feeds.upload", batch.division, batch.department)
    check_size(path.stat().st_size)
    present = _present(actor, batch)
    _refuse_of_another(actor, path, present)
    sha256, size = storage.fingerprint(path)
    storage.keep_original(path, sha256)
    file = FeedFile(
        file_name=shown_name(file_name),
        sha256=sha256,
        size=size,
        division=batch.division,
        uploaded_by_id=actor.account_id,
        uploaded_by_label=actor.label,
        uploaded_at=clock.now(),
    )
    return deliver(actor, file, _said(present), corrects=present)


def send_correction(actor: Actor, file: FeedFile) -> FeedBatch:
    """The sender confirmed an uploaded workbook that was recognised as rejected rows corrected."""
    target = target_of(actor, file.proposal.get("corrects", ""))
    if target.present is None:
        raise Conflict(target.problem)
    return deliver(actor, file, _said(target.present), corrects=target.present)


def treat_as_whole(actor: Actor, file: FeedFile) -> None:
    """The sender says himself what a file is: it is the whole table, or recognition takes long."""
    with transaction.atomic():
        waiting = FeedFile.objects.select_for_update().filter(uploaded_by_id=actor.account_id)
        current = waiting.filter(pk=file.pk).first()
        if current is None or current.batches.exists():
            raise Conflict("这份文件已经确认导入，请在批次列表中查看。")
        proposal = current.proposal | {"corrects": "", "pending": False}
        FeedFile.objects.filter(pk=file.pk).update(proposal=proposal)


def mark_in(path: Path) -> str:
    """The batch that a file says it corrects; of a large file only its properties are asked."""
    if path.stat().st_size > QUICKLY_OPENED:
        return marked_batch(read_mark(path))
    try:
        return marked_batch(read_mark(path, open_file(path, rulebook().conventions.limits)))
    except FileRejected:
        return ""


def _present(actor: Actor, batch: FeedBatch) -> FeedBatch:
    target = target_for(actor, batch)
    if target.present is None:
        raise Conflict(target.problem)
    return target.present


def _refuse_of_another(actor: Actor, path: Path, present: FeedBatch) -> None:
    """A workbook that says it belongs elsewhere is not taken for this batch."""
    number = mark_in(path)
    if not number:
        return
    target = target_of(actor, number)
    if target.present is None:
        raise Conflict(target.problem)
    if target.present.pk != present.pk:
        raise Conflict("这是另一批次的退回工作簿。请在“上传”页面上传，系统会找到它所属的批次。")


def _said(present: FeedBatch) -> Delivery:
    return Delivery(
        present.feed,
        present.period_start,
        present.period_end,
        present.version + 1,
        clock.now(),
        f"补正{version_label(present)}退回的行",
    )
