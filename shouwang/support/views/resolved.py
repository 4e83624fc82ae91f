"""风险消除户的页面: who was not visited since the risk was gone."""

from typing import Any

import django_filters
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Figure, pill
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table
from shouwang.core.views import list_page
from shouwang.divisions.choices import offer_places

from ..queries.helped import VISIT_TONES, VISIT_WORDS
from ..queries.resolved import late_visits, resolved, resolved_state, rhythm_on, visit_due_on
from ..tables import household_url


class ResolvedTable(Table):
    """One row a household whose risk is gone."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    resolved_on = DateColumn(verbose_name="风险消除日期")
    last_visit = DateColumn(verbose_name="消除后最近走访")
    due = Column(verbose_name="应走访日期", accessor="pk", orderable=False)
    visit = PillColumn(verbose_name="走访", accessor="pk", orderable=False)

    unit = "户"
    card_columns = ("head", "last_visit", "visit")

    class Meta:
        model = Case
        fields = (
            "head", "household_no", "town", "village", "resolved_on", "last_visit", "due", "visit",
        )  # fmt: skip

    def row_url(self, record: Case) -> str:
        return household_url(record.household.household_no)

    def render_due(self, record: Case) -> str:
        return self.value_due(record) or "—"

    def value_due(self, record: Case) -> str:
        due = visit_due_on(record, rhythm_on(clock.today()))
        return due.isoformat() if due else ""

    def _state(self, record: Case) -> str:
        today = clock.today()
        return resolved_state(record, rhythm_on(today), today)

    def render_visit(self, record: Case) -> Any:
        state = self._state(record)
        return pill(VISIT_TONES[state], VISIT_WORDS[state])

    def value_visit(self, record: Case) -> str:
        return VISIT_WORDS[self._state(record)]


class ResolvedFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="户主或户编号", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    visit = chosen("走访", choices=[("late", "超期未走访")], method="by_visit")

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "support.view")

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(household__head_name__startswith=text) | Q(household__household_no=text)
        )

    def by_visit(self, queryset: Any, name: str, value: str) -> Any:
        return late_visits(queryset, clock.today())


def resolved_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows, today = resolved(actor), clock.today()
    rhythm = rhythm_on(today)
    words = f"每 {rhythm.months} 个月走访一次，{rhythm.basis}。" if rhythm else "没有规定频次。"
    late = late_visits(rows, today).count()
    url = reverse("support:resolved")
    return list_page(
        request,
        queryset=rows,
        table=ResolvedTable,
        filterset=ResolvedFilter,
        title="风险消除户走访",
        purpose=f"风险消除后继续走访：{words}",
        template="support/figured.html",
        actions=[Action("帮扶户", reverse("support:index"))],
        empty=Empty("还没有风险消除的户", "个案消除风险后在这里继续走访。"),
        export_right="support.export",
        extra={"figures": [Figure("超期未走访", late, "户", f"{url}?visit=late")]},
        source="个案和走访记录",
    )
