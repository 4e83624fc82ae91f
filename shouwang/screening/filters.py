"""Filters of the screening room: one definition for page, chips and export."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from shouwang.core.filters import chosen
from shouwang.divisions.choices import offer_places

from .models import Clue, Run
from .queries import newest_date, rulebook_in_force, screened_dates
from .states import Assistance, ClueState, Kind, Priority, Risk, Severity, Triage

CURRENT = "current"
ALL = "all"
STATES = [
    (CURRENT, "本期命中（新增和持续）"),
    *[(state.value, state.label) for state in ClueState],
    (ALL, "全部，含已不再命中的"),
]


def rule_choices() -> list[tuple[str, str]]:
    return [(rule.id, rule.title) for rule in rulebook_in_force().rules.values()]


def date_choices() -> list[tuple[str, str]]:
    return [(day.isoformat(), f"{day.year}年{day.month}月") for day in screened_dates()]


class StateFilter(django_filters.Filter):  # type: ignore[misc]
    """A choice without “all”: a list of clues that nobody narrowed shows what holds now."""

    field_class = forms.ChoiceField


class ClueFilter(django_filters.FilterSet):  # type: ignore[misc]
    """线索筛选; without a state or a month it shows what holds at the newest screened date."""

    q = django_filters.CharFilter(label="户编号或户主姓名", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    risk = chosen("风险类型", choices=Risk.choices)
    severity = chosen("程度", choices=Severity.choices)
    rule = chosen("规则", choices=rule_choices, method="by_rule")
    priority = chosen("办理次序", choices=Priority.choices)
    kind = chosen("性质", choices=Kind.choices)
    state = StateFilter(label="状态", choices=STATES, method="by_state")
    month = chosen("命中月份", choices=date_choices, method="by_month")
    monitored = chosen(
        "监测对象",
        choices=[("yes", "已是监测对象"), ("no", "还不是监测对象")],
        method="by_monitored",
    )
    assistance = chosen(
        "兜底保障",
        choices=[*Assistance.choices, ("none", "未享受")],
        method="by_assistance",
    )
    triage = chosen(
        "研判",
        choices=[("none", "未研判"), *[each for each in Triage.choices if each[0]]],
        method="by_triage",
    )

    class Meta:
        model = Clue
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "screening.view")

    def filter_queryset(self, queryset: QuerySet[Clue]) -> QuerySet[Clue]:
        found: QuerySet[Clue] = super().filter_queryset(queryset)
        values = self.form.cleaned_data
        if values.get("state") == CURRENT or not (values.get("state") or values.get("month")):
            return found.filter(last_seen=newest_date(), last_seen__isnull=False)
        return found

    def by_text(self, queryset: QuerySet[Clue], name: str, value: str) -> QuerySet[Clue]:
        text = value.strip()
        return queryset.filter(
            Q(household__household_no=text)
            | Q(household__head_name__startswith=text)
            | Q(village__name__startswith=text, household=None)
        )

    def by_rule(self, queryset: Any, name: str, value: str) -> Any:
        values = self.form.cleaned_data
        if values.get("month"):
            return queryset.hit_by(value, date.fromisoformat(values["month"]))
        holds_now = values.get("state") in (None, "", CURRENT, ClueState.NEW, ClueState.CONTINUING)
        return queryset.hit_by(value, newest_date() if holds_now else None)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset if value in (ALL, CURRENT) else queryset.in_state(value, newest_date())

    def by_month(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.seen_on(date.fromisoformat(value))

    def by_monitored(self, queryset: QuerySet[Clue], name: str, value: str) -> QuerySet[Clue]:
        none = Q(monitor_class="")
        return queryset.filter(~none if value == "yes" else none)

    def by_assistance(self, queryset: QuerySet[Clue], name: str, value: str) -> QuerySet[Clue]:
        return queryset.filter(assistance="" if value == "none" else value)

    def by_triage(self, queryset: QuerySet[Clue], name: str, value: str) -> QuerySet[Clue]:
        return queryset.filter(triage="" if value == "none" else value)


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]
    month = chosen("筛查日期", choices=date_choices, field_name="as_of")
    state = chosen("状态", choices=Run.State.choices)

    class Meta:
        model = Run
        fields: list[str] = []
