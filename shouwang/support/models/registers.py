"""帮扶台账 (registers): small loans, student aid, house renovation, the relief fund."""

from django.db import models

from ..querysets import OfHouseholdQuerySet
from ..states import (
    AidProgramme,
    HouseGrade,
    HouseMethod,
    LoanState,
    relief_states,
    relief_table,
)
from .payments import Payment


class _Registered(models.Model):
    """What all registers note: from where a row came, and who noted it."""

    note = models.CharField("备注", max_length=200, blank=True)
    file_name = models.CharField("来源文件", max_length=200, blank=True)
    file_row = models.PositiveIntegerField("所在行", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Loan(_Registered):
    """小额信贷: one loan with the household's state as it was on the day it was given.

    `checks` keeps what the calculator said of the conditions on that day.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="loans", verbose_name="农户"
    )
    borrower = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="loans", verbose_name="借款人"
    )
    contract_no = models.CharField("合同号", max_length=60, blank=True)
    bank = models.CharField("银行", max_length=60)
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    months = models.PositiveSmallIntegerField("期限", null=True)
    rate = models.DecimalField("年利率", max_digits=6, decimal_places=4, null=True)
    interest_aid = models.DecimalField("贴息", max_digits=12, decimal_places=2, null=True)
    purpose = models.CharField("用途", max_length=100, blank=True)
    granted_on = models.DateField("放款日期")
    due_on = models.DateField("到期日期")
    balance = models.DecimalField("未还余额", max_digits=12, decimal_places=2)
    state = models.CharField(
        "状态", max_length=8, choices=LoanState.choices, default=LoanState.RUNNING
    )
    repaid_on = models.DateField("结清日期", null=True)
    household_state = models.CharField("放款日农户类别", max_length=60, blank=True)
    verdict = models.CharField("放款条件", max_length=8, blank=True)
    checks = models.JSONField("条件核对", default=list)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-state", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["borrower", "granted_on", "bank"], name="support_loan_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, balance__gte=0)
                & models.Q(balance__lte=models.F("amount")),
                name="support_loan_money",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("granted_on")),
                name="support_loan_in_order",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="support_loan_due")]

    def __str__(self) -> str:
        return f"{self.borrower} {self.bank}"


class StudentAid(_Registered):
    """助学: one student's aid of one programme in one school year and term."""

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="student_aids", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="student_aids", verbose_name="学生"
    )
    programme = models.CharField("项目", max_length=12, choices=AidProgramme.choices)
    student_class = models.CharField("学生类别", max_length=20, blank=True)
    school = models.CharField("学校", max_length=80, blank=True)
    stage = models.CharField("学段", max_length=30, blank=True)
    boards = models.BooleanField("寄宿", null=True)
    year = models.PositiveSmallIntegerField("学年（起始年）")
    term = models.PositiveSmallIntegerField("学期", choices=[(1, "秋季"), (2, "春季")])
    amount = models.DecimalField("金额", max_digits=10, decimal_places=2)
    paid_on = models.DateField("发放日期", null=True)
    stage_end = models.DateField("学段结束", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "programme", "year", "term"], name="support_aid_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="support_aid_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_programme_display()}"


class HouseRenovation(_Registered):
    """住房改造: one house made safe, with the check that no other money pays for the same.

    `doubled` says why the support might be double (灾后重建, an earlier renovation); a row with a
    reason is kept only with an explanation (`doubled_answer`).
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="renovations", verbose_name="农户"
    )
    grade = models.CharField("等级", max_length=4, choices=HouseGrade.choices)
    method = models.CharField("方式", max_length=8, choices=HouseMethod.choices)
    programme_year = models.PositiveSmallIntegerField("计划年度")
    amount = models.DecimalField("补助金额", max_digits=12, decimal_places=2)
    self_raised = models.DecimalField("自筹金额", max_digits=12, decimal_places=2, null=True)
    disaster_amount = models.DecimalField(
        "灾后重建资金", max_digits=12, decimal_places=2, null=True
    )
    is_again = models.BooleanField("改造后再次成为危房", default=False)
    started_on = models.DateField("开工日期", null=True)
    finished_on = models.DateField("竣工日期", null=True)
    accepted_on = models.DateField("验收日期", null=True)
    paid_on = models.DateField("补助到位日期", null=True)
    doubled = models.CharField("重复支持疑点", max_length=200, blank=True)
    doubled_answer = models.CharField("疑点说明", max_length=300, blank=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-programme_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "programme_year"], name="support_house_once_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="support_house_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.programme_year}"


class ReliefApplication(_Registered):
    """救助基金申请: applied for, reviewed by the town, approved by the county, paid.

    `state` is changed by `operations.take_relief_step` only.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="reliefs", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="reliefs")
    risk = models.CharField("原因", max_length=32)
    reason = models.CharField("申请理由", max_length=500)
    asked = models.DecimalField("申请金额", max_digits=12, decimal_places=2)
    granted = models.DecimalField("核定金额", max_digits=12, decimal_places=2, null=True)
    applied_on = models.DateField("申请日期")
    state = models.CharField("状态", max_length=10, choices=relief_states, default="applied")
    applied_by = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reviewed_by = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="relief")

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked__gt=0)
                & (models.Q(granted=None) | models.Q(granted__gt=0)),
                name="support_relief_positive",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.applied_on}"

    @property
    def state_label(self) -> str:
        return relief_table().state(self.state).label

    @property
    def state_tone(self) -> str:
        return relief_table().state(self.state).tone

    @property
    def risk_label(self) -> str:
        from shouwang.screening.states import risk_label

        return risk_label(self.risk)


class ReliefStep(models.Model):
    """审批记录: one step of a relief application."""

    application = models.ForeignKey(ReliefApplication, models.CASCADE, related_name="steps")
    label = models.CharField("办理", max_length=40)
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField("时间")
    actor_label = models.CharField("办理人", max_length=120)
    note = models.CharField("意见", max_length=500, blank=True)

    class Meta:
        ordering = ["application", "pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.actor_label}"
