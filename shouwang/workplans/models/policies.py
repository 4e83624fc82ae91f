"""政策登记册 (policies): what is in force, from which sentence of which paper, and what became of
what was there before.
"""

from datetime import date

from django.db import models
from django.urls import reverse

from ..frameworks import frameworks
from ..querysets import PolicyQuerySet
from ..states import PolicyStatus
from .papers import Paper, Piece
from .work import plain


class Policy(models.Model):
    """政策: in force from `valid_from` to `valid_to` (still in force where that is empty).

    `start` and `end` are its place in the text of the paper; `replaced_by` says what came after.
    """

    name = models.CharField("政策", max_length=200)
    framework = models.CharField("衔接方面", max_length=20)
    status = models.CharField("衔接方式", max_length=10, choices=PolicyStatus.choices)
    content = models.TextField("内容和标准", max_length=2000, blank=True)
    beneficiary = models.CharField("补给谁", max_length=160, blank=True, default="")
    amount = models.DecimalField("金额", max_digits=16, decimal_places=4, null=True)
    amount_unit = models.CharField("金额单位", max_length=40, blank=True, default="")
    is_cap = models.BooleanField("是上限", default=False)
    condition = models.CharField("条件", max_length=500, blank=True, default="")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="责任部门"
    )
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="policies", verbose_name="来源文件"
    )
    piece = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="policies")
    start = models.PositiveIntegerField("原文起点", null=True)
    end = models.PositiveIntegerField("原文终点", null=True)
    valid_from = models.DateField("执行起始")
    valid_to = models.DateField("执行截止", null=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaces", verbose_name="被哪项替代"
    )
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "name", "pk"]
        indexes = [models.Index(fields=["division", "framework"], name="policy_of_place")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="policy_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def framework_label(self) -> str:
        return frameworks().get(self.framework, self.framework)

    @property
    def amount_words(self) -> str:
        if self.amount is None:
            return ""
        words = f"{plain(self.amount)} {self.amount_unit}".strip()
        return f"最高 {words}" if self.is_cap else words

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def get_absolute_url(self) -> str:
        return reverse("workplans:policy", args=[self.pk])
