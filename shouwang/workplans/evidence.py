"""任务、报送和示范经验的佐证材料 (evidence)."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Example, Progress, Task
from .operations.paths import may_report, path_for
from .operations.proof import REPORT_FILES, TASK_FILES
from .states import ReportState


def _task(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    seen = Task.objects.visible_to(actor).select_related("division")
    found = seen.filter(pk=int(key[:18])).first()
    return None if found is None else _place(actor, found)


def _place(actor: Actor, found: Task) -> Place | None:
    path = path_for(actor, found, "workplans.view")
    if not actor.covers(path):
        return None
    closed = ""
    if found.state in ("done", "cancelled"):
        closed = "任务已经结束，不再添加材料。"
    elif not may_report(actor, found):
        closed = "您的岗位不报送这个任务，只能查看材料。"
    return Place(path, f"任务 {found.number}", found.get_absolute_url(), closed)


def _report(actor: Actor, key: str) -> Place | None:
    """A report of a task that is seen; once somebody has looked at it nothing is added."""
    if not key.isdecimal():
        return None
    seen = Task.objects.visible_to(actor).values("pk")
    reports = Progress.objects.select_related("task__division")
    found = reports.filter(pk=int(key[:18]), task__in=seen).first()
    place = None if found is None else _place(actor, found.task)
    if found is None or place is None:
        return None
    closed = place.closed
    if found.state != ReportState.SUBMITTED:
        closed = "这次报送已经审看，不再添加材料；可以另报一次。"
    label = f"{place.label} {found.as_of:%Y-%m-%d} 的报送"
    return Place(place.division_path, label, place.url, closed)


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
    Target(TASK_FILES, "任务", _task),
    Target(REPORT_FILES, "进展报送", _report),
    Target("workplans.example", "示范经验", _example),
)
"""Read by the room of documents."""
