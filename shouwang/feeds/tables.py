"""部门数据的表格: one definition of the batch list for page, export and print."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from shouwang.core.tables import Column, DateColumn, NameColumn, NumberColumn, PillColumn, Table

from . import wording
from .models import BatchState, FeedBatch
from .operations.receiving import title_of
from .periods import Period
from .states import TONES


class BatchTable(Table):
    """批次列表."""

    feed = NameColumn(verbose_name="数据")
    department = Column(verbose_name="部门")
    period_end = Column(verbose_name="期间")
    version = NumberColumn(verbose_name="版本")
    state = PillColumn(verbose_name="状态", tones=TONES)
    row_count = NumberColumn(verbose_name="采用（行）")
    rejected_count = NumberColumn(verbose_name="退回（行）")
    linked_count = NumberColumn(verbose_name="已关联")
    received_at = DateColumn(verbose_name="收到日期")
    file_name = Column(verbose_name="文件名", accessor="file__file_name")
    uploaded_by = Column(verbose_name="报送人", accessor="file__uploaded_by_label")
    message = Column(verbose_name="处理结果", orderable=False)

    class Meta:
        model = FeedBatch
        fields = (
            "feed",
            "department",
            "period_end",
            "version",
            "state",
            "row_count",
            "rejected_count",
            "linked_count",
            "received_at",
            "file_name",
            "uploaded_by",
            "message",
        )
        order_by = ("-period_end", "feed")

    unit = "个批次"
    default_columns = (
        "feed",
        "department",
        "period_end",
        "version",
        "state",
        "row_count",
        "rejected_count",
        "linked_count",
    )
    card_columns = ("feed", "period_end", "state")
    sums = ("row_count", "rejected_count")

    def row_url(self, record: FeedBatch) -> str:
        return reverse("feeds:batch", args=[record.uuid])

    def render_feed(self, record: FeedBatch) -> str:
        return format_html('<a href="{}">{}</a>', self.row_url(record), title_of(record.feed))

    def value_feed(self, record: FeedBatch) -> str:
        return title_of(record.feed)

    def render_period_end(self, record: FeedBatch) -> str:
        return Period(record.period_start, record.period_end).label

    def value_period_end(self, record: FeedBatch) -> str:
        return Period(record.period_start, record.period_end).label

    def render_linked_count(self, record: FeedBatch) -> str:
        return share_of(record)

    def value_linked_count(self, record: FeedBatch) -> Any:
        return record.linked_count

    def render_received_at(self, record: FeedBatch) -> str:
        return f"{timezone.localtime(record.received_at).date():%Y-%m-%d}"

    def render_message(self, record: FeedBatch) -> str:
        if record.state == BatchState.WITHDRAWN:
            return f"撤回理由：{record.withdrawn_reason}"
        return record.message or wording.word(record.reason).label


def share_of(batch: FeedBatch) -> str:
    """Which part of the rows found its person, with one decimal; — where there are no rows."""
    if not batch.row_count or batch.linked_count is None:
        return "—"
    return f"{Decimal(batch.linked_count * 100) / batch.row_count:.1f}%"
