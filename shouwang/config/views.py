"""The start page and the search: both draw on every room, so they live above them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.core.requests import actor_of

from . import home as workbench
from .search import LONGEST, groups_for

MORE = 30


def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
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
