"""入户核查: the draft that saves itself, its result while typing, the summary, the submission."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of

from .. import income, operations
from ..checklists import checklists
from ..dossier import Dossier, open_dossier
from ..forms.check import CheckForm, initial_of
from ..models import Case, HouseholdCheck
from ..pages import check as pages
from ..pages.heads import head_of
from ..states import CheckKind
from .access import case_of, check_of
from .forms import tried

ANCHORS = (
    ("visit", "入户"),
    ("income", "收入和支出"),
    ("guarantees", "三保障和饮水"),
    ("risks", "风险和应对"),
    ("lists", "走访清单"),
)
KINDS = {CheckKind.IDENTIFICATION, CheckKind.RECHECK, CheckKind.EXIT, CheckKind.FOLLOW_UP}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Begin a check, or go on with the draft there is; what is known is filled in.

    A link leads here, so a page says what will be begun; only its button begins it.
    """
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    if kind not in {str(each) for each in KINDS}:
        raise NotFound
    draft = HouseholdCheck.objects.filter(case=case, kind=kind, state="draft").first()
    if draft is None and request.method == "POST":
        draft = operations.start_check(actor, case=case, kind=kind)
    if draft is not None:
        return redirect("cases:check", number=case.number, pk=draft.pk)
    context = {
        "case": case,
        "head": head_of(case),
        "kind_label": CheckKind(kind).label,
        "back_url": reverse("cases:case", args=[case.number]),
        "list_url": reverse("cases:list"),
    }
    return render(request, "cases/check_start.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The form; pressing the button saves what can be read and goes on to the summary."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    check = check_of(actor, case, pk)
    if check.is_submitted:
        return redirect(f"{reverse('cases:case', args=[case.number])}?tab=check")
    filled = _form(request, case, check)
    if (
        request.method == "POST"
        and filled.is_valid()
        and tried(filled, lambda: _save(actor, check, filled))
    ):
        return redirect("cases:check-summary", number=case.number, pk=check.pk)
    dossier = open_dossier(case, actor)
    return render(
        request, "cases/check_form.html", _context(dossier, check, filled),
        status=400 if filled.is_bound else 200,
    )  # fmt: skip


def _form(request: HttpRequest, case: Case, check: HouseholdCheck) -> CheckForm:
    made = CheckForm(
        request.POST if request.method == "POST" else None, check=check, regime=case.regime,
        checklists=list(checklists().values()), initial=initial_of(check),
    )  # fmt: skip
    made.record = check  # type: ignore[attr-defined]
    return made


def _save(actor: Actor, check: HouseholdCheck, filled: CheckForm) -> HouseholdCheck:
    shown = filled.cleaned_data.get("version")
    return operations.save_check(
        actor,
        check,
        version=check.version if shown is None else shown,
        income=filled.amounts(),
        income_notes=filled.income_notes(),
        answers=filled.answers(),
        **filled.values(),
    )


def _context(dossier: Dossier, check: HouseholdCheck, filled: CheckForm) -> dict[str, Any]:
    case = dossier.case
    day = check.visited_on or dossier.today
    rules = dossier.regime
    return {
        "case": case,
        "head": head_of(case),
        "check": check,
        "form": filled,
        "period": income.period(day, rules.number("check", "months")),
        "least_checkers": rules.number("check", "checkers"),
        "result": _shown(dossier, check, filled),
        "anchors": ANCHORS,
        "shown_risks": max(2, min(5, len(check.risks) + 1)),
        "answered_lists": set(check.answers.values_list("template", flat=True)),
        "back_url": reverse("cases:case", args=[case.number]),
        "list_url": reverse("cases:list"),
    }


def _shown(dossier: Dossier, check: HouseholdCheck, filled: CheckForm) -> pages.Shown:
    """The result from what is typed, or from the draft where nothing was typed yet."""
    if not filled.is_bound:
        return pages.shown(dossier, pages.amounts_of(check), check.size, check.visited_on)
    filled.is_valid()
    given = filled.cleaned_data
    wrong = [
        f"{filled[name].label}：{' '.join(str(error) for error in errors)}"
        for name, errors in filled.errors.items()
        if name in filled.fields
    ]
    return pages.shown(dossier, filled.amounts(), given.get("size"), given.get("visited_on"), wrong)


@never_cache
@require_POST
def result(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Fragment: what the typed items come to, by the function that also stores it."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    check = check_of(actor, case, pk)
    shown = _shown(open_dossier(case, actor), check, _form(request, case, check))
    return render(request, "cases/check_result.html", {"result": shown})


@never_cache
@require_POST
def draft(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Keep the draft: everything that can be read; how much could not stands in a header."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    check = check_of(actor, case, pk)
    filled = _form(request, case, check)
    filled.is_valid()
    kept = _save(actor, check, filled)
    answer = HttpResponse(status=204)
    answer["X-Draft-Version"] = str(kept.version)
    answer["X-Draft-Unread"] = str(sum(name in filled.fields for name in filled.errors))
    return answer


@never_cache
@require_safe
def summary(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """All answers once more, before the form is closed for good."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    return _summary(request, actor, case, check_of(actor, case, pk))


def _summary(
    request: HttpRequest, actor: Actor, case: Case, check: HouseholdCheck, problem: str = ""
) -> HttpResponse:
    dossier = open_dossier(case, actor)
    context = {
        "case": case,
        "head": head_of(case),
        "check": check,
        "sheet": pages.sheet_of(dossier, check),
        "problems": [problem] if problem else [],
        "edit_url": reverse("cases:check", args=[case.number, check.pk]),
        "back_url": reverse("cases:case", args=[case.number]),
        "list_url": reverse("cases:list"),
    }
    return render(request, "cases/check_summary.html", context, status=400 if problem else 200)


@require_POST
def submit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    check = check_of(actor, case, pk)
    raw = request.POST.get("version", "")
    version = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else check.version
    try:
        operations.submit_check(actor, check, version=version)
    except NotFound:
        raise
    except DomainError as refusal:
        return _summary(request, actor, case, check, refusal.message)
    messages.success(request, "核查表已提交。")
    return redirect(f"{reverse('cases:case', args=[case.number])}?tab=check")
