"""Forms of the register of policies."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from shouwang.accounts.models import Department
from shouwang.divisions.models import Division

from .forms import DAY
from .frameworks import frameworks
from .models import Paper, Policy
from .states import PolicyStatus


class PolicyForm(forms.Form):
    """登记或修改一项政策; on a new one also what it replaces."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    name = forms.CharField(label="政策", max_length=200)
    framework = forms.ChoiceField(label="衔接方面")
    status = forms.ChoiceField(label="衔接方式", choices=PolicyStatus.choices)
    content = forms.CharField(
        label="内容和标准",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    beneficiary = forms.CharField(label="补给谁", max_length=160, required=False)
    amount = forms.DecimalField(
        label="金额", max_digits=16, decimal_places=4, min_value=0, required=False
    )
    amount_unit = forms.CharField(
        label="金额单位", max_length=40, required=False, help_text="例如：元/人·年。"
    )
    is_cap = forms.BooleanField(label="这个金额是上限", required=False)
    condition = forms.CharField(
        label="条件", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    department = forms.ModelChoiceField(
        label="责任部门", queryset=Department.objects.all(), required=False, empty_label="未定"
    )
    paper = forms.ModelChoiceField(
        label="来源文件", queryset=Paper.objects.none(), required=False, empty_label="不在系统里"
    )
    sentence = forms.CharField(
        label="原文", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="从来源文件里复制一句，登记后可以回到这一句。",
    )  # fmt: skip
    valid_from = forms.DateField(label="执行起始", widget=forms.DateInput(attrs=DAY))
    valid_to = forms.DateField(
        label="执行截止", required=False, widget=forms.DateInput(attrs=DAY),
        help_text="还在执行的空着。",
    )  # fmt: skip
    replaces = forms.ModelChoiceField(
        label="替代哪一项", queryset=Policy.objects.none(), required=False, empty_label="不替代",
        help_text="被替代的到前一天为止，并记下由本项替代。",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        divisions: QuerySet[Division],
        papers: QuerySet[Paper],
        policies: QuerySet[Policy],
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choices("division", divisions)
        self._choices("paper", papers)
        self._choices("replaces", policies)
        self.fields["division"].initial = divisions.first()
        framework = self.fields["framework"]
        assert isinstance(framework, forms.ChoiceField)
        framework.choices = list(frameworks().items())
        if not is_new:
            del self.fields["division"], self.fields["replaces"]

    def _choices(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows
