"""演示里的人: the demo's accounts by duty; where there is none, the program under that name."""

from dataclasses import dataclass

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Post
from shouwang.core import clock
from shouwang.core.actor import Actor, system_actor
from shouwang.divisions.models import Division

from ..querysets import places_with


@dataclass(frozen=True)
class Cast:
    """Who takes the steps, and the village where most of the stories happen."""

    village: Actor
    clerk: Actor
    leader: Actor
    officer: Actor
    approver: Actor
    home: Division | None

    def near(self, place: Division) -> "Cast":
        """The same duties at another place, for which the demo has no accounts."""
        if self.village.can_at("cases.verify", place.path):
            return self
        town = place.parent.name if place.parent else place.name
        return Cast(
            system_actor(f"{place.name}网格员"),
            system_actor(f"{town}干事"),
            system_actor(f"{town}分管领导"),
            self.officer,
            self.approver,
            place,
        )


def find_cast(actor: Actor) -> Cast:
    """The people with posts in the actor's county; the village is that of the village worker."""
    worker = _holder("village_worker")
    home = worker.division if worker else None
    return Cast(
        _acting("village_worker", "村级工作人员"),
        _acting("town_clerk", "乡镇业务员"),
        _acting("town_leader", "乡镇分管领导"),
        _acting("county_officer", "县级业务员"),
        _acting("county_leader", "县级分管领导"),
        home if home else _some_village(actor),
    )


def _holder(role: str) -> Post | None:
    posts = Post.objects.on(clock.today()).filter(role=role, account__is_active=True)
    return posts.select_related("account", "division").order_by("pk").first()


def _acting(role: str, label: str) -> Actor:
    post = _holder(role)
    return actor_for(post.account, clock.today()) if post else system_actor(label)


def _some_village(actor: Actor) -> Division | None:
    reach = places_with(actor, "cases.view", "pk")
    return Division.objects.filter(reach, level="village", valid_to=None).order_by("code").first()


def department(name: str) -> Actor:
    """A department's clerk: its own account, or the program under its name."""
    post = (
        Post.objects.on(clock.today())
        .filter(role="department_officer", department__name=name, account__is_active=True)
        .select_related("account")
        .order_by("pk")
        .first()
    )
    return actor_for(post.account, clock.today()) if post else system_actor(f"{name}联络员")
