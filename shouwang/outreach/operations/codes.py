"""自主申报码的管理: make, renew, withdraw."""

import uuid

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.choices import villages_with
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.documents.personal import found_in

from ..models import ReportCode


def plain_token() -> uuid.UUID:
    """A token in which no reader can see a phone or account number where there is none."""
    while True:
        token = uuid.uuid4()
        if not found_in(str(token)):
            return token


def _make(actor: Actor, village: Division) -> ReportCode:
    made = ReportCode.objects.create(
        village=village, token=plain_token(), made_at=clock.now(), made_by_label=actor.label[:120]
    )
    _audited(actor, village, "made", f"生成{village.name}自主申报码")
    return made


def _audited(actor: Actor, village: Division, action: str, summary: str) -> None:
    record(
        actor,
        f"outreach.code.{action}",
        target_type="divisions.division",
        target_id=village.code,
        division_path=village.path,
        summary=summary,
    )


def make_codes(actor: Actor) -> int:
    """One code for every village in force of the actor's places that has none; how many."""
    require(actor, "outreach.codes")
    with transaction.atomic():
        bare = villages_with(actor, "outreach.codes").filter(valid_to=None)
        bare = bare.exclude(pk__in=ReportCode.objects.filter(withdrawn_at=None).values("village"))
        villages = list(bare.order_by("code"))
        for village in villages:
            _make(actor, village)
    return len(villages)


def renew_code(actor: Actor, village: Division, *, reason: str) -> ReportCode:
    """A new code for the village; the old one stops at once."""
    require(actor, "outreach.codes", village.path)
    if village.level != Level.VILLAGE:
        raise DomainError("自主申报码只能为村生成。", code="village")
    with transaction.atomic():
        current = _in_force(village)
        if current is not None:
            _withdraw(actor, current, reason)
        return _make(actor, village)


def withdraw_code(actor: Actor, village: Division, *, reason: str) -> ReportCode:
    """Stop the code of a village; its page says so and takes nothing more."""
    require(actor, "outreach.codes", village.path)
    with transaction.atomic():
        current = _in_force(village)
        if current is None:
            raise Conflict("这个村现在没有在用的申报码。")
        return _withdraw(actor, current, reason)


def _in_force(village: Division) -> ReportCode | None:
    found: ReportCode | None = (
        ReportCode.objects.select_for_update().filter(village=village, withdrawn_at=None).first()
    )
    return found


def _withdraw(actor: Actor, code: ReportCode, reason: str) -> ReportCode:
    words = reason.strip()
    if not words:
        raise DomainError("请写明停用或更换的原因。", code="reason")
    code.withdrawn_at, code.withdrawn_by_label = clock.now(), actor.label[:120]
    code.withdraw_reason = words[:200]
    code.save(update_fields=["withdrawn_at", "withdrawn_by_label", "withdraw_reason"])
    _audited(actor, code.village, "withdrawn", f"停用{code.village.name}自主申报码：{words[:100]}")
    return code
