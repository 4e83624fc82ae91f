"""集中排查: a sweep, and one line for every household that it goes to."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from shouwang.cases.checklists import Question, question

from ..querysets import SweepItemQuerySet, SweepQuerySet
from ..states import Finding, ItemState, Recheck, SweepKind


class Sweep(models.Model):
    """集中排查: what is asked, of whom, and until when; the list is fixed when it starts."""

    title = models.CharField("名称", max_length=80)
    kind = models.CharField("范围", max_length=8, choices=SweepKind.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    purpose = models.CharField("排查重点", max_length=300, blank=True)
    checklist = models.CharField("清单", max_length=40)
    questions = models.JSONField("题目", default=list)
    priorities = models.JSONField("重点名单", default=list)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    recheck_percent = models.PositiveSmallIntegerField("抽查比例", default=5)
    state = models.CharField("状态", max_length=12, default="planned")
    created_at = models.DateTimeField("布置时间")
    created_by_label = models.CharField("布置人", max_length=120)
    closed_at = models.DateTimeField("结束时间", null=True)
    report = models.JSONField("结束时的数字", default=dict)
    version = models.PositiveIntegerField(default=1)

    objects = SweepQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="sweep_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(recheck_percent__gte=1, recheck_percent__lte=100),
                name="sweep_recheck_share",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions as they were when the sweep was set up."""
        return tuple(map(question, self.questions))

    def get_absolute_url(self) -> str:
        return reverse("campaigns:sweep", args=[self.pk])


class SweepItem(models.Model):
    """排查户: one household of a sweep, what was found, and whether a second look agrees."""

    sweep = models.ForeignKey(Sweep, models.PROTECT, related_name="items")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="sweep_items", verbose_name="农户"
    )
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="村"
    )
    reasons = models.CharField("重点原因", max_length=200, blank=True, default="")
    weight = models.PositiveSmallIntegerField("重点项数", default=0)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="核查人",
    )
    checker_label = models.CharField("核查人", max_length=60, blank=True, default="")
    state = models.CharField(
        "状态", max_length=8, choices=ItemState.choices, default=ItemState.TODO
    )
    visited_on = models.DateField("排查日期", null=True)
    finding = models.CharField(
        "结果", max_length=8, choices=Finding.choices, blank=True, default=Finding.NONE
    )
    answers = models.JSONField("答案", default=dict)
    failed = models.PositiveSmallIntegerField("不合格题数", default=0)
    note = models.CharField("说明", max_length=300, blank=True, default="")
    clue = models.ForeignKey(
        "cases.RegisteredClue", models.SET_NULL, null=True, related_name="+", verbose_name="线索"
    )
    checked_by_label = models.CharField("登记人", max_length=120, blank=True, default="")
    checked_at = models.DateTimeField("登记时间", null=True)
    is_sampled = models.BooleanField("抽中复核", default=False)
    recheck = models.CharField(
        "抽查结论", max_length=8, choices=Recheck.choices, blank=True, default=Recheck.NONE
    )
    recheck_note = models.CharField("抽查说明", max_length=300, blank=True, default="")
    rechecked_by_label = models.CharField("抽查人", max_length=120, blank=True, default="")
    rechecked_at = models.DateTimeField("抽查时间", null=True)
    version = models.PositiveIntegerField(default=1)

    objects = SweepItemQuerySet.as_manager()

    class Meta:
        ordering = ["-weight", "village", "household"]
        constraints = [
            models.UniqueConstraint(fields=["sweep", "household"], name="household_once_a_sweep")
        ]
        indexes = [
            models.Index(fields=["sweep", "village", "state"], name="sweep_progress"),
            models.Index(fields=["sweep", "-weight"], name="sweep_first"),
        ]

    def __str__(self) -> str:
        return str(self.household)

    def get_absolute_url(self) -> str:
        return reverse("campaigns:item", args=[self.sweep_id, self.pk])
