"""预警公告的发布: issue, acknowledge, lift or withdraw."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from ..alert_levels import alert_book
from ..models import Alert, AlertVillage
from ..states import AlertEnd
from .places import clean
from .water import audited

LONGEST = timedelta(days=60)


def issue_alert(
    actor: Actor,
    areas: Sequence[Division],
    *,
    kind: str,
    level: str,
    title: str,
    text: str,
    issuer: str,
    valid_from: datetime,
    valid_to: datetime,
) -> Alert:
    """Announce a warning to every village that now lies in the areas."""
    if not areas:
        raise DomainError("请选择预警范围。", code="areas")
    for area in areas:
        require(actor, "localities.alerts", area.path)
    if kind not in alert_book().kinds or level not in alert_book().levels:
        raise DomainError("请从列表中选择种类和级别。", code="level")
    for key, words, label in (("title", title, "标题"), ("text", text, "内容和防御要求"),
                              ("issuer", issuer, "发布单位")):  # fmt: skip
        if not clean(words):
            raise DomainError(f"请填写{label}。", code=key)
    if valid_to <= valid_from:
        raise DomainError("失效时间应晚于生效时间。", code="valid_to")
    if valid_to <= clock.now():
        raise DomainError("失效时间已经过去，请核对。", code="valid_to")
    if valid_to - valid_from > LONGEST:
        raise DomainError("一次预警最长 60 天，更久的请另行发布。", code="valid_to")
    same = Alert.objects.filter(
        kind=kind, level=level, title=clean(title, 80), valid_to=valid_to, end=""
    )
    if same.filter(areas__in=areas).exists():
        raise Conflict("同样的预警已经发布到这里，请在预警公告里查看。")
    with transaction.atomic():
        made: Alert = Alert.objects.create(
            kind=kind, level=level, title=clean(title, 80), text=clean(text),
            issuer=clean(issuer, 60), valid_from=valid_from, valid_to=valid_to,
            issued_at=clock.now(), issued_by_label=actor.label[:120],
        )  # fmt: skip
        made.areas.set(areas)
        _address(made, areas)
        for area in areas:
            audited(actor, "alert.issued", area, f"发布预警：{made.title}")
    return made


def _address(alert: Alert, areas: Sequence[Division]) -> None:
    keys: set[int] = set()
    for area in areas:
        inside = Division.objects.filter(
            path__startswith=area.path, level=Level.VILLAGE, valid_to=None
        )
        keys.update(inside.values_list("pk", flat=True))
    if not keys:
        raise DomainError("这个范围里没有行政村。", code="areas")
    AlertVillage.objects.bulk_create(
        [AlertVillage(alert=alert, village_id=key) for key in sorted(keys)], batch_size=500
    )


def acknowledge(actor: Actor, row: AlertVillage, *, note: str = "") -> AlertVillage:
    """A village has seen the alert; the first who says so stands on the list."""
    require(actor, "localities.acknowledge", row.village.path)
    if not row.alert.is_open:
        raise Conflict(f"这个预警{row.alert.state_label}，不再签收。")
    with transaction.atomic():
        found = AlertVillage.objects.filter(pk=row.pk, acknowledged_at=None)
        values = {"by_label": actor.label[:120], "note": clean(note, 200)}
        if not found.update(acknowledged_at=clock.now(), **values):
            row.refresh_from_db()
            raise Conflict(f"{row.by_label}已经签收。")
        audited(actor, "alert.acknowledged", row.village, f"签收预警：{row.alert.title}")
    row.refresh_from_db()
    return row


def end_alert(actor: Actor, alert: Alert, *, end: str, reason: str) -> Alert:
    """Lift an alert whose danger is over, or withdraw one that was wrong."""
    for area in alert.areas.all():
        require(actor, "localities.alerts", area.path)
    if end not in AlertEnd.values:
        raise DomainError("请选择解除或撤回。", code="end")
    if not clean(reason):
        raise DomainError("请写明理由。", code="reason")
    with transaction.atomic():
        found = Alert.objects.filter(pk=alert.pk, end="", valid_to__gte=clock.now())
        changed = found.update(
            end=end, end_reason=clean(reason, 200), ended_at=clock.now(),
            ended_by_label=actor.label[:120],
        )  # fmt: skip
        alert.refresh_from_db()
        if not changed:
            who = f"{alert.ended_by_label}，" if alert.end else ""
            raise Conflict(f"这个预警{alert.state_label}（{who}不能再办理）。")
        for area in alert.areas.all():
            audited(actor, "alert.ended", area, f"{alert.state_label}：{alert.title}")
    return alert
