"""政策登记册的页面: the register by framework and status, one policy with its sentence."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries, reading
from ..filters import PolicyFilter
from ..forms_policies import PolicyForm
from ..frameworks import frameworks
from ..models import Piece, Policy
from ..states import PolicyStatus
from ..tables import PolicyTable
from .papers import _places

PURPOSE = "过渡期政策逐项登记：延续、优化、调整还是新设，谁负责，执行到哪天，出自哪份文件哪一句。"


def policy_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    seen = queries.policies_visible_to(actor)
    add = Action("登记政策", reverse("workplans:policy-new"), "plus", is_main=True)
    may = actor.can("workplans.manage")
    return list_page(
        request,
        queryset=seen.select_related("division", "department", "paper", "replaced_by"),
        table=PolicyTable,
        filterset=PolicyFilter,
        title="政策登记册",
        purpose=PURPOSE,
        template="workplans/policies.html",
        actions=[add] if may else [],
        empty=Empty(
            "没有符合条件的政策", "从政策文件的条目登记，或直接登记。", add if may else None
        ),
        export_right="workplans.export",
        extra={"statuses": PolicyStatus.choices, "counts": _counts(seen)},
        source="政策登记册",
    )


def _counts(seen: Any) -> list[tuple[str, str, list[tuple[str, str, int]], int]]:
    """In force today by framework and status; a number leads to its list."""
    in_force = seen.in_force(clock.today())
    counts = Counter(in_force.values_list("framework", "status").order_by())
    rows = []
    for key, label in frameworks().items():
        cells = [(code, str(name), counts[key, code]) for code, name in PolicyStatus.choices]
        rows.append((key, label, cells, sum(cell[2] for cell in cells)))
    return [row for row in rows if row[3]]


def policy(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, pk)
    paper = found.paper if found.paper and _sees(actor, found) else None
    facts = [
        *[
            (label, words)
            for label, words in (
                ("补给谁", found.beneficiary),
                ("金额", found.amount_words),
                ("条件", found.condition),
            )
            if words
        ],
        ("衔接方面", found.framework_label),
        ("衔接方式", found.get_status_display()),
        ("区划", found.division.name),
        ("责任部门", found.department.name if found.department else "未定"),
        ("执行起始", f"{found.valid_from:%Y-%m-%d}"),
        ("执行截止", f"{found.valid_to:%Y-%m-%d}" if found.valid_to else "还在执行"),
        ("登记", f"{found.made_by_label}，{found.made_at:%Y-%m-%d}"),
    ]
    context = {
        "title": found.name,
        "policy": found,
        "facts": facts,
        "paper": paper,
        "sentence": reading.around(paper.text, found.start, found.end)
        if paper is not None and found.start is not None and found.end is not None
        else None,
        "replaces": found.replaces.all(),
        "is_in_force": found.is_in_force(clock.today()),
        "may_edit": actor.can_at("workplans.manage", found.division.path),
    }
    return render(request, "workplans/policy.html", context)


def _found(actor: Actor, pk: int) -> Policy:
    rows = queries.policies_visible_to(actor)
    found: Policy = get_object_or_404(
        rows.select_related("division", "department", "paper", "replaced_by"), pk=pk
    )
    return found


def _sees(actor: Actor, found: Policy) -> bool:
    return queries.papers_visible_to(actor).filter(policies=found).exists()


def _form(
    request: HttpRequest, actor: Actor, initial: dict[str, Any], *, is_new: bool
) -> PolicyForm:
    return PolicyForm(
        request.POST or None, initial=initial, is_new=is_new, divisions=_places(actor),
        papers=queries.papers_visible_to(actor).exclude(state="dropped"),
        policies=queries.policies_visible_to(actor).filter(replaced_by=None),
    )  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """A policy typed, or begun from a piece of a paper (?piece=)."""
    actor = actor_of(request)
    require(actor, "workplans.manage")
    piece = _piece(actor, request.GET.get("piece", ""))
    initial: dict[str, Any] = {"valid_from": clock.today()}
    if piece is not None:
        initial |= {"name": piece.text[:60], "content": piece.text[:2000], "paper": piece.paper_id}
        initial["condition"] = piece.condition
    form = _form(request, actor, initial, is_new=True)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        values.pop("version")
        if piece is not None and values["paper"] != piece.paper:
            piece = None
        made = operations.add_policy(actor, piece=piece, **values)
        messages.success(request, "已登记。")
        return redirect(made)
    context = {
        "title": "登记政策", "purpose": PURPOSE, "form": form, "submit": "登记",
        "back_url": reverse("workplans:policies"),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


def _piece(actor: Actor, key: str) -> Piece | None:
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        return None
    papers = queries.papers_visible_to(actor)
    return Piece.objects.filter(pk=int(key), paper__in=papers.values("pk")).first()


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, pk)
    require(actor, "workplans.manage", found.division.path)
    names = operations.policies.FIELDS
    initial = {name: getattr(found, name) for name in names} | {"version": found.version}
    form = _form(request, actor, initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        version = values.pop("version") or 0
        operations.edit_policy(actor, found, version=version, **values)
        messages.success(request, "已保存。")
        return redirect(found)
    context = {
        "title": f"修改政策：{found.name}", "purpose": "", "form": form, "submit": "保存",
        "back_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)
