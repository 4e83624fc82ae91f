"""帮扶的佐证材料: photos of visits, papers of measures and relief applications."""

from typing import Any

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Measure, ReliefApplication, Visit
from .operations.working import is_own_work


def _found(rows: Any, key: str) -> Any:
    return rows.filter(pk=int(key[:18])).first() if key.isdecimal() else None


def _measure(actor: Actor, key: str) -> Place | None:
    found = _found(Measure.objects.visible_to(actor).select_related("village"), key)
    if found is None:
        return None
    path = found.village.path
    may = actor.can_at("support.plan", path) or is_own_work(actor, found)
    closed = "" if may else "您的岗位不办理这项措施，只能查看材料。"
    return Place(path, f"措施 {found.title}", reverse("support:measure", args=[found.pk]), closed)


def _visit(actor: Actor, key: str) -> Place | None:
    rows = Visit.objects.visible_to(actor).select_related("household__village")
    found = _found(rows, key)
    if found is None:
        return None
    path = found.household.village.path
    closed = "" if actor.can_at("support.visit", path) else "您的岗位不登记走访，只能查看材料。"
    url = reverse("support:visit", args=[found.pk])
    return Place(path, f"走访 {found.visited_on:%Y-%m-%d}", url, closed)


def _relief(actor: Actor, key: str) -> Place | None:
    rows = ReliefApplication.objects.visible_to(actor).select_related("household__village")
    found = _found(rows, key)
    if found is None:
        return None
    path = found.household.village.path
    rights = ("support.plan", "support.relief_review", "support.relief_approve")
    may = any(actor.can_at(right, path) for right in rights)
    closed = "" if may else "您的岗位不办理救助申请，只能查看材料。"
    return Place(path, "救助申请", reverse("support:relief", args=[found.pk]), closed)


TARGETS = (
    Target("support.measure", "帮扶措施", _measure),
    Target("support.visit", "走访", _visit, kinds=("photo", "other")),
    Target("support.relief", "救助基金申请", _relief),
)
