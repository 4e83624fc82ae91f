"""Filters of casework: one definition for page, chips, counts and export.

The board and the funnel link here, so every number they show is a filter of these lists.
"""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of
from shouwang.divisions.choices import offer_places
from shouwang.screening.queries import rulebook_in_force
from shouwang.screening.states import Risk

from .deadlines import months_before, near_day
from .lifecycles import case_state_choices, clue_table, state_choices
from .models import Case, ComparisonRequest, Notice, RegisteredClue
from .queries.steering import VILLAGE_STATES
from .querysets import in_time
from .regimes import regimes
from .states import (
    Channel,
    ClueConclusion,
    Emergency,
    NoticeKind,
    RequestState,
    ResolutionWay,
    Stage,
)

TIMINGS = [
    ("late", "已超期"),
    ("near", "即将到期"),
    ("intime", "未到期"),
    ("none", "没有期限"),
]
PHASES = [
    ("identifying", "识别中"),
    ("monitored", "监测帮扶中"),
    ("exiting", "风险消除办理中"),
    ("resolved", "风险已消除"),
    ("ended", "不予纳入、撤回、终止"),
    ("open", "全部在办和监测中"),
    ("register", "在册（已识别、未消除）"),
]
TURNS = [("village", "村级"), ("town", "乡镇"), ("county", "县级")]
TURN_STATES = {
    "village": VILLAGE_STATES,
    "town": ("review", "filing", "exit_review", "exit_announcement"),
    "county": ("approval", "exit_approval"),
}
NONE = "none"
MONITORED, RESOLVED = "monitored", "resolved"
ENDED = ("refused", "withdrawn", "ended")


def in_phase(phase: str) -> Q:
    """The condition on a case of one phase; the phases are apart, but `open` is the first three,
    and `register` is monitored and leaving."""
    exiting = Q(state__startswith="exit_")
    return {
        "identifying": Q(is_open=True, identified_on=None),
        "monitored": Q(is_open=True, state=MONITORED),
        "exiting": exiting,
        "resolved": Q(state=RESOLVED),
        "ended": Q(state__in=ENDED),
        "open": Q(is_open=True),
        "register": Q(is_open=True, identified_on__isnull=False),
    }.get(phase, Q())


def due(timing: str, today: date) -> Q:
    """The condition on one limit: that of a clue, of a request."""
    near = near_day(today)
    return {
        "late": Q(due_on__lt=today),
        "near": Q(due_on__gte=today, due_on__lte=near),
        "intime": Q(due_on__gt=near),
        "none": Q(due_on=None),
    }.get(timing, Q())


def class_choices() -> list[tuple[str, str]]:
    """Every value of every dimension of the regimes, newest regime first."""
    return [
        (f"{regime.key}:{dimension.key}:{value.key}", value.label)
        for regime in reversed(list(regimes().values()))
        for dimension in regime.dimensions
        for value in dimension.values
    ]


def rule_choices() -> list[tuple[str, str]]:
    rules = rulebook_in_force().rules.values()
    return [*[(rule.id, rule.title) for rule in rules], (NONE, "不是筛查线索")]


class _PlacedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What all lists of this room can be narrowed by: place and words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "cases.view")


