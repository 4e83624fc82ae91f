"""操作人 (actor): who does something, from which posts, and how far they reach.

Every write takes an actor first and every read that leaves the server begins with one.
"""

from dataclasses import dataclass

from .errors import NotAllowed, NotFound
from .rights import all_rights, get_right

WHOLE_TREE = "/"


@dataclass(frozen=True)
class Scope:
    """管辖范围 of one post: a division subtree, the rights of its role, its department if any.

    `division_path` is the path of primary keys of the subtree's root (`/1/4/9/`), `/` for all;
    `department` is None where the post is not confined to one department's data.
    """

    division_path: str
    role: str
    rights: frozenset[str]
    department: str | None = None
    label: str = ""

    def covers(self, division_path: str) -> bool:
        return division_path.startswith(self.division_path)


@dataclass(frozen=True)
class Actor:
    """A person (or the system itself) at one moment; `account_id` is None for the system."""

    account_id: int | None
    label: str
    scopes: tuple[Scope, ...] = ()

    def can(self, right: str) -> bool:
        """Whether any of the posts gives this right somewhere."""
        get_right(right)
        return any(right in scope.rights for scope in self.scopes)

    def scopes_with(self, right: str) -> tuple[Scope, ...]:
        get_right(right)
        return tuple(scope for scope in self.scopes if right in scope.rights)

    def can_at(self, right: str, division_path: str) -> bool:
        """Whether this right reaches the division with this path."""
        return any(scope.covers(division_path) for scope in self.scopes_with(right))

    def covers(self, division_path: str) -> bool:
        """Whether any post at all reaches the division with this path."""
        return any(scope.covers(division_path) for scope in self.scopes)


ANONYMOUS = Actor(account_id=None, label="未登录")


def system_actor(label: str) -> Actor:
    """The program acting for whoever runs the machine (命令行): all rights everywhere."""
    scope = Scope(WHOLE_TREE, "system", frozenset(all_rights()), label="全部区划")
    return Actor(account_id=None, label=label, scopes=(scope,))


def require(actor: Actor, right: str, division_path: str | None = None) -> None:
    """Refuse unless the actor holds the right, and where a place is given, there.

    Outside all posts the place does not exist for the actor (404); inside, without the right, 403.
    """
    if division_path is not None and actor.scopes and not actor.covers(division_path):
        raise NotFound
    allowed = actor.can(right) if division_path is None else actor.can_at(right, division_path)
    if not allowed:
        raise _not_allowed(right)


def require_here(actor: Actor, right: str, division_path: str) -> None:
    """The same for a record of a place that holds the actor's own, like a county's scheme in one of
    its towns: that the own county has it is no secret, so without the right it is 403. Elsewhere
    it does not exist (404).
    """
    if actor.can_at(right, division_path):
        return
    is_above = any(scope.division_path.startswith(division_path) for scope in actor.scopes)
    if actor.scopes and not actor.covers(division_path) and not is_above:
        raise NotFound
    raise _not_allowed(right)


def _not_allowed(right: str) -> NotAllowed:
    return NotAllowed(f"您的岗位没有“{get_right(right).label}”的权限，如工作需要请联系系统管理员。")
