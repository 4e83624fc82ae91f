"""Reads of the baselines room: what an actor may see first."""

from typing import Any, Self

from django.db import models

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within


class BaselineQuerySet(models.QuerySet[Any]):
    """Values of places within the actor's scopes."""

    def visible_to(self, actor: Actor, right: str = "baselines.view") -> Self:
        return self.filter(within(actor, right, "division__"))
