"""公开页面 (public pages): the only pages of the platform that work without a login.

They read the code and the villager's own form; no household, person or case is ever shown. What is
refused is told in words; what was typed is given back to the one who typed it and to nobody else.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouwang.accounts.views.signing_in import address_of
from shouwang.core import clock
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division
from shouwang.support.catalogue import catalogue

from ..difficulties import offer
from ..forms import AskForm, PublicReportForm
from ..models import ReportCode, SelfReport
from ..operations import ask_stage, report_difficulty
from ..operations.reporting import STAGES
from ..queries import code_of

MOST_BYTES = 32 * 1024
"""A form of this room is a page of text; whatever is larger is not read."""
PRIVATE = ("subject_name", "phone", "reporter_name", "relation", "text", "receipt")


def _too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length[:12]) > MOST_BYTES


def _refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    context = {"words": words, "hotlines": offer().hotlines}
    return render(request, "outreach/public_closed.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters(*PRIVATE)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, token: UUID) -> HttpResponse:
    """The page behind the code of a village."""
    code = ReportCode.objects.select_related("village__parent").filter(token=token).first()
    if code is None:
        return _refused(request, "没有这个二维码，请到村委会询问。", 404)
    if code.withdrawn_at is not None:
        words = "这个二维码已经停用。请扫村里新贴的二维码，或到村委会申报。"
        return _refused(request, words, 410)
    if request.method == "POST" and _too_large(request):
        return _refused(request, "填写的内容太长，请精简后再提交。", 413)
    form = PublicReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _received(request, _reported(request, code, form))
            except DomainError as error:
                form.add_error(error.code if error.code in form.fields else None, error.message)
                status = error.status if error.status == 429 else 422
    context = {
        "form": form, "village": code.village, "hotlines": offer().hotlines,
        "ask_url": reverse("outreach:ask"), "policies_url": reverse("outreach:policies"),
    }  # fmt: skip
    return render(request, "outreach/public_report.html", context, status=status)


def _reported(request: HttpRequest, code: ReportCode, form: PublicReportForm) -> SelfReport:
    given = dict(form.cleaned_data)
    given.pop("homepage")
    given["on_behalf"] = given.pop("for_whom") == "other"
    return report_difficulty(code, address=address_of(request), **given)


def _received(request: HttpRequest, made: SelfReport) -> HttpResponse:
    """The receipt, and nothing of what was reported."""
    context = {
        "receipt": made.receipt, "ask_url": reverse("outreach:ask"), "hotlines": offer().hotlines,
    }  # fmt: skip
    return render(request, "outreach/public_received.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters(*PRIVATE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """How far a report is: three words, for who knows its number and the telephone."""
    if request.method == "POST" and _too_large(request):
        return _refused(request, "填写的内容太长，请核对。", 413)
    form = AskForm(request.POST if request.method == "POST" else None)
    stage, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                stage = ask_stage(**form.cleaned_data, address=address_of(request))
                status = 200
            except DomainError as error:
                form.add_error(error.code if error.code in form.fields else None, error.message)
                status = error.status if error.status == 429 else 422
    label, words = STAGES.get(stage, ("", ""))
    context = {"form": form, "label": label, "words": words, "hotlines": offer().hotlines}
    return render(request, "outreach/public_ask.html", context, status=status)


@login_not_required
@require_http_methods(["GET"])
def policies(request: HttpRequest) -> HttpResponse:
    """What help there is in general, from the catalogue; no amounts of any household."""
    known = catalogue()
    items = known.on(clock.today())
    groups = [
        (label, [item for item in items if item.kind == key]) for key, label in known.kinds.items()
    ]
    context = {"groups": groups, "hotlines": offer().hotlines}
    return render(request, "outreach/public_policies.html", context)


def public_card(request: HttpRequest, village: Division) -> HttpResponse:
    """Where the code on a household's card leads who is not logged in: to the village's page."""
    code = code_of(village)
    if code is None:
        return redirect("outreach:policies")
    return redirect("outreach:report", token=code.token)
