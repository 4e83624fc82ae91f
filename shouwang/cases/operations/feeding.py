"""部门数据代答: where a department already sends its register as a feed, that answers for it."""

from django.db import transaction

from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.feeds.preparing import rulebook
from shouwang.feeds.queries import effective_batches
from shouwang.feeds.queries.facts import household_facts

from ..models import ComparisonRequest
from ..regimes import Item, regime
from ..states import RequestState
from .comparing import Finding, answer_comparison


def answer_from_feeds(
    actor: Actor, request: ComparisonRequest, *, version: int
) -> ComparisonRequest:
    """Answer a request from the accepted batches of the feeds that its items name.

    Refused where one of the items has no feed, or nothing of it was ever received: no data is not
    “nothing found”.
    """
    with transaction.atomic():
        current = (
            ComparisonRequest.objects.visible_to(actor)
            .select_related("case__village", "case__household")
            .filter(pk=request.pk)
            .first()
        )
        if current is None:
            raise NotFound
        require(actor, "cases.compare", current.case.village.path)
        if current.state != RequestState.OPEN:
            raise Conflict(f"这项比对已由{current.answered_by_label}答复，请刷新页面核对。")
        if current.case.supporters.exists():
            raise DomainError(
                "有家庭外赡养抚养人，部门报来的数据里查不到他们，请由部门答复。", code="supporters"
            )
        items = [
            item
            for item in regime(current.case.regime).items_of(current.department)
            if item.key in current.items
        ]
        newest = _newest(items)
        found = _findings(actor, current, items)
        note = "由已接收的部门数据代答：" + "、".join(newest)
        return answer_comparison(
            actor, current, findings=found, note=note, version=version, source_name="部门数据"
        )


def can_answer_from_feeds(request: ComparisonRequest) -> bool:
    """Whether every item of the request has a feed."""
    items = regime(request.case.regime).items_of(request.department)
    return bool(items) and all(item.feed for item in items if item.key in request.items)


def _newest(items: list[Item]) -> list[str]:
    """Each feed with the end of the newest period that was received."""
    ends: dict[str, str] = {}
    for batch in effective_batches():
        ends[batch.feed] = max(ends.get(batch.feed, ""), batch.period_end.isoformat())
    told = []
    for item in items:
        if not item.feed or item.feed not in ends:
            raise DomainError(f"没有接收过“{item.label}”的部门数据，请由部门答复。", code="feed")
        told.append(f"{item.label}（截至 {ends[item.feed]}）")
    return told


def _findings(actor: Actor, request: ComparisonRequest, items: list[Item]) -> list[Finding]:
    """One finding a reported row of a present member, with what the row says."""
    titles = {rulebook().feeds[item.feed].title: item.key for item in items}
    members = {
        each.name: each.pk for each in request.case.household.members.filter(absent_since=None)
    }
    seen: dict[tuple[int | None, str, str], Finding] = {}
    for month in household_facts(actor, request.case.household.household_no):
        for fact in month.facts:
            if fact.feed not in titles:
                continue
            detail = "，".join(f"{name} {value}" for name, value in fact.values)[:300]
            made = Finding(members.get(fact.member), titles[fact.feed], detail, fact.row)
            seen.setdefault((made.member_id, made.item, made.detail), made)
    return list(seen.values())
