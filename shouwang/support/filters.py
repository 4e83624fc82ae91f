"""Filters of the support room: one definition for page, chips, counts and export."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.divisions.choices import offer_places
from shouwang.screening.states import Risk

from .catalogue import catalogue
from .loans import TIMINGS, in_timing
from .models import HouseRenovation, Loan, Measure, Pairing, ReliefApplication, StudentAid, Visit
from .queries.helped import (
    FINE,
    LATE,
    NEAR,
    VISIT_WORDS,
    by_visit,
    unpaired,
    with_development,
    with_labour,
    without_development,
)
from .states import (
    AidProgramme,
    HouseGrade,
    HouseMethod,
    Origin,
    VisitWay,
    measure_states,
    relief_states,
)

YES_NO = [("yes", "是"), ("no", "否")]


class PlacedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What every list can be narrowed by: who, town and village; `place` leads to the village."""

    q = django_filters.CharFilter(label="户编号或姓名", method="by_text")
    town = chosen("乡镇", method="by_town")
    village = chosen("村", method="by_village")

    place = "household__village"
    names: tuple[str, ...] = ("household__head_name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "support.view")

    def by_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip().replace("\x00", "")
        wanted = Q(household__household_no=text)
        for one in self.names:
            wanted |= Q(**{f"{one}__startswith": text})
        return queryset.filter(wanted)

    def by_town(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.place}__parent__code": value})

    def by_village(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.place}__code": value})


class HelpedFilter(PlacedFilter):
    """帮扶户."""

    visit = chosen(
        "走访", choices=[(key, VISIT_WORDS[key]) for key in (LATE, NEAR, FINE)], method="by_rhythm"
    )
    contact = chosen(
        "帮扶联系人", choices=[("none", "没有联系人"), ("some", "有联系人")], method="by_contact"
    )
    contact_name = django_filters.CharFilter(label="联系人姓名", method="by_contact_name")
    development = chosen(
        "开发式帮扶",
        choices=[("lacking", "有劳动力但还没有"), ("some", "已有"), ("nolabour", "无劳动力或不详")],
        method="by_development",
    )
    risk = chosen("风险", choices=Risk.choices, method="by_risk")
    green = chosen("绿色通道", choices=YES_NO, method="by_green")

    place = "village"

    class Meta:
        fields: list[str] = []

    def by_rhythm(self, queryset: Any, name: str, value: str) -> Any:
        return by_visit(queryset, value, clock.today())

    def by_contact(self, queryset: Any, name: str, value: str) -> Any:
        lacking = unpaired(queryset)
        return lacking if value == "none" else queryset.exclude(pk__in=lacking.values("pk"))

    def by_contact_name(self, queryset: Any, name: str, value: str) -> Any:
        standing = Pairing.objects.filter(name=value.strip(), valid_to=None)
        return queryset.filter(household__in=standing.values("household"))

    def by_development(self, queryset: Any, name: str, value: str) -> Any:
        if value == "lacking":
            return without_development(queryset)
        if value == "some":
            return queryset.filter(with_labour(), with_development())
        return queryset.filter(~with_labour())

    def by_risk(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(risks__key=value, risks__resolved_on=None)

    def by_green(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_green=value == "yes")


def kind_choices() -> list[tuple[str, str]]:
    return list(catalogue().kinds.items())


def item_choices() -> list[tuple[str, str]]:
    return [(item.key, item.label) for item in catalogue().items.values()]


def department_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in Department.objects.values_list("name", flat=True)]


class MeasureFilter(PlacedFilter):
    """帮扶措施."""

    state = chosen("状态", choices=measure_states, method="by_state")
    department = chosen("责任部门", choices=department_choices)
    kind = chosen("类别", choices=kind_choices)
    timing = chosen("时限", choices=[("late", "已超期")], method="by_timing")
    item = chosen("目录项", choices=item_choices)
    risk = chosen("针对风险", choices=Risk.choices)
    development = chosen("开发式", choices=YES_NO, method="by_development")
    origin = chosen("来源", choices=Origin.choices)
    case_class = django_filters.CharFilter(label="认定类别", field_name="case__class_key")

    place = "village"

    class Meta:
        model = Measure
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state=value)

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.late(clock.today())

    def by_development(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_development=value == "yes")


