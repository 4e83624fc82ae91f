"""任务和示范经验的佐证材料 (evidence)."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Example, Task
from .operations.work import path_for


def _task(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    seen = Task.objects.visible_to(actor).select_related("division")
    found = seen.filter(pk=int(key[:18])).first()
    if found is None:
        return None
    path = path_for(actor, found, "workplans.view")
    if not actor.covers(path):
        return None
    closed = ""
    if found.state in ("done", "cancelled"):
        closed = "任务已经结束，不再添加材料。"
    elif not actor.can_at("workplans.report", path_for(actor, found, "workplans.report")):
        closed = "您的岗位不报送这个任务，只能查看材料。"
    return Place(path, f"任务 {found.number}", found.get_absolute_url(), closed)


def _example(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    seen = Example.objects.visible_to(actor).select_related("division")
    found = seen.filter(pk=int(key[:18])).first()
    if found is None:
        return None
    path = found.division.path
    if not actor.covers(path):
        return None  # files stay within the place that keeps them
    closed = "" if actor.can_at("workplans.plan", path) else "由登记的单位添加材料。"
    return Place(path, found.title, found.get_absolute_url(), closed)


TARGETS = (
    Target("workplans.task", "任务", _task),
    Target("workplans.example", "示范经验", _example),
)
"""Read by the room of documents."""
