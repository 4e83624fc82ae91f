"""谁在操作: puts the actor on every request and sends a first password to its change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.clock import today

from .actors import actor_with, posts_on
from .models import Account

SESSION_POST = "acting_post"
# pages that work before the first password is changed
OPEN_VIEWS = {"accounts:password", "accounts:logout", "accounts:login"}


class ActorMiddleware:
    """Sets `request.actor` (no scopes for who is not logged in), `request.posts` and
    `request.acting_post`: the post chosen in the top bar, None for all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        set_actor(request, account if isinstance(account, Account) else None)
        if isinstance(account, Account) and account.must_change_password and not _open(request):
            if getattr(request, "htmx", False):
                return HttpResponse(status=204, headers={"HX-Redirect": "/accounts/password/"})
            return redirect("accounts:password")
        return self.get_response(request)


def set_actor(request: HttpRequest, account: Account | None) -> Actor:
    """Work out the actor of this request; a chosen post that has ended falls back to all."""
    posts = posts_on(account, today()) if account else []
    chosen = request.session.get(SESSION_POST) if account else None
    acting = next((post for post in posts if post.pk == chosen), None)
    actor = actor_with(account, posts, acting.pk if acting else None) if account else ANONYMOUS
    request.actor = actor  # type: ignore[attr-defined]
    request.posts = posts  # type: ignore[attr-defined]
    request.acting_post = acting  # type: ignore[attr-defined]
    return actor


def _open(request: HttpRequest) -> bool:
    if request.path_info.startswith("/static/"):
        return True
    try:
        return resolve(request.path_info).view_name in OPEN_VIEWS
    except Resolver404:
        return False
