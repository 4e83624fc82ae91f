"""这一户的经过: what the rooms above the registry add to a household's timeline."""

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Event
from shouwang.registry.models import Household
from shouwang.screening.models import Clue


def clue_events(actor: Actor, household: Household) -> list[Event]:
    """When a risk was first seen, and when it was last seen if that was another date."""
    if not actor.can("screening.view"):
        return []
    events = []
    for clue in Clue.objects.visible_to(actor).filter(
        household=household, first_seen__isnull=False
    ):
        url = reverse("screening:clue", args=[clue.pk])
        risk = clue.get_risk_display()
        assert clue.first_seen is not None
        events.append(Event(clue.first_seen, f"筛查首次发现：{risk}", tone="late", url=url))
        if clue.last_seen and clue.last_seen != clue.first_seen:
            text = f"共 {clue.dates_seen} 期命中"
            events.append(
                Event(clue.last_seen, f"最近一次命中：{risk}", detail=text, tone="near", url=url)
            )
    return events
