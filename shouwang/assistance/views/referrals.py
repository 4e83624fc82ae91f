"""转介: the list, and one referral with its answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from shouwang.core.actor import require
from shouwang.core.components import Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries
from ..filters import ReferralFilter
from ..forms import AnswerForm
from ..states import REFERRAL_TONES, Direction, ReferralState, referral_table
from ..tables import ReferralTable


def referral_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "assistance.view")
    return list_page(
        request,
        queryset=queries.referrals_visible_to(actor).select_related("household__village__parent"),
        table=ReferralTable,
        filterset=ReferralFilter,
        title="低收入人口转介",
        purpose="一边登记的困难户提请另一边核实，以及对方的答复。",
        empty=Empty("没有转介", "在“名单差异”里勾选农户，可以提请对方核实。"),
        export_right="assistance.export",
    )


def referral(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.referrals_visible_to(actor).select_related("household__village__parent")
    found = get_object_or_404(seen, pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.answer_referral(
            actor,
            found,
            action=form.cleaned_data["action"],
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        messages.success(request, f"已保存：{ReferralState(found.state).label}。")
        return redirect("assistance:referral", pk=pk)
    path = found.household.village.path
    context = {
        "referral": found,
        "title": f"{found.household} · {Direction(found.direction).label}",
        "tone": REFERRAL_TONES[found.state],
        "label": ReferralState(found.state).label,
        "offers": referral_table().offers(actor, found, found.state, path, {}),
        "traces": queries.traces_of(actor, found),
        "form": AnswerForm(initial={"version": found.version}),
        "facts": [
            ("农户", str(found.household)),
            ("户编号", found.household.household_no),
            ("方向", Direction(found.direction).label),
            ("理由", found.reason),
            ("转介人", f"{found.created_by_label}，{found.created_at:%Y-%m-%d}"),
            ("答复", found.answer or "—"),
            ("答复人", found.answered_by_label or "—"),
        ],
    }
    return render(request, "assistance/referral.html", context)
