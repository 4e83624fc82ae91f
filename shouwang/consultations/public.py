"""公开页面 (public pages): what is asked now, a draft with its form, results, one's own comment.

They work without a login and never show who commented.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouwang.accounts.views.signing_in import address_of
from shouwang.core.errors import DomainError
from shouwang.outreach.operations.reporting import count_request
from shouwang.outreach.states import RequestKind

from .comments import send_comment
from .forms import AskForm, PublicCommentForm
from .models import Comment, Consultation
from .queries import result_of, told_of
from .states import State

MOST, MOST_BYTES = 50, 32 * 1024
TOLD_A_PAGE = 30


@login_not_required
@require_http_methods(["GET"])
def consultations(request: HttpRequest) -> HttpResponse:
    """What the public is asked now, and what became of earlier ones."""
    rows = list(Consultation.objects.for_the_public().select_related("division")[:MOST])
    context = {
        "taking": [one for one in rows if one.is_taking],
        "published": [one for one in rows if one.state == State.PUBLISHED],
        "waiting": [one for one in rows if not one.is_taking and one.state != State.PUBLISHED],
    }
    return render(request, "consultations/public_list.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("name", "phone", "text")
@require_http_methods(["GET", "POST"])
def consultation(request: HttpRequest, token: UUID) -> HttpResponse:
    """The draft and, while it lasts, the form; afterwards what became of the comments."""
    found = Consultation.objects.for_the_public().filter(token=token).first()
    if found is None:
        return render(request, "consultations/public_gone.html", status=404)
    form = PublicCommentForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        length = request.META.get("CONTENT_LENGTH") or "0"
        status = 422
        if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
            form = PublicCommentForm()
            status = 413
        elif form.is_valid():
            try:
                made = send_comment(found, address=address_of(request), **form.cleaned_data)
            except DomainError as error:
                form.add_error(error.code if error.code in form.fields else None, error.message)
                status = error.status if error.status in (409, 429) else 422
            else:
                context = {"receipt": made.receipt, "consultation": found}
                return render(request, "consultations/public_received.html", context)
    published = found.state == State.PUBLISHED
    told = told_of(found) if published else Comment.objects.none()
    context = {
        "consultation": found, "form": form, "too_long": status == 413,
        "result": result_of(found) if published else None,
        "told": Paginator(told, TOLD_A_PAGE).get_page(request.GET.get("page", "")[:6]),
    }  # fmt: skip
    return render(request, "consultations/public.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """What became of one's own comment, by its receipt; told once the result is published."""
    form = AskForm(request.POST if request.method == "POST" else None)
    comment, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count_request(RequestKind.ASK, address_of(request), None)
                receipt = form.cleaned_data["receipt"].replace("\x00", "").strip().upper()
                comment = Comment.objects.filter(receipt=receipt).first()
                if comment is None:
                    form.add_error("receipt", "没有这个受理号，请核对。")
                else:
                    status = 200
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    is_told = comment is not None and comment.consultation.state == State.PUBLISHED
    context = {"form": form, "comment": comment, "is_told": is_told}
    return render(request, "consultations/public_ask.html", context, status=status)
