"""今天要办 (today): what waits for one person in every room, the soonest first.

Each thing comes from its room's own list of what waits, the same list that the number in the left
navigation counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from shouwang.calls.models import Call
from shouwang.campaigns.models import SweepItem
from shouwang.cases import queries as case_queries
from shouwang.cases.pages import inbox
from shouwang.cases.pages.timing import Timing, timing
from shouwang.consultations import queries as consultation_queries
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.indicators.queries import to_report
from shouwang.inspections import queries as inspection_queries
from shouwang.inspections.states import problem_table
from shouwang.localities import place_queries
from shouwang.localities.models import PlaceProblem
from shouwang.localities.states import place_table
from shouwang.support.models import Measure
from shouwang.support.queries import helped
from shouwang.workplans.waiting import waiting_for

MOST = 8
"""Things that are shown; each room is asked for as many, so that none hides another's."""
TO_DO = ("assigned", "accepted", "under_way")
"""States in which a measure waits for its department."""


@dataclass(frozen=True)
class Thing:
    """One thing to do: whom or what it is about, where, what to do, by when."""

    title: str
    place: str
    todo: str
    url: str
    due: Timing | None

    @property
    def order(self) -> date:
        return self.due.on if self.due else date.max


def things(actor: Actor) -> list[Thing]:
    """What is due first, of all rooms."""
    today = clock.today()
    found = [thing for source in SOURCES for thing in source(actor, today)]
    return sorted(found, key=lambda thing: thing.order)[:MOST]


def _cases(actor: Actor, today: date) -> Iterator[Thing]:
    if not actor.can("cases.view"):
        return
    if actor.can("cases.verify"):
        cards = [card for _, group in inbox.today_cards(actor) for card in group]
    else:
        cards = inbox.urgent(actor, MOST)
    for card in cards[:MOST]:
        yield Thing(card.name, card.place, card.todo, card.url, card.due)


def _comparisons(actor: Actor, today: date) -> Iterator[Thing]:
    if not actor.can("cases.answer"):
        return
    for asked in case_queries.waiting_requests(actor)[:MOST]:
        yield Thing(
            str(asked.case.household),
            asked.case.village.name,
            "答复数据比对",
            reverse("cases:request", args=[asked.pk]),
            timing(asked.due_on, today),
        )


def _measures(actor: Actor, today: date) -> Iterator[Thing]:
    """A department's measures: to be answered first, then to be done by their day."""
    if not actor.can("support.answer"):
        return
    rows = Measure.objects.of_department(actor).filter(state__in=TO_DO)
    rows = rows.select_related("household", "village")
    for measure in rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST]:
        yield Thing(
            str(measure.household),
            measure.village.name,
            f"{'答复' if measure.state == 'assigned' else '落实'}“{measure.title}”",
            reverse("support:measure", args=[measure.pk]),
            timing(measure.due_on, today),
        )


def _visits(actor: Actor, today: date) -> Iterator[Thing]:
    """Households whose visit is late, for who goes there; a desk has its list of the gaps."""
    if not actor.can("support.visit") or actor.can("support.assign"):
        return
    bounds = helped.cutoffs(today)
    late = helped.by_visit(helped.helped(actor, "support.visit"), helped.LATE, today)
    rows = helped.with_help(late).select_related("household", "village")
    for case in rows.order_by(F("last_visit").asc(nulls_first=True), "pk")[:MOST]:
        yield Thing(
            str(case.household),
            case.village.name,
            "走访帮扶户",
            reverse("support:household", args=[case.household.household_no]),
            timing(helped.visit_due(case, bounds), today),
        )


def _sweep(actor: Actor, today: date) -> Iterator[Thing]:
    """Households of a running sweep that are assigned to this person."""
    if actor.account_id is None or not actor.can("campaigns.check"):
        return
    rows = SweepItem.objects.visible_to(actor).waiting()
    rows = rows.filter(checker=actor.account_id, sweep__state="running")
    for item in rows.select_related("sweep", "household", "village")[:MOST]:
        yield Thing(
            str(item.household),
            item.village.name,
            item.sweep.title,
            reverse("campaigns:item", args=[item.sweep_id, item.pk]),
            timing(item.sweep.ends_on, today),
        )


