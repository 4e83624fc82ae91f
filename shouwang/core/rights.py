"""权限 (rights): declared as data by each room in its permissions.py, collected here.

A right that no room declares is a mistake in the program, so asking for it raises.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


class UnknownRight(LookupError):
    """A right code that no room declares."""


@dataclass(frozen=True)
class Right:
    """One thing that a post may allow, and the roles that have it."""

    code: str
    label: str
    explanation: str
    roles: frozenset[str] = frozenset()


def _declared() -> Iterator[Right]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.permissions"):
            yield from import_module(f"{app.name}.permissions").RIGHTS


@cache
def all_rights() -> dict[str, Right]:
    """Every declared right by its code, in the order of the rooms."""
    rights: dict[str, Right] = {}
    for right in _declared():
        if right.code in rights:
            raise ValueError(f"the right {right.code} is declared twice")
        rights[right.code] = right
    return rights


def get_right(code: str) -> Right:
    try:
        return all_rights()[code]
    except KeyError:
        raise UnknownRight(code) from None


@cache
def rights_of_role(role: str) -> frozenset[str]:
    """What a post with this role may do."""
    return frozenset(right.code for right in all_rights().values() if role in right.roles)
