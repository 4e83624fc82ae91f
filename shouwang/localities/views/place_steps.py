"""一个村级问题的页面: what was found and planned, the steps, households concerned, how it went."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Event
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.requests import actor_of
from shouwang.registry.models import Household
from shouwang.support.views.posting import form_page, posted

from ..models import AffectedHousehold, PlaceProblem
from ..operations import (
    change_problem,
    link_household,
    place_offers,
    plan_problem,
    raise_clue,
    report_progress,
    take_place_step,
    unlink_household,
)
from ..operations.places import clean
from ..place_forms import AffectedForm, MeasureForm, ProblemForm, ProgressForm
from ..place_tables import measured
from ..states import CHANGEABLE
from .places import enter

FOUND = (
    "subject", "name", "place", "found_on", "channel", "found_by", "quantity", "unit", "households",
    "loss", "text", "version",
)  # fmt: skip
PLANNED = (
    "measure",
    "plan",
    "plan_year",
    "department",
    "responsible",
    "money",
    "due_on",
    "version",
)


@dataclass(frozen=True)
class Kept:
    """A step that was refused: why, and what was typed, which stays in its field."""

    message: str
    action: str
    words: str


def _problem(actor: Actor, key: str, pk: int) -> PlaceProblem:
    enter(actor)
    rows = PlaceProblem.objects.visible_to(actor)
    found: PlaceProblem | None = (
        rows.select_related("division__parent", "department", "disaster")
        .filter(kind=key, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("没有找到这个问题，或不在您的管辖范围内。")
    return found


def problem_page(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, _problem(actor, key, pk))


def _page(
    request: HttpRequest, actor: Actor, problem: PlaceProblem, kept: Kept | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    path, kind = problem.division.path, problem.register
    may = actor.can_at("localities.places", path) and problem.state in CHANGEABLE
    actions = []
    if may:
        change = reverse("localities:change-place", args=[problem.kind, problem.pk])
        plan = reverse("localities:plan-place", args=[problem.kind, problem.pk])
        actions = [Action("措施和期限", plan, "edit"), Action("修改情况", change)]
    offers = place_offers(actor, problem)
    works = problem.state == "working" and any(one.transition.action == "apply" for one in offers)
    affected = AffectedHousehold.objects.visible_to(actor).filter(problem=problem)
    context = {
        "problem": problem, "kind": kind, "actions": actions, "kept": kept, "offers": offers,
        "progress": ProgressForm(
            initial={"version": problem.version, "progress": problem.progress}
        ) if works else None,
        "affected": affected.select_related("household", "clue") if kind.has_households else None,
        "may_link": kind.has_households and may and actor.can_at("registry.view", path),
        "may_clue": bool(kind.subjects[problem.subject].risk)
        and actor.can_at("cases.register", path),
        "affected_form": AffectedForm(),
        "sees_files": actor.can_at("documents.view", path),
        "facts": _found(problem), "planned": _planned(problem),
        "events": [
            Event(step.at, step.label, step.by_label, step.note, "going")
            for step in reversed(problem.steps.all())
        ],
    }  # fmt: skip
    return render(request, "localities/place_problem.html", context, status=status)


def _found(problem: PlaceProblem) -> list[tuple[str, Any]]:
    kind = problem.register
    return [
        ("编号", problem.number),
        *([("灾害事件", str(problem.disaster))] if problem.disaster else []),
        ("问题类型", problem.subject_label), (kind.place_label, problem.place),
        (kind.quantity_label, measured(problem)),
        (f"{kind.households_label}（户）", formats.number(problem.households)),
        *([(f"{kind.loss_label}（元）", formats.amount(problem.loss))] if kind.loss_label else []),
        *((one.head, problem.details.get(one.key, "")) for one in kind.details),
        (kind.found_label, formats.day(problem.found_on)),
        ("发现渠道", problem.get_channel_display()), ("发现人", problem.found_by),
    ]  # fmt: skip


def _planned(problem: PlaceProblem) -> list[tuple[str, Any]]:
    year = f"（{problem.plan_year} 年）" if problem.plan_year else ""
    unit = problem.department.name if problem.department else "乡镇或村"
    return [
        ("措施", problem.measure_label), ("计划状态", f"{problem.get_plan_display()}{year}"),
        ("责任部门", unit), ("责任人", problem.responsible),
        (f"{problem.register.money_label}（元）", formats.amount(problem.money)),
        ("完成期限", formats.day(problem.due_on)), ("进度", f"{problem.progress}%"),
        *(row for row in _hands(problem) if row[1]),
    ]  # fmt: skip


def _hands(problem: PlaceProblem) -> list[tuple[str, str]]:
    """Who applied, checked and signed, as far as it came."""
    signed = f"{formats.day(problem.signed_on)} {problem.signed_by_label}"
    return [
        ("销号申请人", problem.applied_by_label), ("核查人", problem.checked_by_label),
        ("销号", signed if problem.signed_on else ""),
        ("抽查", f"{formats.day(problem.sampled_on)} 抽中" if problem.sampled_on else ""),
        ("反弹", f"{problem.times_reopened} 次" if problem.times_reopened else ""),
    ]  # fmt: skip


def change_place(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, key, pk)
    require(actor, "localities.places", problem.division.path)
    kind = problem.register
    initial = {key: getattr(problem, key) for key in FOUND} | problem.details
    return form_page(
        request,
        ProblemForm(posted(request), kind=kind, initial=initial),
        lambda given: change_problem(actor, problem, **given),
        title=f"修改{problem.name}",
        purpose=f"{problem.number}，{problem.division.name}。村和灾害事件登记后不能改。",
        submit="保存",
        back_url=problem.get_absolute_url(),
        done="已保存。",
        record=problem,
    )


def plan_place(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, key, pk)
    require(actor, "localities.places", problem.division.path)
    initial = {key: getattr(problem, key) for key in PLANNED}
    return form_page(
        request,
        MeasureForm(posted(request), kind=problem.register, initial=initial),
        lambda given: plan_problem(actor, problem, **given),
        title=f"{problem.name}：措施和期限",
        purpose="措施、是否列入计划、谁负责、什么时候完成；改期限会留痕。",
        submit="保存",
        back_url=problem.get_absolute_url(),
        done="已保存。",
        record=problem,
    )


def _version(request: HttpRequest) -> int:
    raw = request.POST.get("version", "")
    if not (raw.isascii() and raw.isdecimal()):
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(raw[:9])


def _done(
    request: HttpRequest, actor: Actor, problem: PlaceProblem, take: Callable[[], object], done: str
) -> HttpResponse:
    """Take a step, or show the page as it stands now with the refusal and the typed words."""
    try:
        take()
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        words = clean(request.POST.get("words", ""), 500)
        kept = Kept(error.message, request.POST.get("action", ""), words)
        return _page(request, actor, _problem(actor, problem.kind, problem.pk), kept, error.status)
    messages.success(request, done)
    return redirect(problem.get_absolute_url())


@require_POST
def place_step(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, key, pk)
    action, words = request.POST.get("action", ""), request.POST.get("words", "")

    def take() -> None:
        take_place_step(actor, problem, action, version=_version(request), words=words)

    return _done(request, actor, problem, take, "已办理。")


@require_POST
def place_progress(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, key, pk)

    def take() -> None:
        given = _given(ProgressForm(request.POST))
        report_progress(actor, problem, **given)

    return _done(request, actor, problem, take, "进度已登记。")


def _given(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        wrong = "；".join(
            f"{form.fields[key].label or '版本'}：{' '.join(map(str, errors))}"
            for key, errors in form.errors.items()
        )
        raise DomainError(wrong, code="form")
    return form.cleaned_data


@require_POST
def add_affected(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, key, pk)

    def take() -> None:
        given = _given(AffectedForm(request.POST))
        found = Household.objects.visible_to(actor).filter(
            household_no=given["household_no"].strip(), village=problem.division
        )
        household = found.first()
        if household is None:
            raise DomainError("本村没有找到这一户，请核对户编号。", code="household_no")
        link_household(actor, problem, household, note=given["note"])

    return _done(request, actor, problem, take, "农户已登记。")


def _affected(actor: Actor, problem: PlaceProblem, row: int) -> AffectedHousehold:
    rows = AffectedHousehold.objects.visible_to(actor).filter(problem=problem, pk=row)
    found: AffectedHousehold | None = rows.select_related(
        "household__village", "problem__division", "problem__disaster"
    ).first()
    if found is None:
        raise NotFound
    return found


@require_POST
def affected_step(request: HttpRequest, key: str, pk: int, row: int) -> HttpResponse:
    """Raise a clue for a household, or take out one entered by mistake."""
    actor = actor_of(request)
    problem = _problem(actor, key, pk)
    affected = _affected(actor, problem, row)
    if request.POST.get("action") == "remove":
        take: Callable[[], object] = lambda: unlink_household(actor, affected)  # noqa: E731
        return _done(request, actor, problem, take, "已移出。")
    return _done(
        request, actor, problem, lambda: raise_clue(actor, affected),
        "线索已登记，按突发事件先行帮扶。",
    )  # fmt: skip
