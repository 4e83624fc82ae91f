"""页面框架 (page frame): what the frame round every page shows, computed only when it is drawn."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from . import clock, jobs
from .actor import ANONYMOUS, Actor
from .badges import badge_of
from .components import PostChoice
from .models import Job

LARGE_TYPE_COOKIE = "shouwang_large_type"
NARROW_COOKIE = "shouwang_narrow"
MOST_UNFOLDED = 16
"""Entries of a navigation that needs no folding."""


@dataclass(frozen=True)
class Entry:
    """One line of the left navigation."""

    label: str
    url: str
    icon: str
    badge: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Group:
    """The entries under one verb."""

    label: str
    entries: tuple[Entry, ...]
    is_open: bool = True

    @property
    def waiting(self) -> int:
        """What waits behind all its entries, shown while the group is folded."""
        return sum(entry.badge for entry in self.entries)


def optional_url(name: str) -> str:
    """The address of a page of another room, or nothing where that room is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Frame:
    """What `core/base.html` shows round a page for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor = getattr(request, "actor", None) or ANONYMOUS

    @property
    def html_class(self) -> str:
        marks = []
        if self.request.COOKIES.get(LARGE_TYPE_COOKIE) == "1":
            marks.append("large-type")
        if self.request.COOKIES.get(NARROW_COOKIE) == "1":
            marks.append("nav-narrow")
        return " ".join(marks)

    @property
    def is_large_type(self) -> bool:
        return self.request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"

    @cached_property
    def groups(self) -> list[Group]:
        """The navigation as this person may see it."""
        dotted = getattr(settings, "SHOUWANG_NAVIGATION", "")
        if not dotted or self.actor is ANONYMOUS:
            return []
        verbs = import_string(dotted)()
        drawn = [(verb.label, [self._entry(room) for room in verb.rooms]) for verb in verbs]
        urls = [entry.url for _, rooms in drawn for entry in rooms if entry is not None]
        here = self._claimed(verbs, urls) or self._longest_match(urls)
        is_short = len(urls) <= MOST_UNFOLDED or "nav-narrow" in self.html_class
        groups = []
        for label, rooms in drawn:
            entries = tuple(
                Entry(room.label, room.url, room.icon, room.badge, room.url == here)
                for room in rooms
                if room is not None
            )
            if entries:
                holds_page = any(entry.is_current for entry in entries)
                groups.append(Group(label, entries, is_open=holds_page or not here or is_short))
        return groups

    def _entry(self, room: Any) -> Entry | None:
        url = optional_url(room.url_name)
        if not url or (room.right is not None and not self.actor.can(room.right)):
            return None
        badge: Callable[[Actor], int] | None = getattr(room, "badge", None)
        waiting = badge_of(self.actor, room.url_name, badge) if badge else 0
        return Entry(room.label, url, room.icon, waiting)

    def _claimed(self, verbs: Sequence[Any], urls: Sequence[str]) -> str:
        """The room that claims this page by a pattern, though its own address begins otherwise."""
        for verb in verbs:
            for room in verb.rooms:
                pattern, url = getattr(room, "also", ""), optional_url(room.url_name)
                if pattern and url in urls and re.match(pattern, self.request.path):
                    return url
        return ""

    def _longest_match(self, urls: Sequence[str]) -> str:
        path = self.request.path
        return max(
            (url for url in urls if url != "/" and path.startswith(url)), key=len, default=""
        )

    @property
    def here(self) -> Entry | None:
        """The room that this page belongs to."""
        for group in self.groups:
            for entry in group.entries:
                if entry.is_current:
                    return entry
        return None

    @property
    def verb(self) -> str:
        for group in self.groups:
            if any(entry.is_current for entry in group.entries):
                return group.label
        return ""

    @property
    def is_room_page(self) -> bool:
        return self.here is not None and self.here.url == self.request.path

    @cached_property
    def posts(self) -> list[PostChoice]:
        given = getattr(self.request, "posts", ())
        return list(given() if callable(given) else given)

    @property
    def post(self) -> PostChoice | None:
        return next((post for post in self.posts if post.is_current), None)

    @property
    def scope_label(self) -> str:
        """The post in force, in words, for the switcher and for the foot of prints."""
        if self.post is not None:
            return self.post.label
        return "、".join(scope.label for scope in self.actor.scopes if scope.label)

    @cached_property
    def active_jobs(self) -> list[Job]:
        return jobs.active(self.actor)

    @property
    def printed_at(self) -> Any:
        return clock.now()

    home_url = property(lambda self: optional_url("home"))
    search_url = property(lambda self: optional_url("search"))
    switch_url = property(lambda self: optional_url("accounts:switch-post"))
    logout_url = property(lambda self: optional_url("accounts:logout"))
    password_url = property(lambda self: optional_url("accounts:password"))
    profile_url = property(lambda self: optional_url("accounts:profile"))


def is_drawer(request: HttpRequest) -> bool:
    """Whether htmx asks for this page to show it in the drawer beside a list."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == "drawer-body"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame, and which outer template a page stands in."""
    base = "core/drawer.html" if is_drawer(request) else "core/base.html"
    return {"frame": Frame(request), "frame_template": base}
