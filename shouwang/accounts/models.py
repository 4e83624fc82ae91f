"""账号与岗位 (accounts): people who log in, the posts they hold, and their failed attempts."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from shouwang.divisions.models import Division

from .querysets import AccountQuerySet, PostQuerySet
from .roles import CHOICES, label_of


class Department(models.Model):
    """部门: an office of the county that sends data, by the full name that feeds use."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser):
    """账号: one person; what he may do stands on his posts. Never deleted, only deactivated.

    `division` is the place that administers the account, None for the operator's own. The password
    that an administrator gives works once: `must_change_password` leads to nothing but the change.
    """

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区划"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    deactivated_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:detail", args=[self.pk])

    @property
    def state_label(self) -> str:
        return "使用中" if self.is_active else "已停用"

    @property
    def path(self) -> str:
        """The path of the home division, for scopes and for the log."""
        return self.division.path if self.division else ""


class Post(models.Model):
    """岗位: a role at a division, for a department where the role asks for one, between two days.

    A post without division stands above all of them (the operator of the installation).
    `valid_to` is the last day.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", verbose_name="账号")
    role = models.CharField("职责", max_length=40, choices=CHOICES)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区划"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="部门"
    )
    valid_from = models.DateField("任职日期")
    valid_to = models.DateField("离任日期", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="accounts_post_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """青禾镇 乡镇业务员, or 示例县 医疗保障局 部门数据员."""
        place = self.division.name if self.division else "全部区划"
        parts = [place, self.department.name if self.department else "", label_of(self.role)]
        return " ".join(part for part in parts if part)

    def held_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class LoginFailure(models.Model):
    """登录失败: one failed attempt; the name as a keyed hash, since people type passwords there."""

    name_hash = models.BinaryField("登录名摘要", max_length=16, db_index=True)
    address = models.CharField("来源地址", max_length=45, db_index=True)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
