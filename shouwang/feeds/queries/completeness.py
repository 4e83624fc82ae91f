"""完整性表: which department sent what for which month, and what is late, missing or rejected."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from shouwang.core.actor import Actor
from shouwang.engine.contracts import FeedContract

from .. import periods
from ..models import BatchState, FeedBatch
from ..preparing import rulebook
from .access import departments_of
from .batches import batches_visible_to

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Cell:
    """One feed in one month: a tone, a word, and the page that it opens."""

    tone: str
    word: str
    detail: str = ""
    url: str = ""
    figure: str = ""
    month: date | None = None


@dataclass(frozen=True)
class GridRow:
    feed: str
    title: str
    department: str
    rhythm: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    months: tuple[date, ...]
    rows: tuple[GridRow, ...]
    missing: int
    late: int
    rejected: int
    earlier: str
    later: str


def completeness(actor: Actor, *, until: date | None, today: date) -> Grid:
    """Twelve months ending with `until`, or with the newest period that anybody has reported."""
    visible = batches_visible_to(actor)
    last = until or _newest(visible.aggregate(newest=Max("period_end"))["newest"], today)
    months = _months(last)
    by_feed: dict[str, list[FeedBatch]] = defaultdict(list)
    for batch in visible.filter(period_start__lte=months[-1], period_end__gte=months[0]):
        by_feed[batch.feed].append(batch)
    begun = dict(visible.order_by().values_list("feed").annotate(first=Min("period_start")))
    earliest = min(begun.values(), default=None)
    rows = tuple(
        GridRow(
            feed=contract.key,
            title=contract.title,
            department=contract.department,
            rhythm=periods.rhythm_label(contract.rhythm),
            cells=_cells(
                contract,
                by_feed[contract.key],
                months,
                today,
                begun.get(contract.key, earliest),
            ),
        )
        for contract in contracts_for(actor)
    )
    if not actor.can("feeds.upload"):
        rows = tuple(replace(row, cells=tuple(map(_without_upload, row.cells))) for row in rows)
    words = [cell.word for row in rows for cell in row.cells]
    return Grid(
        months=months,
        rows=rows,
        missing=words.count("缺报"),
        late=words.count("迟报"),
        rejected=words.count("已退回"),
        earlier=_shifted(months[-1], -MONTHS_SHOWN).strftime("%Y-%m"),
        later=_later(months[-1], today),
    )


def _without_upload(cell: Cell) -> Cell:
    """Who only looks on is not sent to a page that he may not open."""
    return replace(cell, url="") if cell.word == "缺报" else cell


def _cells(
    contract: FeedContract,
    batches: list[FeedBatch],
    months: tuple[date, ...],
    today: date,
    since: date | None,
) -> tuple[Cell, ...]:
    """The row of one feed; nothing is missing from before it was first sent."""
    return tuple(replace(_cell(contract, batches, end, today, since), month=end) for end in months)


def contracts_for(actor: Actor, right: str = "feeds.view") -> list[FeedContract]:
    """The feeds of the rulebook that concern the actor, by department."""
    own = departments_of(actor, right)
    known = rulebook().feeds.values()
    shown = [one for one in known if own is None or one.department in own]
    return sorted(shown, key=lambda contract: (contract.department, contract.title))


def _newest(reported: date | None, today: date) -> date:
    return reported or _shifted(periods.month_end(today.year, today.month), -1)


def _months(last: date) -> tuple[date, ...]:
    end = periods.month_end(last.year, last.month)
    return tuple(_shifted(end, back) for back in range(1 - MONTHS_SHOWN, 1))


def _shifted(end: date, months: int) -> date:
    number = end.year * 12 + end.month - 1 + months
    return periods.month_end(number // 12, number % 12 + 1)


def _later(last: date, today: date) -> str:
    following = _shifted(last, MONTHS_SHOWN)
    newest = periods.month_end(today.year, today.month)
    if last >= newest:
        return ""
    return min(following, newest).strftime("%Y-%m")


def _cell(
    contract: FeedContract, batches: list[FeedBatch], end: date, today: date, since: date | None
) -> Cell:
    ending = [
        one
        for one in batches
        if (one.period_end.year, one.period_end.month) == (end.year, end.month)
    ]
    sent = _sent(contract, ending)
    if sent is not None:
        return sent
    covering = [
        one
        for one in batches
        if one.state == BatchState.ACCEPTED and one.period_start <= end <= one.period_end
    ]
    if covering:
        period = periods.Period(covering[0].period_start, covering[0].period_end)
        return Cell("covered", "已含", f"包含在{period.label}的文件中", _url(covering))
    if not _is_expected(contract, batches, end, since) or end > today:
        return Cell("none", "")
    if today > periods.due_on(contract.rhythm, end):
        upload = f"{reverse('feeds:upload')}?feed={contract.key}&month={end:%Y-%m}"
        return Cell("late", "缺报", f"应于{periods.due_on(contract.rhythm, end)}前报送", upload)
    return Cell("idle", "待报", f"{periods.due_on(contract.rhythm, end)}前报送")


def _is_expected(
    contract: FeedContract, batches: list[FeedBatch], end: date, since: date | None
) -> bool:
    """The rhythm asks for this month, the feed had begun, and nothing recent stands for it."""
    if end.month not in periods.expected_months(contract.rhythm) or (since and end < since):
        return False
    begun = _shifted(end, -periods.months_covered(contract.rhythm))
    return not any(
        one.state == BatchState.ACCEPTED and begun < one.period_end <= end for one in batches
    )


def _sent(contract: FeedContract, ending: list[FeedBatch]) -> Cell | None:
    """What the files of this month say, the strongest first: in use, on its way, rejected."""
    used = _in(ending, BatchState.ACCEPTED)
    if used:
        rows = sum(one.row_count or 0 for one in used)
        rejected = sum(one.rejected_count or 0 for one in used)
        detail = f"{rows:,}行" + (f"，退回{rejected:,}行" if rejected else "")
        if any(_is_late(contract, one) for one in used):
            return Cell("near", "迟报", detail, _url(used), f"{rows:,}")
        return Cell("done", "已报" if rows else "无数据", detail, _url(used), f"{rows:,}")
    working = _in(ending, BatchState.RECEIVED, BatchState.IMPORTING)
    if working:
        return Cell("going", "导入中", "", _url(working))
    refused = [one for one in _in(ending, BatchState.REJECTED) if one.reason != "duplicate_file"]
    if refused:
        return Cell("late", "已退回", refused[0].message, _url(refused))
    return None


def _is_late(contract: FeedContract, batch: FeedBatch) -> bool:
    if batch.version > 1:
        return False  # a correction is never late; its first version may have been
    received = timezone.localtime(batch.received_at).date()
    return received > periods.due_on(contract.rhythm, batch.period_end)


def _in(batches: Iterable[FeedBatch], *states: BatchState) -> list[FeedBatch]:
    return [batch for batch in batches if batch.state in states]


def _url(batches: list[FeedBatch]) -> str:
    if len(batches) == 1:
        return reverse("feeds:batch", args=[batches[0].uuid])
    one = batches[0]
    return f"{reverse('feeds:batches')}?feed={one.feed}&ending={one.period_end:%Y-%m}"
