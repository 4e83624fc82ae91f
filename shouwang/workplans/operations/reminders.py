"""提醒的生成和阅知: every day what is due is told once; who is told says that he has seen it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require, system_actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.documents import personal

from .. import stages, waiting
from ..models import Reminder, ReminderSeen, Task
from ..querysets import OPEN
from ..states import ReminderKind


def remind(day: date) -> str:
    """Tell what is due soon, late, or late for so long that it goes up; nothing is told twice."""
    due = Task.objects.filter(stages.called(day), state__in=OPEN, parts=None)
    notices = waiting.notices_of(list(due.select_related("parent", "division")), day)
    made = [_reminder(notice, day) for notice in notices if notice.reminder is None]
    with transaction.atomic():
        Reminder.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
        counts = Counter(one.kind for one in made)
        words = "，".join(
            f"{label} {counts[kind]} 项" for kind, label in ReminderKind.choices if counts[kind]
        )
        if words:
            audit(
                system_actor("定时任务"), "workplans.reminded",
                target_type="workplans.reminders", target_id=f"{day:%Y-%m-%d}",
                summary=f"任务提醒：{words}",
            )  # fmt: skip
    return f"{words}。" if words else "没有新的提醒。"


def _reminder(notice: "waiting.Notice", day: date) -> Reminder:
    return Reminder(
        task=notice.task, kind=notice.kind, ends_on=day + timedelta(days=notice.days), made_on=day,
        leader=notice.leader[:120],
    )  # fmt: skip


def acknowledge(actor: Actor, reminders: Sequence[Reminder], words: str = "") -> int:
    """已阅: by a person for whom the tasks wait; to say more a second time replaces the words."""
    require(actor, "workplans.view")
    if actor.account_id is None:
        raise NotAllowed("阅知要由登录的人进行。")
    if not reminders:
        raise DomainError("请至少选择一条提醒。", code="chosen")
    said = words.strip()[:300]
    personal.refuse([("意见", said)])
    keys = [one.task_id for one in reminders]
    mine = waiting.due_tasks(actor, clock.today()).filter(pk__in=keys)
    if mine.values("pk").distinct().count() != len(set(keys)):
        raise NotAllowed("有的任务不归您办理或督办，或已经办结，请刷新页面。")
    with transaction.atomic():
        for one in reminders:
            given = {"label": actor.label[:120], "seen_at": clock.now()}
            if said:
                given["words"] = said
            ReminderSeen.objects.update_or_create(
                reminder=one, account_id=actor.account_id, defaults=given
            )
            _audit(actor, one, said)
    return len(reminders)


def _audit(actor: Actor, reminder: Reminder, words: str) -> None:
    task = reminder.task
    audit(
        actor,
        "workplans.reminder.seen",
        target_type="workplans.task",
        target_id=str(task.pk),
        division_path=task.division.path,
        summary=f"阅知{reminder.get_kind_display()}：{task.number}{'，' + words if words else ''}"[
            :200
        ],
    )
