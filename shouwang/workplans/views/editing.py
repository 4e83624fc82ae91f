"""细化和分解任务的页面: new, refine, split, import a list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..forms import SheetForm, SplitForm, TaskForm, names
from ..models import Task
from ..sheets import read_tasks
from .papers import _places


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = TaskForm(request.POST or None, initial={"begins_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        place = _places(actor).first()
        if place is None:
            raise DomainError("您的岗位没有可以建立任务的区划。", code="division")
        values = form.values()
        made = operations.make_task(
            actor, number=f"手工-{clock.now():%m%d%H%M%S}", division=place,
            lead=names(form.cleaned_data["lead"]),
            responsible=names(form.cleaned_data["responsible"]), **values,
        )  # fmt: skip
        messages.success(request, "已建立。")
        return redirect("workplans:task", pk=made.pk)
    context = {"title": "新建任务", "form": form, "back_url": reverse("workplans:tasks")}
    return render(request, "workplans/edit.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    require(actor, "workplans.manage", found.division.path)
    form = TaskForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        found = operations.edit_task(actor, found, version=version, **form.values())
        operations.set_units(
            actor, found, lead=names(form.cleaned_data["lead"]),
            responsible=names(form.cleaned_data["responsible"]), version=found.version,
        )  # fmt: skip
        messages.success(request, "已保存。")
        return redirect("workplans:task", pk=pk)
    context = {
        "title": f"细化任务 {found.number}",
        "form": form,
        "back_url": reverse("workplans:task", args=[pk]),
    }
    return render(request, "workplans/edit.html", context)


def _initial(found: Task) -> dict[str, Any]:
    fields = (
        "version", "title", "target_name", "quantity", "unit", "place", "person", "leader",
        "begins_on", "ends_on", "rhythm", "evidence_needed", "list_kind",
    )  # fmt: skip
    units = {"lead": [], "responsible": []}  # type: dict[str, list[str]]
    for unit in found.units.all():
        units[unit.duty].append(unit.name)
    known = {name: getattr(found, name) for name in fields}
    if found.quantity is not None:
        known["quantity"] = found.quantity.normalize()
    return (
        known
        | {key: "、".join(value) for key, value in units.items()}
        | {"tags": "、".join(found.tags)}
    )


def split(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    operations.splitting.split_right(actor, found)
    form = SplitForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        made = operations.split_task(
            actor, found, form.cleaned_data["lines"], version=form.cleaned_data["version"]
        )
        messages.success(request, f"已分解为 {len(made)} 部分。")
        return redirect("workplans:task", pk=pk)
    context = {
        "title": f"分解任务 {found.number}",
        "task": found,
        "form": form,
        "back_url": reverse("workplans:task", args=[pk]),
    }
    return render(request, "workplans/split.html", context)


def import_sheet(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = SheetForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        place = _places(actor).first()
        if place is None:
            raise DomainError("您的岗位没有可以建立任务的区划。", code="division")
        taken = read_tasks(actor, form.cleaned_data["sheet"].read(), place)
    context = {
        "title": "导入任务清单",
        "form": form,
        "taken": taken,
        "back_url": reverse("workplans:tasks"),
    }
    return render(request, "workplans/import.html", context)
