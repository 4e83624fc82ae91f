"""回访与研判: visits after the resolution, and the judgement of those monitored for long."""

from django.db import models

from ..querysets import OfCaseQuerySet
from ..states import FollowConclusion, JudgementConclusion
from .cases import Case


class FollowUp(models.Model):
    """回访: how a household stands after its risk was resolved."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_ups")
    visited_on = models.DateField("回访日期")
    visitors = models.CharField("回访人", max_length=120)
    income_ok = models.BooleanField("收入稳定", null=True)
    guarantees_ok = models.BooleanField("三保障和饮水安全", null=True)
    conclusion = models.CharField("结论", max_length=10, choices=FollowConclusion.choices)
    note = models.CharField("情况", max_length=1000, blank=True)
    next_due_on = models.DateField("下次回访", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.get_conclusion_display()}"


class Judgement(models.Model):
    """逐户研判: why a household is still monitored after a year, and what is done now."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="judgements")
    judged_on = models.DateField("研判日期")
    months = models.PositiveSmallIntegerField("监测月数")
    conclusion = models.CharField("结论", max_length=10, choices=JudgementConclusion.choices)
    reason = models.CharField("原因分析", max_length=1000)
    participants = models.CharField("参加人", max_length=300, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-judged_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.judged_on} {self.get_conclusion_display()}"
