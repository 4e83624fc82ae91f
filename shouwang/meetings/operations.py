"""Writes of the meetings room: record a meeting, void a wrong record."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from shouwang.accounts.models import Department
from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division

from .cadence import BODIES, KINDS
from .models import Meeting

OLDEST = timedelta(days=730)
"""A typing mistake in the year is likelier than a meeting that nobody recorded for two years."""


def record_meeting(
    actor: Actor,
    *,
    body: str,
    division: Division,
    kind: str,
    title: str,
    held_on: date,
    department: Department | None = None,
    **details: Any,
) -> Meeting:
    """Add a record; `details` are the optional fields of Meeting."""
    require(actor, "meetings.record", division.path)
    _check_body(actor, body, division, department)
    _check_day(held_on)
    if kind not in KINDS:
        raise DomainError("没有这种会议类别，请从列表中选择。", code="kind")
    if not title.strip():
        raise DomainError("请填写会议主题。", code="title")
    with transaction.atomic():
        made = Meeting.objects.create(
            body=body,
            division=division,
            department=department,
            kind=kind,
            title=title.strip(),
            held_on=held_on,
            recorded_at=clock.now(),
            recorded_by_id=actor.account_id,
            recorded_by_label=actor.label[:120],
            **details,
        )
        audit(
            actor,
            "meetings.meeting.recorded",
            target_type="meetings.meeting",
            target_id=str(made.pk),
            division_path=division.path,
            summary=f"登记{KINDS[kind]}：{made.body_name} {held_on:%Y-%m-%d}",
        )
    return made


def _check_body(actor: Actor, body: str, division: Division, department: Department | None) -> None:
    level = "county" if body == "department" else body
    if body not in BODIES or division.level != level:
        raise DomainError("召开单位与所选区划的级别不一致，请重新选择。", code="body")
    if (department is not None) != (body == "department"):
        raise DomainError("县直部门的会议请选择部门，其他单位不选部门。", code="department")
    own = {scope.department for scope in actor.scopes_with("meetings.record")}
    if None not in own and (department is None or department.name not in own):
        raise NotAllowed("您只能登记本部门的会议。")


def _check_day(held_on: date) -> None:
    today = clock.today()
    if held_on > today:
        raise DomainError("会议日期在今天以后。会议召开后再登记。", code="held_on")
    if held_on < today - OLDEST:
        raise DomainError("会议日期早于两年前，请核对年份。", code="held_on")


def void_meeting(actor: Actor, meeting: Meeting, *, reason: str, version: int) -> Meeting:
    """Mark a wrong record; it stays readable and is no longer counted."""
    require(actor, "meetings.record", meeting.division.path)
    if not reason.strip():
        raise DomainError("请写明作废的理由。", code="reason")
    with transaction.atomic():
        changed = Meeting.objects.filter(pk=meeting.pk, version=version, voided_at=None).update(
            voided_at=clock.now(),
            voided_by_label=actor.label[:120],
            void_reason=reason.strip(),
            version=version + 1,
        )
        if not changed:
            raise Conflict("这条记录刚被别人修改或作废，请刷新页面核对。")
        audit(
            actor,
            "meetings.meeting.voided",
            target_type="meetings.meeting",
            target_id=str(meeting.pk),
            division_path=meeting.division.path,
            summary=f"作废会议记录：{reason.strip()}",
        )
    meeting.refresh_from_db()
    return meeting
