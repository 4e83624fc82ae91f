"""发放登记: money that really went to a household for a measure."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed

from ..catalogue import catalogue
from ..models import Measure, Payment
from ..states import PaymentOrigin
from .working import is_own_work
from .writing import audited, locked, money, not_future, text

PAYABLE = ("accepted", "under_way", "done")


def may_pay(actor: Actor, measure: Measure) -> bool:
    return actor.can_at("support.pay", measure.village.path) or is_own_work(actor, measure)


def record_payment(
    actor: Actor,
    measure: Measure,
    *,
    amount: Decimal,
    paid_on: date,
    channel: str = "",
    note: str = "",
) -> Payment:
    """Note one payment; the department that carries the measure or the county does."""
    with transaction.atomic():
        current = locked(actor, measure.pk)
        if not may_pay(actor, current):
            raise NotAllowed("只有办理这项措施的部门和县级业务员可以登记发放。")
        item = catalogue().item(current.item)
        if item is not None and item.register == "loans":
            raise DomainError("贷款不是发放，请登记到小额信贷台账。", code="loan")
        if current.state not in PAYABLE:
            raise DomainError("措施还没有接收，不能登记发放。", code="state")
        made = Payment.objects.create(
            household=current.household,
            member=current.member,
            measure=current,
            title=current.title,
            amount=money(amount, "发放金额"),
            paid_on=not_future(paid_on, "发放日期"),
            channel=text(channel, "发放方式", 40),
            note=text(note, "备注", 200),
            origin=PaymentOrigin.DESK,
            recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )
        audited(actor, "payment.recorded", current.household, f"{current.title}发放 {amount} 元")
    return made


def cancel_payment(actor: Actor, payment: Payment, *, reason: str) -> Payment:
    """A payment noted by mistake stays in the record, crossed out, with the reason."""
    if payment.measure is None:
        raise DomainError("救助基金的发放不能在这里作废，请联系县级业务员核对。", code="origin")
    with transaction.atomic():
        current = locked(actor, payment.measure.pk)
        if not may_pay(actor, current):
            raise NotAllowed("只有办理这项措施的部门和县级业务员可以作废发放登记。")
        reason = text(reason, "作废原因", 200, required=True)
        changed = Payment.objects.filter(pk=payment.pk, cancelled_at=None).update(
            cancelled_at=clock.now(), cancel_reason=reason
        )
        if not changed:
            raise Conflict("这笔发放已经作废，请刷新页面。")
        audited(
            actor, "payment.cancelled", current.household, f"作废发放 {payment.amount} 元：{reason}"
        )
    payment.refresh_from_db()
    return payment
