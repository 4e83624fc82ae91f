"""填表页: one page for all small forms of the room: shown, checked, sent, or refused in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound


def posted(request: HttpRequest) -> Any:
    """What was sent, also where nothing was filled in; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    purpose: str,
    submit: str,
    back_url: str,
    done: str,
    done_url: str = "",
    template: str = "support/form.html",
    **extra: Any,
) -> HttpResponse:
    """What the rules refuse stands on top of the form; nothing that was typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except (NotAllowed, NotFound, Conflict):
            raise
        except DomainError as error:
            form.add_error(error.code if error.code in form.fields else None, error.message)
        else:
            messages.success(request, done)
            return redirect(done_url or back_url)
    context = {
        "form": form, "title": title, "purpose": purpose, "submit": submit, "back_url": back_url,
        **extra,
    }  # fmt: skip
    return render(request, template, context, status=200 if not form.errors else 422)
