"""提醒 (badges): what the left navigation shows beside the room: red lines, late values."""

from shouwang.core.actor import Actor

from .models import Alarm
from .queries import to_report


def alarm_badge(actor: Actor) -> int:
    """Broken red lines that nobody has handled, in one's own places."""
    return Alarm.objects.visible_to(actor).open().count() if actor.can("indicators.view") else 0


def report_badge(actor: Actor) -> int:
    """Values that I have to report for the period that has ended."""
    return len(to_report(actor))
