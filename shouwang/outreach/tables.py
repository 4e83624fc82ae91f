"""Tables of the outreach room: one definition for page, export and print."""

from typing import Any

from django.urls import reverse

from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import Leaflet, PublicityEvent


class CodeTable(Table):
    """One row a village."""

    name = NameColumn(verbose_name="村")
    town = Column(verbose_name="乡镇", accessor="parent__name", order_by="parent__code")
    code = Column(verbose_name="区划代码")
    code_made = MomentColumn(verbose_name="在用申报码的生成时间")
    reports = NumberColumn(verbose_name="收到申报", unit="件")

    unit = "个村"
    card_columns = ("name", "code_made", "reports")

    class Meta:
        model = Division
        fields = ("name", "town", "code", "code_made", "reports")

    def row_url(self, record: Division) -> str:
        return reverse("outreach:code", args=[record.pk])


class LeafletTable(Table):
    """One row a leaflet."""

    title = NameColumn(verbose_name="名称")
    edition = Column(verbose_name="版次")
    kind = Column(verbose_name="类型")
    place = Column(verbose_name="发放范围", accessor="division__name", order_by="division__code")
    printed = NumberColumn(verbose_name="印数", unit="份")
    handed = NumberColumn(verbose_name="辖区内已发", unit="户")
    made_on = DateColumn(verbose_name="印制日期")
    department = Column(verbose_name="编印单位")

    unit = "种"
    card_columns = ("title", "printed", "handed")

    class Meta:
        model = Leaflet
        fields = (
            "title", "edition", "kind", "place", "printed", "handed", "made_on", "department",
        )  # fmt: skip


class HandoutTable(Table):
    """One row a household that a leaflet is for."""

    name = NameColumn(verbose_name="户主", accessor="head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    group_name = Column(verbose_name="村民小组")
    got = PillColumn(verbose_name="发放", accessor="has_got", order_by=("handed_on",))
    handed_on = DateColumn(verbose_name="发放日期")
    received_by = Column(verbose_name="签收人")

    unit = "户"
    card_columns = ("name", "got", "handed_on")

    class Meta:
        model = Household
        fields = (
            "name", "household_no", "town", "village", "group_name", "got", "handed_on",
            "received_by",
        )  # fmt: skip

    def render_got(self, record: Any) -> Any:
        from shouwang.core.components import pill

        return pill("done", "已发放") if record.has_got else pill("near", "没有发到")

    def value_got(self, record: Any) -> str:
        return "已发放" if record.has_got else "没有发到"


class EventTable(Table):
    """One row an event."""

    topic = NameColumn(verbose_name="主题")
    held_on = DateColumn(verbose_name="日期")
    kind = Column(verbose_name="形式")
    where = Column(verbose_name="地方", accessor="division__name", order_by="division__code")
    place = Column(verbose_name="地点")
    people = NumberColumn(verbose_name="参加人数", unit="人")
    recorded_by_label = Column(verbose_name="登记人")

    unit = "次"
    card_columns = ("topic", "held_on", "people")

    class Meta:
        model = PublicityEvent
        fields = ("topic", "held_on", "kind", "where", "place", "people", "recorded_by_label")