class InboxFilter(django_filters.FilterSet):  # type: ignore[misc]
    """部门办理."""

    q = django_filters.CharFilter(label="户编号或户主姓名", method="by_text")
    state = chosen("状态", choices=measure_states)
    item = chosen("措施", choices=item_choices)
    timing = chosen("时限", choices=[("late", "已超期")], method="by_timing")

    class Meta:
        model = Measure
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip().replace("\x00", "")
        return queryset.filter(
            Q(household__household_no=text) | Q(household__head_name__startswith=text)
        )

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.late(clock.today())


class VisitFilter(PlacedFilter):
    visited_on = django_filters.DateFromToRangeFilter(label="走访日期")
    way = chosen("方式", choices=VisitWay.choices)
    failing = chosen("不合格项", choices=[("some", "有"), ("none", "没有")], method="by_failing")
    visitors = django_filters.CharFilter(label="走访人", lookup_expr="contains")

    class Meta:
        model = Visit
        fields: list[str] = []

    def by_failing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(failing__gt=0) if value == "some" else queryset.filter(failing=0)


class PairingFilter(PlacedFilter):
    standing = chosen("状态", choices=[("yes", "在结对"), ("no", "已结束")], method="by_standing")
    unit = django_filters.CharFilter(label="单位", lookup_expr="contains")

    names = ("household__head_name", "name")

    class Meta:
        model = Pairing
        fields: list[str] = []

    def by_standing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(valid_to__isnull=value == "yes")


class LoanFilter(PlacedFilter):
    timing = chosen("还款", choices=TIMINGS, method="by_timing")
    verdict = chosen(
        "放款条件", choices=[("met", "符合"), ("not_met", "不符合"), ("unknown", "无法判断")]
    )
    bank = django_filters.CharFilter(label="银行", lookup_expr="contains")
    due_on = django_filters.DateFromToRangeFilter(label="到期日期")

    names = ("household__head_name", "borrower__name")

    class Meta:
        model = Loan
        fields: list[str] = []

    def by_timing(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(in_timing(value, clock.today()))


def class_choices() -> list[tuple[str, str]]:
    return list(catalogue().student_classes.items())


class StudentAidFilter(PlacedFilter):
    programme = chosen("项目", choices=AidProgramme.choices)
    student_class = chosen("学生类别", choices=class_choices)
    year = django_filters.NumberFilter(label="学年（起始年）")
    paid = chosen("发放", choices=[("yes", "已发放"), ("no", "未发放")], method="by_paid")

    names = ("household__head_name", "member__name")

    class Meta:
        model = StudentAid
        fields: list[str] = []

    def by_paid(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(paid_on__isnull=value == "no")


class RenovationFilter(PlacedFilter):
    grade = chosen("等级", choices=HouseGrade.choices)
    method = chosen("方式", choices=HouseMethod.choices)
    programme_year = django_filters.NumberFilter(label="计划年度")
    doubled = chosen("重复支持疑点", choices=[("yes", "有"), ("no", "没有")], method="by_doubled")

    class Meta:
        model = HouseRenovation
        fields: list[str] = []

    def by_doubled(self, queryset: Any, name: str, value: str) -> Any:
        none = Q(doubled="")
        return queryset.filter(~none if value == "yes" else none)


class ReliefFilter(PlacedFilter):
    state = chosen("状态", choices=relief_states, method="by_state")
    risk = chosen("原因", choices=Risk.choices)
    applied_on = django_filters.DateFromToRangeFilter(label="申请日期")

    class Meta:
        model = ReliefApplication
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state=value)
