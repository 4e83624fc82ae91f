"""这一户的经过: what casework adds to a household's timeline, its present state among it."""

from django.urls import NoReverseMatch, reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Event
from shouwang.registry.models import Household

from .models import Case, CaseStep, RegisteredClue

MOST = 30


def case_events(actor: Actor, household: Household) -> list[Event]:
    """Clues as they came in, and every step that moved a case; the newest says how it stands."""
    if not actor.can("cases.view"):
        return []
    clues = RegisteredClue.objects.visible_to(actor).filter(household=household)
    events = [
        Event(clue.received_on, f"登记线索：{clue.get_channel_display()}",
              clue.registered_by_label, "、".join(clue.risk_labels), "near",
              _url("cases:clue", str(clue.uuid)))
        for clue in clues[:MOST]
    ]  # fmt: skip
    cases = Case.objects.visible_to(actor).filter(household=household)
    for case in cases.order_by("-round"):
        events += _of_case(case)
    return events


def _of_case(case: Case) -> list[Event]:
    url = _url("cases:case", case.number)
    steps = case.steps.select_related("case").order_by("-pk")
    moved = [step for step in steps if step.from_state != step.to_state][:MOST]
    events = [
        Event(step.at, step.label, step.actor_label, step.reason or step.note, _tone(step), url)
        for step in moved
    ]
    if moved:
        last = moved[0]
        now = f"第 {case.round} 轮个案：{case.state_label}"
        events[0] = Event(
            last.at, f"{last.label} → {case.state_label}", last.actor_label,
            "；".join(filter(None, (now, case.class_label, last.reason or last.note))),
            case.state_tone, url,
        )  # fmt: skip
    return events


def _tone(step: CaseStep) -> str:
    return "late" if step.was_late else "near" if step.is_back else "going"


def _url(name: str, *arguments: str) -> str:
    """The page of the record; nothing where the pages of casework are not installed."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
