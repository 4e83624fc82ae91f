"""档案筛选 (filters): one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.divisions.choices import offer_places
from shouwang.engine import Rulebook

from .models import Household, NameSpelling, QualityFinding
from .search import begins_with

YES_NO = [("是", "是"), ("否", "否")]
NONE = "无"
LONGEST_NUMBER = 12


def check_choices() -> list[tuple[str, str]]:
    return [(check.id, check.title) for check in Rulebook.load().checks.values()]


def listed(name: str) -> list[tuple[str, str]]:
    """A national code list as choices."""
    return [(value, value) for value in Rulebook.load().registry.lists[name]]


class HouseholdFilter(django_filters.FilterSet):  # type: ignore[misc]
    """农户筛选. ID numbers and phones are asked for in the search box, never in an address."""

    name = django_filters.CharFilter(label="户主姓名或拼音", method="by_name")
    town = django_filters.ChoiceFilter(label="乡镇", field_name="village__parent__code")
    village = django_filters.ChoiceFilter(label="村", field_name="village__code")
    household_type = django_filters.ChoiceFilter(
        label="户类型", choices=lambda: listed("household_type")
    )
    monitor_class = django_filters.MultipleChoiceFilter(
        label="监测对象类别",
        choices=lambda: [*listed("monitor_class"), (NONE, "未纳入监测")],
        method="by_monitor_class",
    )
    household_no = django_filters.CharFilter(label="户编号", method="by_number")
    eliminated = django_filters.ChoiceFilter(label="风险是否已消除", choices=YES_NO)
    risk = django_filters.ChoiceFilter(
        label="致贫返贫风险", choices=lambda: listed("risk"), method="by_risk"
    )
    check = django_filters.ChoiceFilter(label="质量问题", choices=check_choices, method="by_check")
    danger_house = django_filters.ChoiceFilter(label="是否危房户", choices=YES_NO)
    water_ok = django_filters.ChoiceFilter(label="是否解决安全饮用水", choices=YES_NO)
    attribute = django_filters.ChoiceFilter(label="脱贫户属性", choices=lambda: listed("attribute"))
    absent = django_filters.ChoiceFilter(
        label="最近一次导出",
        choices=[("no", "有这一户"), ("yes", "未出现")],
        method="by_absence",
    )

    class Meta:
        model = Household
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "registry.view")
        self.form.fields["name"].widget.attrs["maxlength"] = 20
        self.form.fields["household_no"].widget.attrs["maxlength"] = LONGEST_NUMBER

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        text = "".join(value.split())[:20]
        if text.isascii():
            spelled = NameSpelling.objects.filter(
                begins_with("initials", text.lower()) | begins_with("pinyin", text.lower())
            )
            return queryset.filter(head_key__in=spelled.values("name_key"))
        return queryset.filter(head_key__contains=text)

    def by_number(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(begins_with("household_no", value.strip()))

    def by_monitor_class(self, queryset: Any, name: str, value: list[str]) -> Any:
        if not value:
            return queryset
        named = Q(monitor_class__in=[each for each in value if each != NONE])
        return queryset.filter(named | Q(monitor_class=None) if NONE in value else named)

    def by_risk(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(risk1=value) | Q(risk2=value) | Q(risk3=value))

    def by_check(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_findings(check_id=value)

    def by_absence(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(absent_since__isnull=value == "no")


class FindingFilter(django_filters.FilterSet):  # type: ignore[misc]
    """质量问题筛选."""

    check_id = django_filters.ChoiceFilter(label="检查项", choices=check_choices)
    town = django_filters.ChoiceFilter(label="乡镇", field_name="household__village__parent__code")
    village = django_filters.ChoiceFilter(label="村", field_name="household__village__code")
    level = django_filters.ChoiceFilter(
        label="对象", choices=[("household", "户"), ("member", "人")], method="by_level"
    )
    household_no = django_filters.CharFilter(label="户编号", method="by_number")

    class Meta:
        model = QualityFinding
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "quality.view")
        self.form.fields["household_no"].widget.attrs["maxlength"] = LONGEST_NUMBER

    def by_level(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(member__isnull=value == "household")

    def by_number(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(begins_with("household__household_no", value.strip()))
