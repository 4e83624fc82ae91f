"""Tables of the screening room: runs, their frozen inputs, hits and clues."""

import uuid as uuids

from django.conf import settings
from django.db import models

from .querysets import ClueQuerySet, EvidenceManager, RunQuerySet
from .states import Assistance, Kind, Level, Priority, Risk, Severity, Triage


class Run(models.Model):
    """筛查批次: one evaluation of all rules as of one date, with everything that it was made from.

    A run appears in the same moment as its hits, and only when it is complete. Of the runs of a
    date the newest is valid; the older ones stay as history.
    """

    class State(models.TextChoices):
        VALID = "valid", "有效"
        SUPERSEDED = "superseded", "已被新批次取代"

    uuid = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    as_of = models.DateField("筛查日期")
    number = models.PositiveIntegerField("第几次")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.VALID)
    county = models.CharField("县级区划", max_length=12)
    registry_key = models.CharField("档案快照", max_length=80)
    rulebook_version = models.CharField("规则库版本", max_length=64)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    started_by_label = models.CharField("发起人", max_length=80)
    hit_count = models.PositiveIntegerField("命中数", default=0)
    clue_count = models.PositiveIntegerField("线索数", default=0)
    new_clue_count = models.PositiveIntegerField("新线索数", default=0)
    counts = models.JSONField("各规则命中数", default=dict)
    seconds = models.JSONField("各阶段用时", default=dict)
    not_evaluated = models.JSONField("未评估的规则及原因", default=dict)
    hits_digest = models.CharField("命中内容摘要", max_length=64)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["as_of", "number"], name="run_number_once_a_date"),
            models.UniqueConstraint(
                fields=["as_of"],
                condition=models.Q(state="valid"),
                name="one_valid_run_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.as_of:%Y-%m-%d} 第{self.number}次筛查"


class RunBatch(models.Model):
    """冻结的批次: a batch that a run was made from; the run keeps its own link to the file."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="batches")
    feed = models.CharField("数据来源", max_length=40)
    key = models.CharField("批次", max_length=64)
    period_start = models.DateField("所属期起")
    period_end = models.DateField("所属期止")
    version = models.PositiveIntegerField("版本")

    class Meta:
        ordering = ["feed", "period_end", "period_start"]
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="batch_once_a_run")]

    def __str__(self) -> str:
        return f"{self.feed} {self.period_end:%Y-%m-%d} v{self.version}"


class Clue(models.Model):
    """风险线索: one household and one risk (or one village and one risk), however long it lasts.

    Everything but the triage is derived from the evidence of the valid runs and is set by the
    merging operation alone. `severity`, `kind`, `rule_id` and what is already known belong to the
    newest date at which the clue has evidence.
    """

    risk = models.CharField("风险类型", max_length=32, choices=Risk.choices)
    village = models.ForeignKey("divisions.Division", models.PROTECT, verbose_name="村")
    household = models.ForeignKey(
        "registry.Household",
        models.PROTECT,
        null=True,
        db_index=False,  # the constraint below is such an index
        related_name="clues",
        verbose_name="农户",
    )
    kind = models.CharField("性质", max_length=8, choices=Kind.choices)
    severity = models.PositiveSmallIntegerField("严重程度", choices=Severity.choices)
    priority = models.PositiveSmallIntegerField("办理次序", choices=Priority.choices)
    rule_id = models.CharField("主要规则", max_length=80)
    main_hit = models.ForeignKey(
        "Hit", models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name="主要依据"
    )
    rule_count = models.PositiveSmallIntegerField("命中规则数", default=0)
    first_seen = models.DateField("首次命中", null=True)
    last_seen = models.DateField("最近命中", null=True)
    dates_seen = models.PositiveSmallIntegerField("命中期数", default=0)
    monitor_class = models.CharField("监测类别", max_length=20, blank=True, default="")
    assistance = models.CharField(
        "兜底保障", max_length=8, choices=Assistance.choices, blank=True, default=""
    )
    triage = models.CharField(
        "研判", max_length=8, choices=Triage.choices, blank=True, default=Triage.NONE
    )
    triage_note = models.CharField("研判说明", max_length=500, blank=True, default="")
    triaged_by_label = models.CharField("研判人", max_length=80, blank=True, default="")
    triaged_at = models.DateTimeField("研判时间", null=True)
    version = models.PositiveIntegerField(default=1)
    state: str  # added by `with_state`

    objects = ClueQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "-last_seen", "-severity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "risk"],
                condition=models.Q(household__isnull=False),
                name="one_clue_a_household_and_risk",
            ),
            models.UniqueConstraint(
                fields=["village", "risk"],
                condition=models.Q(household__isnull=True),
                name="one_clue_a_village_and_risk",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "-last_seen", "-severity", "id"], name="clue_work_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_risk_display()}"

    @property
    def subject(self) -> str:
        """The household's number, or for a village clue the village's name."""
        return self.household.household_no if self.household else self.village.name

    @property
    def title(self) -> str:
        """The household by its head, or the village: what the clue is called in lists."""
        return str(self.household or self.village.name)


class Hit(models.Model):
    """命中: one rule true for one subject at the date of a run.

    The hits of a date's valid run are the evidence of the clues; `monitor_class` and `assistance`
    are what was already known of the household on that date. Half a million come at once, from a
    snapshot of the very tables they name, so the database does not check those names again.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="hits")
    clue = models.ForeignKey(Clue, models.CASCADE, related_name="hits")
    rule_id = models.CharField("规则", max_length=80)
    risk = models.CharField("风险类型", max_length=32, choices=Risk.choices)
    kind = models.CharField("性质", max_length=8, choices=Kind.choices)
    severity = models.PositiveSmallIntegerField("严重程度", choices=Severity.choices)
    level = models.CharField("对象", max_length=10, choices=Level.choices)
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, db_index=False, db_constraint=False
    )
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    value = models.CharField("数值", max_length=40)
    threshold = models.CharField("标准", max_length=40, blank=True)
    monitor_class = models.CharField("监测类别", max_length=20, blank=True, default="")
    assistance = models.CharField("兜底保障", max_length=8, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["run", "rule_id"], name="hit_run_rule")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.value}"


class ClueEvidence(Hit):
    """线索依据: the hits that count, those of the valid run of each date."""

    objects = EvidenceManager()  # type: ignore[misc]

    class Meta:
        proxy = True


class RunTally(models.Model):
    """批次统计: a run's hits and clues per village and risk, and (with `rule_id`) per rule.

    Counted once when the run is stored, so that pages and charts of any scope stay quick.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="tallies", db_index=False)
    village = models.ForeignKey("divisions.Division", models.PROTECT, db_index=False)
    risk = models.CharField("风险类型", max_length=32, choices=Risk.choices)
    rule_id = models.CharField("规则", max_length=80, blank=True)
    hits = models.PositiveIntegerField("命中数")
    clues = models.PositiveIntegerField("线索数")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "rule_id", "risk", "village"], name="tally_once_a_village"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id or self.risk} {self.hits}"


class Replay(models.Model):
    """重放: the proof that a run's frozen inputs still give the same hits."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="replays")
    replayed_at = models.DateTimeField("重放时间")
    replayed_by_label = models.CharField("重放人", max_length=80)
    identical = models.BooleanField("结果一致")
    missing_count = models.PositiveIntegerField("缺少", default=0)
    extra_count = models.PositiveIntegerField("多出", default=0)
    differences = models.JSONField("差异", default=list)

    class Meta:
        ordering = ["-replayed_at"]

    def __str__(self) -> str:
        return f"{self.run} {self.replayed_at:%Y-%m-%d}"
