"""框架的页面: personal choices (columns, filters, type size) and the living page of components."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from . import preferences
from .context import LARGE_TYPE_COOKIE
from .errors import NotFound
from .lists import filter_query
from .requests import actor_of
from .showcase import showcase

MOST_COLUMNS = 60
MOST_FILTERS = 20
YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on; never to another server."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect("/")


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns this person wants in one list."""
    key = f"columns:{request.POST.get('key', '')}"
    names = [name[:60] for name in request.POST.getlist("columns")][:MOST_COLUMNS]
    preferences.keep(actor_of(request), key, None if "reset" in request.POST else names or None)
    return _back(request)


@require_POST
def filters(request: HttpRequest) -> HttpResponse:
    """Keep or forget a named set of conditions of one list."""
    key = f"filters:{request.POST.get('key', '')}"
    name = request.POST.get("name", "").strip()[:20]
    kept = preferences.chosen(actor_of(request), key, [])
    kept = [entry for entry in kept if entry.get("name") != name] if isinstance(kept, list) else []
    if "delete" not in request.POST and name:
        if len(kept) >= MOST_FILTERS:
            messages.error(request, f"最多保存 {MOST_FILTERS} 组条件，请先删除不用的。")
            return _back(request)
        query = filter_query(QueryDict(request.POST.get("query", "")[:2000]))
        kept.append({"name": name, "query": query})
        messages.success(request, f"已保存条件“{name}”，只有您能看到。")
    preferences.keep(actor_of(request), key, kept or None)
    return _back(request)


@require_POST
@login_not_required
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch this browser between normal and large type."""
    response = _back(request)
    if request.COOKIES.get(LARGE_TYPE_COOKIE) == "1":
        response.delete_cookie(LARGE_TYPE_COOKIE)
    else:
        response.set_cookie(LARGE_TYPE_COOKIE, "1", max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The living page: for developers, and for whoever runs the system."""
    runs_it = any(scope.role == "system_administrator" for scope in actor_of(request).scopes)
    if not (settings.DEBUG or runs_it):
        raise NotFound("没有找到这个页面。")
    return render(request, "core/components.html", showcase(request))
