"""佐证对象 (targets): which records may carry files, and what each room says of one of its records.

A room declares TARGETS in its evidence.py. Its `resolve(actor, id)` answers what this person may do
with the record, or None where the record does not exist for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from shouwang.core.actor import Actor
from shouwang.core.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class Place:
    """One record as its room shows it to one person.

    `closed` is the reason why nothing may be added now, in words; empty where files are welcome.
    `label` and `url` hold no personal number: they stand in the log and in addresses.
    """

    division_path: str
    label: str
    url: str
    closed: str = ""


Resolve = Callable[[Actor, str], Place | None]


@dataclass(frozen=True)
class Target:
    """A kind of record that carries files; `kinds` narrows Attachment.Kind, empty means all."""

    type: str
    label: str
    resolve: Resolve
    kinds: tuple[str, ...] = ()


def _declared() -> Iterator[Target]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.evidence"):
            yield from getattr(import_module(f"{app.name}.evidence"), "TARGETS", ())


@cache
def all_targets() -> dict[str, Target]:
    """Every declared kind of record by its type."""
    found: dict[str, Target] = {}
    for target in _declared():
        if target.type in found:
            raise ValueError(f"the target {target.type} is declared twice")
        found[target.type] = target
    return found


def place_of(actor: Actor, target_type: str, target_id: str) -> Place:
    """What the record is for this person; a record out of sight and one that is not are the same.

    The actor's posts are asked twice: for the right at the place, and by the room for the record.
    """
    if not actor.can("documents.view"):
        raise NotAllowed("您的岗位没有“查看佐证材料”的权限，如工作需要请联系系统管理员。")
    target = all_targets().get(target_type)
    place = target.resolve(actor, target_id.replace("\x00", "")) if target else None
    if place is None or not actor.can_at("documents.view", place.division_path):
        raise NotFound
    return place


def refusal(actor: Actor, place: Place) -> str:
    """Why this person can add nothing to the record now; empty where they can."""
    if not actor.can_at("documents.attach", place.division_path):
        return "您的岗位不上传佐证材料。"
    return place.closed