class ClueFilter(_PlacedFilter):
    """线索登记簿筛选."""

    q = django_filters.CharFilter(label="户编号或姓名", method="by_text")
    state = chosen("状态", choices=lambda: state_choices(clue_table()))
    timing = chosen("期限", choices=TIMINGS, method="by_timing")
    channel = chosen("渠道", choices=Channel.choices)
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    risk = chosen("风险", choices=Risk.choices, method="by_risk")
    conclusion = chosen("结论", choices=ClueConclusion.choices)
    emergency = chosen("突发事件", choices=[c for c in Emergency.choices if c[0]])
    department = chosen("来源部门", method="by_department")
    rule = chosen("规则", choices=rule_choices, method="by_rule")
    received_on = django_filters.DateFromToRangeFilter(label="收到日期")

    class Meta:
        model = RegisteredClue
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            seen = RegisteredClue.objects.visible_to(actor_of(self.request)).exclude(department="")
            names = seen.order_by("department").values_list("department", flat=True).distinct()
            self.filters["department"].extra["choices"] = [
                *[(name, name) for name in names], (NONE, "未注明"),
            ]  # fmt: skip

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(household__household_no=text)
            | Q(household__head_name__startswith=text)
            | Q(subject_name__startswith=text)
        )

    def by_department(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(department="" if value == NONE else value)

    def by_rule(self, queryset: Any, name: str, value: str) -> Any:
        if value == NONE:
            return queryset.filter(screening_clue=None)
        return queryset.filter(screening_clue__rule_id=value)

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(due(value, clock.today()), state="received")

    def by_risk(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(risks__icontains=f'"{value}"')


class CaseFilter(_PlacedFilter):
    """个案筛选."""

    q = django_filters.CharFilter(label="户编号、个案编号或户主姓名", method="by_text")
    phase = chosen("阶段", choices=PHASES, method="by_phase")
    state = chosen("状态", choices=case_state_choices)
    timing = chosen("期限", choices=TIMINGS, method="by_timing")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    kind = chosen("类别", choices=class_choices, method="by_kind")
    risk = chosen("风险", choices=Risk.choices, method="by_risk")
    turn = chosen("待谁办理", choices=TURNS, method="by_turn")
    green = chosen("绿色通道", choices=[("yes", "是"), ("no", "否")], method="by_green")
    way = chosen("消除方式", choices=[c for c in ResolutionWay.choices if c[0]],
                 field_name="resolution_way")  # fmt: skip
    months = django_filters.NumberFilter(label="监测满几个月", method="by_months", min_value=1)
    identified_on = django_filters.DateFromToRangeFilter(label="识别日期")

    class Meta:
        model = Case
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(number=text)
            | Q(household__household_no=text)
            | Q(household__head_name__startswith=text)
        )

    def by_phase(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(in_phase(value))

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        day = clock.today()
        return queryset.filter(in_time(value, day, near_day(day)))

    def by_turn(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state__in=TURN_STATES[value])

    def by_kind(self, queryset: Any, name: str, value: str) -> Any:
        regime, dimension, key = value.split(":")
        return queryset.filter(regime=regime, **{f"decided__{dimension}": key})

    def by_risk(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(risks__key=value)

    def by_green(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_green=value == "yes")

    def by_months(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(
            is_open=True, identified_on__lte=months_before(clock.today(), min(int(value), 1_200))
        )


class LongFilter(CaseFilter):
    """长期未消除的户: also by whether they were judged."""

    judged = chosen(
        "逐户研判", choices=[("waiting", "待研判"), ("done", "已研判")], method="by_judged"
    )

    def by_judged(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_judged=value == "done")


class RequestFilter(_PlacedFilter):
    """比对要求筛选."""

    state = chosen("办理情况", choices=RequestState.choices)
    timing = chosen("期限", choices=TIMINGS, method="by_timing")
    department = django_filters.CharFilter(label="部门", lookup_expr="startswith")
    stage = chosen("环节", choices=Stage.choices)
    q = django_filters.CharFilter(label="个案编号或户主姓名", method="by_text")

    class Meta:
        model = ComparisonRequest
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(case__number=text) | Q(case__household__head_name__startswith=text)
        )

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(due(value, clock.today()), state=RequestState.OPEN)


class NoticeFilter(_PlacedFilter):
    """公示公告筛选."""

    kind = chosen("类型", choices=NoticeKind.choices)
    stage = chosen("环节", choices=Stage.choices)
    running = chosen("张贴情况", choices=[("yes", "张贴中"), ("no", "已期满")], method="by_running")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")

    class Meta:
        model = Notice
        fields: list[str] = []

    def by_running(self, queryset: Any, name: str, value: str) -> Any:
        today = clock.today()
        running = Q(last_day__gte=today)
        return queryset.filter(running if value == "yes" else ~running)
