"""饮水工程 (water works): the works, their tests, the problem that a failed test opens."""

from django.db import models
from django.urls import reverse

from shouwang.campaigns.states import dossier_table

from ..querysets import WaterProblemQuerySet, WaterWorksQuerySet
from ..waterworks import demands


def kind_choices() -> list[tuple[str, str]]:
    return list(demands().kinds.items())


class WaterWorks(models.Model):
    """饮水工程: one supply with the villages it serves and its three responsible persons.

    `division` is the place that runs it; `villages` may lie in several towns.
    """

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="所在地"
    )
    villages = models.ManyToManyField("divisions.Division", related_name="water_works")
    name = models.CharField("工程名称", max_length=80)
    kind = models.CharField("类型", max_length=12, choices=kind_choices)
    households = models.PositiveIntegerField("供水户数", null=True)
    people = models.PositiveIntegerField("供水人口", null=True)
    government = models.CharField("地方政府主体责任人", max_length=40, blank=True)
    department = models.CharField("水行政主管部门监管责任人", max_length=40, blank=True)
    operator = models.CharField("供水单位运行管理责任人", max_length=40, blank=True)
    keeper = models.CharField("管水员", max_length=40, blank=True)
    built_on = models.DateField("建成日期", null=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = WaterWorksQuerySet.as_manager()

    class Meta:
        ordering = ["division__code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="localities_works_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("localities:works", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return demands().kinds.get(self.kind, self.kind)

    @property
    def persons(self) -> list[tuple[str, str]]:
        """The three responsible persons by duty."""
        names = (self.government, self.department, self.operator)
        return list(zip(demands().duties, names, strict=True))


class WaterTest(models.Model):
    """水质检测: one test of the works and whether all items passed."""

    works = models.ForeignKey(WaterWorks, models.PROTECT, related_name="tests")
    tested_on = models.DateField("检测日期")
    tested_by = models.CharField("检测单位", max_length=60)
    items = models.CharField("检测项目", max_length=200)
    passed = models.BooleanField("合格")
    failed_items = models.CharField("不合格项目", max_length=200, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["-tested_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "tested_on", "tested_by"], name="localities_test_once"
            )
        ]
        indexes = [models.Index(fields=["works", "tested_on"], name="localities_test_day")]

    def __str__(self) -> str:
        return f"{self.tested_on} {'合格' if self.passed else '不合格'}"


class WaterProblem(models.Model):
    """饮水工程问题: opened by a failed test; one plan, signed off after a test that passed.

    Its states are those of the problem dossiers.
    """

    works = models.ForeignKey(WaterWorks, models.PROTECT, related_name="problems")
    test = models.OneToOneField(WaterTest, models.PROTECT, related_name="problem")
    problem = models.CharField("问题", max_length=300)
    found_on = models.DateField("发现日期")
    due_on = models.DateField("解决期限")
    state = models.CharField("状态", max_length=12, default="open")
    plan = models.TextField("解决方案", blank=True)
    evidence = models.CharField("佐证材料", max_length=300, blank=True)
    applied_by_label = models.CharField("销号申请人", max_length=120, blank=True)
    closed_on = models.DateField("销号日期", null=True)
    history = models.JSONField("办理经过", default=list)
    version = models.PositiveIntegerField(default=1)

    objects = WaterProblemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.works}：水质不合格"

    def get_absolute_url(self) -> str:
        return reverse("localities:problem", args=[self.pk])

    @property
    def state_label(self) -> str:
        return dossier_table().state(self.state).label
