"""数据比对 (comparison): what departments are asked, what they answer, what a hit comes to."""

from django.db import models

from ..querysets import ComparisonQuerySet, OfCaseQuerySet
from ..states import HitConclusion, HitSource, RequestState, Stage, SupporterRelation
from .cases import Case
from .checks import HouseholdCheck


class Supporter(models.Model):
    """家庭外赡养抚养人: who lives elsewhere and must support the household by law, a child with a
    household of his own for example. Compared with the household where the consent says so; the
    number is sealed and opens for the departments that are asked, nobody else."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supporters")
    name = models.CharField("姓名", max_length=60)
    relation = models.CharField("与户主关系", max_length=20, choices=SupporterRelation.choices)
    id_enc = models.BinaryField("证件号码（密文）")
    id_hash = models.BinaryField("证件号码（检索）")
    place = models.CharField("居住地", max_length=120, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "id_hash"], name="cases_supporter_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_relation_display()}，户外）"

    @property
    def number(self) -> str:
        """What stands in the column 人编号 of a department's list."""
        return f"外{self.pk}"


class ComparisonRequest(models.Model):
    """比对要求: one department is asked about the people of one case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="requests")
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    department = models.CharField("部门", max_length=60, db_index=True)
    items = models.JSONField("比对项目", default=list)
    state = models.CharField(
        "办理情况", max_length=10, choices=RequestState.choices, default=RequestState.OPEN
    )
    requested_at = models.DateTimeField("发起时间")
    requested_by_label = models.CharField("发起人", max_length=120)
    due_on = models.DateField("答复期限", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_label = models.CharField("答复人", max_length=120, blank=True)
    source_name = models.CharField("答复文件", max_length=300, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "department"], name="cases_request_once"
            )
        ]
        indexes = [models.Index(fields=["state", "department"], name="cases_request_open")]

    def __str__(self) -> str:
        return f"{self.department} {self.case}"


class ComparisonAnswer(models.Model):
    """比对答复: one person and one item, found or not."""

    request = models.ForeignKey(ComparisonRequest, models.CASCADE, related_name="answers")
    member = models.ForeignKey("registry.Member", models.PROTECT, null=True, related_name="+")
    supporter = models.ForeignKey(Supporter, models.PROTECT, null=True, related_name="+")
    item = models.CharField("比对项目", max_length=40)
    found = models.BooleanField("有记录")
    detail = models.CharField("情况", max_length=300, blank=True)
    source_row = models.PositiveIntegerField("所在行", null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item} {self.found}"


class AssetHit(models.Model):
    """资产线索: something a person owns or does that must be explained and judged; never a veto."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="hits")
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    member = models.ForeignKey("registry.Member", models.PROTECT, null=True, related_name="+")
    supporter = models.ForeignKey(Supporter, models.PROTECT, null=True, related_name="+")
    person_label = models.CharField("对象", max_length=80, blank=True)
    item = models.CharField("项目", max_length=40)
    source = models.CharField("来源", max_length=12, choices=HitSource.choices)
    department = models.CharField("部门", max_length=60, blank=True)
    answer = models.ForeignKey(ComparisonAnswer, models.SET_NULL, null=True, related_name="+")
    check_form = models.ForeignKey(
        HouseholdCheck, models.SET_NULL, null=True, related_name="assets"
    )
    found_on = models.DateField("发现日期")
    detail = models.CharField("情况", max_length=300, blank=True)
    explanation = models.CharField("农户说明", max_length=500, blank=True)
    conclusion = models.CharField(
        "核定结论", max_length=12, choices=HitConclusion.choices, blank=True, default=""
    )
    conclusion_reason = models.CharField("核定理由", max_length=500, blank=True)
    reviewed_at = models.DateTimeField("核定时间", null=True)
    reviewed_by_label = models.CharField("核定人", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.person_label} {self.item_label}"

    @property
    def item_label(self) -> str:
        from ..regimes import comparison_item_label

        return comparison_item_label(self.item)
