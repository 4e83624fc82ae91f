"""把拒绝变成页面: a DomainError of a view becomes a page, or a message for a partial request."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from . import badges
from .errors import Busy, DomainError, NotAllowed, NotFound
from .waiting import is_busy

TRY_AGAIN_SECONDS = 5


class DomainErrorMiddleware:
    """Answers with the error's status and its sentence; nothing of the request is repeated.

    `core/error.html` gets `error` (title, message, code, status) and `partial`: True where htmx
    asked, so that only the message is drawn.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = _as_domain_error(exception)
        if error is None:
            return None
        return answer(request, error)


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page, or the message, that tells the error. A page that was only to be read and met a
    busy database asks for itself again; what was sent in is never sent twice."""
    htmx = getattr(request, "htmx", None)
    partial = bool(htmx) and not getattr(htmx, "boosted", False)
    repeats = isinstance(error, Busy) and request.method == "GET" and not partial
    context = {
        "error": error, "partial": partial, "repeats": repeats, "again": _again(request),
    }  # fmt: skip
    response = render(request, "core/error.html", context, status=error.status)
    if isinstance(error, Busy):
        response["Retry-After"] = str(TRY_AGAIN_SECONDS)
    if repeats:
        response["Refresh"] = str(TRY_AGAIN_SECONDS)
    return response


def _again(request: HttpRequest) -> str:
    """Where the present state can be seen: this page, or the one from which it was sent."""
    if request.method == "GET":
        return request.path
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}):
        return ""
    return urlsplit(came).path


def _as_domain_error(exception: Exception) -> DomainError | None:
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, Http404):
        return NotFound()
    if isinstance(exception, PermissionDenied):
        return NotAllowed()
    if is_busy(exception):
        return Busy()
    return None


class BadgeMiddleware:
    """What a person sends makes the numbers of his navigation be counted anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        account_id = getattr(getattr(request, "actor", None), "account_id", None)
        if account_id is not None and request.method not in ("GET", "HEAD"):
            badges.forget(account_id)
        return response
