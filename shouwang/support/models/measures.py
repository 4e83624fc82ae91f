"""帮扶措施 (measure): one thing that is done for a household or one member, by one department."""

from django.db import models
from django.urls import reverse

from ..catalogue import ENDS, RUNNING, catalogue
from ..querysets import MeasureQuerySet, OfHouseholdQuerySet
from ..states import Origin, measure_states, measure_table

_STANDING = ("proposed", "assigned", "accepted", "under_way")
_IS_OPEN = models.Q(state__in=_STANDING) & ~models.Q(item="")


class Measure(models.Model):
    """帮扶措施: from the proposal to its end; only `operations.take_measure_step` changes `state`.

    `case` is empty for who is helped without being monitored (脱贫户). `item` is a key of the
    catalogue, empty for what the national system only names. Kind, title, ending and development
    are copied when it is planned, so that a newer catalogue does not change what was agreed.
    `industry` is the household's own industry that it helps, where it helps one.
    `due_on` is when it should be carried out; `contract_end` when what was signed ends.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="measures", verbose_name="农户"
    )
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="行政村"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="measures", verbose_name="个案"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, related_name="measures", verbose_name="成员"
    )
    industry = models.ForeignKey(
        "support.Industry", models.PROTECT, null=True, related_name="measures", verbose_name="产业"
    )
    item = models.CharField("目录项", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=20)
    title = models.CharField("措施", max_length=60)
    risk = models.CharField("针对风险", max_length=32, blank=True)
    is_development = models.BooleanField("开发式帮扶", default=False)
    ends = models.CharField("期限", max_length=16, choices=list(ENDS.items()), default="once")
    department = models.CharField("责任部门", max_length=60, blank=True, db_index=True)
    origin = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.DESK)
    reasons = models.JSONField("理由", default=list)
    note = models.CharField("具体内容", max_length=500, blank=True)
    state = models.CharField("状态", max_length=12, choices=measure_states, default="proposed")
    amount = models.DecimalField("计划金额", max_digits=14, decimal_places=2, null=True)
    answer_due_on = models.DateField("答复期限", null=True)
    answered_on = models.DateField("答复日期", null=True)
    due_on = models.DateField("落实期限", null=True)
    starts_on = models.DateField("开始日期", null=True)
    contract_end = models.DateField("合同（协议、学段）到期", null=True)
    ended_on = models.DateField("结束日期", null=True)
    result = models.CharField("办理结果", max_length=500, blank=True)
    created_at = models.DateTimeField("拟定时间")
    created_by_label = models.CharField("拟定人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "item"],
                condition=_IS_OPEN & models.Q(member=None),
                name="support_one_open_measure",
            ),
            models.UniqueConstraint(
                fields=["household", "item", "member"],
                condition=_IS_OPEN & models.Q(member__isnull=False),
                name="support_one_open_measure_each",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="support_measure_due"),
            models.Index(fields=["state", "answer_due_on"], name="support_measure_answer"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("support:measure", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return catalogue().kinds.get(self.kind, self.kind)

    @property
    def state_label(self) -> str:
        return measure_table().state(self.state).label

    @property
    def state_tone(self) -> str:
        return measure_table().state(self.state).tone

    @property
    def risk_label(self) -> str:
        from shouwang.screening.states import risk_label

        return risk_label(self.risk) if self.risk else ""

    @property
    def continues(self) -> bool:
        """Whether what was signed outlasts the resolution of the risk."""
        return self.ends in RUNNING

    @property
    def limit_on(self) -> object:
        """The date that matters now: the answer's while it waits for one, then that of carrying
        out; what runs on by contract or year is due when its contract ends."""
        if self.state == "assigned":
            return self.answer_due_on
        if self.state == "under_way" and self.ends != "once":
            return self.contract_end
        return self.due_on if self.state in {"accepted", "under_way"} else None


class MeasureStep(models.Model):
    """措施办理记录: every step with who took it and why."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="steps")
    action = models.CharField("办理", max_length=20)
    label = models.CharField("办理", max_length=40)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField("时间")
    actor_label = models.CharField("办理人", max_length=120)
    note = models.CharField("说明", max_length=500, blank=True)
    was_late = models.BooleanField("超期", default=False)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.actor_label}"
