"""Forms of the screening room."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from .states import Triage


class StartForm(forms.Form):
    """Which dates to screen."""

    dates = forms.TypedMultipleChoiceField(
        label="筛查日期",
        coerce=date.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        help_text="每个日期单独成为一个批次，只用所属期在该日及以前的部门数据。",
        error_messages={"required": "请至少勾选一个筛查日期。"},
    )

    def __init__(self, *args: Any, dates: Sequence[tuple[date, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dates"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(day.isoformat(), label) for day, label in dates]


class TriageForm(forms.Form):
    """研判: what is known about a clue before anybody visits."""

    state = forms.ChoiceField(label="研判结果", choices=Triage.choices, required=False)
    note = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写已掌握的情况和依据，不写身份证号、电话和病名。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
