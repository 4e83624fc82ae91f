"""村级台账的佐证材料: reports of tests, papers of a problem, photographs of roads and damage."""

from typing import Any

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import PlaceProblem, WaterProblem, WaterWorks


def _found(rows: Any, key: str) -> Any:
    return rows.filter(pk=int(key[:18])).first() if key.isdecimal() else None


def _closed(actor: Actor, works: WaterWorks) -> str:
    may = actor.can_at("localities.water", works.division.path)
    return "" if may else "您的岗位不维护饮水工程，只能查看材料。"


def _works(actor: Actor, key: str) -> Place | None:
    found = _found(WaterWorks.objects.visible_to(actor).select_related("division"), key)
    if found is None:
        return None
    url = found.get_absolute_url()
    return Place(found.division.path, f"{found}检测报告", url, _closed(actor, found))


def _problem(actor: Actor, key: str) -> Place | None:
    rows = WaterProblem.objects.visible_to(actor).select_related("works__division")
    found = _found(rows, key)
    if found is None:
        return None
    url = found.get_absolute_url()
    return Place(found.works.division.path, str(found), url, _closed(actor, found.works))


def _place(actor: Actor, key: str) -> Place | None:
    found = _found(PlaceProblem.objects.visible_to(actor).select_related("division"), key)
    if found is None:
        return None
    path = found.division.path
    may = any(actor.can_at(f"localities.{one}", path) for one in ("places", "repair", "check"))
    closed = "" if may else "您的岗位不办理村级问题，只能查看材料。"
    return Place(path, str(found), found.get_absolute_url(), closed)


TARGETS = (
    Target("localities.place", "村级问题", _place),
    Target("localities.works", "饮水工程", _works),
    Target("localities.problem", "饮水工程问题", _problem),
)
