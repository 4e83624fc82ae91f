"""第三方评估的调查: a sample drawn with a kept seed, answers, measures by formula."""

from django.db import models
from django.urls import reverse

from ..querysets import SurveyQuerySet


class Survey(models.Model):
    """一次入户调查: drawn in strata from the register, the same again by the same seed."""

    title = models.CharField("名称", max_length=200)
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    round = models.ForeignKey(
        "evaluations.Round", models.PROTECT, null=True, related_name="surveys"
    )
    seed = models.CharField("抽样种子", max_length=40)
    plan = models.JSONField("分层", default=list)
    drawn_at = models.DateTimeField("抽样时间")
    drawn_by_label = models.CharField("抽样人", max_length=120)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluations:survey", args=[self.pk])


class Sampled(models.Model):
    """样本户: why it was drawn, and what was answered; None where it was not answered."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="households")
    number = models.PositiveIntegerField("样本号")
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+")
    stratum = models.CharField("分层", max_length=40)
    people = models.PositiveIntegerField("家庭人口")
    answers = models.JSONField("答卷", default=dict)
    answered_on = models.DateField("调查日期", null=True)

    class Meta:
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "household"], name="household_once_a_survey")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}-{self.number}"
