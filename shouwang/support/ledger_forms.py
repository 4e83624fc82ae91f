"""Forms of the ledgers: insurance, claims, subsidies, care of the four diseases."""

from typing import Any

from django import forms

from shouwang.core import clock

from .forms import MemberForm, date_field, money_field
from .item_lists import disease_choices, insurance_choices, subsidy_choices
from .models import InsurancePolicy
from .states import ClaimState


def _note() -> forms.CharField:
    return forms.CharField(label="备注", max_length=200, required=False)


class PolicyForm(forms.Form):
    kind = forms.ChoiceField(label="险种", choices=insurance_choices)
    insurer = forms.CharField(label="保险公司", max_length=60)
    policy_no = forms.CharField(label="保单号", max_length=60, required=False)
    subject = forms.CharField(
        label="保险标的",
        max_length=60,
        required=False,
        help_text="例如：水稻 6 亩、能繁母猪 3 头。",
    )
    sum_insured = money_field("保险金额")
    premium = money_field("保费")
    aid = money_field("保费补贴", required=False)
    starts_on = date_field("起保日期")
    ends_on = date_field("到期日期")
    note = _note()


class ClaimForm(forms.Form):
    policy = forms.ModelChoiceField(label="保单", queryset=InsurancePolicy.objects.none())
    happened_on = date_field("出险日期")
    event = forms.CharField(label="出险原因", max_length=100)
    claimed = money_field("报损金额")
    state = forms.ChoiceField(label="状态", choices=ClaimState.choices)
    paid = money_field("赔付金额", required=False)
    paid_on = date_field("赔付日期", required=False)
    note = _note()

    def __init__(self, *args: Any, household: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.fields["policy"]
        assert isinstance(policy, forms.ModelChoiceField)
        policy.queryset = InsurancePolicy.objects.filter(household=household)


class SubsidyForm(forms.Form):
    item = forms.ChoiceField(label="项目", choices=subsidy_choices)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    quantity = forms.DecimalField(
        label="面积（数量）", required=False, min_value=0, max_digits=12, decimal_places=3
    )
    amount = money_field("金额")
    paid_on = date_field("发放日期", initial=clock.today)
    note = _note()


class CareForm(MemberForm):
    member = forms.ChoiceField(label="成员")
    disease = forms.ChoiceField(label="病种", choices=disease_choices)
    is_managed = forms.BooleanField(label="已规范管理", required=False)
    doctor = forms.CharField(label="家庭医生", max_length=40, required=False)
    noted_on = date_field("建档日期", initial=clock.today)
    followed_on = date_field("最近随访", required=False)
    note = _note()
