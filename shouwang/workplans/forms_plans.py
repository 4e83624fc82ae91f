"""Forms of plans: which place and period, one item, a spreadsheet."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from shouwang.core import clock
from shouwang.core.figures import all_figures
from shouwang.divisions.models import Division

from .states import PlanList


class PlanForm(forms.Form):
    """编制方案."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    list_kind = forms.ChoiceField(label="清单", choices=PlanList.choices)
    period = forms.CharField(label="年度或期间", max_length=40, help_text="例如：2026年。")

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset, place.initial = divisions, divisions.first()
        self.fields["period"].initial = f"{clock.today().year}年"


class PlanItemForm(forms.Form):
    """方案的一项: may be saved unfinished; what is missing is told on the page of the plan."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    goal = forms.CharField(label="目标", max_length=300, required=False)
    quantity = forms.DecimalField(
        label="目标值", max_digits=20, decimal_places=4, min_value=0, required=False,
        help_text="能衡量的目标写数，例如 92。",
    )  # fmt: skip
    unit = forms.CharField(label="计量单位", max_length=20, required=False)
    figure = forms.ChoiceField(
        label="与哪个自动数比较", required=False,
        help_text="选了以后，会与乡镇、全县的平均数比较。",
    )  # fmt: skip
    task = forms.CharField(
        label="任务", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    project = forms.CharField(label="项目", max_length=300, required=False)
    money = forms.DecimalField(
        label="资金（万元）", max_digits=14, decimal_places=2, min_value=0, required=False,
        help_text="不花钱的写 0。",
    )  # fmt: skip
    body = forms.CharField(label="责任单位", max_length=120, required=False)
    person = forms.CharField(label="责任人", max_length=60, required=False)
    ends_on = forms.DateField(
        label="完成时限", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figure = self.fields["figure"]
        assert isinstance(figure, forms.ChoiceField)
        figure.choices = [
            ("", "不比较"),
            *((one.key, f"{one.title}（{one.unit}）") for one in all_figures().values()),
        ]


class PlanSheetForm(forms.Form):
    """方案内容的表格."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sheet = forms.FileField(label="方案内容（xlsx）")
    replace = forms.BooleanField(label="替换已有的各项（不选则加在后面）", required=False)
