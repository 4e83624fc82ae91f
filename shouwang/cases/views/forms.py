"""One form page: shows a form, tries the operation, keeps what was typed where it is refused."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound

from ..models import Case
from ..pages.heads import head_of


def form_page(
    request: HttpRequest,
    case: Case,
    form: Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    submit: str,
    rows: Sequence[Sequence[str]],
    done: str = "",
    tab: str = "",
    note: str = "",
    facts: Sequence[tuple[str, Any]] = (),
    confirm: str = "",
    template: str = "cases/form_page.html",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Draw the form, or do what it asks for; `rows` says which fields stand beside each other."""
    back = reverse("cases:case", args=[case.number]) + (f"?tab={tab}" if tab else "")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and tried(form, lambda: act(form.cleaned_data)):
            if done:
                messages.success(request, done)
            return redirect(back)
    context = {
        "page_title": title,
        "case": case,
        "head": head_of(case),
        "form": form,
        "rows": [[form[name] for name in row if name in form.fields] for row in rows],
        "submit": submit,
        "back_url": back,
        "list_url": reverse("cases:list"),
        "note": note,
        "facts": facts,
        "confirm": confirm,
        **(extra or {}),
    }
    return render(request, template, context, status=status)


def tried(form: Form, act: Callable[[], Any]) -> bool:
    """Whether the operation went through; its refusal stands on top of the form, in its words.

    That somebody was faster is said there too, so that the words typed are not thrown away.
    """
    try:
        act()
    except (NotFound, NotAllowed):
        raise
    except Conflict as conflict:
        words = f"{conflict.message} 您填写的内容还在，核对最新情况后可以再次提交。"
        form.add_error(None, words)
        _renew_version(form)
        return False
    except DomainError as refusal:
        field = refusal.code if refusal.code in form.fields else None
        form.add_error(field, refusal.message)
        return False
    return True


def _renew_version(form: Form) -> None:
    """The next press counts as made with what the page shows now."""
    record = getattr(form, "record", None)
    if record is None or "version" not in form.fields:
        return
    record.refresh_from_db(fields=["version"])
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("version")] = str(record.version)
    form.data = data
