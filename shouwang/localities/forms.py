"""Forms of the localities room."""

from typing import Any

from django import forms

from shouwang.core import clock
from shouwang.divisions.models import Division

from .models.water import kind_choices
from .states import GridRole

DAY = {"type": "date"}


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY), **more)


def _name(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=40, required=False)


class WorksForm(forms.Form):
    """饮水工程."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="工程名称", max_length=80)
    kind = forms.ChoiceField(label="类型", choices=kind_choices)
    villages = forms.ModelMultipleChoiceField(label="供水的村", queryset=Division.objects.none())
    households = forms.IntegerField(label="供水户数", min_value=0, required=False)
    people = forms.IntegerField(label="供水人口", min_value=0, required=False)
    government = _name("地方政府主体责任人")
    department = _name("水行政主管部门监管责任人")
    operator = _name("供水单位运行管理责任人")
    keeper = _name("管水员")
    built_on = _day("建成日期", required=False)
    note = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = self.fields["villages"]
        assert isinstance(villages, forms.ModelMultipleChoiceField)
        villages.queryset = places


class TestForm(forms.Form):
    """水质检测."""

    tested_on = _day("检测日期", initial=clock.today)
    tested_by = forms.CharField(label="检测单位", max_length=60)
    items = forms.CharField(
        label="检测项目", max_length=200, help_text="例如：微生物、浊度、余氯等 43 项。"
    )
    passed = forms.ChoiceField(
        label="结果", choices=[("yes", "全部合格"), ("no", "有不合格")], widget=forms.RadioSelect
    )
    failed_items = forms.CharField(
        label="不合格项目", max_length=200, required=False,
        help_text="有不合格的必填；登记后自动建立问题。",
    )  # fmt: skip
    note = forms.CharField(label="备注", max_length=200, required=False)


class PlanForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    plan = forms.CharField(
        label="解决方案", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = _day("解决期限")


class GridForm(forms.Form):
    name = forms.CharField(label="网格", max_length=40, help_text="例如：第一网格。")
    scope = forms.CharField(label="范围", max_length=120, required=False)
    households = forms.IntegerField(label="户数", min_value=0, required=False)


class MemberForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    role = forms.ChoiceField(label="角色", choices=GridRole.choices)
    unit = forms.CharField(
        label="身份", max_length=60, required=False, help_text="例如：村民小组长、护林员。"
    )
    phone = forms.CharField(label="联系电话", max_length=20, required=False)
    valid_from = _day("开始日期", initial=clock.today)


class EndForm(forms.Form):
    on = _day("日期", initial=clock.today)
