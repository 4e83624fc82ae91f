"""Tables of casework: one definition for page, export and print."""

from typing import Any

from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.components import pill
from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)

from .conditions import months_between
from .models import AssetHit, Case, ComparisonRequest, Notice, Objection, RegisteredClue
from .pages.timing import timing
from .states import JudgementConclusion, RequestState

CLUE_TONES = {"received": "near", "attached": "going", "closed": "done"}
REQUEST_TONES = {"open": "near", "answered": "done", "waived": "idle"}
ONE_LINE = {"td": {"class": "date"}}


class DueColumn(DateColumn):
    """应办日期 with what is left of it; a date in the export."""

    css = "state"

    def render(self, value: Any) -> Any:
        found = timing(value, clock.today())
        assert found is not None
        return pill(found.tone, found.words)


class StateColumn(PillColumn):
    """A state of the case's own state table."""

    def render(self, value: Any, record: Any, bound_column: Any) -> Any:
        return pill(record.state_tone, record.state_label)

    def value(self, value: Any, record: Any = None) -> Any:
        return record.state_label


class ClueTable(Table):
    """登记线索: one row each."""

    subject = NameColumn(
        verbose_name="对象", accessor="pk", order_by=("household__head_name", "subject_name")
    )
    household_no = Column(verbose_name="户编号", accessor="household__household_no", default="")
    town = Column(verbose_name="乡镇", accessor="village__parent__name", attrs=ONE_LINE)
    village = Column(
        verbose_name="村", accessor="village__name", order_by="village__code", attrs=ONE_LINE
    )
    channel = Column(verbose_name="渠道", attrs=ONE_LINE)
    risks = Column(verbose_name="风险", accessor="risks", orderable=False)
    text = Column(verbose_name="反映内容")
    department = Column(verbose_name="来源部门")
    emergency = Column(verbose_name="突发事件")
    times = NumberColumn(verbose_name="出现次数", unit="次")
    received_on = DateColumn(verbose_name="收到日期")
    due_on = DueColumn(verbose_name="期限")
    state = PillColumn(verbose_name="状态", tones=CLUE_TONES)
    conclusion = Column(verbose_name="结论")
    case = Column(verbose_name="个案", accessor="case__number", attrs=ONE_LINE)
    registered_by_label = Column(verbose_name="登记人")
    registered_at = MomentColumn(verbose_name="登记时间")

    unit = "条"
    default_columns = (
        "subject", "village", "channel", "risks", "received_on", "due_on", "state", "conclusion",
    )  # fmt: skip
    card_columns = ("subject", "risks", "due_on", "state")

    def row_url(self, record: RegisteredClue) -> str:
        return reverse("cases:clue", args=[record.uuid])

    def render_subject(self, record: RegisteredClue) -> Any:
        return NameColumn.render(self.columns["subject"].column, str(record), record, self)

    def value_subject(self, record: RegisteredClue) -> str:
        return str(record)

    def render_risks(self, record: RegisteredClue) -> str:
        return "、".join(record.risk_labels) or "—"

    def render_text(self, value: str) -> str:
        return value if len(value) <= 40 else f"{value[:40]}……"

    def value_text(self, value: str) -> str:
        return value

    def render_state(self, record: RegisteredClue) -> Any:
        tone = CLUE_TONES.get(record.state, "idle")
        return pill(tone, record.state_label)

    def value_state(self, record: RegisteredClue) -> str:
        return record.state_label


class CaseTable(Table):
    """个案: one row a round of a household."""

    household = NameColumn(
        verbose_name="农户", order_by=("household__head_name", "household__household_no")
    )
    number = Column(verbose_name="个案编号", attrs=ONE_LINE)
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name", attrs=ONE_LINE)
    village = Column(
        verbose_name="村", accessor="village__name", order_by="village__code", attrs=ONE_LINE
    )
    class_label = Column(verbose_name="类别", accessor="class_label", order_by="class_key")
    risks = Column(verbose_name="风险", accessor="pk", orderable=False)
    state = StateColumn(verbose_name="状态")
    due_on = DueColumn(verbose_name="本环节期限")
    deadline_on = DueColumn(verbose_name="全程期限")
    clock_started_on = DateColumn(verbose_name="线索日期")
    entered_on = DateColumn(verbose_name="进入本环节")
    identified_on = DateColumn(verbose_name="识别日期")
    resolved_on = DateColumn(verbose_name="消除日期")
    resolution_way = Column(verbose_name="消除方式")
    is_green = Column(verbose_name="绿色通道")
    round = NumberColumn(verbose_name="轮次")
    regime = Column(verbose_name="制度")

    unit = "户"
    default_columns = (
        "household", "number", "town", "village", "class_label", "risks", "state", "due_on",
    )  # fmt: skip
    card_columns: tuple[str, ...] = ("household", "village", "state", "due_on")

    def row_url(self, record: Case) -> str:
        return reverse("cases:case", args=[record.number])

    def render_risks(self, record: Case) -> str:
        return "、".join(risk.label for risk in record.risks.all()) or "—"

    def render_is_green(self, value: bool) -> str:
        return "是" if value else "否"


