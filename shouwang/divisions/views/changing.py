"""改区划: forms for new, renamed, merged, split and recoded divisions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.core.actor import require
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.requests import actor_of

from .. import operations
from ..forms import CreateForm, MergeForm, RecodeForm, RenameForm, SplitForm
from ..models import Division
from .browsing import one

Act = Callable[[dict[str, Any]], Division]


def create_view(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "divisions.manage")
    form = CreateForm(request.POST or None, actor=actor)
    page = {"title": "新增区划", "submit": "新增", "purpose": "少量新增用这里，多的请导入区划表。"}
    return _answer(request, form, page, lambda data: operations.create(actor, form.row()))


def rename_view(request: HttpRequest, pk: int) -> HttpResponse:
    actor, division = actor_of(request), one(request, pk, "divisions.manage")
    form = RenameForm(request.POST or None, initial={"on": today(), "name": division.name})
    page = {"title": f"{division.name}更名", "submit": "更名", "division": division}
    return _answer(request, form, page, lambda data: operations.rename(actor, division, **data))


def merge_view(request: HttpRequest, pk: int) -> HttpResponse:
    actor, division = actor_of(request), one(request, pk, "divisions.manage")
    form = MergeForm(request.POST or None, actor=actor, initial={"on": today()})
    page = {
        "title": f"撤并{division.name}",
        "submit": "撤并",
        "division": division,
        "purpose": "原区划从生效日期起撤销，其下的区划和档案归并入的区划管理。",
        "confirm": f"撤并后 {division.name} 不再使用，不能撤销此操作。",
    }

    def act(data: dict[str, Any]) -> Division:
        return operations.merge(
            actor, [division], data["successor"], on=data["on"], document=data["document"]
        )

    return _answer(request, form, page, act)


def split_view(request: HttpRequest, pk: int) -> HttpResponse:
    actor, division = actor_of(request), one(request, pk, "divisions.manage")
    form = SplitForm(request.POST or None, initial={"on": today()})
    page = {
        "title": f"拆分{division.name}",
        "submit": "拆分",
        "division": division,
        "purpose": "原有档案仍在原区划名下，拆分后请按新区划逐户调整。",
        "confirm": f"将拆分 {division.name}，不能撤销此操作。",
    }

    def act(data: dict[str, Any]) -> Division:
        operations.split(
            actor, division, data["parts"], on=data["on"], document=data["document"],
            ends=not data["keeps"],
        )  # fmt: skip
        return division

    return _answer(request, form, page, act)


def recode_view(request: HttpRequest, pk: int) -> HttpResponse:
    actor, division = actor_of(request), one(request, pk, "divisions.manage")
    form = RecodeForm(request.POST or None, initial={"on": today()})
    page = {
        "title": f"变更{division.name}的代码",
        "submit": "变更代码",
        "division": division,
        "purpose": "旧代码从生效日期起停用，仍可查到；其下的区划归到新代码。",
    }
    return _answer(request, form, page, lambda data: operations.recode(actor, division, **data))


def _answer(request: HttpRequest, form: forms.Form, page: dict[str, Any], act: Act) -> HttpResponse:
    """Show the form, or do it and go to the division; a refusal stands above what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            division = act(form.cleaned_data)
        except (NotFound, NotAllowed, Conflict):
            raise
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "已登记，变更已记入沿革和审计日志。")
            return redirect(division)
    return render(request, "divisions/form.html", {"form": form, **page})
