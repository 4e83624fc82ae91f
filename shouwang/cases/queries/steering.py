"""看与管: the board of deadlines, the funnel from warnings to help, the load of each worker."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils.module_loading import import_string

from shouwang.accounts.models import Post
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.rights import get_right
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division

from ..deadlines import near_day
from ..lifecycles import REGIMES, table_of
from ..models import Case, RegisteredClue
from ..querysets import in_time
from ..states import Channel
from .cases import states_in_order
from .inbox import earlier


@dataclass(frozen=True)
class BoardRow:
    """Cases in one step (or of one town): how many, how many late and near, whose turn it is."""

    key: str
    label: str
    who: str
    count: int
    late: int
    near: int
    first_due: date | None


def _counted(cases: QuerySet[Case], names: tuple[str, ...], day: date) -> list[dict[str, Any]]:
    """Per group the cases, those late, those near, and the first limit."""
    near = near_day(day)
    counts: dict[str, Any] = {
        "count": Count("pk"),
        "late": Count("pk", filter=in_time("late", day, near)),
        "near": Count("pk", filter=in_time("near", day, near)),
        "first": Min("due_on"),
        "chain": Min("deadline_on"),
    }
    return list(cases.order_by().values(*names).annotate(**counts))


def board(actor: Actor, today: date | None = None) -> list[BoardRow]:
    """Open cases by step, in the order of the way."""
    require(actor, "cases.view")
    live = Case.objects.visible_to(actor).live()
    rows = {row["state"]: row for row in _counted(live, ("state",), today or clock.today())}
    return [
        BoardRow(
            state, label, whose_turn(state), rows[state]["count"], rows[state]["late"],
            rows[state]["near"], earlier(rows[state]["first"], rows[state]["chain"]),
        )
        for state, label in states_in_order().items()
        if state in rows
    ]  # fmt: skip


def board_by_town(actor: Actor, today: date | None = None) -> list[BoardRow]:
    """Cases with a limit by town, most late first; the sums are those of `board`."""
    require(actor, "cases.view")
    live = Case.objects.visible_to(actor).live()
    names = ("village__parent__code", "village__parent__name")
    rows = _counted(live, names, today or clock.today())
    rows.sort(key=lambda row: (-row["late"], -row["near"], row["village__parent__code"] or ""))
    return [
        BoardRow(
            row["village__parent__code"] or "", row["village__parent__name"] or "", "",
            row["count"], row["late"], row["near"], earlier(row["first"], row["chain"]),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class VillageRow:
    """Open cases of one village: how many, and how many of them are late."""

    village: Division
    count: int
    late: int


def board_by_village(actor: Actor, today: date | None = None) -> list[VillageRow]:
    """Every present village of the actor, also one without cases; the sums are those of `board`
    as far as cases lie in present villages."""
    require(actor, "cases.view")
    live = Case.objects.visible_to(actor).live()
    rows = {row["village"]: row for row in _counted(live, ("village",), today or clock.today())}
    villages = villages_with(actor, "cases.view").filter(valid_to=None)
    found = []
    for village in villages.select_related("parent", "boundary").order_by("code"):
        row = rows.get(village.pk, {"count": 0, "late": 0})
        found.append(VillageRow(village, row["count"], row["late"]))
    return found


def whose_turn(state: str) -> str:
    """The right that takes a case on from a state, in words."""
    for key in REGIMES:
        table = table_of(key)
        if state not in table.states:
            continue
        for row in table.from_state(state):
            if not row.is_back and not table.state(row.to).is_end:
                return get_right(row.right).label
    return ""


@dataclass(frozen=True)
class FunnelRow:
    """One group of clues on its way: registered, verified, into a case, identified, resolved.

    Households and cases are counted once each; `helped` is None where no room tells of help.
    """

    key: str
    label: str
    clues: int
    households: int
    verified: int
    cases: int
    identified: int
    resolved: int
    helped: int | None = None


GROUPS: dict[str, tuple[str, ...]] = {
    "all": (),
    "channel": ("channel",),
    "department": ("department",),
    "rule": ("screening_clue__rule_id",),
    "town": ("village__parent__code", "village__parent__name"),
}


def funnel(
    actor: Actor, by: str = "all", *, since: date | None = None, until: date | None = None
) -> list[FunnelRow]:
    """The way from clues received in a period to households identified and helped, by group."""
    require(actor, "cases.view")
    clues = RegisteredClue.objects.visible_to(actor)
    if since:
        clues = clues.filter(received_on__gte=since)
    if until:
        clues = clues.filter(received_on__lte=until)
    names = GROUPS[by]
    case = Q(case__isnull=False)
    counts: dict[str, Any] = {
        "clues": Count("pk"),
        "households": Count("household", distinct=True),
        "verified": Count("pk", filter=~Q(state="received")),
        "cases": Count("case", distinct=True),
        "identified": Count("case", filter=case & Q(case__identified_on__isnull=False),
                            distinct=True),
        "resolved": Count("case", filter=case & Q(case__resolved_on__isnull=False), distinct=True),
    }  # fmt: skip
    if (with_help := _with_help()) is not None:
        counts["helped"] = Count("case", filter=Q(case__in=with_help), distinct=True)
    if not names:
        rows = [clues.order_by().aggregate(**counts)]
    else:
        rows = list(clues.order_by().values(*names).annotate(**counts).order_by("-clues", *names))
    return [_funnel_row(row, names, by) for row in rows]


def _funnel_row(row: dict[str, Any], names: tuple[str, ...], by: str) -> FunnelRow:
    key = row[names[0]] if names else ""
    number = {name: int(str(row[name])) for name in
              ("clues", "households", "verified", "cases", "identified", "resolved")}  # fmt: skip
    label = str(row[names[-1]] or "") if names else "全部"
    if by == "channel":
        label = str(Channel(str(key)).label)
    return FunnelRow(str(key or ""), label or "未注明", **number, helped=row.get("helped"))


def _with_help() -> "QuerySet[Any, Any] | None":
    """Keys of cases with a measure, as the room that keeps measures says
    (settings.SHOUWANG_HELPED_CASES); none where no room does."""
    dotted = getattr(settings, "SHOUWANG_HELPED_CASES", "")
    if not dotted:
        return None
    keys: QuerySet[Any, Any] = import_string(dotted)()
    return keys


@dataclass(frozen=True)
class Load:
    """What lies on one village worker: open cases, those that wait for the village, those late."""

    account_id: int
    name: str
    village: str
    village_code: str
    town: str
    open_cases: int
    waiting: int
    late: int
    clues: int


VILLAGE_STATES = (
    "consent", "checking", "appraisal", "notice", "announcement", "exit_check", "exit_appraisal",
    "exit_notice",
)  # fmt: skip


def load_per_worker(actor: Actor, today: date | None = None) -> list[Load]:
    """Village workers with a post today, most waiting first; a village without one is not here."""
    require(actor, "cases.view")
    day = today or clock.today()
    late = Q(due_on__lt=day) | Q(deadline_on__lt=day)
    mine = Q(state__in=VILLAGE_STATES)
    cases = {
        row["village"]: row
        for row in Case.objects.visible_to(actor)
        .live()
        .order_by()
        .values("village")
        .annotate(
            open=Count("pk"),
            waiting=Count("pk", filter=mine),
            late=Count("pk", filter=mine & late),
        )
    }
    clues = dict(
        RegisteredClue.objects.visible_to(actor)
        .waiting()
        .order_by()
        .values_list("village")
        .annotate(count=Count("pk"))
    )
    posts = (
        Post.objects.on(day)
        .filter(role="village_worker", account__is_active=True)
        .select_related("account", "division__parent")
        .order_by("pk")
    )
    found = []
    for post in posts:
        place = post.division
        if place is None or not actor.can_at("cases.view", place.path):
            continue
        row = cases.get(place.pk, {"open": 0, "waiting": 0, "late": 0})
        found.append(
            Load(
                post.account_id, post.account.name, place.name, place.code,
                place.parent.name if place.parent else "", row["open"], row["waiting"],
                row["late"], clues.get(place.pk, 0),
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (-each.late, -each.waiting, each.village))
