"""专项行动、示范经验和重点项目: the small registers beside the tasks."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from ..querysets import PlacedQuerySet
from ..states import ExampleField, ExampleKind, InitiativeLevel, VisitKind
from .papers import Paper


class Initiative(models.Model):
    """专项行动 (千万工程、五千工程、六大行动 …): a name that tasks carry as a tag."""

    name = models.CharField("名称", max_length=60, unique=True)
    level = models.CharField("层级", max_length=12, choices=InitiativeLevel.choices)
    year = models.PositiveIntegerField("年度", null=True)
    framework = models.CharField("归类", max_length=60, blank=True, default="")
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="+", verbose_name="来源文件"
    )

    class Meta:
        ordering = ["framework", "name"]

    def __str__(self) -> str:
        return self.name


class Example(models.Model):
    """示范点和经验做法, by field."""

    title = models.CharField("名称", max_length=160)
    kind = models.CharField("种类", max_length=12, choices=ExampleKind.choices)
    field = models.CharField("领域", max_length=12, choices=ExampleField.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    body = models.CharField("牵头单位", max_length=120, blank=True)
    begun_on = models.DateField("开始日期", null=True)
    text = models.TextField("做法和成效", max_length=4000)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["field", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("workplans:example", args=[self.pk])


class KeyProject(models.Model):
    """重点项目: not paid from 衔接资金; looked at by meetings and on site."""

    name = models.CharField("项目", max_length=200)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    investment = models.DecimalField(
        "总投资", max_digits=14, decimal_places=2, null=True, validators=[MinValueValidator(0)]
    )
    body = models.CharField("牵头单位", max_length=120)
    person = models.CharField("责任人", max_length=60)
    begins_on = models.DateField("开工日期", null=True)
    ends_on = models.DateField("完工日期", null=True)
    share = models.DecimalField("进度", max_digits=5, decimal_places=4, null=True)
    visited_on = models.DateField("最近察看", null=True)
    goal_codes = models.JSONField("服务的指标", default=list)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workplans:project", args=[self.pk])


class ProjectVisit(models.Model):
    """项目察看: what a meeting or a visit on site found."""

    project = models.ForeignKey(KeyProject, models.CASCADE, related_name="visits")
    kind = models.CharField("方式", max_length=10, choices=VisitKind.choices)
    visited_on = models.DateField("日期")
    percent = models.DecimalField(
        "形象进度", max_digits=5, decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip
    text = models.CharField("情况和问题", max_length=1000)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.visited_on:%Y-%m-%d} {self.percent}%"
