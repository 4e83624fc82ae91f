"""The one place that knows where a request carries its actor."""

from django.http import HttpRequest

from .actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
