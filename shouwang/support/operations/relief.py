"""救助基金: applied for, reviewed by the town, approved by the county, paid; each by another."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.lifecycle import Check, Offer
from shouwang.core.masking import mask_text
from shouwang.registry.models import Household, Member
from shouwang.screening.states import Risk

from ..facts import open_case
from ..models import Payment, ReliefApplication, ReliefStep
from ..states import PaymentOrigin, relief_table
from .writing import audited, money, not_future, own_member, reach, same_version, save, text

FUND = "防返贫致贫专项救助保障基金"


def apply_relief(
    actor: Actor,
    household: Household,
    *,
    risk: str,
    reason: str,
    asked: Decimal,
    applied_on: date,
    member: Member | None = None,
) -> ReliefApplication:
    """Note what a household applies for."""
    reach(actor, household, "support.plan")
    if risk not in Risk.values:
        raise DomainError("请选择申请原因。", code="risk")
    own_member(household, member)
    with transaction.atomic():
        made = ReliefApplication.objects.create(
            household=household, member=member, case=open_case(household), risk=risk,
            reason=mask_text(text(reason, "申请理由", 500, required=True)),
            asked=money(asked, "申请金额"), applied_on=not_future(applied_on, "申请日期"),
            applied_by_id=actor.account_id, recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )  # fmt: skip
        _trace(actor, made, "提出申请", "")
    return made


def _amount_decided(application: ReliefApplication) -> str | None:
    return None if application.granted is not None else "请填写核定金额。"


CHECKS: Mapping[str, Callable[[Actor], Check]] = {
    "not_own_application": lambda actor: lambda one: _own(actor, one.applied_by_id, "申请"),
    "not_own_review": lambda actor: lambda one: _own(actor, one.reviewed_by_id, "审核"),
    "amount_decided": lambda actor: _amount_decided,
}


def _own(actor: Actor, account: int | None, what: str) -> str | None:
    """Nobody decides what he himself applied for or reviewed; the system's own steps are free."""
    if account is not None and account == actor.account_id:
        return f"{what}由您本人办理，下一步须由他人办理。"
    return None


def _checks(actor: Actor) -> dict[str, Check]:
    return {name: make(actor) for name, make in CHECKS.items()}


def relief_offers(actor: Actor, application: ReliefApplication) -> list[Offer]:
    """Steps as buttons; the amount is asked for in the form, so it does not grey the button."""
    checks = _checks(actor) | {"amount_decided": lambda one: None}
    path = application.household.village.path
    return relief_table().offers(actor, application, application.state, path, checks)


def take_relief_step(
    actor: Actor, application: ReliefApplication, action: str, *, version: int, **given: Any
) -> ReliefApplication:
    """`given`: note, reason, date (of the payment), granted (the sum that is decided), channel."""
    with transaction.atomic():
        current: ReliefApplication | None = (
            ReliefApplication.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("household__village", "member")
            .filter(pk=application.pk)
            .first()
        )
        if current is None:
            raise NotFound
        same_version(current, version)
        if action in {"review", "approve"} and given.get("granted") is not None:
            current.granted = _granted(current, given["granted"])
        row = relief_table().take(
            actor, current, current.state, action, current.household.village.path,
            _checks(actor), given,
        )  # fmt: skip
        if action == "review":
            current.reviewed_by_id = actor.account_id
        if action == "pay":
            current.payment = _pay(actor, current, given)
        current.state = row.to
        save(current, "state", "granted", "reviewed_by", "payment")
        note = str(given.get("reason") or given.get("note") or "")
        _trace(actor, current, row.label, text(note, "意见", 500))
    return current


def _granted(application: ReliefApplication, amount: Decimal) -> Decimal:
    if amount > application.asked:
        raise DomainError("核定金额不能超过申请金额。", code="granted")
    return money(amount, "核定金额")


def _pay(actor: Actor, application: ReliefApplication, given: Mapping[str, Any]) -> Payment:
    paid_on = not_future(given["date"], "发放日期")
    if paid_on < application.applied_on:
        raise DomainError("发放日期不能早于申请日期。", code="date")
    return Payment.objects.create(
        household=application.household, member=application.member, title=FUND[:60],
        amount=application.granted or Decimal(0), paid_on=paid_on,
        channel=text(str(given.get("channel") or ""), "发放方式", 40),
        origin=PaymentOrigin.RELIEF, recorded_at=clock.now(), recorded_by_label=actor.label[:120],
    )  # fmt: skip


def _trace(actor: Actor, application: ReliefApplication, label: str, note: str) -> None:
    ReliefStep.objects.create(
        application=application, label=label, to_state=application.state, at=clock.now(),
        actor_label=actor.label[:120], note=note,
    )  # fmt: skip
    audited(actor, "relief.step", application.household, f"救助基金：{label}")
