"""饮水工程的页面: the list with what is late, one supply with its tests, its problems."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.campaigns.states import dossier_table
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Figure
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.choices import villages_with
from shouwang.support.forms import SheetForm
from shouwang.support.views.posting import form_page, posted, status_of, tried
from shouwang.support.views.registers import blank_workbook, kept

from ..filters import ProblemFilter, WorksFilter
from ..forms import PlanForm, TestForm, WorksForm
from ..models import WaterProblem, WaterWorks
from ..operations import import_works, record_test, record_works, save_plan, take_step
from ..operations.problems import CHECKS
from ..operations.water import NAMES, WORKS
from ..queries import late_tests, works_of
from ..tables import ProblemTable, WorksTable
from ..waterworks import TEST_TONES, TEST_WORDS, test_state


def works_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows = works_of(actor)
    url = reverse("localities:water")
    problems = WaterProblem.objects.visible_to(actor).unsolved().count()
    figures = [
        Figure(
            "超期未检", rows.filter(late_tests(clock.today())).count(), "处", f"{url}?test=late"
        ),
        Figure("问题没销号", problems, "个", f"{reverse('localities:problems')}?state=unsolved"),
    ]
    actions = []
    if actor.can("localities.water"):
        actions = [
            Action("登记工程", reverse("localities:new-works"), "plus", is_main=True),
            Action("导入", reverse("localities:import-works"), "file-import"),
        ]
    return list_page(
        request,
        queryset=rows,
        table=WorksTable,
        filterset=WorksFilter,
        title="饮水工程",
        purpose="供水工程、三个责任和每半年的水质检测；没按期检测的排在前面。",
        template="outreach/list.html",
        actions=actions,
        empty=Empty("还没有饮水工程", "逐个登记，或下载空表填好后导入。"),
        export_right="localities.export",
        extra={"figures": figures},
        source="饮水工程台账",
    )


def problem_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    return list_page(
        request,
        queryset=WaterProblem.objects.visible_to(actor).select_related("works__division"),
        table=ProblemTable,
        filterset=ProblemFilter,
        title="饮水工程问题",
        purpose="检测不合格自动建立，复测合格、他人审核后销号。",
        actions=[Action("饮水工程", reverse("localities:water"))],
        empty=Empty("没有问题", "检测不合格时会自动建立。"),
        export_right="localities.export",
        source="饮水工程问题",
    )


def _works(actor: Actor, pk: int) -> Any:
    require(actor, "localities.view")
    found = works_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个工程，或不在您的管辖范围内。")
    return found


def works_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    works = _works(actor, pk)
    state = test_state(works.kind, works.built_on, works.last_test, clock.today())
    actions = []
    if actor.can_at("localities.water", works.division.path):
        test = reverse("localities:new-test", args=[pk])
        change = reverse("localities:change-works", args=[pk])
        actions = [Action("登记检测", test, "plus", is_main=True), Action("修改", change)]
    facts = [
        ("类型", works.kind_label),
        ("供水的村", "、".join(village.name for village in works.villages.order_by("code"))),
        ("供水户数", formats.number(works.households)),
        ("供水人口", formats.number(works.people)),
        *[(duty, name or "没有落实") for duty, name in works.persons],
        ("管水员", works.keeper),
        ("建成日期", formats.day(works.built_on)),
        ("备注", works.note),
    ]
    context = {
        "works": works, "actions": actions, "facts": facts, "tests": works.tests.all(),
        "problems": works.problems.all(), "tone": TEST_TONES[state], "label": TEST_WORDS[state],
        "sees_files": actor.covers(works.division.path),
    }  # fmt: skip
    return render(request, "localities/works.html", context)


def new_works(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.water")
    places = villages_with(actor, "localities.water").filter(valid_to=None).order_by("code")

    def save(given: dict[str, Any]) -> WaterWorks:
        given.pop("version")
        given["villages"] = list(given["villages"])
        return record_works(actor, **given)

    return form_page(
        request,
        WorksForm(posted(request), places=places),
        save,
        title="登记饮水工程",
        purpose="一处供水登记一次；三个责任没有落实的先空着，会列出来。",
        submit="登记",
        back_url=reverse("localities:water"),
        done="已登记。",
    )


def change_works(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    works = _works(actor, pk)
    require(actor, "localities.water", works.division.path)
    places = villages_with(actor, "localities.water").filter(valid_to=None).order_by("code")
    keys = ("version", "name", "kind", "households", "people", "built_on", "note", *NAMES)
    initial = {key: getattr(works, key) for key in keys} | {"villages": works.villages.all()}

    def save(given: dict[str, Any]) -> WaterWorks:
        given["villages"] = list(given["villages"])
        return record_works(actor, works=works, **given)

    return form_page(
        request,
        WorksForm(posted(request), places=places, initial=initial),
        save,
        title=f"修改{works}",
        purpose="改责任人、管水员或供水范围。",
        submit="保存",
        back_url=reverse("localities:works", args=[pk]),
        done="已保存。",
        record=works,
    )


def new_test(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    works = _works(actor, pk)
    require(actor, "localities.water", works.division.path)

    def save(given: dict[str, Any]) -> Any:
        given["passed"] = given["passed"] == "yes"
        return record_test(actor, works, **given)

    return form_page(
        request,
        TestForm(posted(request)),
        save,
        title=f"登记{works}水质检测",
        purpose="检测报告登记后在工程页上传。",
        submit="登记",
        back_url=reverse("localities:works", args=[pk]),
        done="检测已登记。",
    )


def import_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.water")
    form = SheetForm(posted(request), request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with kept(upload) as path:
                outcome = import_works(actor, path, name=str(upload.name)[-200:])
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not outcome.faults:
                words = f"已导入 {outcome.added} 处，已有 {outcome.unchanged} 处没有变化。"
                messages.success(request, words)
                return redirect("localities:water")
    context = {
        "form": form, "sheet": WORKS, "outcome": outcome, "back_url": reverse("localities:water"),
        "template_url": reverse("localities:works-template"),
        "required": [column.header for column in WORKS.columns if column.required],
    }  # fmt: skip
    status = 422 if form.errors or outcome else 200
    return render(request, "support/import.html", context, status=status)


def works_template(request: HttpRequest) -> HttpResponseBase:
    require(actor_of(request), "localities.water")
    return blank_workbook(WORKS)


def _problem(actor: Actor, pk: int) -> WaterProblem:
    require(actor, "localities.view")
    rows = WaterProblem.objects.visible_to(actor).select_related("works__division")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def problem_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem: its plan, the steps that may be taken now, how it went."""
    actor = actor_of(request)
    problem = _problem(actor, pk)
    works, state = problem.works, dossier_table().state(problem.state)
    may = actor.can_at("localities.water", works.division.path)
    initial = {"version": problem.version, "plan": problem.plan, "due_on": problem.due_on}
    form = PlanForm(posted(request), initial=initial)
    if request.method == "POST":
        require(actor, "localities.water", works.division.path)
        if form.is_valid() and tried(
            form, lambda: save_plan(actor, problem, **form.cleaned_data), problem
        ):
            messages.success(request, "方案已保存。")
            return redirect("localities:problem", pk=pk)
        problem = _problem(actor, pk)
        state = dossier_table().state(problem.state)
    is_open = problem.state not in ("closed", "mistaken")
    left = (problem.due_on - clock.today()).days
    context = {
        "problem": problem, "works": works, "sees_files": actor.covers(works.division.path),
        "tone": "late" if is_open and left < 0 else state.tone,
        "label": f"{state.label}，已超期 {-left} 天" if is_open and left < 0 else state.label,
        "offers": dossier_table().offers(
            actor, problem, problem.state, works.division.path, CHECKS
        ),
        "form": form
        if may and (form.is_bound or problem.state in ("open", "working"))
        else None,
        "facts": [
            ("工程", works.name), ("发现日期", formats.day(problem.found_on)),
            ("解决期限", formats.day(problem.due_on)), *works.persons,
            ("销号佐证", problem.evidence), ("销号日期", formats.day(problem.closed_on)),
        ],
        "events": [
            Event(on, label, who, note, "going") for on, label, who, note in problem.history[::-1]
        ],
    }  # fmt: skip
    return render(request, "localities/problem.html", context, status=status_of(form))


@require_POST
def problem_step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    problem = _problem(actor, pk)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    action, given = request.POST.get("action", ""), request.POST.get("given", "")
    done = take_step(actor, problem, action, version=int(version[:9]), given=given)
    messages.success(request, f"现在是“{done.state_label}”。")
    return redirect("localities:problem", pk=pk)
