"""部门数据的表格: one definition of the batch list for page, export and print."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from shouwang.core.components import pill
from shouwang.core.tables import Column, DateColumn, NameColumn, NumberColumn, PillColumn, Table

from . import wording
from .models import BatchState, FeedBatch
from .operations.receiving import title_of
from .periods import Period
from .queries.doubtful import DoubtfulRow
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


class DoubtfulTable(Table):
    """未关联的行; the people whom a row may be about are for the eye and leave with no export."""

    name = NameColumn(verbose_name="姓名")
    reason = PillColumn(verbose_name="原因")
    number = Column(
        verbose_name="证件号码", empty_values=(), attrs={"td": {"class": "masked-number"}}
    )
    birth_date = DateColumn(verbose_name="出生日期")
    village = Column(verbose_name="所在村")
    feed = Column(verbose_name="数据和期间", accessor="batch__feed")
    line = Column(verbose_name="文件和行")
    suggestions = Column(
        verbose_name="可能是（只供核对）", exclude_from_export=True, empty_values=((), None)
    )

    class Meta:
        orderable = False

    unit = "行"
    card_columns = ("name", "reason", "number", "feed", "suggestions")

    def row_url(self, record: DoubtfulRow) -> str:
        rows = reverse("feeds:batch-rows", args=[record.batch.uuid])
        return f"{rows}?only={record.reason}"

    def render_reason(self, record: DoubtfulRow) -> Any:
        tone = "near" if record.reason in ("name_conflict", "ambiguous") else "idle"
        label = wording.word(record.reason).label
        return pill(tone, label)

    def value_reason(self, record: DoubtfulRow) -> str:
        return wording.word(record.reason).label

    def render_number(self, record: DoubtfulRow) -> str:
        if record.reason == "id_missing":
            return "—"
        return record.number or "见原件"

    def render_feed(self, record: DoubtfulRow) -> str:
        period = Period(record.batch.period_start, record.batch.period_end)
        return f"{title_of(record.batch.feed)} {period.label}"

    def render_line(self, record: DoubtfulRow) -> str:
        return format_html(
            '<span class="file-line">{} <b>第{}行</b></span>', record.file_name, record.line
        )

    def value_line(self, record: DoubtfulRow) -> str:
        return f"{record.file_name} 第{record.line}行"

    def render_suggestions(self, record: DoubtfulRow) -> str:
        found = format_html_join(
            "",
            '<span class="maybe"><a href="{}">{}</a> {} <small>{}</small></span>',
            (
                (household_url(one.household_no), one.name, one.village, one.why)
                for one in record.suggestions
            ),
        )
        return format_html("<span>{}</span>", found)


def household_url(household_no: str) -> str:
    return reverse("registry:household", args=[household_no])


def share_of(batch: FeedBatch) -> str:
    """Which part of the rows found its person, with one decimal; — where there are no rows."""
    if not batch.row_count or batch.linked_count is None:
        return "—"
    return f"{Decimal(batch.linked_count * 100) / batch.row_count:.1f}%"
