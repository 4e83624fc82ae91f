"""领导调研的登记: who ought to go, and each visit."""

from datetime import date

from django.db import IntegrityError, transaction

from shouwang.accounts.models import Department
from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.divisions.models import Division

from ..models import LeaderDuty, ResearchVisit


def name_leader(
    actor: Actor,
    *,
    name: str,
    title: str,
    division: Division,
    valid_from: date,
    department: Department | None = None,
) -> LeaderDuty:
    """Put a leader on the list of those who ought to go."""
    require_here(actor, "inspections.manage", division.path)
    if not name.strip() or not title.strip():
        raise DomainError("请填写姓名和职务。", code="name")
    try:
        with transaction.atomic():
            made = LeaderDuty.objects.create(
                name=name.strip()[:60], title=title.strip()[:80], division=division,
                department=department, valid_from=valid_from,
            )  # fmt: skip
            _audit(actor, made, "named", f"列入应调研领导：{made.title}")
    except IntegrityError as error:
        raise Conflict("这位领导的这个职务已经在名单里。") from error
    return made


def end_duty(actor: Actor, leader: LeaderDuty, on: date) -> None:
    """Take a leader off the list from the day after."""
    require_here(actor, "inspections.manage", leader.division.path)
    if on < leader.valid_from:
        raise DomainError("截止日期早于起始日期，请核对。", code="valid_to")
    LeaderDuty.objects.filter(pk=leader.pk).update(valid_to=on)
    _audit(actor, leader, "ended", f"应调研领导到期：{leader.title}")


def record_research(
    actor: Actor, leader: LeaderDuty, *, place: Division, visited_on: date, topic: str,
    found: str = "",
) -> ResearchVisit:  # fmt: skip
    """登记调研; a department records those of its own leaders, a town those who came to it."""
    require(actor, "inspections.research")
    if not _may_record(actor, leader, place):
        raise NotFound
    if place.level not in ("town", "village") or not place.path.startswith(leader.division.path):
        raise DomainError("调研地点应是辖区内的乡镇或村。", code="place")
    if visited_on > clock.today():
        raise DomainError("调研日期在今天以后，请核对。", code="visited_on")
    if not topic.strip():
        raise DomainError("请填写调研主题。", code="topic")
    try:
        with transaction.atomic():
            made = ResearchVisit.objects.create(
                leader=leader, place=place, visited_on=visited_on, topic=topic.strip()[:120],
                found=found.strip()[:1000], recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, leader, "visited", f"登记调研：{place.name}")
    except IntegrityError as error:
        raise Conflict("这位领导当天到这里的调研已经登记过。") from error
    return made


def _may_record(actor: Actor, leader: LeaderDuty, place: Division) -> bool:
    for scope in actor.scopes_with("inspections.research"):
        own = leader.department and leader.department.name == scope.department
        if scope.department is not None:
            if own and scope.covers(leader.division.path):
                return True
        elif scope.covers(leader.division.path) or scope.covers(place.path):
            return True
    return False


def _audit(actor: Actor, leader: LeaderDuty, action: str, summary: str) -> None:
    audit(
        actor, f"inspections.research.{action}", target_type="inspections.leader",
        target_id=str(leader.pk), division_path=leader.division.path, summary=summary,
    )  # fmt: skip
