"""Filters of the calls room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of
from shouwang.divisions.choices import offer_places

from .models import Call, CallDepartment, urgency_choices
from .states import CallState, call_table


class CallFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="编号或事项", method="by_words")
    state = chosen("状态", choices=CallState.choices)
    department = chosen("部门", method="by_department")
    late = chosen("期限", choices=[("yes", "已超期")], method="by_late")
    mine = chosen("待我办理", choices=[("yes", "只看待我办理")], method="by_mine")
    urgency = chosen("紧急程度", choices=urgency_choices())
    step = chosen(
        "部门进度", method="by_step",
        choices=[(one.key, one.label) for one in call_table().states.values()],
    )  # fmt: skip
    town = chosen("乡镇", method="by_town")

    class Meta:
        model = Call
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "calls.view")
        rows = CallDepartment.objects.visible_to(actor_of(self.request)).order_by()
        found = Department.objects.filter(pk__in=rows.values("department"))
        self.filters["department"].extra["choices"] = list(found.values_list("code", "name"))

    def _parts(self) -> Any:
        """Late and progress mean the chosen department's part."""
        code = self.data.get("department", "").replace("\x00", "")
        parts = CallDepartment.objects.all()
        return parts.filter(department__code=code) if code else parts

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(number__contains=value) | Q(title__contains=value))

    def by_department(self, queryset: Any, name: str, value: str) -> Any:
        parts = CallDepartment.objects.filter(department__code=value).exclude(state="reassigned")
        return queryset.filter(pk__in=parts.values("call"))

    def by_late(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(pk__in=self._parts().late(clock.today()).values("call"))

    def by_step(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(pk__in=self._parts().filter(state=value).values("call"))

    def by_mine(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.waiting_for(actor_of(self.request))

    def by_town(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(division__code=value) | Q(division__parent__code=value))
