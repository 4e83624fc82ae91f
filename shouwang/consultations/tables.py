"""Tables of the consultations room: one definition for page, export and print."""

from typing import Any

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table

from .models import Comment, Consultation
from .states import DECISION_TONES

WRAP = {"td": {"class": "wrap"}}


class ConsultationTable(Table):
    """One row a consultation."""

    title = NameColumn(verbose_name="标题")
    drafter = Column(verbose_name="起草单位")
    audience = Column(verbose_name="征求谁的意见", accessor="get_audience_display")
    opens_on = DateColumn(verbose_name="开始")
    closes_on = DateColumn(verbose_name="截止")
    state = PillColumn(verbose_name="状态")
    comments = Column(verbose_name="意见", accessor="said")
    left = Column(verbose_name="待研究", accessor="left")

    unit = "次"
    default_columns = (
        "title", "drafter", "opens_on", "closes_on", "state", "comments", "left"
    )  # fmt: skip
    card_columns = ("title", "state", "closes_on")

    class Meta:
        model = Consultation
        fields = (
            "title", "drafter", "audience", "opens_on", "closes_on", "state", "comments", "left"
        )  # fmt: skip

    def render_state(self, record: Any) -> Any:
        return pill(*record.state_on(clock.today()))

    def value_state(self, record: Any) -> str:
        return str(record.state_on(clock.today())[1])


class CommentTable(Table):
    """One row a comment; no names and telephones."""

    text = NameColumn(verbose_name="意见", attrs=WRAP)
    article = Column(verbose_name="针对")
    channel = Column(verbose_name="来源", accessor="get_channel_display", order_by="channel")
    unit = Column(verbose_name="单位")
    received_at = DateColumn(verbose_name="收到")
    decision = PillColumn(verbose_name="采纳情况")
    reason = Column(verbose_name="理由", attrs=WRAP)
    change = Column(verbose_name="怎样修改", attrs=WRAP)
    receipt = Column(verbose_name="受理号")

    default_columns = (
        "text", "article", "channel", "unit", "received_at", "decision", "reason"
    )  # fmt: skip
    card_columns = ("text", "decision", "article")

    class Meta:
        model = Comment
        fields = (
            "text", "article", "channel", "unit", "received_at", "decision", "reason", "change",
            "receipt",
        )  # fmt: skip

    def render_decision(self, record: Any) -> Any:
        return pill(DECISION_TONES[record.decision], self.value_decision(record))

    def value_decision(self, record: Any) -> str:
        same = f"（同 {record.same_as.receipt}）" if record.same_as_id else ""
        return f"{record.get_decision_display()}{same}"
