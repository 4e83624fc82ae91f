"""消除以后的表单: return visits and the judgement of households monitored for long."""

from django import forms

from shouwang.core import clock

from ..states import FollowConclusion, JudgementConclusion
from .fields import DayField, WordsField, version_field, yes_no


class FollowUpForm(forms.Form):
    """回访."""

    visited_on = DayField(label="回访日期")
    visitors = WordsField(label="回访人", max_length=120)
    income_ok = yes_no("收入是否稳定")
    guarantees_ok = yes_no("三保障和饮水是否有保障")
    conclusion = forms.ChoiceField(
        label="结论", choices=FollowConclusion.choices, widget=forms.RadioSelect
    )
    note = WordsField(label="情况", rows=3, max_length=1_000, required=False)
    version = version_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["visited_on"].initial = clock.today()


class ReferForm(forms.Form):
    """转民政核实救助: why civil affairs should look at a monitored household."""

    reason = forms.CharField(
        label="转介理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清依据，例如“整户没有劳动能力，收入靠土地流转”。不写身份证号、电话和病名。",
    )


class AgainForm(forms.Form):
    """接续国家系统再次标注: what was checked before the national mark begins a new round."""

    reason = WordsField(
        label="核对情况和理由", rows=3, max_length=500,
        help_text="例如：与镇里核对，上一轮消除属实，全国系统因新的风险再次识别。",
    )  # fmt: skip
    version = version_field()


class JudgementForm(forms.Form):
    """逐户研判."""

    judged_on = DayField(label="研判日期")
    conclusion = forms.ChoiceField(
        label="结论", choices=JudgementConclusion.choices, widget=forms.RadioSelect
    )
    reason = WordsField(
        label="原因分析", rows=4, max_length=1_000, help_text="为什么长期没有消除，现在要怎么办。"
    )
    participants = WordsField(label="参加人", max_length=300, required=False)
    version = version_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["judged_on"].initial = clock.today()
