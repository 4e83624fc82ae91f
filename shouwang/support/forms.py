"""Forms of the support room; what they mean is checked again by the operations."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from shouwang.cases.checklists import Checklist, Question
from shouwang.core import clock
from shouwang.core.lifecycle import Transition
from shouwang.registry.models import Member
from shouwang.screening.states import Risk

from .calculators.medical import LABELS, Group
from .catalogue import catalogue
from .filters import department_choices
from .models import Industry, Measure
from .operations.reviewing import GUARANTEES
from .states import (
    AidProgramme,
    Conclusion,
    DutyKind,
    HouseGrade,
    HouseMethod,
    Verdict,
    VisitWay,
)

UNKNOWN_YES_NO = [("", "不清楚"), ("yes", "是"), ("no", "否")]


def flag(value: str | None) -> bool | None:
    """Of a choice from UNKNOWN_YES_NO."""
    return {"yes": True, "no": False}.get(value or "")


def date_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput, **options)


def money_field(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=10, decimal_places=2,
        **{"help_text": "按元填写，最多两位小数。", **options},
    )  # fmt: skip


def three_way(label: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=UNKNOWN_YES_NO, required=False, widget=forms.RadioSelect, **options
    )


def words(label: str, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class MemberForm(forms.Form):
    """A form that names a member of one household."""

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in members}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        empty = [] if field.required else [("", "全户")]
        if field.required:
            empty = [("", "请选择")]
        field.choices = [*empty, *[(key, str(one)) for key, one in self.people.items()]]

    def clean_member(self) -> Member | None:
        return self.people.get(self.cleaned_data["member"])


class MeasureForm(MemberForm):
    item = forms.ChoiceField(label="措施")
    risk = forms.ChoiceField(
        label="针对风险", choices=[("", "不针对某项风险"), *Risk.choices], required=False
    )
    member = forms.ChoiceField(
        label="给谁", required=False, help_text="教育、就业、贷款等给个人的措施须选择成员。"
    )
    industry = forms.ChoiceField(
        label="对应产业", required=False, help_text="帮扶这一户台账里的哪项产业。"
    )
    note = words("具体内容", required=False, max_length=500, help_text="写清楚做什么、做多少。")
    amount = money_field("计划金额", required=False)
    due_on = date_field("落实期限", required=False, help_text="不填时按规定期限计算。")

    def __init__(self, *args: Any, industries: Sequence[Industry] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.industries = offer_industries(self, industries)
        if not industries:
            del self.fields["industry"]
        groups: dict[str, list[tuple[str, str]]] = {}
        known = catalogue()
        for item in known.on(clock.today()):
            words = f"{item.label}（开发式）" if item.is_development else item.label
            groups.setdefault(known.kinds[item.kind], []).append((item.key, words))
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *groups.items()]

    def clean_industry(self) -> Industry | None:
        return self.industries.get(self.cleaned_data["industry"])


def offer_industries(form: forms.Form, industries: Sequence[Industry]) -> dict[str, Industry]:
    """Fill the field `industry` with what the household does now; returns what may be chosen."""
    found = {str(one.pk): one for one in industries}
    field = form.fields["industry"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [
        ("", "不对应某项产业"),
        *((key, f"{one.year}年 {one.kind_label}：{one.what}") for key, one in found.items()),
    ]
    return found


class IndustryOfForm(forms.Form):
    """Which industry of the household a measure helps."""

    industry = forms.ChoiceField(label="对应产业", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, industries: Sequence[Industry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.industries = offer_industries(self, industries)

    def clean_industry(self) -> Industry | None:
        return self.industries.get(self.cleaned_data["industry"])


class ChangeForm(forms.Form):
    department = forms.ChoiceField(label="责任部门")
    note = words("具体内容", required=False, max_length=500)
    amount = money_field("计划金额", required=False)
    due_on = date_field("落实期限", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *department_choices()]


class StepForm(forms.Form):
    """What one step of a measure asks for; the fields come from its row of the table."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Transition, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.action == "accept":
            self.fields["due_on"] = date_field(
                "计划落实日期", required=False, initial=measure.due_on
            )
            self.fields["amount"] = money_field("计划金额", required=False, initial=measure.amount)
        if "date" in row.asks:
            self.fields["date"] = date_field("开始日期", initial=clock.today)
            self.fields["contract_end"] = date_field(
                "合同（协议、学段）到期日", required=measure.continues,
                help_text="到期之前继续执行，风险消除后也不停。" if measure.continues else "",
            )  # fmt: skip
        for name, label in (("reason", "理由"), ("result", "办理结果"), ("note", "说明")):
            if name in row.asks:
                self.fields[name] = words(label, max_length=500)


