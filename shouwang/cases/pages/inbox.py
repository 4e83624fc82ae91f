"""我的待办: the kinds of work that wait, and for a village worker the households of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import Actor

from .. import queries
from ..models import Case, RegisteredClue
from ..queries import Waiting
from ..states import Channel
from .timing import Timing, timing

MOST_CARDS = 40
SHOWN = 12
TODO = {
    "consent": "请农户签申请和授权",
    "checking": "入户核查",
    "appraisal": "开会评议",
    "notice": "张贴公示",
    "announcement": "张贴公告",
    "exit_check": "消除核查",
    "exit_appraisal": "消除评议",
    "exit_notice": "张贴消除公示",
    "exit_announcement": "张贴消除公告",
    "review": "乡镇审核",
    "exit_review": "消除审核",
    "approval": "县级审定",
    "exit_approval": "消除审定",
    "filing": "录入建档",
}
"""What there is to do in a state, as one says it; the rest is the label of the state."""


@dataclass(frozen=True)
class Card:
    """One household with the one thing to do for it."""

    name: str
    place: str
    todo: str
    url: str
    detail: str = ""
    due: Timing | None = None

    @property
    def tone(self) -> str:
        return self.due.tone if self.due else "idle"

    @property
    def order(self) -> date:
        return self.due.on if self.due else date.max


@dataclass(frozen=True)
class Kind:
    """One kind of work with its list."""

    waiting: Waiting
    url: str
    first: Timing | None


def kinds(actor: Actor) -> list[Kind]:
    today = clock.today()
    return [
        Kind(each, reverse("cases:waiting", args=[each.key]), timing(each.first_due, today))
        for each in queries.inbox(actor)
    ]


def badge(actor: Actor) -> int:
    """How many wait, for the navigation: one's own steps; clues too where one verifies them."""
    if actor.can("cases.answer"):
        return queries.waiting_requests(actor).count()
    if not actor.can("cases.view"):
        return 0
    count = queries.waiting_cases(actor).order_by().count()
    if actor.can("cases.verify"):
        count += queries.waiting_clues(actor).order_by().count()
    return count


def urgent(actor: Actor, most: int = SHOWN) -> list[Card]:
    """The cases that are due first, of every kind."""
    today = clock.today()
    first = Least(Coalesce("due_on", "deadline_on"), Coalesce("deadline_on", "due_on"))
    cases = queries.waiting_cases(actor).order_by(first, "pk").prefetch_related("risks")[:most]
    return [_case_card(case, today) for case in cases]


def today_cards(actor: Actor) -> list[tuple[str, list[Card]]]:
    """今日我的农户: what is late, what is due, what comes; one card a household."""
    today = clock.today()
    cards = [
        *_clue_cards(queries.waiting_clues(actor)[:MOST_CARDS], today),
        *[_case_card(case, today)
          for case in queries.waiting_cases(actor).prefetch_related("risks")[:MOST_CARDS]],
        *[_follow_card(case, today) for case in queries.follow_ups_due(actor)[:MOST_CARDS]
          if actor.can_at("cases.verify", case.village.path)],
    ]  # fmt: skip
    cards.sort(key=lambda card: card.order)
    groups = (("已经超期", "late"), ("快到期", "near"), ("接下来", "idle"))
    return [
        (label, found)
        for label, tone in groups
        if (found := [card for card in cards[:MOST_CARDS] if card.tone == tone])
    ]


def today_count(actor: Actor) -> int:
    """How much waits in all, also what is not among the first cards."""
    visits = queries.follow_ups_due(actor).count() if actor.can("cases.verify") else 0
    clues = queries.waiting_clues(actor).order_by().count()
    return queries.waiting_cases(actor).order_by().count() + clues + visits


def _case_card(case: Case, today: date) -> Card:
    nearest = min((d for d in (case.due_on, case.deadline_on) if d), default=None)
    town = case.village.parent.name if case.village.parent else ""
    return Card(
        str(case.household),
        f"{town}{case.village.name}{case.household.group_name or ''}",
        TODO.get(case.state, case.state_label),
        reverse("cases:case", args=[case.number]),
        "、".join(risk.label for risk in case.risks.all()),
        timing(nearest, today),
    )


def _follow_card(case: Case, today: date) -> Card:
    town = case.village.parent.name if case.village.parent else ""
    return Card(
        str(case.household), f"{town}{case.village.name}{case.household.group_name or ''}", "回访",
        reverse("cases:follow-up", args=[case.number]), "风险已消除，定期回访",
        timing(case.follow_up_due_on, today),
    )  # fmt: skip


def _clue_cards(clues: Iterable[RegisteredClue], today: date) -> list[Card]:
    return [
        Card(
            str(clue),
            f"{clue.village.name}{(clue.household.group_name or '') if clue.household else ''}",
            "核实线索",
            reverse("cases:clue", args=[clue.uuid]),
            f"{Channel(clue.channel).label}：{'、'.join(clue.risk_labels) or '未写明'}",
            timing(clue.due_on, today),
        )
        for clue in clues
    ]
