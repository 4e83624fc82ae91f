"""安排结对: who is responsible for a household; changes keep their history."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from shouwang.accounts.models import Account
from shouwang.audit.operations import record
from shouwang.cases.models import Case
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..facts import open_case
from ..models import Duty, Pairing
from ..secrets import PHONE
from ..states import DutyKind
from .writing import audited, reach, text

_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")


def pair(
    actor: Actor,
    household: Household,
    *,
    name: str,
    unit: str = "",
    post: str = "",
    phone: str = "",
    account: Account | None = None,
    valid_from: date | None = None,
    is_main: bool = True,
    reason: str = "",
    source_name: str = "",
) -> Pairing:
    """Pair a cadre with a household; a main contact takes over from the one before him."""
    reach(actor, household, "support.pair")
    day = valid_from or clock.today()
    if day > clock.today():
        raise DomainError("结对日期不能晚于今天。", code="date")
    name = text(name, "联系人姓名", 40, required=True)
    sealed = sealed_phone(phone)
    with transaction.atomic():
        standing = Pairing.objects.select_for_update().filter(household=household, valid_to=None)
        known = standing.filter(name=name).first()
        if known is not None and known.is_main == is_main:
            raise Conflict(f"{name}已经是这一户的帮扶联系人。")
        before = standing.filter(is_main=True).first() if is_main else None
        if before is not None:
            _end(before, day, reason or "变更联系人")
        made = Pairing.objects.create(
            household=household, name=name, unit=text(unit, "单位", 80),
            post=text(post, "职务", 60), phone_enc=sealed, account=account, is_main=is_main,
            valid_from=day, source_name=source_name[:200], created_at=clock.now(),
            created_by_label=actor.label[:120],
        )  # fmt: skip
        audited(
            actor, "pairing.made", household, f"结对：{name}",
            changes={"contact": [before.name if before else None, name]},
        )  # fmt: skip
    return made


def sealed_phone(phone: str) -> bytes | None:
    """The number sealed; refused where it is none, so that no card carries nonsense."""
    number = phone.strip().replace(" ", "")
    if not number:
        return None
    if not _PHONE.fullmatch(number):
        raise DomainError("电话应是 11 位手机号或带区号的座机，请核对。", code="phone")
    return crypto.provider().encrypt(number, PHONE)


def phone_of(pairing: Pairing) -> str:
    """The contact's number, for the household's own card."""
    if pairing.phone_enc is None:
        return ""
    return crypto.provider().decrypt(bytes(pairing.phone_enc), PHONE)


def _end(pairing: Pairing, day: date, reason: str) -> None:
    """The last day is the one before the next contact begins."""
    last = day - timedelta(days=1)
    if last < pairing.valid_from:
        last = pairing.valid_from
    pairing.valid_to, pairing.end_reason = last, reason[:200]
    pairing.save(update_fields=["valid_to", "end_reason"])


def end_pairing(actor: Actor, pairing: Pairing, *, reason: str, on: date | None = None) -> Pairing:
    """End a pairing without a successor: not while a risk is open (责任不脱钩)."""
    household = pairing.household
    reach(actor, household, "support.pair")
    day = on or clock.today()
    reason = text(reason, "变更原因", 200, required=True)
    with transaction.atomic():
        standing = Pairing.objects.select_for_update().filter(valid_to=None)
        current: Pairing | None = standing.filter(pk=pairing.pk).first()
        if current is None:
            raise Conflict("这条结对已经结束，请刷新页面。")
        case = open_case(household)
        others = Pairing.objects.filter(household=household, valid_to=None).exclude(pk=current.pk)
        if case is not None and case.may_get_help and not others.filter(is_main=True).exists():
            raise DomainError(
                "风险没有消除，不能没有帮扶联系人。请直接登记新的联系人，原联系人会自动结束。",
                code="risk_open",
            )
        if day < current.valid_from or day > clock.today():
            raise DomainError("结束日期应在结对日期和今天之间。", code="date")
        current.valid_to, current.end_reason = day, reason
        current.save(update_fields=["valid_to", "end_reason"])
        audited(actor, "pairing.ended", household, f"结束结对：{current.name}，{reason}")
    return current


def set_duty(
    actor: Actor,
    division: Division,
    *,
    kind: str,
    name: str,
    unit: str = "",
    valid_from: date | None = None,
) -> Duty:
    """Name who stands for a village, town or county; the one before him of the same kind ends."""
    require(actor, "support.pair", division.path)
    if kind not in DutyKind.values:
        raise DomainError("没有这种责任，请从列表中选择。", code="kind")
    day = valid_from or clock.today()
    name = text(name, "责任人或单位", 80, required=True)
    with transaction.atomic():
        standing = Duty.objects.select_for_update().filter(
            division=division, kind=kind, valid_to=None
        )
        for before in standing:
            if before.name == name:
                raise Conflict(f"{name}已经登记在这里。")
            before.valid_to = max(day - timedelta(days=1), before.valid_from)
            before.save(update_fields=["valid_to"])
        made = Duty.objects.create(
            division=division, kind=kind, name=name, unit=text(unit, "单位职务", 80),
            valid_from=day, created_at=clock.now(), created_by_label=actor.label[:120],
        )  # fmt: skip
        record(
            actor, "support.duty.set", target_type="divisions.division", target_id=str(division.pk),
            division_path=division.path, summary=f"{made.get_kind_display()}：{name}",
        )  # fmt: skip
    return made


def end_duty(actor: Actor, duty: Duty) -> Duty:
    require(actor, "support.pair", duty.division.path)
    with transaction.atomic():
        changed = Duty.objects.filter(pk=duty.pk, valid_to=None).update(
            valid_to=max(clock.today(), duty.valid_from)
        )
        if not changed:
            raise Conflict("这条责任已经结束，请刷新页面。")
        record(
            actor, "support.duty.ended", target_type="divisions.division",
            target_id=str(duty.division_id), division_path=duty.division.path,
            summary=f"结束{duty.get_kind_display()}：{duty.name}",
        )  # fmt: skip
    duty.refresh_from_db()
    return duty


ADOPTED_COLUMNS = (
    "household", "name", "unit", "post", "is_main", "valid_from", "end_reason", "source_name",
    "created_at", "created_by_label",
)  # fmt: skip


def adopt_contacts(actor: Actor, cases: Iterable[Case]) -> int:
    """Take over the contact that the national register names for monitored households without
    one; returns how many."""
    require(actor, "support.pair")
    wanted = [case for case in cases if (case.household.contact_cadre or "").strip()]
    for case in wanted:
        require(actor, "support.pair", case.village.path)
    known = set(
        Pairing.objects.filter(
            household__in=[case.household_id for case in wanted], valid_to=None
        ).values_list("household_id", flat=True)
    )
    moment, today = clock.now(), clock.today()
    rows = [
        (
            case.household_id, str(case.household.contact_cadre).strip()[:40], "", "", True,
            case.identified_on or today, "", "国家系统", moment, actor.label[:120],
        )
        for case in wanted
        if case.household_id not in known
    ]  # fmt: skip
    with transaction.atomic():
        copy_rows(Pairing, ADOPTED_COLUMNS, rows)
        if rows:
            record(
                actor, "support.contacts.adopted", target_type="support.pairing",
                summary=f"接收国家系统已有的帮扶联系人 {len(rows)} 户",
            )  # fmt: skip
    return len(rows)
