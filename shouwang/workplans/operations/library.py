"""专项行动、示范经验、重点项目和会议决定的登记."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division
from shouwang.documents import personal
from shouwang.meetings.models import Meeting

from ..models import Example, Initiative, KeyProject, ProjectVisit, Task
from ..neighbours import goal_choices
from .work import make_task

MOST_DECISIONS = 50


def add_initiative(actor: Actor, *, name: str, level: str, **details: Any) -> Initiative:
    """A name that tasks may carry as a tag."""
    require(actor, "workplans.manage")
    try:
        with transaction.atomic():
            made = Initiative.objects.create(name=name.strip(), level=level, **details)
            _audit(actor, "initiative.added", made.pk, "", f"登记专项行动：{made.name}")
    except IntegrityError as clash:
        raise Conflict("这个专项行动已经登记过。") from clash
    return made


def add_example(actor: Actor, *, title: str, division: Division, **details: Any) -> Example:
    """A demonstration site or a practice worth copying, without personal data."""
    require(actor, "workplans.plan", division.path)
    personal.refuse([("名称", title), ("做法和成效", str(details.get("text", "")))])
    with transaction.atomic():
        made = Example.objects.create(
            title=title.strip(), division=division, made_at=clock.now(),
            made_by_label=actor.label[:120], **details,
        )  # fmt: skip
        _audit(actor, "example.added", made.pk, division.path, f"登记示范经验：{made.title}")
    return made


def add_project(actor: Actor, *, name: str, division: Division, **details: Any) -> KeyProject:
    require(actor, "workplans.manage", division.path)
    begins, ends = details.get("begins_on"), details.get("ends_on")
    if begins and ends and ends < begins:
        raise DomainError("完工日期早于开工日期，请核对。", code="ends_on")
    with transaction.atomic():
        made = KeyProject.objects.create(
            name=name.strip(), division=division, made_at=clock.now(),
            made_by_label=actor.label[:120], **details,
        )  # fmt: skip
        _audit(actor, "project.added", made.pk, division.path, f"登记重点项目：{made.name}")
    return made


def visit_project(
    actor: Actor, project: KeyProject, *, kind: str, visited_on: date, percent: Decimal, text: str
) -> ProjectVisit:
    """What a meeting or a visit on site found; the newest one is the project's progress."""
    require(actor, "workplans.plan", project.division.path)
    if visited_on > clock.today():
        raise DomainError("日期在今天以后，请核对。", code="visited_on")
    with transaction.atomic():
        made = ProjectVisit.objects.create(
            project=project, kind=kind, visited_on=visited_on, percent=percent, text=text.strip(),
            recorded_at=clock.now(), recorded_by_label=actor.label[:120],
        )  # fmt: skip
        newest = project.visits.order_by("-visited_on", "-pk")[0]
        project.share, project.visited_on = newest.percent / 100, newest.visited_on
        project.save(update_fields=["share", "visited_on"])
        words = f"察看重点项目：{project.name}，进度 {percent}%"
        _audit(actor, "project.visited", project.pk, project.division.path, words)
    return made


def link_project(actor: Actor, project: KeyProject, codes: Sequence[str]) -> KeyProject:
    """Which goals (indicators, by code) a key project serves; only those that the actor sees."""
    require(actor, "workplans.manage", project.division.path)
    known = dict(goal_choices(actor))
    if unknown := [code for code in codes if code not in known]:
        raise DomainError(f"没有指标“{unknown[0][:40]}”，请从列表中选择。", code="goals")
    with transaction.atomic():
        project.goal_codes = list(dict.fromkeys(codes))
        project.save(update_fields=["goal_codes"])
        names = "、".join(known[code] for code in project.goal_codes) or "无"
        _audit(
            actor, "project.goals", project.pk, project.division.path,
            f"重点项目“{project.name}”服务的指标：{names}",
        )  # fmt: skip
    return project


def tasks_of_meeting(
    actor: Actor, meeting: Meeting, decisions: Sequence[dict[str, Any]]
) -> list[Task]:
    """会议决定成为任务: one a line, each leading back to the meeting; all or none."""
    require(actor, "workplans.manage", meeting.division.path)
    if meeting.voided_at is not None:
        raise Conflict("这次会议的记录已作废，不能生成任务。")
    if not decisions:
        raise DomainError("请至少写一条会议决定。", code="lines")
    if len(decisions) > MOST_DECISIONS:
        raise DomainError(f"一次最多 {MOST_DECISIONS} 条。", code="lines")
    last = meeting.tasks.count()
    with transaction.atomic():
        return [
            make_task(
                actor, number=f"会{meeting.pk}-{last + at}", division=meeting.division,
                meeting=meeting, **decision,
            )
            for at, decision in enumerate(decisions, 1)
        ]  # fmt: skip


def _audit(actor: Actor, action: str, key: int, path: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.{action}",
        target_type=f"workplans.{action.split('.')[0]}",
        target_id=str(key),
        division_path=path,
        summary=summary[:200],
    )
