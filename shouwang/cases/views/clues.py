"""线索登记簿: the register of clues, a new clue, one clue, and those drawn from a screening."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.choices import listed
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.registry.queries import households_visible_to

from .. import operations
from ..filters import ClueFilter
from ..forms.clues import CloseClueForm, ClueForm, FindHouseholdForm
from ..models import RegisteredClue
from ..pages import clues as pages
from ..querysets import places_with
from ..tables import ClueTable
from .access import case_of, clue_of

PURPOSE = "各渠道来的困难线索都在这里；从收到之日起计时，核实后并入个案或办结反馈。"


@require_safe
def clue_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "cases.view")
    clues = RegisteredClue.objects.visible_to(actor).select_related(
        "household", "village__parent", "case"
    )
    new = Action("登记线索", reverse("cases:clue-new"), icon="plus", is_main=True)
    return list_page(
        request,
        queryset=clues,
        table=ClueTable,
        filterset=ClueFilter,
        title="线索登记簿",
        purpose=PURPOSE,
        actions=_actions(actor, new),
        empty=Empty(
            "还没有登记线索",
            "农户申报、干部走访、部门转来的困难，先登记再核实。",
            new if actor.can("cases.register") else None,
        ),
        export_right="cases.export",
        source="线索登记簿",
    )


def _actions(actor: Actor, new: Action) -> list[Action]:
    actions = []
    if actor.can("cases.approve") and actor.can("cases.register"):
        actions.append(Action("提取筛查线索", reverse("cases:pull"), icon="download"))
        actions.append(Action("导入救助平台名单", reverse("cases:rescue"), icon="file-import"))
    return [*actions, new] if actor.can("cases.register") else actions


def _villages(actor: Actor) -> list[tuple[str, str]]:
    places = Division.objects.filter(places_with(actor, "cases.register", "pk"))
    return listed(places.current().filter(level="village"))


@never_cache
@require_http_methods(["GET", "POST"])
def clue_new(request: HttpRequest) -> HttpResponse:
    """Register a clue; what was typed stays where the form has to be corrected."""
    actor = actor_of(request)
    require(actor, "cases.register")
    picked = request.POST.get("household") or request.GET.get("household", "")
    household = _pickable(actor, picked)
    form = ClueForm(request.POST or None, villages=_villages(actor), initial={"household": picked})
    if request.method == "POST" and form.is_valid():
        try:
            clue = _register(actor, form, household)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记，{pages.due_words(clue)}")
            return redirect("cases:clue", uuid=clue.uuid)
    context = {
        "form": form,
        "options": [pages.option(household, is_picked=True)] if household else [],
        "known": pages.known(actor, household),
        "q": "",
        "list_url": reverse("cases:clues"),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "cases/clue_form.html", context, status=status)


def _pickable(actor: Actor, household_no: str) -> Household | None:
    if not household_no:
        return None
    found = households_visible_to(actor).select_related("village__parent")
    return found.filter(household_no=household_no.replace("\x00", "")).first()


def _register(actor: Actor, form: ClueForm, household: Household | None) -> RegisteredClue:
    given = form.cleaned_data
    if given["household"] and household is None:
        raise NotFound("没有找到选中的这一户，请重新查找。")
    village = household.village if household else Division.objects.get(code=given["village"])
    reporter = None
    if given["reporter_name"] or given["reporter_phone"]:
        reporter = {"name": given["reporter_name"], "phone": given["reporter_phone"]}
    return operations.register_clue(
        actor,
        channel=given["channel"],
        village=village,
        household=household,
        subject_name="" if household else given["person_name"],
        contact="" if household else given["person_phone"],
        risks=given["risks"],
        text=given["text"],
        department=given["department"],
        outside_no=given["outside_no"],
        reporter=reporter,
        on_behalf=given["on_behalf"],
        relation=given["relation"],
        received_on=given["received_on"],
        emergency=given["emergency"],
    )


@never_cache
@require_POST
def household_options(request: HttpRequest) -> HttpResponse:
    """Fragment: households that answer a search; what was typed travels by POST only."""
    actor = actor_of(request)
    require(actor, "cases.register")
    text = request.POST.get("q", "")[:60]
    options = pages.options(actor, text, picked=request.POST.get("household", ""))
    return render(request, "cases/household_options.html", {"options": options, "q": text.strip()})


@never_cache
@require_POST
def known(request: HttpRequest) -> HttpResponse:
    """Fragment: clues and cases that the chosen household has already."""
    actor = actor_of(request)
    require(actor, "cases.register")
    household = _pickable(actor, request.POST.get("household", ""))
    found = pages.known(actor, household, request.POST.getlist("risks"))
    return render(request, "cases/known.html", {"known": found})


@require_safe
def clue_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    clue = clue_of(actor, uuid)
    return render(request, "cases/clue.html", pages.page(actor, clue))


def _again(request: HttpRequest, actor: Actor, clue: RegisteredClue, **forms: Any) -> HttpResponse:
    """The clue's page with a form that has to be corrected, filled as it was typed."""
    return render(request, "cases/clue.html", {**pages.page(actor, clue), **forms}, status=400)


