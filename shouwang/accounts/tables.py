"""账号列表."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from shouwang.core.clock import today
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table

from .models import Account
from .roles import CHOICES


class AccountTable(Table):
    """账号一览; posts are those of today."""

    name = NameColumn(verbose_name="姓名")
    username = Column(verbose_name="登录名")
    division = Column(verbose_name="所属区划", accessor="division__name")
    posts = Column(verbose_name="岗位", accessor="pk", orderable=False)
    is_active = PillColumn(
        verbose_name="状态",
        tones={"使用中": "done"},
        accessor="state_label",
        order_by="is_active",
    )
    last_login = DateColumn(verbose_name="最近登录")
    created_at = DateColumn(verbose_name="建立日期")

    class Meta(Table.Meta):
        model = Account
        fields = ("name", "username", "division", "posts", "is_active", "last_login", "created_at")
        order_by = "username"

    unit = "个"
    default_columns = ("name", "username", "division", "posts", "is_active", "last_login")
    card_columns = ("name", "posts", "is_active")

    def render_posts(self, record: Account) -> str:
        return self.value_posts(record) or "没有岗位"

    def value_posts(self, record: Account) -> str:
        day = today()
        return "、".join(post.label for post in record.posts.all() if post.held_on(day))


class AccountFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="姓名或登录名", method="by_words")
    role = django_filters.ChoiceFilter(
        label="职责", choices=CHOICES, empty_label="全部", method="by_role"
    )
    is_active = django_filters.BooleanFilter(label="使用中")

    class Meta:
        model = Account
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Account], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__contains=value) | Q(username__contains=value.lower()))

    def by_role(self, rows: QuerySet[Account], name: str, value: str) -> QuerySet[Any]:
        held = Q(posts__valid_to=None) | Q(posts__valid_to__gte=today())
        return rows.filter(held, posts__role=value).distinct()
