"""入户核查 (household check): income, guarantees, risks and lists, seen by two people at least."""

from django.db import models

from ..querysets import CheckQuerySet
from ..states import CheckKind
from .cases import Case
from .clues import RegisteredClue


class HouseholdCheck(models.Model):
    """入户核查: one visit with its form; drafts are changed, submitted ones stay.

    `checkers` is a list of {"name", "unit", "account_id"}. The four guarantees are null while
    nobody looked. `period_start`..`period_end` are the 12 full months of the income items.
    `size` is who really lives together. `risks` is an ordered list of {"key", "note"}.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "已提交"

    kind = models.CharField("类型", max_length=16, choices=CheckKind.choices)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="checks", verbose_name="农户"
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="checks")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    visited_on = models.DateField("入户日期", null=True)
    checkers = models.JSONField("核查人", default=list)
    period_start = models.DateField("收入起算", null=True)
    period_end = models.DateField("收入截止", null=True)
    size = models.PositiveSmallIntegerField("共同生活人口", null=True)
    net_income = models.DecimalField("家庭纯收入", max_digits=14, decimal_places=2, null=True)
    per_person = models.DecimalField("人均纯收入", max_digits=14, decimal_places=2, null=True)
    claim_income = models.DecimalField("理赔收入", max_digits=14, decimal_places=2, null=True)
    self_paid = models.DecimalField("合规自付支出", max_digits=14, decimal_places=2, null=True)
    education_ok = models.BooleanField("义务教育有保障", null=True)
    medical_ok = models.BooleanField("基本医疗有保障", null=True)
    housing_ok = models.BooleanField("住房安全有保障", null=True)
    water_ok = models.BooleanField("饮水安全有保障", null=True)
    sudden_event = models.BooleanField("突发事件", null=True)
    can_cope = models.BooleanField("能自主应对", null=True)
    income_stable = models.BooleanField("收入稳定", null=True)
    risks_gone = models.BooleanField("原风险已消除", null=True)
    new_risk = models.BooleanField("有新风险", null=True)
    risks = models.JSONField("风险", default=list)
    difficulties = models.TextField("存在困难", blank=True)
    wishes = models.TextField("帮扶需求", blank=True)
    note = models.TextField("备注", blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by_label = models.CharField("提交人", max_length=120, blank=True)
    is_void = models.BooleanField("已作废", default=False)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )
    created_by_label = models.CharField("建立人", max_length=120)
    changed_at = models.DateTimeField("修改时间", null=True)
    changed_by_label = models.CharField("修改人", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(state="draft", case__isnull=False),
                name="cases_one_draft_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.get_kind_display()}"

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def checker_names(self) -> str:
        return "、".join(str(each.get("name", "")) for each in self.checkers)


class IncomeItem(models.Model):
    """收入项: one line of the national form; null is “not asked”, zero is “has none”."""

    check_form = models.ForeignKey(HouseholdCheck, models.CASCADE, related_name="items")
    key = models.CharField("项目", max_length=40)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_form", "key"], name="cases_income_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.amount}"


class ChecklistTemplate(models.Model):
    """清单模板: a list of questions by name, as the county wrote it last.

    What the rulebook ships is version 0 and has no row; a change by the county adds a version, so
    that old answers keep their questions. `items` is a list of {"key", "text", "type" (yes_no,
    text, number, choice), "choices", "fails" (the value that fails), "risk", "evidence"}.
    """

    key = models.CharField("清单", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    title = models.CharField("名称", max_length=80)
    purpose = models.CharField("用途", max_length=200, blank=True)
    items = models.JSONField("条目", default=list)
    is_active = models.BooleanField("启用", default=True)
    made_at = models.DateTimeField("修改时间")
    made_by_label = models.CharField("修改人", max_length=120)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="cases_checklist_version_once")
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistAnswer(models.Model):
    """清单答案: one question of a list as it was asked, and the clue that a failing one raised."""

    check_form = models.ForeignKey(HouseholdCheck, models.CASCADE, related_name="answers")
    template = models.CharField("清单", max_length=40)
    template_version = models.PositiveSmallIntegerField("版本")
    item = models.CharField("条目", max_length=40)
    text = models.CharField("问题", max_length=200)
    value = models.CharField("答案", max_length=200, blank=True)
    is_failing = models.BooleanField("不合格", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
    clue = models.ForeignKey(RegisteredClue, models.SET_NULL, null=True, related_name="raised_by")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_form", "template", "item"], name="cases_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.value}"
