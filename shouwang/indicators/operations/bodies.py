"""主体名录的登记: bodies, their recognitions and the end of both."""

from datetime import date

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import NamedBody, Recognition
from ..states import BodyKind, Rung


def register_body(
    actor: Actor,
    division: Division,
    *,
    kind: str,
    name: str,
    industry: str = "",
    since: date | None = None,
    note: str = "",
) -> NamedBody:
    """Put a platform, park, small town or operator into the register; once a place."""
    require_here(actor, "indicators.manage", division.path)
    if kind not in BodyKind.values or not name.strip():
        raise DomainError("请选择种类并填写名称。", code="kind")
    if since is not None and since > clock.today():
        raise DomainError("建成或登记日期不能晚于今天。", code="since")
    try:
        with transaction.atomic():
            made = NamedBody.objects.create(
                kind=kind, name=name.strip()[:120], division=division, since=since,
                industry=industry.strip()[:60], note=note.strip()[:200], made_at=clock.now(),
                made_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, made, "registered", f"登记{made.get_kind_display()}：{made.name}")
    except IntegrityError as error:
        raise Conflict("名录里已有这一家，请打开原来那条。") from error
    return made


def recognise(
    actor: Actor, body: NamedBody, *, rung: str, title: str, recognised_on: date, number: str = ""
) -> Recognition:
    """登记认定: a step of the ladder with its date."""
    require_here(actor, "indicators.manage", body.division.path)
    if rung not in Rung.values or not title.strip():
        raise DomainError("请选择级别并填写认定名称。", code="rung")
    if recognised_on > clock.today():
        raise DomainError("认定日期不能晚于今天。", code="recognised_on")
    try:
        with transaction.atomic():
            made = Recognition.objects.create(
                body=body, rung=rung, title=title.strip()[:120], recognised_on=recognised_on,
                number=number.strip()[:80], made_at=clock.now(), made_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, body, "recognised", f"{body.name}获{made}")
    except IntegrityError as error:
        raise Conflict("这次认定已经登记过。") from error
    return made


def end_recognition(actor: Actor, found: Recognition, *, on: date) -> Recognition:
    """取消认定: from the day on it does not count any more."""
    require_here(actor, "indicators.manage", found.body.division.path)
    if not found.recognised_on <= on <= clock.today():
        raise DomainError("取消日期应在认定日期和今天之间。", code="on")
    with transaction.atomic():
        taken = Recognition.objects.filter(pk=found.pk, ended_on=None)
        if not taken.update(ended_on=on):
            raise Conflict("这次认定已经取消。")
        _audit(actor, found.body, "recognition_ended", f"{found.body.name}的{found}取消")
    found.refresh_from_db()
    return found


def end_body(actor: Actor, body: NamedBody, *, on: date) -> NamedBody:
    """登记退出: closed, merged or moved away; from the day on neither it nor its rungs count."""
    require_here(actor, "indicators.manage", body.division.path)
    if not (body.since or date.min) <= on <= clock.today():
        raise DomainError("退出日期应在建成或登记日期和今天之间。", code="on")
    with transaction.atomic():
        if not NamedBody.objects.filter(pk=body.pk, ended_on=None).update(ended_on=on):
            raise Conflict("这一家已经登记退出。")
        _audit(actor, body, "ended", f"{body.name}退出名录")
    body.refresh_from_db()
    return body


def _audit(actor: Actor, body: NamedBody, action: str, summary: str) -> None:
    audit(
        actor, f"indicators.body.{action}", target_type="indicators.body", target_id=str(body.pk),
        division_path=body.division.path, summary=summary,
    )  # fmt: skip
