"""补正的去处: which version a workbook of rejected rows corrects, by the mark hidden inside it."""

import re
import uuid
from dataclasses import dataclass

from shouwang.core.actor import Actor

from ..models import BatchState, FeedBatch
from ..wording import version_label
from .access import may
from .batches import batches_visible_to, versions_of
from .provenance import chain_of

MARK = re.compile(r"shouwang:([0-9a-f-]{36}):([0-9]{1,4})")


@dataclass(frozen=True)
class Target:
    """The version that counts now and takes the corrected rows, or why none does."""

    present: FeedBatch | None
    problem: str = ""


def mark_of(batch: FeedBatch) -> str:
    """What a workbook of this batch's rejected rows carries hidden inside it."""
    return f"shouwang:{batch.uuid}:{batch.version}"


def marked_batch(mark: str) -> str:
    """The batch number in a mark; empty where the mark is none of ours."""
    found = MARK.fullmatch(mark)
    try:
        return str(uuid.UUID(found[1])) if found else ""
    except ValueError:
        return ""


def target_of(actor: Actor, number: str) -> Target:
    """Where the rows of a marked workbook belong now, for this sender."""
    batch = batches_visible_to(actor, "feeds.upload").filter(uuid=number).first()
    if batch is None:
        return Target(None, "这份退回工作簿不是您部门或本县的批次的，不能在这里补正。")
    return target_for(actor, batch)


def target_for(actor: Actor, batch: FeedBatch) -> Target:
    """The present version, if it is this batch or was made from it by corrections alone."""
    if not may(actor, "feeds.upload", batch.division, batch.department):
        return Target(None, "您不能补正这一批次。")
    while batch.state == BatchState.REJECTED and batch.corrects is not None:
        batch = batch.corrects  # a correction that came to nothing belongs to what it corrected
    present = versions_of(batch).filter(state=BatchState.ACCEPTED).first()
    own = version_label(batch)
    if present is None:
        return Target(None, f"{own}现在没有采用，没有可以补入的批次。请上传完整的表格。")
    if any(one.pk == batch.pk for one in chain_of(present)):
        return Target(present)
    return Target(
        None,
        f"这是{own}的退回工作簿，现在采用的是{version_label(present)}，它不是由这一版补正来的。"
        f"请打开{version_label(present)}，下载它的退回工作簿再改。",
    )
