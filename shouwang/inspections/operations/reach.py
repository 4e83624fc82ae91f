"""谁可以办 (reach): which posts of an actor have to do with a problem, and who did what before."""

from shouwang.core.actor import Actor

from ..models import Problem, ProblemEntry
from ..states import Duty
from ..terms import terms

LEAD_ONLY = {"inspections.verify"}


def path_for(actor: Actor, problem: Problem, right: str) -> str | None:
    """The place at which the actor may use the right on this problem; None where nowhere.

    A department counts only where it is a unit of the problem; 核验 is for a leading unit.
    """
    units = [
        unit
        for unit in problem.units.select_related("division", "department")
        if right not in LEAD_ONLY or unit.duty == Duty.LEAD
    ]
    for scope in actor.scopes_with(right):
        if scope.department is None and scope.covers(problem.division.path):
            return str(problem.division.path)
        for unit in units:
            is_own = unit.department and unit.department.name == scope.department
            if scope.department is not None:
                if is_own and scope.covers(problem.division.path):
                    return str(problem.division.path)
            elif unit.division is not None and scope.covers(unit.division.path):
                return str(unit.division.path)
    return None


def reaches(actor: Actor, problem: Problem, right: str) -> bool:
    return path_for(actor, problem, right) is not None


def done_before(actor: Actor, problem: Problem, action: str) -> ProblemEntry | None:
    """The step of this round that the actor took himself and that forbids him this action."""
    steps = terms().separate.get(action, frozenset())
    if not steps:
        return None
    for entry in problem.entries.filter(round=problem.times, action__in=steps):
        if actor.account_id is not None and entry.by_account is not None:
            same = entry.by_account == actor.account_id
        else:
            same = entry.by_label == actor.label[:120]
        if same:
            return entry
    return None
