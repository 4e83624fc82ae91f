"""三保障和饮水问题台账: one problem of one household, with its own plan, steps and sign-off."""

from django.db import models
from django.urls import reverse

from ..kinds import kind_choices, kinds
from ..querysets import DossierQuerySet
from ..states import dossier_table


class Dossier(models.Model):
    """问题: from when it was found to when it was signed off; it comes back as the same problem.

    `people` maps each required duty to a name; `outcome` is one of the kind's ways of being solved;
    `support` tells of money from elsewhere for the same thing (住房: 不得重复享受).
    """

    kind = models.CharField("类别", max_length=16, choices=kind_choices())
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="dossiers", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, related_name="+", verbose_name="成员"
    )
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="村"
    )
    problem = models.CharField("问题", max_length=500)
    origin = models.CharField("来源", max_length=120)
    found_on = models.DateField("发现日期")
    due_on = models.DateField("解决期限")
    state = models.CharField("状态", max_length=12, default="open")
    plan = models.TextField("解决方案", blank=True, default="")
    people = models.JSONField("责任人", default=dict)
    outcome = models.CharField("解决方式", max_length=40, blank=True, default="")
    funds = models.DecimalField("投入资金", max_digits=14, decimal_places=2, null=True)
    support = models.CharField("其他渠道支持", max_length=200, blank=True, default="")
    no_other_support = models.BooleanField("已核对没有重复享受", default=False)
    evidence = models.CharField("佐证材料", max_length=300, blank=True, default="")
    applied_by_label = models.CharField("销号申请人", max_length=120, blank=True, default="")
    closed_on = models.DateField("销号日期", null=True)
    times = models.PositiveSmallIntegerField("反弹次数", default=0)
    created_at = models.DateTimeField("建立时间")
    created_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "household", "member"],
                condition=models.Q(member__isnull=False) & ~models.Q(state="mistaken"),
                name="one_dossier_a_person_and_kind",
            ),
            models.UniqueConstraint(
                fields=["kind", "household"],
                condition=models.Q(member__isnull=True) & ~models.Q(state="mistaken"),
                name="one_dossier_a_household_and_kind",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="dossier_due")]

    def __str__(self) -> str:
        return f"{self.member.name if self.member else self.household}：{self.kind_title}"

    @property
    def title_words(self) -> str:
        """The person, else the household: what the problem is called in lists."""
        return self.member.name if self.member else str(self.household)

    @property
    def kind_title(self) -> str:
        return kinds()[self.kind].title if self.kind in kinds() else self.kind

    @property
    def state_label(self) -> str:
        return dossier_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("campaigns:dossier", args=[self.pk])


class DossierEntry(models.Model):
    """办理记录: a step of the kind that was done, or a change of state."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="entries")
    step = models.CharField("步骤", max_length=20, blank=True, default="")
    label = models.CharField("事项", max_length=60)
    done_on = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True, default="")
    at = models.DateTimeField("登记时间")
    by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.label
