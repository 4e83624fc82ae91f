"""办理的区划 (paths): where an actor may act on a task."""

from shouwang.core.actor import Actor

from ..models import Task


def path_for(actor: Actor, task: Task, right: str) -> str:
    """Where the actor may act on a task: its own place, or the place of one of its units."""
    for scope in actor.scopes_with(right):
        for unit in task.units.select_related("division", "department"):
            mine = scope.department and unit.department and unit.department.name == scope.department
            if mine and scope.covers(task.division.path):
                return task.division.path
            if unit.division is not None and scope.covers(unit.division.path):
                return unit.division.path
    return str(task.division.path)


def may_report(actor: Actor, task: Task) -> bool:
    """Whether a task is the actor's to report on; a department's officer has its own only."""
    path = path_for(actor, task, "workplans.report")
    scopes = [one for one in actor.scopes_with("workplans.report") if one.covers(path)]
    if any(scope.department is None for scope in scopes):
        return True
    names = {scope.department for scope in scopes}
    return task.units.filter(department__name__in=names).exists()
