"""Forms of the registers of places: fields follow the kind; alerts, events, medical services."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.divisions.models import Division

from .alert_levels import alert_kind_choices, alert_level_choices, disaster_choices
from .forms import _day
from .models import Disaster
from .models.places import channel_choices, plan_choices
from .place_kinds import Detail, Kind

EMPTY = [("", "请选择")]
LONG = forms.Textarea(attrs={"rows": 4})
MINUTE = "%Y-%m-%dT%H:%M"


def _amount(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label}（元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )


def _choices(labels: Mapping[str, str] | Sequence[str]) -> list[tuple[str, str]]:
    """What may be chosen; words that are their own key come as a plain list."""
    named = labels if isinstance(labels, Mapping) else {one: one for one in labels}
    return [*EMPTY, *named.items()]


def detail_field(detail: Detail) -> forms.Field:
    """The form field of a kind's own column."""
    if detail.type == "choice":
        return forms.ChoiceField(
            label=detail.head, choices=_choices(detail.choices), required=False
        )
    if detail.type == "whole":
        return forms.IntegerField(
            label=detail.head, min_value=0, max_value=detail.most, required=False
        )
    if detail.type == "decimal":
        return forms.DecimalField(
            label=detail.head, min_value=0, max_value=detail.most, decimal_places=3, max_digits=10,
            required=False,
        )  # fmt: skip
    return forms.CharField(
        label=detail.head, max_length=detail.max, required=False, help_text=detail.help
    )


class ProblemForm(forms.Form):
    """村级问题: what was found. `places` and `disasters` are asked for only at the first time."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    division = forms.ModelChoiceField(label="行政村", queryset=Division.objects.none())
    disaster = forms.ModelChoiceField(label="灾害事件", queryset=Disaster.objects.none())
    subject = forms.ChoiceField(label="问题类型")
    name = forms.CharField(max_length=80)
    place = forms.CharField(max_length=120, required=False)
    found_on = _day("发现日期", initial=clock.today)
    channel = forms.ChoiceField(label="发现渠道", choices=channel_choices)
    found_by = forms.CharField(label="发现人", max_length=60, required=False)
    quantity = forms.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, required=False
    )  # fmt: skip
    unit = forms.ChoiceField(label="单位", required=False)
    households = forms.IntegerField(min_value=0, max_value=999_999, required=False)
    loss = _amount("估算损失")
    text = forms.CharField(
        label="情况", max_length=2000, required=False, widget=LONG,
        help_text="不写身份证号、电话和银行卡号。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: Kind, places: Any = None, disasters: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "division", places)
        _offer(self, "disaster", disasters if kind.has_event else None)
        words = {
            "name": kind.name_label, "place": kind.place_label, "found_on": kind.found_label,
            "quantity": kind.quantity_label, "households": f"{kind.households_label}（户）",
        }  # fmt: skip
        for key, label in words.items():
            self.fields[key].label = label
        self.fields["name"].help_text = kind.name_help
        for key, labels in (("subject", kind.subject_labels), ("unit", kind.units)):
            field = self.fields[key]
            assert isinstance(field, forms.ChoiceField)
            field.choices = _choices(labels)
        if not kind.loss_label:
            del self.fields["loss"]
        words_last = self.fields.pop("text")
        for detail in kind.details:
            self.fields[detail.key] = detail_field(detail)
        self.fields["text"] = words_last


def _offer(form: forms.Form, key: str, rows: Any) -> None:
    if rows is None:
        del form.fields[key]
        return
    field = form.fields[key]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.empty_label = "请选择"
    if len(rows[:2]) == 1:
        field.initial = rows[0]


class MeasureForm(forms.Form):
    """措施和计划."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    measure = forms.ChoiceField(label="措施", required=False)
    plan = forms.ChoiceField(label="计划状态", choices=plan_choices, initial="unlisted")
    plan_year = forms.IntegerField(
        label="计划年度", min_value=2000, max_value=2100, required=False,
        help_text="已列计划的必填，例如 2026。",
    )  # fmt: skip
    department = forms.ModelChoiceField(
        label="责任部门", queryset=Department.objects.order_by("code"), required=False,
        empty_label="由乡镇或村负责",
    )  # fmt: skip
    responsible = forms.CharField(label="责任人", max_length=40, required=False)
    money = _amount("资金")
    due_on = _day("完成期限", required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(kind.measures)
        self.fields["money"].label = f"{kind.money_label}（元）"


class ProgressForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    progress = forms.IntegerField(label="进度（%）", min_value=0, max_value=100)
    words = forms.CharField(label="做到哪一步", max_length=500)


class AffectedForm(forms.Form):
    household_no = forms.CharField(label="户编号", max_length=40)
    note = forms.CharField(label="受损情况", max_length=200, required=False)


class DisasterForm(forms.Form):
    """灾害事件."""

    division = forms.ModelChoiceField(label="受灾范围", queryset=Division.objects.none())
    kind = forms.ChoiceField(label="灾种", choices=disaster_choices)
    name = forms.CharField(label="事件名称", max_length=80, help_text="例如：7·12 暴雨洪涝。")
    began_on = _day("开始日期", initial=clock.today)
    ended_on = _day("结束日期", required=False)
    note = forms.CharField(label="情况", max_length=500, required=False, widget=LONG)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "division", places)


class DisasterEndForm(forms.Form):
    ended_on = _day("结束日期", required=False)
    note = forms.CharField(label="情况", max_length=500, required=False, widget=LONG)


class MedicalForm(forms.Form):
    """村级医疗卫生服务."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    has_clinic = forms.ChoiceField(
        label="村卫生室", choices=[("yes", "有"), ("no", "没有")], widget=forms.RadioSelect
    )
    doctors = forms.IntegerField(label="合格村医（人）", min_value=0, max_value=200)
    checked_on = _day("核实日期", initial=clock.today)
    note = forms.CharField(label="备注", max_length=200, required=False)


def _minute(label: str, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format=MINUTE, attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MINUTE], **more)


class AlertForm(forms.Form):
    """预警公告."""

    kind = forms.ChoiceField(label="种类", choices=alert_kind_choices)
    level = forms.ChoiceField(label="级别", choices=alert_level_choices)
    areas = forms.ModelMultipleChoiceField(
        label="范围", queryset=Division.objects.none(), help_text="选县或乡镇，就包括下面所有的村。"
    )
    title = forms.CharField(label="标题", max_length=80, help_text="例如：暴雨橙色预警。")
    text = forms.CharField(label="内容和防御要求", max_length=2000, widget=LONG)
    issuer = forms.CharField(label="发布单位", max_length=60, help_text="例如：县气象台。")
    valid_from = _minute("生效时间", initial=clock.now)
    valid_to = _minute("失效时间")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = places
