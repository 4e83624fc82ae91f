"""Filters of the consultations room."""

from typing import Any

import django_filters

from shouwang.core.filters import chosen

from .models import Comment, Consultation
from .states import Channel, Decision, State


class ConsultationFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="标题", field_name="title", lookup_expr="contains")
    state = chosen("状态", choices=State.choices)

    class Meta:
        model = Consultation
        fields: list[str] = []


class CommentFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="意见中的字", method="by_words")
    decision = chosen("采纳情况", choices=Decision.choices)
    channel = chosen("来源", choices=Channel.choices)

    class Meta:
        model = Comment
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        word = value.replace("\x00", "")
        return queryset.filter(text__contains=word) | queryset.filter(article__contains=word)
