"""高额医疗费用的清单: form, table and filter."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.tables import AmountColumn, Column, DateColumn, NameColumn, PillColumn

from .filters import PlacedFilter
from .forms import date_field, words
from .models import MedicalBurden
from .operations.burdens import outcomes_of
from .states import BURDEN_OPEN, BURDEN_TONES, BurdenState
from .tables import _RegisterTable

OPEN_OR_LATE = [("open", "没有办结"), ("late", "超期没有办结"), ("closed", "已办结")]


class HandleForm(forms.Form):
    outcome = forms.ChoiceField(label="办理结果", widget=forms.RadioSelect)
    on = date_field("办理日期", initial=clock.today)
    note = words("办理情况", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, burden: MedicalBurden, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(outcomes_of(burden))


def is_late(burden: MedicalBurden) -> bool:
    return burden.state in BURDEN_OPEN and burden.due_on < clock.today()


def burden_state(burden: MedicalBurden) -> tuple[str, str]:
    """Tone and words."""
    label = str(BurdenState(burden.state).label)
    if is_late(burden):
        return "late", f"{label}，超期"
    return BURDEN_TONES[burden.state], label


class BurdenTable(_RegisterTable):
    """高额医疗费用."""

    name = NameColumn(verbose_name="姓名", accessor="member__name")
    year = Column(verbose_name="年度")
    amount = AmountColumn(verbose_name="自付金额")
    line = AmountColumn(verbose_name="预警线")
    type = Column(verbose_name="户类型", accessor="household__household_type")
    seen_on = DateColumn(verbose_name="最近命中")
    state = PillColumn(verbose_name="办理", tones=BURDEN_TONES)
    due_on = DateColumn(verbose_name="办理期限")
    handled_on = DateColumn(verbose_name="办理日期")
    handled_by = Column(verbose_name="办理人", accessor="handled_by_label")

    unit = "人"
    default_columns = (
        "name", "village", "year", "amount", "line", "state", "due_on", "handled_by",
    )  # fmt: skip
    card_columns = ("name", "amount", "state")
    sums = ("amount",)

    class Meta:
        model = MedicalBurden
        fields = (
            "name", "head", "household_no", "town", "village", "type", "year", "amount", "line",
            "seen_on", "state", "due_on", "handled_on", "handled_by",
        )  # fmt: skip
        exclude = ("note",)

    def row_url(self, record: MedicalBurden) -> str:
        return reverse("support:burden", args=[record.pk])

    def render_state(self, record: MedicalBurden) -> str:
        return pill(*burden_state(record))

    def value_state(self, record: MedicalBurden) -> str:
        return burden_state(record)[1]


class BurdenFilter(PlacedFilter):
    names = ("member__name", "household__head_name")
    year = chosen("年度", choices=lambda: [(y, f"{y}年") for y in _years()])
    state = chosen("办理", choices=BurdenState.choices)
    timing = chosen("办结", choices=OPEN_OR_LATE, method="by_timing")

    class Meta:
        model = MedicalBurden
        fields: list[str] = []

    def by_timing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        unfinished = Q(state__in=BURDEN_OPEN)
        return queryset.filter(
            {
                "open": unfinished,
                "late": unfinished & Q(due_on__lt=clock.today()),
                "closed": ~unfinished,
            }[value]
        )


def _years() -> list[int]:
    this = clock.today().year
    return list(range(this, this - 5, -1))