class PaymentForm(forms.Form):
    amount = money_field("发放金额")
    paid_on = date_field("发放日期")
    channel = forms.CharField(
        label="发放方式", max_length=40, required=False, help_text="例如一卡通、转账，不写卡号。"
    )
    note = forms.CharField(label="备注", max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class PairingForm(forms.Form):
    name = forms.CharField(label="联系人姓名", max_length=40)
    unit = forms.CharField(label="单位", max_length=80, required=False)
    post = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(
        label="联系电话", max_length=20, required=False,
        help_text="印在这一户的明白纸上，保存时加密。",
    )  # fmt: skip
    valid_from = date_field("结对日期", initial=clock.today)
    is_main = forms.BooleanField(
        label="第一联系人", required=False, initial=True,
        help_text="新的第一联系人登记后，原来的自动结束并留作历史。",
    )  # fmt: skip
    reason = forms.CharField(label="变更原因", max_length=200, required=False)


class DutyForm(forms.Form):
    kind = forms.ChoiceField(label="责任", choices=DutyKind.choices)
    name = forms.CharField(label="责任人或单位", max_length=80)
    unit = forms.CharField(label="单位职务", max_length=80, required=False)
    valid_from = date_field("起始日期", initial=clock.today)


class VisitForm(forms.Form):
    """走访; the items of the chosen list follow as radio buttons."""

    visited_on = date_field("走访日期", initial=clock.today)
    way = forms.ChoiceField(label="方式", choices=VisitWay.choices, widget=forms.RadioSelect)
    visitors = forms.CharField(label="走访人", max_length=120)
    persons_met = forms.CharField(
        label="见到的人", max_length=80, required=False, help_text="例如户主本人、配偶。"
    )
    situation = words("走访情况", required=False, max_length=1000)
    needs = words("困难和需求", rows=2, required=False, max_length=500)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, checklist: Checklist | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        self.fields["token"].initial = uuid.uuid4()
        for question in checklist.questions if checklist else ():
            self.fields[f"item-{question.key}"] = _question_field(question)

    @property
    def items(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("item-")]

    @property
    def head(self) -> list[Any]:
        return [self[name] for name in ("visited_on", "way", "visitors", "persons_met")]

    @property
    def tail(self) -> list[Any]:
        return [self[name] for name in ("situation", "needs")]

    def answers(self) -> dict[str, str]:
        return {
            name.removeprefix("item-"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("item-") and value not in (None, "")
        }


def _question_field(question: Question) -> forms.Field:
    help_text = "建议拍照。" if question.evidence else ""
    if question.options:
        return forms.ChoiceField(
            label=question.text, choices=[(one, one) for one in question.options],
            widget=forms.RadioSelect, required=False, help_text=help_text,
        )  # fmt: skip
    return forms.CharField(label=question.text, max_length=200, required=False)


class ReviewForm(forms.Form):
    """成效评议; one choice for each measure that helped."""

    reviewed_on = date_field("评议日期", initial=clock.today)
    participants = forms.CharField(label="参加人", max_length=200)
    conclusion = forms.ChoiceField(label="结论", choices=[("", "请选择"), *Conclusion.choices])
    note = words("评议意见", required=False, max_length=1000)

    def __init__(self, *args: Any, measures: Sequence[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in GUARANTEES.items():
            self.fields[name] = three_way(f"{label}有保障")
        for measure in measures:
            self.fields[f"measure-{measure.pk}"] = forms.ChoiceField(
                label=f"{measure.title}（{measure.state_label}）", required=False,
                choices=[("", "不评"), *Verdict.choices], widget=forms.RadioSelect,
            )  # fmt: skip
        own = [name for name in self.fields if name.startswith("measure-")]
        self.order_fields(["reviewed_on", "participants", *GUARANTEES, *own, "conclusion", "note"])

    def verdicts(self) -> dict[int, str]:
        return {
            int(name.removeprefix("measure-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("measure-") and value
        }

    def guarantees(self) -> dict[str, bool | None]:
        return {name: flag(self.cleaned_data.get(name)) for name in GUARANTEES}


class HandOverForm(forms.Form):
    handed_on = date_field("发放日期", initial=clock.today)
    received_by = forms.CharField(label="签收人", max_length=40)


class ReliefForm(MemberForm):
    member = forms.ChoiceField(label="申请人", required=False)
    risk = forms.ChoiceField(label="申请原因", choices=[("", "请选择"), *Risk.choices])
    reason = words("申请理由", max_length=500)
    asked = money_field("申请金额")
    applied_on = date_field("申请日期", initial=clock.today)


class ReliefStepForm(forms.Form):
    """What one step of an application asks for."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.action in {"review", "approve"}:
            self.fields["granted"] = money_field("核定金额", required=row.action == "approve")
        if "date" in row.asks:
            self.fields["date"] = date_field("发放日期", initial=clock.today)
            self.fields["channel"] = forms.CharField(
                label="发放方式", max_length=40, required=False, help_text="不写卡号。"
            )
        for name, label in (("reason", "理由"), ("note", "意见")):
            if name in row.asks:
                self.fields[name] = words(label, max_length=500)


class LoanForm(MemberForm):
    member = forms.ChoiceField(label="借款人")
    bank = forms.CharField(label="银行", max_length=60)
    amount = money_field("贷款金额")
    months = forms.IntegerField(label="期限（月）", min_value=1, max_value=360)
    granted_on = date_field("放款日期")
    rate = forms.DecimalField(
        label="年利率（%）", min_value=0, max_value=99, decimal_places=2, required=False
    )
    interest_aid = money_field("贴息", required=False)
    for_production = three_way("用于自己发展生产")
    purpose = forms.CharField(label="用途", max_length=100, required=False)
    contract_no = forms.CharField(label="合同号", max_length=60, required=False)


class BalanceForm(forms.Form):
    balance = money_field("未还余额", help_text="填 0 表示已还清。")
    on = date_field("截至日期", initial=clock.today)
    note = forms.CharField(label="备注", max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class StudentAidForm(MemberForm):
    member = forms.ChoiceField(label="学生")
    programme = forms.ChoiceField(label="项目", choices=AidProgramme.choices)
    student_class = forms.ChoiceField(label="学生类别", required=False)
    school = forms.CharField(label="学校", max_length=80, required=False)
    stage = forms.CharField(label="学段年级", max_length=30, required=False)
    boards = three_way("寄宿")
    year = forms.IntegerField(label="学年（起始年）", min_value=2000, max_value=2100)
    term = forms.TypedChoiceField(label="学期", choices=[(1, "秋季"), (2, "春季")], coerce=int)
    amount = money_field("金额")
    paid_on = date_field("发放日期", required=False)
    stage_end = date_field("学段结束", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["student_class"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不属于五类"), *catalogue().student_classes.items()]


class RenovationForm(forms.Form):
    grade = forms.ChoiceField(label="等级", choices=HouseGrade.choices)
    method = forms.ChoiceField(label="方式", choices=HouseMethod.choices)
    programme_year = forms.IntegerField(label="计划年度", min_value=2000, max_value=2100)
    amount = money_field("补助金额")
    self_raised = money_field("自筹金额", required=False)
    disaster_amount = money_field(
        "灾后重建资金", required=False, help_text="没有的填 0；同一房屋不得重复支持。"
    )
    is_again = forms.BooleanField(label="改造后再次成为危房", required=False)
    started_on = date_field("开工日期", required=False)
    finished_on = date_field("竣工日期", required=False)
    accepted_on = date_field("验收日期", required=False)
    paid_on = date_field("补助到位日期", required=False)
    doubled_answer = words(
        "重复支持疑点说明", rows=2, required=False, max_length=300,
        help_text="系统发现可能重复支持时须填写。",
    )  # fmt: skip


class SheetForm(forms.Form):
    file = forms.FileField(label="文件", help_text="xlsx、xls 或 csv，不超过 30 MB。")


class MedicalForm(forms.Form):
    total = money_field("住院总费用")
    outside_policy = money_field(
        "其中自费", initial=0, help_text="目录外的药品、材料和服务，不在政策范围内。"
    )
    in_county = forms.ChoiceField(label="就医地", choices=[("yes", "县域内"), ("no", "县域外")])
    insured = forms.ChoiceField(
        label="居民基本医疗保险", choices=[("yes", "已参加"), ("no", "没有参加")]
    )
    group = forms.ChoiceField(label="人员类别", choices=[(one.value, LABELS[one]) for one in Group])
    day = date_field("按哪一天的政策", initial=clock.today)


class LoanCheckForm(forms.Form):
    birth = date_field("出生日期")
    poor = three_way("脱贫户")
    monitored = three_way("监测对象且风险未消除")
    labour = three_way("有劳动能力")
    amount = money_field("申请金额")
    other_balance = money_field("本户其他小额信贷未还余额", initial=0)
    months = forms.IntegerField(label="期限（月）", min_value=1, max_value=360)
    for_production = three_way("用于自己发展生产")
    top_up = forms.BooleanField(label="属于追加贷款", required=False)
    day = date_field("放款日期", initial=clock.today)


class PremiumForm(forms.Form):
    is_tekun = three_way("特困人员")
    is_severely_disabled = three_way("重度残疾人")
    is_orphan = three_way("孤儿或事实无人抚养儿童")
    is_dibao = three_way("低保对象")
    is_monitored = three_way("监测对象")
    day = date_field("按哪一天的政策", initial=clock.today)


class StudentForm(forms.Form):
    stage = forms.ChoiceField(label="学段")
    poor = three_way("脱贫户")
    monitored = three_way("监测对象家庭")
    classed = three_way("属于五类学生")
    boards = three_way("寄宿")
    day = date_field("按哪一天的政策", initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage.key, stage.label) for stage in catalogue().stages]
