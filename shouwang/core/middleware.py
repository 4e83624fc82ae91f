"""把拒绝变成页面: a DomainError of a view becomes a page, or a message for a partial request."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .errors import Busy, DomainError, NotAllowed, NotFound


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
        partial = bool(getattr(request, "htmx", False)) and not getattr(
            getattr(request, "htmx", None), "boosted", False
        )
        context = {"error": error, "partial": partial}
        return render(request, "core/error.html", context, status=error.status)


def _as_domain_error(exception: Exception) -> DomainError | None:
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, Http404):
        return NotFound()
    if isinstance(exception, PermissionDenied):
        return NotAllowed()
    if isinstance(exception, OperationalError) and "locked" in str(exception):
        return Busy()
    return None
