"""Forms of the calls room."""

from typing import Any

from django import forms

from shouwang.accounts.models import Department
from shouwang.divisions.models import Division

from .models import urgency_choices


class CallForm(forms.Form):
    """吹哨."""

    division = forms.ModelChoiceField(label="吹哨的村镇", queryset=Division.objects.none())
    title = forms.CharField(label="事项", max_length=80, help_text="一句话，例如：入村道路塌方。")
    text = forms.CharField(
        label="情况和要解决的问题", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="不写身份证号和银行卡号。",
    )  # fmt: skip
    urgency = forms.ChoiceField(label="紧急程度", choices=urgency_choices, initial="normal")
    departments = forms.ModelMultipleChoiceField(
        label="请这些部门报到", queryset=Department.objects.order_by("code"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset = places
        if len(places[:2]) == 1:
            division.initial = places[0]
