"""填表页: one page for all small forms of the room: shown, checked, sent, or refused in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound

KEPT = "您填写的内容还在，核对最新情况后可以再次提交。"


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
    record: Any = None,
    gone: str = "",
    **extra: Any,
) -> HttpResponse:
    """What the rules refuse stands on top of the form; nothing that was typed is lost.

    `record` is what the form's version belongs to: who was slower is told so, and his next press
    counts as made with what stands now. `gone` says why this can be done no longer.
    """
    status = 409 if gone else 200
    if request.method == "POST" and form.is_valid() and not gone:
        if tried(form, lambda: save(form.cleaned_data), record):
            messages.success(request, done)
            return redirect(done_url or back_url)
        status = status_of(form)
    context = {
        "form": form, "title": title, "purpose": purpose, "submit": submit, "back_url": back_url,
        "gone": gone, **extra,
    }  # fmt: skip
    return render(
        request, template, context, status=422 if form.errors and status == 200 else status
    )


def tried(form: forms.Form, act: Callable[[], Any], record: Any) -> bool:
    """Whether it went through; a refusal stands on the form, which keeps what was typed."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Conflict as conflict:
        form.add_error(None, ValidationError(f"{conflict.message} {KEPT}", code="conflict"))
        _renew_version(form, record)
    except DomainError as error:
        form.add_error(error.code if error.code in form.fields else None, error.message)
    else:
        return True
    return False


def status_of(form: forms.Form) -> int:
    """409 where somebody was faster, 422 where something is to be corrected."""
    if form.has_error(NON_FIELD_ERRORS, "conflict"):
        return 409
    return 422 if form.errors else 200


def _renew_version(form: forms.Form, record: Any) -> None:
    if record is None or "version" not in form.fields:
        return
    record.refresh_from_db(fields=["version"])
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("version")] = str(record.version)
    form.data = data
