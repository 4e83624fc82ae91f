"""困难群体参保的清单: table and filter of who is insured and who is not."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table
from shouwang.registry.models import Member

from .filters import PlacedFilter
from .queries.pensions import LABELS, TONES


class CoverageTable(Table):
    """困难群体参保."""

    name = NameColumn(verbose_name="姓名")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name",
        order_by="household__village__code",
    )  # fmt: skip
    birth = DateColumn(verbose_name="出生日期")
    pension = PillColumn(verbose_name="参保", tones=TONES)
    told_by = Column(verbose_name="依据", accessor="from_register")
    aided = Column(verbose_name="政府代缴")

    unit = "人"
    default_columns = ("name", "household_no", "town", "village", "birth", "pension", "told_by",
                       "aided")  # fmt: skip
    card_columns = ("name", "village", "pension")

    class Meta:
        model = Member
        fields = ("name", "household_no", "town", "village", "birth", "pension", "told_by", "aided")

    def row_url(self, record: Member) -> str:
        url = reverse("support:household", args=[record.household.household_no])
        return f"{url}?tab=standing"

    def render_pension(self, record: Any) -> str:
        return pill(TONES[record.pension], LABELS[record.pension])

    def value_pension(self, record: Any) -> str:
        return LABELS[record.pension]

    def render_told_by(self, record: Any) -> str:
        return "养老保险台账" if record.from_register else "农户档案"

    def value_told_by(self, record: Any) -> str:
        return self.render_told_by(record)

    def render_aided(self, record: Any) -> str:
        return "有" if record.aided else "没有登记"

    def value_aided(self, record: Any) -> str:
        return self.render_aided(record)


class CoverageFilter(PlacedFilter):
    names = ("name",)
    pension = chosen("参保", choices=list(LABELS.items()))
    aided = chosen("政府代缴", choices=[("yes", "有"), ("no", "没有登记")], method="by_aid")

    class Meta:
        model = Member
        fields: list[str] = []

    def by_aid(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(aided=value == "yes")
