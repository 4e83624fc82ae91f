"""领导调研: who ought to go to towns and villages, and who went."""

from django.db import models

from ..querysets import LeaderQuerySet, ResearchQuerySet


class LeaderDuty(models.Model):
    """应调研领导: a county leader or head of a unit, between two days."""

    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务", max_length=80)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True)

    objects = LeaderQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name", "title"], name="leader_once_a_title"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.title}）"


class ResearchVisit(models.Model):
    """调研记录: where a leader went, what was looked into and what was found."""

    leader = models.ForeignKey(
        LeaderDuty, models.PROTECT, related_name="visits", verbose_name="领导"
    )
    place = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="镇村"
    )
    visited_on = models.DateField("日期")
    topic = models.CharField("主题", max_length=120)
    found = models.CharField("发现和要求", max_length=1000, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = ResearchQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "place", "visited_on"], name="research_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.topic
