"""部门数据页面的框架: the person behind a request, and the tabs that the pages share."""

import re
from datetime import date

from django.urls import reverse

from shouwang.core.components import Tab

from .. import periods
from ..models import BatchState, FeedBatch


def month_of(text: str) -> date | None:
    """The end of a month given as 2026-06; anything else is not a month."""
    found = re.fullmatch(r"(2\d{3})-(0[1-9]|1[0-2])", text)
    return periods.month_end(int(found.group(1)), int(found.group(2))) if found else None


def sections(current: str) -> list[Tab]:
    return [
        Tab("各月完整性", reverse("feeds:list"), is_current=current == "list"),
        Tab("全部批次", reverse("feeds:batches"), is_current=current == "batches"),
        Tab("未关联的行", reverse("feeds:doubtful"), is_current=current == "doubtful"),
    ]


def batch_tabs(batch: FeedBatch, current: str) -> list[Tab]:
    """The pages of one batch; rows exist only once it was imported."""
    number = [batch.uuid]
    tabs = [Tab("概况", reverse("feeds:batch", args=number), is_current=current == "batch")]
    if batch.directory:
        tabs += [
            Tab(
                "数据行",
                reverse("feeds:batch-rows", args=number),
                batch.row_count,
                current == "rows",
            ),
            Tab(
                "退回行",
                reverse("feeds:batch-rejects", args=number),
                batch.rejected_count,
                current == "rejects",
            ),
        ]
    history = reverse("feeds:batch-history", args=number)
    return [*tabs, Tab("操作记录", history, is_current=current == "history")]


def is_working(batch: FeedBatch) -> bool:
    return batch.state in {BatchState.RECEIVED, BatchState.IMPORTING}
