"""这一户的经过: what help adds to a household's timeline."""

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Event
from shouwang.registry.models import Household

from .models import Measure, Pairing, Visit

MOST_VISITS = 6


def help_events(actor: Actor, household: Household) -> list[Event]:
    """When help began and ended, who stands beside the household, the newest visits."""
    if not actor.can_at("support.view", household.village.path):
        return []
    events = []
    for measure in Measure.objects.filter(household=household, starts_on__isnull=False):
        url = reverse("support:measure", args=[measure.pk])
        assert measure.starts_on is not None
        events.append(Event(measure.starts_on, f"开始帮扶：{measure.title}", tone="going", url=url))
        if measure.ended_on:
            events.append(
                Event(
                    measure.ended_on,
                    f"{measure.state_label}：{measure.title}",
                    tone="done",
                    url=url,
                )
            )
    for pairing in Pairing.objects.filter(household=household):
        events.append(
            Event(pairing.valid_from, f"结对：{pairing.name}", pairing.unit, tone="going")
        )
    for visit in Visit.objects.filter(household=household)[:MOST_VISITS]:
        failing = f"不合格 {visit.failing} 项" if visit.failing else ""
        tone = "near" if visit.failing else "done"
        words = f"{visit.get_way_display()}走访"
        events.append(Event(visit.visited_on, words, visit.visitors, failing, tone))
    return events
