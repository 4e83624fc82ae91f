"""Filters of the registers of places: one definition for page, chips and export."""

from datetime import timedelta
from functools import cache
from typing import Any

import django_filters
from django.db.models import Q

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of
from shouwang.divisions.choices import offer_places
from shouwang.divisions.models import Division

from .alert_levels import alert_kind_choices, alert_level_choices
from .models import Alert, Disaster, PlaceProblem
from .models.places import channel_choices, plan_choices
from .place_kinds import book
from .place_queries import COVERAGE, coverage_condition
from .states import place_table


class PlaceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称、位置或编号", method="by_words")
    state = chosen(
        "状态", method="by_state",
        choices=[("unsettled", "没有销号的"), ("late", "已超期的"), ("near", "快到期的"),
                 ("sampled", "抽中待复查的"), ("returned", "反弹过的"),
                 *[(one.key, one.label) for one in place_table().states.values()]],
    )  # fmt: skip
    mine = chosen("待我办理", choices=[("yes", "只看待我办理")], method="by_mine")
    subject = chosen("问题类型")
    town = chosen("乡镇", field_name="division__parent__code")
    village = chosen("村", field_name="division__code")
    plan = chosen("计划状态", choices=plan_choices())
    department = chosen("责任部门", field_name="department__code")
    channel = chosen("发现渠道", choices=channel_choices())

    class Meta:
        model = PlaceProblem
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_view = actor_of(self.request).can("localities.view")
        offer_places(self, "localities.view" if may_view else "localities.own")
        found = Department.objects.order_by("code").values_list("code", "name")
        self.filters["department"].extra["choices"] = list(found)

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        words = value.replace("\x00", "")
        return queryset.filter(
            Q(name__contains=words) | Q(place__contains=words) | Q(number__contains=words)
        )

    def by_mine(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.waiting_for(actor_of(self.request))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        today = clock.today()
        if value == "unsettled":
            return queryset.unsettled()
        if value == "late":
            return queryset.late(today)
        if value == "near":
            near = today + timedelta(days=book().near_days)
            return queryset.unsettled().filter(due_on__range=(today, near))
        if value == "sampled":
            return queryset.filter(state="signed", sampled_on__isnull=False)
        if value == "returned":
            return queryset.filter(times_reopened__gt=0)
        return queryset.filter(state=value)


@cache
def place_filter(key: str) -> type[PlaceFilter]:
    """The conditions of one register, with its own kinds of problems."""
    kind = book().kinds[key]
    own: dict[str, Any] = {
        "subject": chosen("问题类型", choices=list(kind.subject_labels.items())),
        "measure": chosen("措施", choices=list(kind.measures.items())),
        "Meta": PlaceFilter.Meta,
    }
    if kind.has_event:
        own["disaster"] = chosen("灾害事件", field_name="disaster")
        own["__init__"] = _with_disasters
    return type(f"{key.title()}Filter", (PlaceFilter,), own)


def _with_disasters(self: Any, *args: Any, **kwargs: Any) -> None:
    PlaceFilter.__init__(self, *args, **kwargs)
    rows = Disaster.objects.visible_to(actor_of(self.request))
    self.filters["disaster"].extra["choices"] = [(str(one.pk), str(one)) for one in rows[:200]]


class MedicalFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="村名", field_name="name", lookup_expr="contains")
    town = chosen("乡镇", field_name="parent__code")
    covered = chosen("服务情况", choices=list(COVERAGE.items()), method="by_coverage")

    class Meta:
        model = Division
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "localities.view")

    def by_coverage(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(coverage_condition(value))


class AlertFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="标题", field_name="title", lookup_expr="contains")
    state = chosen(
        "状态", method="by_state",
        choices=[("open", "生效中和将生效"), ("waiting", "有村没签收"), ("over", "已结束")],
    )  # fmt: skip
    kind = chosen("种类", choices=alert_kind_choices())
    level = chosen("级别", choices=alert_level_choices())

    class Meta:
        model = Alert
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        now = clock.now()
        if value == "over":
            return queryset.filter(~Q(end="") | Q(valid_to__lt=now))
        rows = queryset.open_at(now)
        return rows if value == "open" else rows.filter(waiting__gt=0)
