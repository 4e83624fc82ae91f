"""低收入人口: the list of tiers, one household with the conditions of each tier, the refresh."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Event, Figure
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries
from ..filters import TierFilter
from ..forms import ReferForm
from ..models import Referral, TierTag
from ..querysets import on_side
from ..states import REFERRAL_TONES, TIER_TONES, Direction, ReferralState, Side, Tier
from ..tables import TierTable

PURPOSE = "民政登记的困难类型，一人可以有几种，都带起止日期；按民政报送的名单更新。"


def tier_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "assistance.view")
    newest = queries.newest_refresh()
    url = reverse("assistance:list")
    figures = [
        Figure(tier.label, persons, "人", f"{url}?tier={tier.value}", f"{homes:,} 户")
        for tier, persons, homes in queries.counts_by_tier(actor)
    ]
    update = Action(
        "按民政名单更新", reverse("assistance:refresh"), "refresh", is_main=True, method="post",
        confirm="将按已导入的民政名单重新计算每个人的困难类型，可以随时再做。现在更新？",
    )  # fmt: skip
    may = actor.can("assistance.refresh")
    return list_page(
        request,
        queryset=queries.tags_visible_to(actor).select_related(
            "member", "household__village__parent"
        ),
        table=TierTable,
        filterset=TierFilter,
        title="低收入人口",
        purpose=PURPOSE,
        template="assistance/list.html",
        actions=[update] if may else [],
        empty=Empty(
            "没有符合条件的人员",
            "换一组筛选条件再看。"
            if newest
            else "民政名单导入后，按“按民政名单更新”，这里会列出困难类型。",
            update if may and not newest else None,
        ),
        export_right="assistance.export",
        extra={"figures": figures, "newest": newest, "is_behind": operations.is_behind()},
        source=f"民政名单，截至 {newest.newest_period:%Y-%m-%d}"
        if newest and newest.newest_period
        else "",
    )


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    made = operations.refresh(actor_of(request))
    if made.newest_period is None:
        messages.warning(request, "还没有导入民政名单，没有可以更新的内容。")
    else:
        messages.success(
            request,
            f"已按截至 {made.newest_period:%Y-%m-%d} 的民政名单更新，"
            f"当前在册 {made.person_count:,} 人。",
        )
    return redirect("assistance:list")


def household(request: HttpRequest, household_no: str) -> HttpResponse:
    """One household: its tiers over time, each tier's conditions, its referrals."""
    actor = actor_of(request)
    household = queries.household_visible_to(actor, household_no)
    reckoning = queries.reckon(household)
    tags = queries.tags_of(actor, household)
    direction = _direction(request, household.pk)
    referrals = list(queries.referrals_visible_to(actor).filter(household=household))
    may_refer = (
        direction is not None
        and actor.can_at("assistance.refer", household.village.path)
        and not any(each.state == "open" and each.direction == direction for each in referrals)
    )
    context = {
        "household": household,
        "title": f"{household} · 困难类型",
        "tags": [(tag, TIER_TONES[tag.tier], Tier(tag.tier).label) for tag in tags],
        "reckoning": reckoning,
        "referrals": [
            (each, REFERRAL_TONES[each.state], ReferralState(each.state).label)
            for each in referrals
        ],
        "events": _events(tags, referrals),
        "form": ReferForm(initial={"direction": direction}) if may_refer else None,
        "direction": Direction(direction).label if direction else "",
        "may_see_registry": actor.can_at("registry.view", household.village.path),
    }
    return render(request, "assistance/household.html", context)


def _direction(request: HttpRequest, pk: int) -> str | None:
    """To whom this household may be proposed: the side that does not know it."""
    actor = actor_of(request)
    for side, direction in (
        (Side.CIVIL_ONLY, Direction.TO_MONITORING),
        (Side.MONITORED_ONLY, Direction.TO_CIVIL),
    ):
        if on_side(actor, side).filter(pk=pk).exists():
            return str(direction)
    return None


def _events(tags: list[TierTag], referrals: list[Referral]) -> list[Event]:
    events = [
        Event(tag.valid_from, f"{tag.member.name}：{Tier(tag.tier).label}", tone="near")
        for tag in tags
    ]
    events += [
        Event(tag.valid_to, f"{tag.member.name}：不再在册（{Tier(tag.tier).label}）", tone="done")
        for tag in tags
        if tag.valid_to
    ]
    for each in referrals:
        label = Direction(each.direction).label
        events.append(Event(each.created_at, label, each.created_by_label, each.reason, "going"))
        if each.answered_at:
            word = ReferralState(each.state).label
            events.append(
                Event(each.answered_at, word, each.answered_by_label, each.answer, "done")
            )
    return sorted(events, key=lambda event: str(event.at)[:10], reverse=True)
