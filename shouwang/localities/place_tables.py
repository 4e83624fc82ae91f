"""Tables of the registers of places: one definition for page, export and print."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.urls import reverse

from shouwang.core.components import pill
from shouwang.core.tables import (
    AmountColumn,
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)
from shouwang.divisions.models import Division

from .models import Alert, Disaster, PlaceProblem
from .place_kinds import Detail, Kind, book
from .place_queries import COVERAGE, COVERAGE_TONES

WRAP = {"td": {"class": "wrap"}}


def measured(record: PlaceProblem) -> str:
    """2.5 公里; a number that is missing is a dash."""
    if record.quantity is None:
        return ""
    return f"{record.quantity.normalize():f} {record.unit}"


class PlaceTable(Table):
    """One row a problem; each register adds its own columns."""

    name = NameColumn(verbose_name="名称")
    number = Column(verbose_name="编号")
    town = Column(
        verbose_name="乡镇", accessor="division__parent__name", order_by="division__parent__code"
    )
    village = Column(verbose_name="村", accessor="division__name", order_by="division__code")
    subject = Column(verbose_name="问题类型", accessor="subject_label", order_by="subject")
    place = Column(verbose_name="位置", attrs=WRAP)
    measured = Column(verbose_name="数量", accessor="pk", orderable=False)
    households = NumberColumn(verbose_name="户数", unit="户")
    found_on = DateColumn(verbose_name="发现日期")
    channel = Column(verbose_name="发现渠道", accessor="get_channel_display", order_by="channel")
    measure = Column(verbose_name="措施", accessor="measure_label", order_by="measure")
    plan = Column(verbose_name="计划", accessor="pk", order_by=("plan", "plan_year"))
    department = Column(
        verbose_name="责任部门", accessor="department__name", order_by="department__code"
    )
    responsible = Column(verbose_name="责任人")
    money = AmountColumn(verbose_name="资金")
    due_on = DateColumn(verbose_name="完成期限")
    progress = NumberColumn(verbose_name="进度", unit="%")
    state = PillColumn(verbose_name="状态")
    signed_on = DateColumn(verbose_name="销号日期")
    times_reopened = NumberColumn(verbose_name="反弹", unit="次")

    unit = "个"
    sums = ("households", "money")
    default_columns = (
        "name", "village", "subject", "measured", "plan", "department", "due_on", "state",
    )  # fmt: skip
    card_columns = ("name", "subject", "state")

    class Meta:
        model = PlaceProblem
        fields = (
            "name", "number", "town", "village", "subject", "place", "measured", "households",
            "found_on", "channel", "measure", "plan", "department", "responsible", "money",
            "due_on", "progress", "state", "signed_on", "times_reopened",
        )  # fmt: skip

    def render_state(self, record: PlaceProblem) -> Any:
        return pill(record.tone, record.state_label)

    def value_state(self, record: PlaceProblem) -> str:
        return record.state_label

    def render_measured(self, record: PlaceProblem) -> str:
        return measured(record) or "—"

    def value_measured(self, record: PlaceProblem) -> str:
        return measured(record)

    def render_plan(self, record: PlaceProblem) -> str:
        return self.value_plan(record)

    def value_plan(self, record: PlaceProblem) -> str:
        words = record.get_plan_display()
        return f"{words}（{record.plan_year}）" if record.plan_year else words


class DetailColumn(Column):
    """A column that only one register has."""

    def __init__(self, detail: Detail) -> None:
        self.detail = detail
        super().__init__(
            verbose_name=detail.label, unit=detail.unit, accessor="details", orderable=False,
            empty_values=(),
        )  # fmt: skip
        self.css = "num" if detail.type in ("whole", "decimal") else ""

    def render(self, value: Any) -> Any:
        return (value or {}).get(self.detail.key, "—")

    def value(self, value: Any) -> Any:
        found = (value or {}).get(self.detail.key)
        return Decimal(found) if found and self.detail.type == "decimal" else found


def _sequence(kind: Kind) -> tuple[str, ...]:
    """The kind's own columns stand where one looks for them, not at the end."""
    event = ("disaster",) if kind.has_event else ()
    loss = ("loss",) if kind.loss_label else ()
    return (
        "name", "number", "town", "village", *event, "subject", "place", "measured", *loss,
        "households", *(detail.key for detail in kind.details), "...",
    )  # fmt: skip


