"""Tables of the calls room: one definition for page, export and print."""

from typing import Any

from shouwang.core.components import pill
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table

from .models import Call
from .states import CALL_TONES

WRAP = {"td": {"class": "wrap"}}


class CallTable(Table):
    """One row a call."""

    title = NameColumn(verbose_name="事项")
    number = Column(verbose_name="编号")
    place = Column(verbose_name="村镇", accessor="division__name", order_by="division__code")
    urgency = Column(verbose_name="紧急程度", accessor="get_urgency_display", order_by="urgency")
    departments = Column(verbose_name="部门", accessor="pk", orderable=False, attrs=WRAP)
    state = PillColumn(verbose_name="状态")
    due_on = DateColumn(verbose_name="答复期限")
    raised_on = DateColumn(verbose_name="吹哨日期", accessor="raised_at", order_by="raised_at")
    raised_by = Column(verbose_name="吹哨人", accessor="raised_by_label")

    unit = "件"
    default_columns = ("title", "number", "place", "departments", "state", "due_on", "raised_on")
    card_columns = ("title", "state", "due_on")

    class Meta:
        model = Call
        fields = (
            "title", "number", "place", "urgency", "departments", "state", "due_on", "raised_on",
            "raised_by",
        )  # fmt: skip

    def render_state(self, record: Any) -> Any:
        is_late = any(part.is_late for part in record.parts.all())
        return pill("late" if is_late else CALL_TONES[record.state], self.value_state(record))

    def value_state(self, record: Any) -> str:
        is_late = any(part.is_late for part in record.parts.all())
        return f"{record.get_state_display()}{'，有部门超期' if is_late else ''}"

    def render_departments(self, record: Any) -> str:
        return self.value_departments(record)

    def value_departments(self, record: Any) -> str:
        return "、".join(
            part.department.name for part in record.parts.all() if part.state != "reassigned"
        )
