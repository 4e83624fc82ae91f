"""行政区划 (divisions): the tree from province to village group, with validity dates."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .levels import Level
from .querysets import DivisionQuerySet


class Division(models.Model):
    """区划: one place in the tree; `path` is the chain of primary keys from the root, `/1/4/9/`.

    A division that was abolished stays, hung below its successor, so that whoever is responsible
    for the successor reaches the old records too. `valid_from` None means since ever; `valid_to`
    is the last valid day.
    """

    code = models.CharField("区划代码", max_length=20, db_index=True)
    name = models.CharField("名称", max_length=80)
    level = models.CharField("级别", max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField(max_length=200, db_index=True)
    valid_from = models.DateField("生效日期", null=True, blank=True)
    valid_to = models.DateField("失效日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="并入",
    )
    pinyin = models.CharField("全拼", max_length=300)
    initials = models.CharField("首字母", max_length=80, db_index=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="divisions_one_holder_of_a_code"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="divisions_valid_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("divisions:detail", args=[self.pk])

    @property
    def is_current(self) -> bool:
        return self.valid_to is None

    def valid_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or self.valid_to >= on
        )

    def ancestor_keys(self) -> list[int]:
        """Primary keys of the divisions above, from the root."""
        return [int(key) for key in self.path.strip("/").split("/")[:-1] if key]


class Boundary(models.Model):
    """边界: the area of a division for maps, as simple as a page can draw it; optional.

    `coordinates` are those of a GeoJSON MultiPolygon (longitude, latitude).
    """

    division = models.OneToOneField(
        Division, models.CASCADE, related_name="boundary", verbose_name="区划"
    )
    coordinates = models.JSONField("坐标")
    source = models.CharField("来源文件", max_length=200)
    imported_at = models.DateTimeField("导入时间")
    imported_by_label = models.CharField("导入人", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "边界"

    def __str__(self) -> str:
        return f"{self.division}边界"


class FormerName(models.Model):
    """曾用名: a name that the division had until a day; the present one stands on the division."""

    division = models.ForeignKey(
        Division, models.CASCADE, related_name="former_names", verbose_name="区划"
    )
    name = models.CharField("曾用名", max_length=80)
    valid_to = models.DateField("使用至")

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        ordering = ["-valid_to", "-pk"]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """沿革: one link between a division and what followed it, with the document that ordered it."""

    class Kind(models.TextChoices):
        MERGE = "merge", "撤并"
        SPLIT = "split", "拆分"
        RECODE = "recode", "代码变更"

    predecessor = models.ForeignKey(
        Division, models.PROTECT, related_name="successions", verbose_name="原区划"
    )
    successor = models.ForeignKey(
        Division, models.PROTECT, related_name="origins", verbose_name="现区划"
    )
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    on = models.DateField("生效日期")
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "沿革"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="divisions_one_link_between_two"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


def row_of(division: Division) -> dict[str, Any]:
    """The values of a division that its history keeps."""
    return {
        "code": division.code,
        "name": division.name,
        "level": division.level,
        "parent": division.parent.code if division.parent else None,
        "valid_from": division.valid_from,
        "valid_to": division.valid_to,
    }