class LongTable(CaseTable):
    """长期未消除的户: how long, and whether it was judged since its last mark."""

    months = NumberColumn(
        verbose_name="已监测", unit="个月", accessor="identified_on", order_by="-identified_on"
    )
    judged = PillColumn(verbose_name="逐户研判", accessor="pk", order_by="judged_on")
    judged_on = DateColumn(verbose_name="最近研判")

    default_columns = (
        "household", "village", "class_label", "risks", "identified_on", "months", "judged",
        "state",
    )  # fmt: skip
    card_columns = ("household", "months", "judged")

    class Meta(CaseTable.Meta):
        sequence = ("household", "months", "judged", "judged_on", "...")

    def row_url(self, record: Case) -> str:
        return f"{reverse('cases:case', args=[record.number])}?tab=exit"

    def render_months(self, value: Any) -> int:
        return months_between(value, clock.today())

    value_months = render_months

    def render_judged(self, record: Any) -> Any:
        return pill("done" if record.is_judged else "late", self.value_judged(record))

    def value_judged(self, record: Any) -> str:
        if record.is_judged:
            return str(JudgementConclusion(record.judged_as).label)
        return "待重新研判" if record.judged_on else "待研判"


class RequestTable(Table):
    """比对要求: what departments are asked."""

    case = NameColumn(
        verbose_name="农户", accessor="case__household", order_by="case__household__head_name"
    )
    number = Column(verbose_name="个案编号", accessor="case__number", attrs=ONE_LINE)
    town = Column(verbose_name="乡镇", accessor="case__village__parent__name", attrs=ONE_LINE)
    village = Column(verbose_name="村", accessor="case__village__name", attrs=ONE_LINE)
    department = Column(verbose_name="部门", attrs=ONE_LINE)
    stage = Column(verbose_name="环节", accessor="get_stage_display", order_by="stage")
    items = Column(verbose_name="比对项目", orderable=False)
    requested_at = MomentColumn(verbose_name="发起时间")
    due_on = DueColumn(verbose_name="答复期限")
    state = PillColumn(verbose_name="办理情况", tones=REQUEST_TONES)
    answered_by_label = Column(verbose_name="答复人")

    unit = "项"
    default_columns = (
        "case", "number", "village", "department", "items", "due_on", "state",
    )  # fmt: skip
    card_columns = ("case", "department", "due_on", "state")

    def row_url(self, record: ComparisonRequest) -> str:
        return reverse("cases:request", args=[record.pk])

    def render_due_on(self, value: Any, record: ComparisonRequest) -> Any:
        """What is answered is not late any more, whenever that was."""
        if record.state != RequestState.OPEN:
            return formats.day(value)
        return self.columns["due_on"].column.render(value)

    def render_items(self, value: list[str]) -> str:
        from .regimes import comparison_item_label

        return "、".join(comparison_item_label(item) for item in value) or "—"

    def render_state(self, record: ComparisonRequest) -> Any:
        tone = REQUEST_TONES.get(record.state, "idle")
        return pill(tone, record.get_state_display())

    def value_state(self, record: ComparisonRequest) -> str:
        return record.get_state_display()


class NoticeTable(Table):
    """公示公告."""

    number = NameColumn(verbose_name="编号")
    kind = Column(verbose_name="类型", accessor="get_kind_display", order_by="kind")
    stage = Column(verbose_name="环节", accessor="get_stage_display", order_by="stage")
    town = Column(verbose_name="乡镇", accessor="village__parent__name", attrs=ONE_LINE)
    village = Column(verbose_name="村", accessor="village__name", attrs=ONE_LINE)
    published_on = DateColumn(verbose_name="张贴日期")
    last_day = DateColumn(verbose_name="期满日期")
    households = NumberColumn(verbose_name="户数", accessor="household_count", unit="户")
    objections = NumberColumn(verbose_name="异议", accessor="objection_count", unit="件")

    unit = "张"
    card_columns = ("number", "village", "last_day")

    def row_url(self, record: Notice) -> str:
        return reverse("cases:notice", args=[record.pk])


class HitTable(Table):
    """资产线索 that wait to be judged."""

    person_label = NameColumn(verbose_name="对象")
    household = Column(verbose_name="农户", accessor="case__household", orderable=False)
    number = Column(verbose_name="个案编号", accessor="case__number", attrs=ONE_LINE)
    item = Column(verbose_name="项目", accessor="item_label", order_by="item")
    department = Column(verbose_name="来源", default="入户核查")
    detail = Column(verbose_name="情况")
    explanation = Column(verbose_name="农户说明")
    found_on = DateColumn(verbose_name="发现日期")

    unit = "条"
    card_columns = ("person_label", "household", "item")

    def row_url(self, record: AssetHit) -> str:
        return reverse("cases:hit", args=[record.case.number, record.pk])


class ObjectionTable(Table):
    """异议 that wait to be handled."""

    household = NameColumn(verbose_name="农户", accessor="case__household", orderable=False)
    number = Column(verbose_name="个案编号", accessor="case__number", attrs=ONE_LINE)
    village = Column(verbose_name="村", accessor="case__village__name", attrs=ONE_LINE)
    filed_on = DateColumn(verbose_name="提出日期")
    way = Column(verbose_name="提出方式")
    text = Column(verbose_name="异议内容")
    due_on = DueColumn(verbose_name="处理期限")

    unit = "件"
    card_columns = ("household", "text", "due_on")

    def row_url(self, record: Objection) -> str:
        return reverse("cases:objection-handle", args=[record.case.number, record.pk])
