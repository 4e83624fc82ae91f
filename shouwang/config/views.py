"""The start page and the search: both draw on every room, so they live above them."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from shouwang.core.middleware import TRY_AGAIN_SECONDS
from shouwang.core.requests import actor_of
from shouwang.core.waiting import is_busy

from . import home as workbench
from . import today
from .search import LONGEST, groups_for

MORE = 30


def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "things": today.things(actor),
        "figures": workbench.figures(actor),
        "waiting": workbench.waiting(actor),
        "charts": workbench.risk_charts(actor),
        "gaps": workbench.gaps(actor),
        "may_upload": actor.can("feeds.upload"),
        "may_manage": actor.can("accounts.manage"),
    }
    return render(request, "config/home.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """Posted, so that an ID number never stands in an address or in a log."""
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()[:LONGEST]
    actor = actor_of(request)
    if request.headers.get("HX-Request"):
        groups = groups_for(actor, text)
        return render(request, "core/search_results.html", {"groups": groups, "q": text})
    groups = groups_for(actor, text, limit=MORE)
    return render(request, "config/search.html", {"groups": groups, "q": text})


def server_error(request: HttpRequest) -> HttpResponse:
    """What went wrong outside a view; only that the database is busy is no fault."""
    problem = sys.exc_info()[1]
    if problem is None or not is_busy(problem):
        return defaults.server_error(request)
    headers = {"Retry-After": str(TRY_AGAIN_SECONDS)}
    if request.method == "GET":
        headers["Refresh"] = str(TRY_AGAIN_SECONDS)
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
