"""三保障和饮水问题台账的页面: the list, a new one, one with its plan and steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Figure, Step
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry.models import Household, Member

from .. import operations, queries
from ..filters import DossierFilter
from ..forms import DossierPlanForm, DossierStepForm, OpenForm
from ..kinds import Kind, kinds
from ..models import Dossier
from ..operations.dossiers import CHECKS, steps_done
from ..states import dossier_table
from ..tables import DossierTable

PURPOSE = "控辍保学、住房、饮水、参保，每个问题一案一策，逐步办理，核实后销号，反弹了重新办理。"


def dossier_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "campaigns.view")
    url = reverse("campaigns:dossiers")
    figures = [
        Figure(
            one.kind.title, one.unsolved, "个没有解决", f"{url}?kind={one.kind.key}&state=unsolved",
            f"超期 {one.late:,} 个，已销号 {one.closed:,} 个",
        )
        for one in queries.counts_by_kind(actor)
    ]  # fmt: skip
    actions = []
    if actor.can("campaigns.check"):
        actions.append(Action("建立问题", reverse("campaigns:dossier-new"), "plus", is_main=True))
    if actor.can("campaigns.manage"):
        actions.append(
            Action(
                "从筛查结果建立", reverse("campaigns:dossier-pull"), "download", method="post",
                confirm="将为最近一次筛查发现、台账里还没有的问题建立台账，已有的不重复。现在建立？",
            )
        )  # fmt: skip
    return list_page(
        request,
        queryset=queries.dossiers_visible_to(actor).select_related(
            "household", "member", "village__parent"
        ),
        table=DossierTable,
        filterset=DossierFilter,
        title="问题台账",
        purpose=PURPOSE,
        template="campaigns/dossiers.html",
        actions=actions,
        empty=Empty("没有符合条件的问题", "换一组条件，或从筛查结果建立。"),
        export_right="campaigns.export",
        extra={"figures": figures},
        source="问题台账",
    )


@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    count = operations.pull_dossiers(actor_of(request))
    if count:
        messages.success(request, f"新建立 {count:,} 个问题。")
    else:
        messages.info(request, "最近一次筛查没有台账之外的问题。")
    return redirect("campaigns:dossiers")


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "campaigns.check")
    asked = {key: request.GET[key] for key in ("household_no", "kind") if key in request.GET}
    form = OpenForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        found = _subject(actor, form)
        if found is not None:
            values = {
                key: form.cleaned_data[key] for key in ("kind", "problem", "origin", "found_on")
            }
            made = operations.open_dossier(actor, household=found[0], member=found[1], **values)
            messages.success(request, "已建立，请写解决方案。")
            return redirect("campaigns:dossier", pk=made.pk)
    context = {"title": "建立问题", "form": form, "back_url": reverse("campaigns:dossiers")}
    return render(request, "campaigns/dossier_new.html", context)


def _subject(actor: Actor, form: OpenForm) -> tuple[Household, Member | None] | None:
    """The household and, where the kind asks for one, the member; errors stand at the fields."""
    values = form.cleaned_data
    homes = Household.objects.visible_to(actor, "campaigns.check")
    home = homes.filter(household_no=values["household_no"].strip()).first()
    if home is None:
        form.add_error("household_no", "没有找到这一户，请核对户编号；辖区以外的农户不能建立。")
        return None
    if kinds()[values["kind"]].about == "household":
        return home, None
    name = values["member"].strip()
    members = list(Member.objects.filter(household=home, name=name, absent_since=None))
    if len(members) != 1:
        word = "请填写成员姓名。" if not name else f"这一户没有（或不止一位）叫“{name}”的成员。"
        form.add_error("member", word)
        return None
    return home, members[0]


def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, queries.dossier_visible_to(actor_of(request), pk))


def _page(
    request: HttpRequest,
    found: Dossier,
    plan_form: DossierPlanForm | None = None,
    step_form: DossierStepForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    kind = kinds()[found.kind]
    path = found.village.path
    may = actor.can_at("campaigns.check", path)
    state = dossier_table().state(found.state)
    left = (found.due_on - clock.today()).days
    is_open = found.state in ("open", "working", "verifying")
    context = {
        "dossier": found,
        "title": str(found),
        "state_tone": "late" if is_open and left < 0 else state.tone,
        "state_label": state.label,
        "left": left,
        "is_open": is_open,
        "steps": _steps(found, kind),
        "facts": _facts(found),
        "people": list(found.people.items()),
        "offers": dossier_table().offers(actor, found, found.state, path, CHECKS),
        "plan_form": plan_form or _plan_form(found, kind) if may and is_open else None,
        "step_form": step_form or _step_form(found, kind)
        if may and found.state == "working"
        else None,
        "events": _events(found),
        "may_see_registry": actor.can_at("registry.view", path),
    }
    return render(request, "campaigns/dossier.html", context)


def _plan_form(found: Dossier, kind: Kind) -> DossierPlanForm:
    people = {f"person_{at}": found.people.get(duty, "") for at, duty in enumerate(kind.people)}
    known = {"version": found.version, "plan": found.plan, "due_on": found.due_on}
    return DossierPlanForm(kind=kind, initial=known | people)


def _step_form(found: Dossier, kind: Kind) -> DossierStepForm:
    known: dict[str, Any] = {
        "version": found.version, "outcome": found.outcome, "funds": found.funds,
        "support": found.support, "no_other_support": found.no_other_support,
    }  # fmt: skip
    done = steps_done(found)
    following = next((one.key for one in kind.steps if one.key not in done), "")
    return DossierStepForm(kind=kind, initial=known | {"step": following})


def _steps(found: Dossier, kind: Kind) -> list[Step]:
    done = steps_done(found)
    waiting = next((one.key for one in kind.steps if one.key not in done and not one.optional), "")
    states = {True: "done", False: "idle"}
    return [
        Step(
            one.label,
            "going" if one.key == waiting and found.state == "working" else states[one.key in done],
            "可跳过" if one.optional else "",
        )
        for one in kind.steps
    ]


def _facts(found: Dossier) -> list[tuple[str, str]]:
    facts = [
        ("农户", str(found.household)),
        ("户编号", found.household.household_no),
        ("来源", found.origin),
        ("发现日期", f"{found.found_on:%Y-%m-%d}"),
        ("解决期限", f"{found.due_on:%Y-%m-%d}"),
        ("解决方式", found.outcome or "—"),
        ("投入资金", f"{found.funds:,.2f} 元" if found.funds is not None else "—"),
    ]
    if kinds()[found.kind].double_support:
        facts.append(("重复享受核对", "已核对" if found.no_other_support else "未核对"))
    if found.evidence:
        facts.append(("销号佐证", found.evidence))
    if found.times:
        facts.append(("反弹", f"{found.times} 次"))
    return facts


def _events(found: Dossier) -> list[Event]:
    return [
        Event(
            entry.done_on,
            entry.label,
            entry.by_label,
            entry.note,
            "done" if entry.step else "going",
        )
        for entry in reversed(list(found.entries.all()))
    ]


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.dossier_visible_to(actor, pk)
    form = DossierPlanForm(request.POST, kind=kinds()[found.kind])
    if not form.is_valid():
        return _page(request, found, plan_form=form)
    values = form.cleaned_data
    operations.save_plan(
        actor, found, plan=values["plan"], people=form.people(), due_on=values["due_on"],
        version=values["version"],
    )  # fmt: skip
    messages.success(request, "方案已保存。")
    return redirect("campaigns:dossier", pk=pk)


@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.dossier_visible_to(actor, pk)
    form = DossierStepForm(request.POST, kind=kinds()[found.kind])
    if not form.is_valid():
        return _page(request, found, step_form=form)
    values = dict(form.cleaned_data)
    key = values.pop("step")
    operations.record_step(actor, found, key, **values)
    messages.success(request, "已登记。")
    return redirect("campaigns:dossier", pk=pk)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.dossier_visible_to(actor, pk)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    given = request.POST.get("given", "")
    operations.advance_dossier(
        actor, found, request.POST.get("action", ""), version=int(version[:9]), reason=given,
        evidence=given,
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("campaigns:dossier", pk=pk)
