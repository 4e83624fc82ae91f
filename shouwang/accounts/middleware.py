"""谁在操作: puts the actor on every request and sends a first password to its change."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.clock import now, today
from shouwang.core.components import PostChoice
from shouwang.core.waiting import is_busy, not_waiting
from shouwang.divisions.models import Division

from .actors import actor_with, posts_on
from .models import Account, Post

SESSION_POST = "acting_post"
SESSION_STARTED = "started_at"
SESSION_SEEN = "seen_at"
ALL_POSTS = "all"
LONGEST_SESSION = timedelta(hours=12)
"""However busy, nobody stays logged in over night."""
SEEN_EVERY = timedelta(minutes=5)
"""How often use is written down: not with every page, since SQLite has one writer."""
# pages that work before the first password is changed
OPEN_VIEWS = {"accounts:password", "accounts:logout", "accounts:login"}


class ActorMiddleware:
    """Sets `request.actor` (no scopes for who is not logged in), `request.posts` for the switcher
    and `request.acting_post`: the chosen post, None for all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user if isinstance(request.user, Account) else None
        if account and not _keep_session(request):
            logout(request)
            account = None
        set_actor(request, account)
        request.division_paths = partial(_division_paths, request)  # type: ignore[attr-defined]
        if account and account.must_change_password and not _open(request):
            return _go_to(request, reverse("accounts:password"))
        return self.get_response(request)


def set_actor(request: HttpRequest, account: Account | None) -> Actor:
    """Work out the actor of this request; a chosen post that has ended falls back to all."""
    posts = posts_on(account, today()) if account and account.is_active else []
    chosen = request.session.get(SESSION_POST) if account else None
    acting = next((post for post in posts if post.pk == chosen), None)
    actor = actor_with(account, posts, acting.pk if acting else None) if account else ANONYMOUS
    request.actor = actor  # type: ignore[attr-defined]
    request.posts = choices(posts, acting)  # type: ignore[attr-defined]
    request.acting_post = acting  # type: ignore[attr-defined]
    return actor


def _division_paths(request: HttpRequest, words: str) -> list[str]:
    """What the log's filter may ask: the paths of the places that a name or a code means."""
    found = Division.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return list(found.matching(words).values_list("path", flat=True)[:50])


def choices(posts: list[Post], acting: Post | None) -> list[PostChoice]:
    """What the switcher offers: all posts together, or one of them; nothing for a single post."""
    if len(posts) < 2:
        return []
    everything = PostChoice(ALL_POSTS, "全部岗位", f"{len(posts)} 个岗位", acting is None)
    return [
        everything,
        *(PostChoice(str(post.pk), post.label, "", post == acting) for post in posts),
    ]


def _keep_session(request: HttpRequest) -> bool:
    """Whether the session may go on; notes now and then that it is in use."""
    moment = now()
    started = _instant(request.session.get(SESSION_STARTED))
    if started is not None and moment - started > LONGEST_SESSION:
        return False
    seen = _instant(request.session.get(SESSION_SEEN))
    if started is None or seen is None or moment - seen > SEEN_EVERY:
        _note(request, {SESSION_STARTED: started or moment, SESSION_SEEN: moment})
    return True


def _note(request: HttpRequest, times: dict[str, datetime]) -> None:
    """Write times into the session; if the database is busy just now, the next page will."""
    session = request.session
    before, is_modified = dict(session), session.modified
    session.update({key: moment.isoformat() for key, moment in times.items()})
    if is_modified:
        return
    try:
        with not_waiting():
            session.save()
    except UpdateError:
        return  # the session ended meanwhile, which Django's middleware tells
    except OperationalError as problem:
        if not is_busy(problem):
            raise
        for key in times.keys() - before.keys():
            del session[key]
        session.update({key: before[key] for key in times.keys() & before.keys()})
    session.modified = False


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in OPEN_VIEWS
    except Resolver404:
        return False


def _go_to(request: HttpRequest, url: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
