"""网格 (grids): a village divided among people who know every household."""

from django.db import models

from ..querysets import GridMemberQuerySet, GridQuerySet
from ..states import GridRole


class Grid(models.Model):
    """网格: a part of a village with so many households."""

    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="grids", verbose_name="行政村"
    )
    name = models.CharField("网格", max_length=40)
    scope = models.CharField("范围", max_length=120, blank=True)
    households = models.PositiveIntegerField("户数", null=True)
    ended_on = models.DateField("撤销日期", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = GridQuerySet.as_manager()

    class Meta:
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "name"],
                condition=models.Q(ended_on=None),
                name="localities_grid_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village.name}{self.name}"


class GridMember(models.Model):
    """网格人员: who keeps a grid or brings information, from when to when; the phone is sealed."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="members")
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=10, choices=GridRole.choices)
    unit = models.CharField("身份", max_length=60, blank=True)
    phone_enc = models.BinaryField("联系电话（密文）", null=True)
    valid_from = models.DateField("开始日期")
    valid_to = models.DateField("结束日期", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = GridMemberQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "name", "role"],
                condition=models.Q(valid_to=None),
                name="localities_member_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_role_display()}）"
