"""Reads of the divisions; every one that leaves the server begins with `visible_to`."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Division


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, actor: Actor, right: str = "divisions.view") -> Self:
        """The subtrees of the posts that carry the right."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            condition |= Q(path__startswith=scope.division_path)
        return self.filter(condition)

    def on(self, day: date) -> Self:
        """Divisions that exist on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def current(self) -> Self:
        return self.filter(valid_to=None)

    def below(self, division: "Division") -> Self:
        """The subtree without its root."""
        return self.filter(path__startswith=division.path).exclude(pk=division.pk)

    def matching(self, text: str) -> Self:
        """By part of the name, by its pinyin or initials, or by the beginning of the code."""
        text = text.strip()
        if not text:
            return self
        found = Q(name__contains=text) | Q(former_names__name__contains=text)
        if text.isascii():
            spelled = text.lower().replace(" ", "").replace("'", "")
            found |= Q(initials__startswith=spelled) | Q(pinyin__startswith=spelled)
        if text.isdigit():
            found |= Q(code__startswith=text)
        return self.filter(pk__in=self.model.objects.filter(found).values("pk"))
