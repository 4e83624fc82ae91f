"""Tables of the inspections room: one definition for page, export and print."""

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.tables import Column, DateColumn, NameColumn, NumberColumn, PillColumn, Table

from .models import Batch, Inspection, Problem, SpecialCheck
from .states import (
    SEVERITY_TONES,
    Duty,
    inspection_table,
    problem_table,
    special_table,
)

WRAP = {"td": {"class": "wrap"}}


def problem_pill(record: Problem) -> str:
    """The state; what is late is red whatever the state."""
    late = record.is_late(clock.today())
    state = problem_table().state(record.state)
    return pill("late" if late else state.tone, f"{state.label}·超期" if late else state.label)


class ProblemTable(Table):
    """问题整改台账."""

    number = Column(verbose_name="编号")
    text = NameColumn(verbose_name="问题", attrs=WRAP)
    batch = Column(verbose_name="批次", accessor="batch__name", attrs=WRAP)
    source = Column(verbose_name="来源", accessor="batch__source_label", order_by="batch__source")
    spread = Column(verbose_name="共性个性")
    area = Column(verbose_name="领域", accessor="area_label", order_by="area")
    severity = PillColumn(verbose_name="轻重", tones=SEVERITY_TONES)
    lead = Column(verbose_name="牵头单位", accessor="pk", orderable=False, attrs=WRAP)
    responsible = Column(verbose_name="责任单位", accessor="pk", orderable=False, attrs=WRAP)
    leader = Column(verbose_name="责任领导")
    person = Column(verbose_name="责任人")
    goal = Column(verbose_name="整改目标", attrs=WRAP)
    measures = Column(verbose_name="整改措施", attrs=WRAP)
    standard = Column(verbose_name="销号标准", attrs=WRAP)
    mode = Column(verbose_name="整改类型")
    due_on = DateColumn(verbose_name="整改时限")
    state = PillColumn(verbose_name="状态")
    signed_on = DateColumn(verbose_name="销号日期")
    times = NumberColumn(verbose_name="反弹", unit="次")

    unit = "个"
    default_columns = ("number", "text", "source", "lead", "due_on", "state")
    card_columns = ("text", "lead", "due_on", "state")

    class Meta:
        model = Problem
        fields = (
            "number", "text", "batch", "source", "spread", "area", "severity", "lead",
            "responsible", "leader", "person", "goal", "measures", "standard", "mode", "due_on",
            "state", "signed_on", "times",
        )  # fmt: skip

    def render_lead(self, record: Problem) -> str:
        return _units(record, Duty.LEAD) or "—"

    def value_lead(self, record: Problem) -> str:
        return _units(record, Duty.LEAD)

    def render_responsible(self, record: Problem) -> str:
        return _units(record, Duty.RESPONSIBLE) or "—"

    def value_responsible(self, record: Problem) -> str:
        return _units(record, Duty.RESPONSIBLE)

    def render_state(self, record: Problem) -> str:
        return problem_pill(record)

    def value_state(self, record: Problem) -> str:
        return (
            f"{record.state_label}（超期）" if record.is_late(clock.today()) else record.state_label
        )


def _units(record: Problem, duty: str) -> str:
    return "、".join(unit.name for unit in record.units.all() if unit.duty == duty)


class BatchTable(Table):
    """One row a batch."""

    name = NameColumn(verbose_name="批次", attrs=WRAP)
    source = Column(verbose_name="来源", accessor="source_label", order_by="source")
    level = Column(verbose_name="级别")
    number = Column(verbose_name="文号")
    received_on = DateColumn(verbose_name="反馈日期")
    total = NumberColumn(verbose_name="问题", unit="个")
    signed = NumberColumn(verbose_name="已销号", unit="个")
    late = NumberColumn(verbose_name="超期", unit="个")

    unit = "批"
    default_columns = ("name", "source", "received_on", "total", "signed", "late")
    card_columns = ("name", "received_on", "total")

    class Meta:
        model = Batch
        fields = ("name", "source", "level", "number", "received_on", "total", "signed", "late")


class InspectionTable(Table):
    """One row an inspection."""

    title = NameColumn(verbose_name="名称", attrs=WRAP)
    division = Column(verbose_name="督查的一级")
    starts_on = DateColumn(verbose_name="开始")
    ends_on = DateColumn(verbose_name="结束")
    team = Column(verbose_name="督查组", attrs=WRAP)
    is_announced = Column(verbose_name="方式")
    state = PillColumn(verbose_name="状态")

    unit = "次"
    default_columns = ("title", "starts_on", "ends_on", "team", "is_announced", "state")
    card_columns = ("title", "starts_on", "state")

    class Meta:
        model = Inspection
        fields = ("title", "division", "starts_on", "ends_on", "team", "is_announced", "state")

    def render_is_announced(self, record: Inspection) -> str:
        return self.value_is_announced(record)

    def value_is_announced(self, record: Inspection) -> str:
        return "事先通知" if record.is_announced else "不打招呼"

    def render_state(self, record: Inspection) -> str:
        return pill(inspection_table().state(record.state).tone, record.state_label)

    def value_state(self, record: Inspection) -> str:
        return record.state_label


class SpecialTable(Table):
    """One row a special check."""

    title = NameColumn(verbose_name="名称", attrs=WRAP)
    basis = Column(verbose_name="依据", attrs=WRAP)
    starts_on = DateColumn(verbose_name="开始")
    ends_on = DateColumn(verbose_name="结束")
    state = PillColumn(verbose_name="状态")

    unit = "次"
    default_columns = ("title", "basis", "starts_on", "ends_on", "state")
    card_columns = ("title", "starts_on", "state")

    class Meta:
        model = SpecialCheck
        fields = ("title", "basis", "starts_on", "ends_on", "state")

    def render_state(self, record: SpecialCheck) -> str:
        return pill(special_table().state(record.state).tone, record.state_label)

    def value_state(self, record: SpecialCheck) -> str:
        return record.state_label