def _calls(actor: Actor, today: date) -> Iterator[Thing]:
    rows = Call.objects.waiting_for(actor).select_related("division").order_by("due_on", "pk")
    for call in rows[:MOST]:
        url, due = reverse("calls:call", args=[call.pk]), timing(call.due_on, today)
        yield Thing(call.title, call.division.name, "吹哨报到", url, due)


def _consultations(actor: Actor, today: date) -> Iterator[Thing]:
    """Drafts to answer for one's unit, to close, to study, to publish."""
    for found in consultation_queries.waiting_for(actor).order_by("closes_on", "pk")[:MOST]:
        is_taking = found.is_taking
        todo = "反馈意见" if is_taking else "研究意见" if found.state == "sorting" else "结束征集"
        due = timing(found.closes_on, today) if is_taking else None
        yield Thing(found.title, found.drafter, todo, found.get_absolute_url(), due)


def _places(actor: Actor, today: date) -> Iterator[Thing]:
    """Roads, damage and medical gaps to check, to sign off, to look at again, to put right."""
    rows = PlaceProblem.objects.waiting_for(actor).select_related("division")
    for problem in rows.order_by("due_on", "pk")[:MOST]:
        # who goes and looks again at what is signed off has no day of its own for it
        is_sample = problem.state == "signed"
        due = None if is_sample else timing(problem.due_on, today)
        todo = "抽查复核" if is_sample else place_table().state(problem.state).label
        yield Thing(problem.name, problem.division.name, todo, problem.get_absolute_url(), due)


def _alerts(actor: Actor, today: date) -> Iterator[Thing]:
    for alert in place_queries.unanswered(actor).order_by("issued_at")[:MOST]:
        due = timing(timezone.localtime(alert.acknowledge_by).date(), today)
        yield Thing(alert.title, alert.issuer, "签收预警", alert.get_absolute_url(), due)


def _tasks(actor: Actor, today: date) -> Iterator[Thing]:
    if not actor.can("workplans.view"):
        return
    asked = waiting_for(actor, today)
    for notice in asked.notices[:MOST]:
        task, due = notice.task, timing(today + timedelta(days=notice.days), today)
        todo = "提请督办" if notice.is_escalated else "报送进展"
        yield Thing(task.title, task.number, todo, reverse("workplans:task", args=[task.pk]), due)
    for report in asked.reports[:MOST]:
        url = reverse("workplans:task", args=[report.task_id])
        yield Thing(report.task.title, report.task.number, "审核进展", url, None)
    for report in asked.returned[:MOST]:
        url = reverse("workplans:task", args=[report.task_id])
        yield Thing(report.task.title, report.task.number, "退回重报", url, None)
    for request in asked.requests[:MOST]:
        url = reverse("workplans:task", args=[request.task_id])
        yield Thing(request.task.title, request.task.number, "答复申请", url, None)


def _reports(actor: Actor, today: date) -> Iterator[Thing]:
    for due in to_report(actor)[:MOST]:
        yield Thing(
            due.definition.name,
            due.division.name,
            f"报送 {due.period.label}",
            reverse("indicators:mine"),
            timing(due.due_on, today),
        )


def _problems(actor: Actor, today: date) -> Iterator[Thing]:
    rows = inspection_queries.waiting_for(actor).select_related("division")
    for problem in rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST]:
        yield Thing(
            problem.text,
            problem.division.name,
            _next_step(actor, problem.state) or problem.state_label,
            problem.get_absolute_url(),
            timing(problem.due_on, today),
        )


def _next_step(actor: Actor, state: str) -> str:
    """What this person does with a problem in a state, in the word of its button."""
    steps = problem_table().from_state(state)
    return next((row.label for row in steps if not row.is_back and actor.can(row.right)), "")


Source = Callable[[Actor, date], Iterator[Thing]]
SOURCES: tuple[Source, ...] = (
    _cases, _comparisons, _measures, _visits, _sweep, _calls, _places, _alerts, _tasks, _reports,
    _problems, _consultations,
)  # fmt: skip
