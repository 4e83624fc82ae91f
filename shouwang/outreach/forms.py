"""Forms of the outreach room."""

import uuid
from typing import Any

from django import forms

from shouwang.core import clock
from shouwang.divisions.models import Division

from .difficulties import offer
from .states import EventKind, HandoutWay, LeafletKind

DAY = {"type": "date"}


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY), **more)


class PublicReportForm(forms.Form):
    """申报困难: for somebody without an account, on a small screen; asks for no ID number.

    `homepage` is drawn where no person sees it: whoever fills it in is a program.
    """

    sent = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    for_whom = forms.ChoiceField(
        label="给谁申报", choices=[("self", "给自己家"), ("other", "替别人家")],
        widget=forms.RadioSelect, initial="self",
    )  # fmt: skip
    subject_name = forms.CharField(label="有困难的人的姓名", max_length=30)
    phone = forms.CharField(
        label="联系电话", max_length=20, help_text="工作人员会打这个电话，也用它查办理情况。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    reporter_name = forms.CharField(
        label="您的姓名（替别人申报时填）", max_length=30, required=False
    )
    relation = forms.CharField(
        label="您和他家的关系（替别人申报时填）", max_length=20, required=False,
        help_text="例如：邻居、亲戚、小组长。",
    )  # fmt: skip
    difficulties = forms.MultipleChoiceField(
        label="遇到了什么困难（可以选几样）", widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label="说说具体情况", max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="什么时候的事、花了多少钱。不用写身份证号和银行卡号。",
    )  # fmt: skip
    homepage = forms.CharField(required=False, max_length=200)
    consents = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["difficulties"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(one.key, one.label) for one in offer().difficulties.values()]
        self.fields["consents"].label = offer().consent

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("没有提交成功，请重新打开页面再填一次。")
        return ""

    @property
    def open_fields(self) -> list[Any]:
        """What a person sees."""
        return [bound for bound in self.visible_fields() if bound.name != "homepage"]


class AskForm(forms.Form):
    """查办理情况."""

    receipt = forms.CharField(label="受理号", max_length=20)
    phone = forms.CharField(
        label="申报时填的电话", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class LeafletForm(forms.Form):
    division = forms.ModelChoiceField(label="发放范围", queryset=Division.objects.none())
    title = forms.CharField(label="名称", max_length=80)
    kind = forms.ChoiceField(label="类型", choices=LeafletKind.choices)
    edition = forms.CharField(label="版次", max_length=20, help_text="例如：2026年第1版。")
    printed = forms.IntegerField(label="印数", min_value=1, max_value=10_000_000)
    made_on = _day("印制日期", initial=clock.today)
    department = forms.CharField(label="编印单位", max_length=60, required=False)
    is_for_all = forms.BooleanField(label="应发到每户", required=False, initial=True)
    note = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = places
        place.initial = places.first()


class HandOutForm(forms.Form):
    handed_on = _day("发放日期", initial=clock.today)
    way = forms.ChoiceField(label="方式", choices=HandoutWay.choices[:2])
    received_by = forms.CharField(
        label="签收人", max_length=40, required=False, help_text="不填就是户主本人。"
    )


class SignedSheetForm(forms.Form):
    handed_on = _day("发放日期", initial=clock.today, help_text="签收表里没有写日期的按这一天。")
    file = forms.FileField(label="签收表", help_text="填了签收人或发放日期的行登记为已发放。")


class EventForm(forms.Form):
    division = forms.ModelChoiceField(label="地方", queryset=Division.objects.none())
    held_on = _day("日期", initial=clock.today)
    kind = forms.ChoiceField(label="形式", choices=EventKind.choices)
    place = forms.CharField(label="地点", max_length=80)
    topic = forms.CharField(label="主题", max_length=120)
    people = forms.IntegerField(label="参加人数", min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label="情况", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = places
        place.initial = places.first()
