"""Filters of the workplans room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of

from .frameworks import frameworks
from .leading import PLACE_CODE, LeadingUnit, village_columns
from .lights import light
from .models import Example, Paper, Plan, PlanPeriod, Policy, Reminder, ReminderSeen, Task, TaskUnit
from .queries import STAND, papers_visible_to, tasks_visible_to
from .querysets import OPEN
from .states import (
    Duty,
    ExampleField,
    ExampleKind,
    Light,
    ListKind,
    PlanKind,
    PlanList,
    PolicyStatus,
    ReminderKind,
    paper_table,
    plan_table,
    task_table,
)


class PaperFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="标题或文号", method="by_text")
    state = chosen("状态", choices=[(one.key, one.label) for one in paper_table().states.values()])

    class Meta:
        model = Paper
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(title__contains=text) | Q(number__contains=text))


class PlanFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="方案名称", field_name="title", lookup_expr="contains")
    kind = chosen("种类", choices=PlanKind.choices)
    list_kind = chosen("清单", choices=PlanList.choices)
    state = chosen("状态", choices=[(one.key, one.label) for one in plan_table().states.values()])

    class Meta:
        model = Plan
        fields: list[str] = []


class PolicyFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="政策", method="by_text")
    framework = chosen("衔接方面", choices=list(frameworks().items()))
    status = chosen("衔接方式", choices=PolicyStatus.choices)
    force = chosen(
        "执行", choices=[("now", "正在执行"), ("over", "已经到期或被替代"), ("later", "还没开始")],
        method="by_force",
    )  # fmt: skip

    class Meta:
        model = Policy
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(name__contains=text) | Q(content__contains=text))

    def by_force(self, queryset: Any, name: str, value: str) -> Any:
        today = clock.today()
        if value == "now":
            return queryset.in_force(today)
        if value == "later":
            return queryset.filter(valid_from__gt=today)
        return queryset.filter(valid_to__lt=today)


class ExampleFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")
    field = chosen("领域", choices=ExampleField.choices)
    kind = chosen("种类", choices=ExampleKind.choices)

    class Meta:
        model = Example
        fields: list[str] = []


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="任务内容或编号", method="by_text")
    unit = chosen("单位", method="by_unit")
    duty = chosen("职责", choices=Duty.choices, method="by_duty")
    light = chosen("亮灯", choices=Light.choices, method="by_light")
    state = chosen(
        "状态",
        choices=[
            ("unfinished", "没有办结的"),
            ("counted", "没有取消的"),
            *[(one.key, one.label) for one in task_table().states.values()],
        ],
        method="by_state",
    )
    paper = chosen("政策文件", method="by_paper")
    period = chosen("规划期", method="by_period")
    list_kind = chosen("清单", choices=[one for one in ListKind.choices if one[0]])
    tag = django_filters.CharFilter(label="专项行动", method="by_tag")
    level = chosen(
        "层次", choices=[("top", "只看整项"), ("leaf", "只看落到单位的")], method="by_level"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            actor = actor_of(self.request)
            seen = tasks_visible_to(actor).values("pk")
            named = TaskUnit.objects.filter(task__in=seen).order_by("name")
            units = LeadingUnit.named(named.values_list("name", *village_columns()).distinct())
            self.filters["unit"].extra["choices"] = [
                (unit.key, unit.name) for unit in dict.fromkeys(units.values())
            ]
            periods = PlanPeriod.objects.visible_to(actor)
            self.filters["period"].extra["choices"] = [(str(one.pk), str(one)) for one in periods]
            papers = papers_visible_to(actor).values_list("pk", "title")
            self.filters["paper"].extra["choices"] = [
                ("none", "没有文件来源"),
                *((str(pk), title[:40]) for pk, title in papers),
            ]

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(title__contains=text) | Q(number=text))

    def by_paper(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(paper=None if value == "none" else int(value))

    def by_period(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(plan_period=int(value))

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        is_place = PLACE_CODE.fullmatch(value) is not None
        units = TaskUnit.objects.filter(**{"division__code" if is_place else "name": value})
        if duty := self.form.cleaned_data.get("duty"):
            units = units.filter(duty=duty)
        return queryset.filter(pk__in=units.values("task"))

    def by_duty(self, queryset: Any, name: str, value: str) -> Any:
        return queryset

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "counted":
            return queryset.exclude(state="cancelled")
        return queryset.unfinished() if value == "unfinished" else queryset.filter(state=value)

    def by_tag(self, queryset: Any, name: str, value: str) -> Any:
        """Tags are a list in a text; a name is looked for as a whole."""
        tagged = queryset.exclude(tags=[]).values_list("pk", "tags").order_by()
        return queryset.filter(pk__in=[pk for pk, tags in tagged if value.strip() in tags])

    def by_level(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(parent=None) if value == "top" else queryset.filter(parts=None)

    def by_light(self, queryset: Any, name: str, value: str) -> Any:
        """Lights are computed, so the few columns they need are read for what is filtered."""
        today = clock.today()
        rows = queryset.prefetch_related(None).values_list("pk", *STAND).order_by()
        return queryset.filter(
            pk__in=[
                pk
                for pk, begins, ends, share, state in rows.iterator()
                if light(begins=begins, ends=ends, on=today, done=share, is_done=state == "done")
                == value
            ]
        )


class ReminderFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="任务内容或编号", method="by_text")
    kind = chosen("提醒", choices=ReminderKind.choices)
    seen = chosen("阅知", choices=[("no", "没有人看的"), ("yes", "有人看的")], method="by_seen")
    state = chosen(
        "任务", choices=[("open", "没有办结的"), ("over", "已办结或取消的")], method="by_state"
    )

    class Meta:
        model = Reminder
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(task__title__contains=text) | Q(task__number=text))

    def by_seen(self, queryset: Any, name: str, value: str) -> Any:
        somebody = Exists(ReminderSeen.objects.filter(reminder=OuterRef("pk")))
        return queryset.filter(somebody if value == "yes" else ~somebody)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "open":
            return queryset.filter(task__state__in=OPEN)
        return queryset.exclude(task__state__in=OPEN)
