"""清单模板: the county writes its own lists; a change is a new version, old answers stay."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shouwang.core.actor import require
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of

from .. import operations
from ..checklists import checklists
from ..forms.checklists import ChecklistForm
from .forms import tried

NEW = "new"


@require_safe
def checklist_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "cases.configure")
    found = list(checklists(with_retired=True).values())
    context = {"checklists": found, "new_url": reverse("cases:checklist", args=[NEW])}
    return render(request, "cases/checklists.html", context)


@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, key: str) -> HttpResponse:
    """One list with its questions; saving makes the next version."""
    actor = actor_of(request)
    require(actor, "cases.configure")
    known = checklists(with_retired=True)
    current = known.get(key)
    if current is None and key != NEW:
        raise NotFound("没有这份清单，请回到清单列表。")
    form = ChecklistForm(request.POST or None, checklist=current)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        own = key if current else _new_key(known)
        if tried(
            form,
            lambda: operations.save_checklist(
                actor, key=own, title=given["title"], purpose=given["purpose"],
                items=form.items(), is_active=given["is_active"], version=given["version"] or 0,
            ),
        ):  # fmt: skip
            messages.success(request, "清单已保存，下次入户就用新的。以前的回答不变。")
            return redirect("cases:checklists")
    context = {
        "checklist": current,
        "form": form,
        "list_url": reverse("cases:checklists"),
        "filled": len(current.questions) if current else 0,
    }
    return render(request, "cases/checklist.html", context, status=400 if form.is_bound else 200)


def _new_key(known: Mapping[str, object]) -> str:
    return next(f"list_{n}" for n in range(1, 1_000) if f"list_{n}" not in known)
