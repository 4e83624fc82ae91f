"""会议页面上的按钮: decisions of a meeting become tasks (settings.SHOUWANG_MEETING_ACTIONS)."""

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Action
from shouwang.meetings.models import Meeting


def actions(actor: Actor, meeting: Meeting) -> list[Action]:
    if meeting.voided_at or not actor.can_at("workplans.manage", meeting.division.path):
        return []
    count = meeting.tasks.count()
    label = f"会议决定转任务（已有 {count} 项）" if count else "会议决定转任务"
    return [Action(label, reverse("workplans:decisions", args=[meeting.pk]), "list-check")]