@cache
def place_table_of(key: str) -> type[PlaceTable]:
    """The table of one register under its own words."""
    kind: Kind = book().kinds[key]
    own: dict[str, Any] = {
        "__doc__": kind.title, "__module__": __name__,
        "Meta": type("Meta", (PlaceTable.Meta,), {"sequence": _sequence(kind)}),
        "name": NameColumn(verbose_name=kind.name_label),
        "measured": Column(verbose_name=kind.quantity_label, accessor="pk", orderable=False),
        "households": NumberColumn(verbose_name=kind.households_label, unit="户"),
        "found_on": DateColumn(verbose_name=kind.found_label),
        "money": AmountColumn(verbose_name=kind.money_label),
        **{detail.key: DetailColumn(detail) for detail in kind.details},
    }  # fmt: skip
    if kind.loss_label:
        own["loss"] = AmountColumn(verbose_name=kind.loss_label)
        own["sums"] = (*PlaceTable.sums, "loss")
        own["default_columns"] = (
            "name", "village", "subject", "measured", "loss", "households", "due_on", "state",
        )  # fmt: skip
    if kind.has_event:
        own["disaster"] = Column(verbose_name="灾害事件", attrs=WRAP)
    if kind.key == "clinics":
        own["default_columns"] = (
            "name", "village", "subject", "found_on", "measure", "due_on", "state", "signed_on",
        )  # fmt: skip
    return type(f"{key.title()}Table", (PlaceTable,), own)


class DisasterTable(Table):
    """One row an event with what it damaged."""

    name = NameColumn(verbose_name="事件")
    kind = Column(verbose_name="灾种", accessor="get_kind_display", order_by="kind")
    place = Column(verbose_name="受灾范围", accessor="division__name", order_by="division__code")
    began_on = DateColumn(verbose_name="开始日期")
    ended_on = DateColumn(verbose_name="结束日期")
    items = NumberColumn(verbose_name="毁坏", unit="项")
    unsettled = NumberColumn(verbose_name="没有恢复", unit="项")
    loss = AmountColumn(verbose_name="估算损失")

    unit = "次"
    card_columns = ("name", "unsettled", "loss")

    class Meta:
        model = Disaster
        fields = (
            "name", "kind", "place", "began_on", "ended_on", "items", "unsettled", "loss",
        )  # fmt: skip


class MedicalTable(Table):
    """One row a village with its clinic and doctors."""

    name = NameColumn(verbose_name="村")
    town = Column(verbose_name="乡镇", accessor="parent__name", order_by="parent__code")
    coverage = PillColumn(verbose_name="服务情况", tones=COVERAGE_TONES)
    clinic = Column(verbose_name="村卫生室", accessor="medical__has_clinic", orderable=False)
    doctors = NumberColumn(verbose_name="合格村医", accessor="medical__doctors", unit="人")
    checked_on = DateColumn(verbose_name="核实日期", accessor="medical__checked_on")
    note = Column(verbose_name="备注", accessor="medical__note", attrs=WRAP)

    unit = "个村"
    card_columns = ("name", "coverage", "doctors")

    class Meta:
        model = Division
        fields = ("name", "town", "coverage", "clinic", "doctors", "checked_on", "note")

    def row_url(self, record: Division) -> str:
        return reverse("localities:medical-village", args=[record.pk])

    def render_coverage(self, value: str) -> Any:
        return pill(COVERAGE_TONES[value], COVERAGE[value])

    def value_coverage(self, value: str) -> str:
        return COVERAGE[value]

    def render_clinic(self, value: bool) -> str:
        return "有" if value else "没有"


class AlertTable(Table):
    """One row an alert with who has not acknowledged it."""

    title = NameColumn(verbose_name="预警")
    level = PillColumn(verbose_name="级别")
    kind = Column(verbose_name="种类", accessor="get_kind_display", order_by="kind")
    areas = Column(verbose_name="范围", accessor="pk", orderable=False, attrs=WRAP)
    valid_from = MomentColumn(verbose_name="生效时间")
    valid_to = MomentColumn(verbose_name="失效时间")
    state = PillColumn(verbose_name="状态", accessor="pk", orderable=False)
    waiting = PillColumn(verbose_name="签收", order_by="waiting")
    issuer = Column(verbose_name="发布单位")

    unit = "个"
    card_columns = ("title", "level", "waiting")

    class Meta:
        model = Alert
        fields = (
            "title", "level", "kind", "areas", "valid_from", "valid_to", "state", "waiting",
            "issuer",
        )  # fmt: skip

    def render_level(self, record: Alert) -> Any:
        return pill(record.tone, record.grade.label)

    def value_level(self, record: Alert) -> str:
        return record.grade.label

    def render_areas(self, record: Alert) -> str:
        return self.value_areas(record)

    def value_areas(self, record: Alert) -> str:
        return "、".join(area.name for area in record.areas.all())

    def render_state(self, record: Alert) -> Any:
        return pill("going" if record.is_open else "idle", record.state_label)

    def value_state(self, record: Alert) -> str:
        return record.state_label

    def render_waiting(self, record: Any) -> Any:
        if not record.waiting:
            return pill("done", f"{record.told} 个村全部签收")
        return pill("late" if record.is_open else "idle", self.value_waiting(record))

    def value_waiting(self, record: Any) -> str:
        return f"{record.told} 个村中 {record.waiting} 个没签收"
