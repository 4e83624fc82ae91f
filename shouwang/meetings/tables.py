"""Table of meetings: one definition for page, export and print."""

from shouwang.core.tables import Column, DateColumn, NameColumn, NumberColumn, PillColumn, Table

from .models import Meeting

WRAP = {"td": {"class": "wrap"}}


class MeetingTable(Table):
    """One row a record."""

    title = NameColumn(verbose_name="主题")
    held_on = DateColumn(verbose_name="日期")
    kind = Column(verbose_name="类别", attrs={"td": {"class": "date"}})
    who = Column(verbose_name="召开单位", accessor="body_name", order_by=("division__code",))
    town = Column(verbose_name="上级", accessor="division__parent__name")
    place = Column(verbose_name="地点")
    chair = Column(verbose_name="主持人")
    attendance = NumberColumn(verbose_name="参加", unit="人")
    minutes = Column(verbose_name="研究内容和决定", attrs=WRAP)
    state = PillColumn(
        verbose_name="状态", accessor="voided_by_label", tones={"": "done"}, orderable=False
    )
    recorded_by_label = Column(verbose_name="登记人")

    default_columns = ("title", "held_on", "kind", "who", "attendance", "minutes", "state")
    card_columns = ("title", "held_on", "who")

    class Meta:
        model = Meeting
        fields = (
            "title", "held_on", "kind", "who", "town", "place", "chair", "attendance", "minutes",
            "state", "recorded_by_label",
        )  # fmt: skip

    def render_state(self, record: Meeting) -> str:
        return self.value_state(record)

    def value_state(self, record: Meeting) -> str:
        return "已作废" if record.voided_at else "有效"
