"""考核轮次: objects, their scores with what they rest on, marks, appeals, what follows."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse

from ..querysets import AppealQuerySet, RoundQuerySet, SheetQuerySet
from ..states import AppealState, Colour, round_table, uses
from .schemes import Item, Scheme


class Round(models.Model):
    """一轮考核: one scheme over one period; `former` is the round it is compared with."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="rounds")
    title = models.CharField("名称", max_length=200)
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    period = models.CharField("考核期", max_length=12)
    begins_on = models.DateField("开始")
    ends_on = models.DateField("截止")
    former = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    state = models.CharField("状态", max_length=12, default="running")
    note = models.CharField("意见", max_length=300, blank=True, default="")
    counted_at = models.DateTimeField("计数时间", null=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_on = models.DateField("公布日期", null=True)
    published_by_label = models.CharField("公布人", max_length=120, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return round_table().state(self.state).label

    @property
    def is_public(self) -> bool:
        return self.state in ("published", "archived")

    def get_absolute_url(self) -> str:
        return reverse("evaluations:round", args=[self.pk])


class Sheet(models.Model):
    """评分表: one object of a round; a town, a village or a department."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    name = models.CharField("考核对象", max_length=80)
    place_class = models.CharField("分类", max_length=40, blank=True, default="")
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, null=True)
    parts = models.JSONField("各部分", default=dict)
    steps = models.JSONField("算式", default=list)
    grade = models.CharField("等次", max_length=12, blank=True, default="")
    colour = models.CharField("颜色", max_length=8, choices=Colour.choices, blank=True, default="")
    rank = models.PositiveIntegerField("名次", null=True)
    stars = models.JSONField("亮星", default=list)
    has_veto = models.BooleanField("有颠覆性问题", default=False)
    assessed_at = models.DateTimeField("自评时间", null=True)
    assessed_by_label = models.CharField("自评人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["round", "rank", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="object_once_a_round")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evaluations:sheet", args=[self.pk])


class Score(models.Model):
    """得分: of one object in one item; `told` keeps the formula, figures, steps and rounding."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    points = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True)
    told = models.JSONField("说明", default=dict)
    self_points = models.DecimalField("自评分", max_digits=6, decimal_places=2, null=True)
    self_note = models.CharField("自评说明", max_length=500, blank=True, default="")
    note = models.CharField("核定说明", max_length=500, blank=True, default="")

    class Meta:
        ordering = ["sheet", "item__place"]
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="score_once_an_item")]

    def __str__(self) -> str:
        return "—" if self.points is None else f"{self.points}"


class PointChange(models.Model):
    """得分变动: what it was and became, who changed it and why; never overwritten."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="changes")
    before = models.DecimalField("原分", max_digits=6, decimal_places=2, null=True)
    after = models.DecimalField("现分", max_digits=6, decimal_places=2, null=True)
    reason = models.CharField("理由", max_length=500)
    changed_at = models.DateTimeField("时间")
    changed_by_label = models.CharField("经办人", max_length=120)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Reviewer(models.Model):
    """评委: named for one round; units never see who they are."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="reviewers")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "account"], name="reviewer_once_a_round")
        ]

    def __str__(self) -> str:
        return str(self.account)


class Mark(models.Model):
    """打分: one reviewer's mark of one object in one item."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="marks")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="marks")
    points = models.DecimalField("打分", max_digits=5, decimal_places=1)
    marked_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["score", "reviewer"], name="mark_once_a_reviewer")
        ]

    def __str__(self) -> str:
        return f"{self.points}"


class Appeal(models.Model):
    """申诉: a unit disagrees with a score and says why; answered before publication."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="appeals")
    asked = models.DecimalField("要求得分", max_digits=6, decimal_places=2, null=True)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField(
        "状态", max_length=12, choices=AppealState.choices, default=AppealState.WAITING
    )
    answer = models.CharField("答复", max_length=500, blank=True, default="")
    made_at = models.DateTimeField("提出时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_by_label = models.CharField("提出人", max_length=120)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_label = models.CharField("答复人", max_length=120, blank=True, default="")

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason[:40]


class ResultUse(models.Model):
    """结果运用: what follows from an object's result, by the rules in force."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="uses")
    key = models.CharField("规则", max_length=20)
    label = models.CharField("运用", max_length=40)
    words = models.CharField("内容", max_length=300)
    source = models.CharField("依据", max_length=300)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def tone(self) -> str:
        """Praise does not look like a warning."""
        return next((use.tone for use in uses() if use.key == self.key), "near")


def shown(points: Decimal | None) -> str:
    """Points as people read them; a dash where they cannot be told."""
    return "—" if points is None else f"{points.normalize():f}"