def _slower(
    request: HttpRequest, actor: Actor, clue: RegisteredClue, conflict: Conflict, words: str
) -> HttpResponse:
    """The clue as it stands now, and what was typed by who was slower."""
    clue.refresh_from_db()
    context = pages.page(actor, clue) | {
        "close_form": CloseClueForm(initial={"version": clue.version, "note": words}),
        "refusal": conflict.message, "typed": words,
    }  # fmt: skip
    return render(request, "cases/clue.html", context, status=409)


@require_POST
def clue_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    clue = clue_of(actor, uuid, "cases.register")
    form = CloseClueForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.close_clue(
                actor, clue, conclusion=given["conclusion"], note=given["note"],
                version=given["version"] or clue.version,
            )  # fmt: skip
        except Conflict as conflict:
            return _slower(request, actor, clue, conflict, given["note"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "线索已办结，结论会反馈给来源部门。")
            return redirect("cases:clue", uuid=clue.uuid)
    return _again(request, actor, clue, close_form=form)


@require_POST
def clue_reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    clue = clue_of(actor, uuid, "cases.register")
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:500]
    try:
        operations.reopen_clue(actor, clue, reason=reason, version=_version(request, clue.version))
    except Conflict as conflict:
        return _slower(request, actor, clue, conflict, reason)
    messages.success(request, "已退回待核实，期限继续计算。")
    return redirect("cases:clue", uuid=clue.uuid)


@never_cache
@require_POST
def clue_reveal(request: HttpRequest, uuid: UUID, what: str) -> HttpResponse:
    """The sealed contact alone, once, for the dialog that asked for the reason."""
    actor = actor_of(request)
    clue = clue_of(actor, uuid, "cases.register")
    value = operations.reveal_clue(
        actor, clue, what=what, reason=request.POST.get("reason", "").replace("\x00", "")
    )
    return HttpResponse(value, content_type="text/plain; charset=utf-8")


@require_POST
def clue_household(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a clue that named only a person the household that was meant."""
    actor = actor_of(request)
    clue = clue_of(actor, uuid, "cases.register")
    form = FindHouseholdForm(request.POST)
    household = _pickable(actor, request.POST.get("household", ""))
    if household is None or not form.is_valid():
        raise DomainError("请先查找并选中一户，再关联。", "household")
    operations.find_household(
        actor, clue, household=household, version=_version(request, clue.version)
    )
    messages.success(request, f"已关联到{household}。")
    return redirect("cases:clue", uuid=clue.uuid)


@require_POST
def clue_open_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open a case from a clue, or put the clue to the case that the household has already."""
    actor = actor_of(request)
    clue = clue_of(actor, uuid, "cases.register")
    number = request.POST.get("case", "")
    if number:
        case = case_of(actor, number)
        operations.attach_clue(actor, clue, case=case, version=_version(request, clue.version))
        messages.success(request, f"已并入个案 {case.number}。")
        return redirect("cases:case", number=case.number)
    case = operations.open_case(actor, clues=[clue], emergency=clue.emergency)
    messages.success(request, f"已建立个案 {case.number}，下一步请农户签署申请及承诺授权书。")
    return redirect("cases:case", number=case.number)


def _version(request: HttpRequest, current: int) -> int:
    raw = request.POST.get("version", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else current
