"""Forms of the assistance room."""

from django import forms

from .states import Direction


class ReferForm(forms.Form):
    """转介: why the other side should look at these households."""

    direction = forms.ChoiceField(choices=Direction.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="转介理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清依据，例如“民政在册低保，监测系统未纳入”。不写身份证号、电话和病名。",
    )


class AnswerForm(forms.Form):
    """答复: taken or declined, with the reason of a refusal."""

    action = forms.CharField(max_length=20, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不符合或撤回时必须说明理由。",
    )
