"""通报: a bulletin of a month or a quarter, its figures frozen when issued, and who has read it."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from ..querysets import BulletinQuerySet
from ..states import bulletin_table


class Bulletin(models.Model):
    """通报: sections of text with a table each, as they stood on a day.

    `kind` is of bulletin_kinds; `month` is the first day of its month or quarter.

    `sections` is a list of {"key", "title", "text", "head", "rows", "chart"}: `rows` are the
    figures behind the text; `chart` names the columns of a bar chart or is empty. A draft takes
    new figures on request and keeps texts that a person changed (`edited`).
    """

    title = models.CharField("标题", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    kind = models.CharField("种类", max_length=20, default="monitoring")
    month = models.DateField("月份")
    made_on = models.DateField("数字截至")
    sections = models.JSONField("内容", default=list)
    distribution = models.CharField("发送范围", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, default="draft")
    created_at = models.DateTimeField("起草时间")
    created_by_label = models.CharField("起草人", max_length=120)
    issued_on = models.DateField("发出日期", null=True)
    issued_by_label = models.CharField("审发人", max_length=120, blank=True, default="")
    recall_reason = models.CharField("撤回理由", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind", "month"],
                condition=~models.Q(state="recalled"),
                name="one_bulletin_a_period",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return bulletin_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("campaigns:bulletin", args=[self.pk])


class BulletinReceipt(models.Model):
    """签收: one person of a place that has read an issued bulletin."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="receipts")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签收人"
    )
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="单位"
    )
    label = models.CharField("签收人", max_length=120)
    read_at = models.DateTimeField("签收时间")

    class Meta:
        ordering = ["read_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "account"], name="bulletin_signed_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.label
