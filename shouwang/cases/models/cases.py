"""个案 (case): one household from the clue to standing on its own feet; one round each."""

from django.db import models

from ..lifecycles import table_of
from ..querysets import CaseQuerySet, OfCaseQuerySet
from ..states import Emergency, Mark, Origin, ResolutionWay, Stage


class NumberSeries(models.Model):
    """编号序列: the last number given under a prefix; its row is locked while one is taken."""

    prefix = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class Case(models.Model):
    """个案: a round of one household under the regime in which it began.

    `state` is changed by `operations.take_step` alone. `due_on` is the limit of the present state,
    `deadline_on` that of the whole chain. `is_open` is false at an end and when the risk is
    resolved; a household has one open case at most. Proposed and decided class hold the keys of
    the regime: {"class": …} in 2021, {"difficulty": …, "type": …, "labour": …} in 2026.
    """

    number = models.CharField("编号", max_length=40, unique=True)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="cases", verbose_name="农户"
    )
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="行政村"
    )
    regime = models.CharField("制度", max_length=12)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    origin = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.WORKED)
    state = models.CharField("状态", max_length=24)
    is_open = models.BooleanField("办理中", default=True)
    entered_on = models.DateField("进入本环节日期")
    due_on = models.DateField("本环节应办日期", null=True)
    clock_started_on = models.DateField("线索日期")
    deadline_on = models.DateField("全程应办日期", null=True)
    emergency = models.CharField(
        "突发事件", max_length=20, choices=Emergency.choices, blank=True, default=""
    )
    is_green = models.BooleanField("绿色通道", default=False)
    papers_due_on = models.DateField("补齐手续期限", null=True)
    proposed = models.JSONField("建议类别", default=dict)
    proposal_reasons = models.JSONField("建议理由", default=list)
    proposed_at = models.DateTimeField("建议时间", null=True)
    decided = models.JSONField("认定类别", default=dict)
    class_key = models.CharField("认定类别（统计）", max_length=60, blank=True, db_index=True)
    departure_reason = models.CharField("与建议不一致的理由", max_length=500, blank=True)
    refusal_code = models.CharField("不纳入原因", max_length=20, blank=True)
    refusal_reason = models.CharField("不纳入说明", max_length=500, blank=True)
    identified_on = models.DateField("识别日期", null=True)
    resolution_proposed_on = models.DateField("拟消除日期", null=True)
    resolved_on = models.DateField("风险消除日期", null=True)
    resolution_way = models.CharField(
        "消除方式", max_length=10, choices=ResolutionWay.choices, blank=True, default=""
    )
    taken_back_on = models.DateField("回退日期", null=True)
    times_taken_back = models.PositiveSmallIntegerField("回退次数", default=0)
    ended_on = models.DateField("终结日期", null=True)
    follow_up_due_on = models.DateField("回访日期", null=True)
    entry_snapshot = models.JSONField("识别时情况", default=dict)
    exit_snapshot = models.JSONField("消除时情况", default=dict)
    opened_at = models.DateTimeField("建立时间")
    opened_by = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )
    opened_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)
    timing: str  # added by `with_due`

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(is_open=True),
                name="cases_one_open_a_household",
            ),
            models.UniqueConstraint(fields=["household", "round"], name="cases_round_once"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="cases_state_due"),
            models.Index(fields=["is_open", "village"], name="cases_open_village"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.household}"

    @property
    def state_label(self) -> str:
        return table_of(self.regime).state(self.state).label

    @property
    def state_tone(self) -> str:
        return table_of(self.regime).state(self.state).tone

    @property
    def class_label(self) -> str:
        """The decided class in words; the proposed one with a mark while nothing is decided."""
        from ..regimes import regime

        if self.decided:
            return regime(self.regime).class_label(self.decided)
        if self.proposed:
            return f"{regime(self.regime).class_label(self.proposed)}（建议）"
        return ""

    @property
    def stage(self) -> str:
        """Which chain of steps it is in: that of entering or that of leaving."""
        return Stage.EXIT if self.state.startswith("exit_") else Stage.IDENTIFICATION

    @property
    def may_get_help(self) -> bool:
        """措施可以记录: identified and not resolved, or on the green way before that."""
        return self.is_open and (self.identified_on is not None or self.is_green)


class CaseRisk(models.Model):
    """返贫致贫风险: one to five of a case, in order of weight."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="risks")
    position = models.PositiveSmallIntegerField("次序")
    key = models.CharField("风险", max_length=32)
    note = models.CharField("说明", max_length=200, blank=True)
    resolved_on = models.DateField("消除日期", null=True)

    class Meta:
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="cases_risk_position_once"),
            models.UniqueConstraint(fields=["case", "key"], name="cases_risk_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        from shouwang.screening.states import risk_label

        return risk_label(self.key)


class CaseStep(models.Model):
    """办理记录: everything that was done to a case; from and to are equal where it stayed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    action = models.CharField("办理", max_length=40)
    label = models.CharField("办理", max_length=60)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField("时间")
    on = models.DateField("日期")
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_label = models.CharField("办理人", max_length=120)
    acting_as = models.CharField("岗位", max_length=300, blank=True)
    note = models.CharField("意见", max_length=1000, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    is_back = models.BooleanField("退回", default=False)
    due_on = models.DateField("应办日期", null=True)
    was_late = models.BooleanField("超期", default=False)
    version = models.PositiveIntegerField("办理后的版本")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.actor_label}"

    @property
    def from_label(self) -> str:
        return table_of(self.case.regime).state(self.from_state).label if self.from_state else ""

    @property
    def to_label(self) -> str:
        return table_of(self.case.regime).state(self.to_state).label


class Application(models.Model):
    """申请及承诺授权: the household applies, promises truth and allows the comparison.

    For who cannot write, somebody else writes, reads it aloud, and the applicant fingerprints.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="application")
    applied_on = models.DateField("申请日期")
    applicant_name = models.CharField("申请人", max_length=60)
    signed_on = models.DateField("授权签署日期", null=True)
    mark = models.CharField("签署方式", max_length=12, choices=Mark.choices, default=Mark.SIGNED)
    writer_name = models.CharField("代书人", max_length=60, blank=True)
    writer_relation = models.CharField("代书人身份", max_length=40, blank=True)
    read_aloud = models.BooleanField("已宣读内容", default=False)
    covers_supporters = models.BooleanField("含法定赡养抚养人", default=False)
    note = models.CharField("备注", max_length=500, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = OfCaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.applied_on}"

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None
