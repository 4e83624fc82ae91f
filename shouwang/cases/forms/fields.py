"""Fields that several forms of casework use."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shouwang.core import clock
from shouwang.screening.states import Risk

EARLIEST = date(2014, 1, 1)
"""The register of poor households began then; an earlier day is a slip of the hand."""
MOST_RISKS = 5


class DayField(forms.DateField):
    """A day that has happened: not in the future, not absurdly long ago."""

    widget = forms.DateInput

    def __init__(self, *args: Any, may_be_future: bool = False, **kwargs: Any) -> None:
        self.may_be_future = may_be_future
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        if day < EARLIEST:
            raise ValidationError(f"不能早于 {EARLIEST:%Y年%-m月%-d日}，请核对年份。", "too_early")
        if day > clock.today() and not self.may_be_future:
            raise ValidationError("这一天还没有到，请核对日期。", "future")
        return day


class WordsField(forms.CharField):
    """Words of a person: no character that a database refuses, no blank ends."""

    def __init__(self, *args: Any, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python((value or "").replace("\x00", "")))


class RisksField(forms.MultipleChoiceField):
    """One to five risks; their order is the order in which the person named them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", Risk.choices)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> list[str]:
        found = list(super().clean(value))
        if len(found) > MOST_RISKS:
            raise ValidationError(f"最多选 {MOST_RISKS} 项，请留下最主要的。", "too_many")
        return found


def yes_no(label: str, *, help_text: str = "", required: bool = False) -> forms.TypedChoiceField:
    """是 / 否 / 没有核实: nobody looked is not no."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", "是"), ("no", "否"), ("", "没有核实")],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        help_text=help_text,
    )


def version_field() -> forms.IntegerField:
    """What the page showed; a later one means that somebody was faster."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
