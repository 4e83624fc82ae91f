"""谁能看、能报哪些部门数据: scope is a county and, for departments, their own."""

from django.conf import settings
from django.db.models import Q

from shouwang.core.actor import Actor, Scope, require
from shouwang.core.errors import DomainError, NotFound
from shouwang.divisions import queries as divisions
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division


def scope_filter(actor: Actor, right: str) -> Q:
    """The condition on batches and files that the actor's duties give; nothing where none do."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        part = Q(division__path__startswith=scope.division_path)
        if scope.department:
            part &= Q(department=scope.department)
        condition |= part
    return condition


def permit(actor: Actor, right: str, division: Division, department: str) -> None:
    """403 without the right at all, 404 for another county's or another department's data."""
    require(actor, right)
    if not any(_covers(scope, division, department) for scope in actor.scopes_with(right)):
        raise NotFound("没有找到这份部门数据，它可能不属于您的部门或辖区。")


def may(actor: Actor, right: str, division: Division, department: str) -> bool:
    """The same as `permit`, as an answer: which buttons a page offers."""
    return any(_covers(scope, division, department) for scope in actor.scopes_with(right))


def _covers(scope: Scope, division: Division, department: str) -> bool:
    inside = division.path.startswith(scope.division_path)
    return inside and (not scope.department or scope.department == department)


def departments_of(actor: Actor, right: str) -> set[str] | None:
    """The departments the actor is bound to; None means that none is excluded."""
    scopes = actor.scopes_with(right)
    if any(not scope.department for scope in scopes):
        return None
    return {str(scope.department) for scope in scopes}


def county_for(actor: Actor, right: str) -> Division:
    """The county whose data the actor sends: the one of the post, else this installation's."""
    require(actor, right)
    paths = [scope.division_path for scope in actor.scopes_with(right)]
    own = Division.objects.filter(level=Level.COUNTY, path__in=paths).order_by("pk").first()
    if own is not None:
        return own
    county = divisions.county(settings.SHOUWANG_COUNTY)
    if county is not None and any(county.path.startswith(path) for path in paths):
        return county
    raise DomainError(
        "还没有本县的行政区划，请先由系统管理员导入区划，再报送部门数据。", code="no_county"
    )
