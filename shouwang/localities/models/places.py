"""村级问题 (place problems): roads, disaster damage, medical gaps in one register of many kinds."""

from django.db import models
from django.urls import reverse

from shouwang.core import clock

from ..alert_levels import disaster_choices
from ..place_kinds import Kind, book, kind_choices
from ..querysets import (
    AffectedHouseholdQuerySet,
    DisasterQuerySet,
    PlaceProblemQuerySet,
    PlaceStepQuerySet,
)
from ..states import SETTLED, place_table


def channel_choices() -> list[tuple[str, str]]:
    return list(book().channels.items())


def plan_choices() -> list[tuple[str, str]]:
    return list(book().plans.items())


class Disaster(models.Model):
    """灾害事件: what struck on which days, in which place."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="受灾范围"
    )
    kind = models.CharField("灾种", max_length=12, choices=disaster_choices)
    name = models.CharField("事件名称", max_length=80)
    began_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True)
    note = models.CharField("情况", max_length=500, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = DisasterQuerySet.as_manager()

    class Meta:
        ordering = ["-began_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name", "began_on"], name="localities_disaster_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.began_on:%Y-%m-%d}）"

    def get_absolute_url(self) -> str:
        return reverse("localities:disaster", args=[self.pk])


class PlaceProblem(models.Model):
    """村级问题: one thing of a village that is to be put right, by the words of its kind.

    `details` holds the columns that only this kind has; `identity` keeps the same thing from being
    entered twice.
    """

    number = models.CharField("编号", max_length=24, unique=True)
    kind = models.CharField("台账", max_length=12, choices=kind_choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="place_problems", verbose_name="行政村"
    )
    subject = models.CharField("问题类型", max_length=20)
    name = models.CharField("名称", max_length=80)
    place = models.CharField("位置", max_length=120, blank=True)
    disaster = models.ForeignKey(
        Disaster, models.PROTECT, null=True, related_name="damages", verbose_name="灾害事件"
    )
    found_on = models.DateField("发现日期")
    channel = models.CharField("发现渠道", max_length=12, choices=channel_choices)
    found_by = models.CharField("发现人", max_length=60, blank=True)
    text = models.TextField("情况", blank=True)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=3, null=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    households = models.PositiveIntegerField("户数", null=True)
    loss = models.DecimalField("估算损失", max_digits=14, decimal_places=2, null=True)
    details = models.JSONField("专用栏目", default=dict)
    identity = models.CharField(max_length=64, editable=False)

    measure = models.CharField("措施", max_length=12, blank=True)
    plan = models.CharField("计划状态", max_length=12, choices=plan_choices, default="unlisted")
    plan_year = models.PositiveSmallIntegerField("计划年度", null=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="责任部门"
    )
    responsible = models.CharField("责任人", max_length=40, blank=True)
    money = models.DecimalField("资金", max_digits=14, decimal_places=2, null=True)
    due_on = models.DateField("完成期限")
    progress = models.PositiveSmallIntegerField("进度", default=0)

    state = models.CharField("状态", max_length=12, default="open")
    applied_by_label = models.CharField("销号申请人", max_length=120, blank=True)
    checked_by_label = models.CharField("核查人", max_length=120, blank=True)
    signed_by_label = models.CharField("销号人", max_length=120, blank=True)
    signed_on = models.DateField("销号日期", null=True)
    sampled_on = models.DateField("抽中日期", null=True)
    times_reopened = models.PositiveSmallIntegerField("反弹次数", default=0)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = PlaceProblemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                condition=~models.Q(state="mistaken"),
                name="localities_problem_once",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "state", "due_on"], name="localities_place_state"),
            models.Index(fields=["division", "kind"], name="localities_place_division"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("localities:place-problem", args=[self.kind, self.pk])

    @property
    def register(self) -> Kind:
        return book().kinds[self.kind]

    @property
    def subject_label(self) -> str:
        one = self.register.subjects.get(self.subject)
        return one.label if one else self.subject

    @property
    def measure_label(self) -> str:
        return self.register.measures.get(self.measure, self.measure)

    @property
    def days_left(self) -> int:
        return (self.due_on - clock.today()).days

    @property
    def is_late(self) -> bool:
        return self.state not in SETTLED and self.days_left < 0

    @property
    def tone(self) -> str:
        return "late" if self.is_late else place_table().state(self.state).tone

    @property
    def state_label(self) -> str:
        label = place_table().state(self.state).label
        return f"{label}，超期 {-self.days_left} 天" if self.is_late else label


class PlaceStep(models.Model):
    """村级问题办理经过: who did what when, with which words."""

    problem = models.ForeignKey(PlaceProblem, models.PROTECT, related_name="steps")
    label = models.CharField("步骤", max_length=60)
    note = models.TextField("说明", blank=True)
    at = models.DateTimeField("时间")
    by_label = models.CharField("办理人", max_length=120)

    objects = PlaceStepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.by_label} {self.label}"


class AffectedHousehold(models.Model):
    """涉及农户: a registry household that a damage concerns, and the clue that was raised."""

    problem = models.ForeignKey(PlaceProblem, models.PROTECT, related_name="affected")
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+")
    note = models.CharField("受损情况", max_length=200, blank=True)
    clue = models.OneToOneField(
        "cases.RegisteredClue", models.PROTECT, null=True, related_name="+", verbose_name="线索"
    )
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = AffectedHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "household"], name="localities_affected_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.problem.number} {self.household.household_no}"
