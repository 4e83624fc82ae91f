"""集体保单的清单: forms, tables and filters of collective policies, their insured and claims."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.tables import AmountColumn, Column, DateColumn, NameColumn, Table
from shouwang.core.tables import NumberColumn as Number
from shouwang.divisions.models import Division

from .filters import PlacedFilter
from .forms import MemberForm, date_field
from .item_lists import insurance_choices
from .models import CollectivePolicy, Insured
from .operations.collective import BY
from .states import ClaimState
from .tables import _RegisterTable


def _money(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=13, decimal_places=2, **options)


class CollectiveForm(forms.Form):
    kind = forms.ChoiceField(label="险种", choices=insurance_choices)
    insurer = forms.CharField(label="保险公司", max_length=60)
    policy_no = forms.CharField(label="保单号", max_length=60)
    holder = forms.CharField(label="投保单位", max_length=60, help_text="例如：县农业农村局。")
    sum_insured = _money("保险金额", help_text="整张保单的，按元填写。")
    premium = _money("保费", help_text="整张保单的；等于下面三方之和。")
    from_state = _money("财政承担", initial=0)
    from_village = _money("村集体承担", initial=0)
    from_households = _money("农户承担", initial=0)
    starts_on = date_field("起保日期")
    ends_on = date_field("到期日期")
    note = forms.CharField(label="备注", max_length=200, required=False)


class NewCollectiveForm(CollectiveForm):
    division = forms.ModelChoiceField(label="投保的地方", queryset=Division.objects.none())

    field_order = ("division",)

    def __init__(self, *args: Any, places: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places


class CollectiveCorrectionForm(CollectiveForm):
    reason = forms.CharField(label="更正理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class InsuredForm(MemberForm):
    policy = forms.ModelChoiceField(label="集体保单", queryset=CollectivePolicy.objects.none())
    member = forms.ChoiceField(label="被保险人", required=False, help_text="保人的选成员。")
    subject = forms.CharField(
        label="标的", max_length=60, required=False, help_text="例如：门前田水稻。"
    )
    quantity = forms.DecimalField(
        label="数量", required=False, min_value=0, max_digits=12, decimal_places=3
    )
    sum_insured = _money("保险金额", required=False)
    own_premium = _money("农户缴费", required=False)

    def __init__(self, *args: Any, policies: QuerySet[CollectivePolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["policy"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = policies


class CollectiveClaimForm(forms.Form):
    happened_on = date_field("出险日期")
    event = forms.CharField(label="出险原因", max_length=100)
    claimed = _money("报损金额")
    note = forms.CharField(label="备注", max_length=200, required=False)


class SettleForm(forms.Form):
    state = forms.ChoiceField(label="状态", choices=ClaimState.choices)
    paid = _money("赔付金额", required=False)
    paid_on = date_field("赔付日期", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DivideForm(forms.Form):
    by = forms.ChoiceField(
        label="分配办法", choices=list(BY.items()), widget=forms.RadioSelect, required=False
    )
    file = forms.FileField(
        label="到户名单", required=False,
        help_text="不按上面的办法分的，上传名单：户编号、姓名、标的、金额。",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class TakeBackForm(forms.Form):
    reason = forms.CharField(label="撤回理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CollectiveTable(Table):
    """集体保单."""

    policy_no = NameColumn(verbose_name="保单号")
    kind = Column(verbose_name="险种")
    insurer = Column(verbose_name="保险公司")
    holder = Column(verbose_name="投保单位")
    place = Column(verbose_name="地方", accessor="division__name", order_by="division__code")
    sum_insured = AmountColumn(verbose_name="保险金额")
    premium = AmountColumn(verbose_name="保费")
    from_state = AmountColumn(verbose_name="财政承担")
    from_village = AmountColumn(verbose_name="村集体承担")
    from_households = AmountColumn(verbose_name="农户承担")
    starts_on = DateColumn(verbose_name="起保日期")
    ends_on = DateColumn(verbose_name="到期日期")
    note = Column(verbose_name="备注")

    unit = "张"
    default_columns = (
        "policy_no", "kind", "holder", "insurer", "premium", "from_state", "from_households",
        "ends_on",
    )  # fmt: skip
    card_columns = ("policy_no", "kind", "premium")
    sums = ("premium", "from_state", "from_village", "from_households")

    class Meta:
        model = CollectivePolicy
        fields = (
            "policy_no", "kind", "insurer", "holder", "place", "sum_insured", "premium",
            "from_state", "from_village", "from_households", "starts_on", "ends_on", "note",
        )  # fmt: skip

    def row_url(self, record: CollectivePolicy) -> str:
        return reverse("support:collective", args=[record.pk])


class CollectiveFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="保单号、投保单位或保险公司", method="by_text")
    kind = chosen("险种", choices=insurance_choices())
    valid = chosen("保险期间", choices=[("now", "在保"), ("over", "已到期")], method="by_validity")

    class Meta:
        model = CollectivePolicy
        fields: list[str] = []

    def by_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip().replace("\x00", "")
        named = Q(policy_no__contains=text) | Q(holder__contains=text)
        return queryset.filter(named | Q(insurer__contains=text))

    def by_validity(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = clock.today()
        return queryset.filter(
            **({"ends_on__gte": today} if value == "now" else {"ends_on__lt": today})
        )


class InsuredTable(_RegisterTable):
    """参保名单."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    member = Column(verbose_name="被保险人", accessor="member__name")
    subject = Column(verbose_name="标的")
    quantity = Number(verbose_name="数量")
    sum_insured = AmountColumn(verbose_name="保险金额")
    own_premium = AmountColumn(verbose_name="农户缴费")

    unit = "条"
    default_columns = (
        "head", "household_no", "village", "member", "subject", "quantity", "sum_insured",
        "own_premium",
    )  # fmt: skip
    card_columns = ("head", "subject", "sum_insured")
    sums = ("quantity", "sum_insured", "own_premium")

    class Meta:
        model = Insured
        fields = (
            "head", "household_no", "town", "village", "member", "subject", "quantity",
            "sum_insured", "own_premium",
        )  # fmt: skip
        exclude = ("note",)


class InsuredFilter(PlacedFilter):
    names = ("member__name", "household__head_name")

    class Meta:
        model = Insured
        fields: list[str] = []
