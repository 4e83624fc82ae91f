"""办理一步: every step of the state table has the same page, made from its row."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.actor import require
from shouwang.core.errors import NotFound
from shouwang.core.lifecycle import Transition
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..deadlines import limit_of
from ..dossier import Dossier, open_dossier
from ..forms.steps import ClassForm, StepForm
from ..lifecycles import table_of
from ..models import Case
from ..operations.deciding import MAY_DECIDE
from ..pages.case import state_of
from ..pages.heads import head_of
from ..pages.tabs import proposal_card
from .access import case_of
from .forms import form_page, tried


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Take one step: what it does, what it asks; a refusal keeps what was typed."""
    actor = actor_of(request)
    case = case_of(actor, number)
    dossier = open_dossier(case, actor)
    row, gone = _row(dossier, action)
    require(actor, row.right, case.village.path)
    form = StepForm(request.POST or None, transition=row, initial={"version": case.version})
    form.record = case  # type: ignore[attr-defined]
    if request.method == "POST" and not gone and form.is_valid():
        shown = form.cleaned_data["version"]
        version = case.version if shown is None else shown
        if tried(
            form,
            lambda: operations.take_step(actor, case, action, version=version, **form.given()),
        ):
            return _done(request, case, row)
    return _page(request, dossier, row, form, gone)


def _row(dossier: Dossier, action: str) -> tuple[Transition, str]:
    """The step of the present state; where the case has moved on, the step and who was faster."""
    case = dossier.case
    table = table_of(case.regime)
    row = table.row(case.state, action)
    if row is not None:
        return row, ""
    known = next((each for each in table.transitions if each.action == action), None)
    if known is None:
        raise NotFound("没有这个办理步骤，请回到个案重新选择。")
    last = case.steps.order_by("-pk").first()
    who = f"{last.actor_label}已办理“{last.label}”，" if last else ""
    return known, f"{who}现在是“{case.state_label}”，不能再办“{known.label}”。请打开个案核对。"


def _done(request: HttpRequest, case: Case, row: Transition) -> HttpResponse:
    case.refresh_from_db()
    until = f"，请在 {case.due_on:%Y-%m-%d} 前办理" if case.due_on else ""
    messages.success(request, f"已办理“{row.label}”，现在是“{case.state_label}”{until}。")
    return redirect("cases:case", number=case.number)


def _page(
    request: HttpRequest, dossier: Dossier, row: Transition, form: StepForm, gone: str
) -> HttpResponse:
    case = dossier.case
    target = table_of(case.regime).state(row.to)
    limit = limit_of(case.regime, target.limit, dossier.today, dossier.county)
    reason = next(
        (o.reason for o in queries.offers_of(dossier) if o.transition.action == row.action), ""
    )
    context = {
        "case": case,
        "head": head_of(case),
        "transition": row,
        "form": form,
        "state": state_of(case),
        "target": target,
        "limit": limit.words if target.limit and limit else "",
        "blocked": gone or reason,
        "confirm": _confirm(row),
        "back_url": reverse("cases:case", args=[case.number]),
        "list_url": reverse("cases:list"),
        "proposal": proposal_card(dossier) if row.action in {"pass_review", "approve"} else None,
    }
    status = 409 if gone else 400 if form.is_bound else 200
    return render(request, "cases/step.html", context, status=status)


def _confirm(row: Transition) -> str:
    """What a dangerous step will do, in a sentence."""
    if row.confirm:
        return f"{row.confirm}。确定“{row.label}”？"
    if row.action in {"refuse", "fail_appraisal", "withdraw"}:
        return f"“{row.label}”后这个个案就终结了，以后要办须重新登记线索。确定？"
    return ""


@require_http_methods(["GET", "POST"])
def class_page(request: HttpRequest, number: str) -> HttpResponse:
    """The class: proposed from facts with its reasons; a person decides."""
    actor = actor_of(request)
    case = case_of(actor, number)
    dossier = open_dossier(case, actor)
    kept = case.decided or case.proposed
    form = ClassForm(
        request.POST or None, regime=dossier.regime,
        initial={**kept, "reason": case.departure_reason, "version": case.version},
    )  # fmt: skip
    form.record = case  # type: ignore[attr-defined]
    return form_page(
        request, case, form,
        lambda given: operations.decide(
            actor, case, decided=form.decided(), reason=given["reason"],
            version=case.version if given["version"] is None else given["version"],
        ),
        title="认定类别", submit="认定这个类别", done="类别已认定。",
        rows=form.rows(), template="cases/class.html",
        extra={
            "proposal": proposal_card(dossier),
            "is_proposed": bool(case.proposed_at),
            "may_decide": _may_decide(dossier),
        },
    )  # fmt: skip


def _may_decide(dossier: Dossier) -> bool:
    right = MAY_DECIDE.get(dossier.case.state, "")
    may = bool(right) and dossier.actor.can_at(right, dossier.path)
    return may and dossier.case.proposed_at is not None


@require_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Let the class be computed from what the check found."""
    actor = actor_of(request)
    case = case_of(actor, number)
    done = operations.propose_class(actor, case)
    messages.success(request, f"已生成类别建议：{done.class_label or '事实不支持纳入'}。")
    return redirect(reverse("cases:case", args=[case.number]))
