"""资金 (payments): what was paid for a measure, and what department files say was received."""

from django.db import models

from ..querysets import OfHouseholdQuerySet
from ..states import PaymentOrigin
from .measures import Measure


class Payment(models.Model):
    """发放登记: one payment to a household, noted by who paid or read from his file.

    A payment that was noted by mistake is not deleted but cancelled with a reason.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="payments", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, related_name="+", verbose_name="成员"
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, related_name="payments", verbose_name="措施"
    )
    title = models.CharField("项目", max_length=60)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    paid_on = models.DateField("发放日期")
    channel = models.CharField("发放方式", max_length=40, blank=True)
    origin = models.CharField("来源", max_length=8, choices=PaymentOrigin.choices)
    file_name = models.CharField("来源文件", max_length=200, blank=True)
    file_row = models.PositiveIntegerField("所在行", null=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    cancelled_at = models.DateTimeField("作废时间", null=True)
    cancel_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="support_payment_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.amount}"


class Receipt(models.Model):
    """部门发放: what one person received of one kind in one year, summed from department files.

    Derived from the batches that count and rebuilt whole by `operations.refresh_receipts`.
    """

    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="receipts")
    member = models.ForeignKey("registry.Member", models.PROTECT, related_name="+")
    feed = models.CharField("数据来源", max_length=40)
    title = models.CharField("项目", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    times = models.PositiveIntegerField("次数")
    first_on = models.DateField("最早")
    last_on = models.DateField("最近")

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["household", "-year", "title"]
        indexes = [models.Index(fields=["household", "year"], name="support_receipt_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.title} {self.amount}"


class ReceiptRefresh(models.Model):
    """部门发放更新记录: when all receipts were made anew, and from which batches."""

    made_at = models.DateTimeField("更新时间")
    made_by_label = models.CharField("更新人", max_length=120)
    batches = models.JSONField("所用批次", default=list)
    count = models.PositiveIntegerField("条数", default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
