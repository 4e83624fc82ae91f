"""名单差异: households in both registers or only in one, and proposing them to the other."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import Actor, require
from shouwang.core.components import Empty, MassAction, Tab
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page, selected
from shouwang.registry.models import Household

from .. import operations, queries
from ..filters import DifferenceFilter
from ..forms import ReferForm
from ..models import Referral
from ..operations.referring import SIDE_OF
from ..querysets import on_side, with_labour
from ..states import Direction, Side
from ..tables import DifferenceTable

PURPOSE = "民政登记的低收入家庭与监测对象（风险未消除）逐户比对，只有一边有的可以提请另一边核实。"
MOST_AT_ONCE = 500
DIRECTION_OF = {side: direction for direction, side in SIDE_OF.items()}


def difference_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "assistance.view")
    asked = request.GET.get("side", "")
    side = Side(asked) if asked in Side.values else Side.CIVIL_ONLY
    direction = DIRECTION_OF.get(side)
    mass = []
    if direction and actor.can("assistance.refer"):
        url = f"{reverse('assistance:refer')}?direction={direction.value}"
        mass = [MassAction(direction.label, url, icon="send")]
    counts = queries.counts_by_side(actor)
    return list_page(
        request,
        queryset=_rows(actor, side),
        table=DifferenceTable,
        filterset=DifferenceFilter,
        title=f"名单差异：{side.label}",
        purpose=PURPOSE,
        template="assistance/differences.html",
        empty=Empty("没有这样的农户", "换一组条件，或先更新低收入人口。"),
        export_right="assistance.export",
        mass_actions=mass,
        extra={"tabs": _tabs(side, counts)},
        source="民政名单与农户档案",
    )


def _tabs(current: Side, counts: dict[str, int]) -> list[Tab]:
    url = reverse("assistance:differences")
    return [
        Tab(side.label, f"{url}?side={side.value}", counts[side.value], side == current)
        for side in Side
    ]


def _rows(actor: Actor, side: Side) -> QuerySet[Any]:
    """Households of a side with what the table shows of each."""
    newest = Referral.objects.filter(household=OuterRef("pk")).order_by("-pk")
    return (
        on_side(actor, side)
        .select_related("village__parent", "low_income")
        .annotate(has_labour=with_labour(), referral_state=Subquery(newest.values("state")[:1]))
    )


@require_POST
def refer(request: HttpRequest) -> HttpResponse:
    """Ask for the reason with the count of households, then propose them."""
    actor = actor_of(request)
    require(actor, "assistance.refer")
    asked = request.POST.get("direction") or request.GET.get("direction", "")
    if asked not in Direction.values:
        raise DomainError("没有这种转介方向，请从名单差异页重新选择。", code="direction")
    households = _chosen(request, actor, Direction(asked))
    form = ReferForm(
        request.POST if "reason" in request.POST else None, initial={"direction": asked}
    )
    if form.is_bound and form.is_valid():
        made = operations.refer_many(
            actor, households, direction=asked, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"已转介 {len(made)} 户，等待答复。")
        return redirect(f"{reverse('assistance:referrals')}?state=open")
    context = {
        "title": f"{Direction(asked).label}：{len(households)} 户",
        "form": form,
        "households": households,
        "back_url": f"{reverse('assistance:differences')}?side={SIDE_OF[Direction(asked)].value}",
        "submit": f"转介 {len(households)} 户",
    }
    return render(request, "assistance/refer.html", context)


def _chosen(request: HttpRequest, actor: Actor, direction: Direction) -> list[Household]:
    """The ticked households, within the actor's right to refer."""
    rows = _rows(actor, SIDE_OF[direction])
    found = list(selected(request, rows, DifferenceFilter)[: MOST_AT_ONCE + 1])
    if not found:
        raise DomainError("没有选中任何农户，请回到名单差异页勾选。", code="none")
    if len(found) > MOST_AT_ONCE:
        raise DomainError(f"一次最多转介 {MOST_AT_ONCE} 户，请按乡镇分几次办理。", code="too_many")
    return found
