"""到户台账的登记: insurance, claims, subsidies, care; each row once."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household, Member

from ..item_lists import diseases, insurances, subsidies
from ..models import CareFlag, CollectivePolicy, InsuranceClaim, InsurancePolicy, Subsidy
from ..states import ClaimState
from .registers import _noted
from .writing import audited, money, not_future, reach, text

Source = Mapping[str, Any] | None


def _kept(
    actor: Actor, household: Household, what: str, make: Callable[[], Any], known: str
) -> Any:
    """Store one row and its audit entry; what stands there already is a conflict."""
    try:
        with transaction.atomic():
            made = make()
            audited(actor, "ledger.recorded", household, what)
    except IntegrityError:
        raise Conflict(known) from None
    return made


def record_policy(
    actor: Actor,
    household: Household,
    *,
    kind: str,
    insurer: str,
    sum_insured: Decimal,
    premium: Decimal,
    starts_on: date,
    ends_on: date,
    aid: Decimal | None = None,
    policy_no: str = "",
    subject: str = "",
    note: str = "",
    source: Source = None,
) -> InsurancePolicy:
    """Note a policy; what the state pays of the premium cannot be more than the premium."""
    reach(actor, household, "support.registers")
    if kind not in insurances():
        raise DomainError("没有这个险种，请从列表中选择。", code="kind")
    if ends_on <= starts_on:
        raise DomainError("到期日期应晚于起保日期。", code="ends_on")
    if premium < 0 or (aid is not None and not 0 <= aid <= premium):
        raise DomainError("保费补贴应在零和保费之间，请核对。", code="aid")
    number = text(policy_no, "保单号", 60)
    if (
        number
        and CollectivePolicy.objects.filter(insurer=insurer.strip(), policy_no=number).exists()
    ):
        raise DomainError(
            "这个保单号是集体保单，请把这一户列入集体保单的参保名单，不按户重复登记。",
            code="policy_no",
        )
    made: InsurancePolicy = _kept(
        actor, household, f"登记{insurances()[kind]}",
        lambda: InsurancePolicy.objects.create(
            household=household, kind=kind, insurer=text(insurer, "保险公司", 60, required=True),
            policy_no=number, subject=text(subject, "保险标的", 60),
            sum_insured=money(sum_insured, "保险金额"), premium=premium, aid=aid,
            starts_on=starts_on, ends_on=ends_on, note=text(note, "备注", 200),
            **_noted(actor, source),
        ),
        "同一户同一险种同一天起保的保单已经登记。",
    )  # fmt: skip
    return made


def record_claim(
    actor: Actor,
    policy: InsurancePolicy,
    *,
    happened_on: date,
    event: str,
    claimed: Decimal,
    state: str,
    paid: Decimal | None = None,
    paid_on: date | None = None,
    note: str = "",
    source: Source = None,
) -> InsuranceClaim:
    """Note a claim; the event lies in the time of the policy, and what was paid within its sum."""
    household = policy.household
    reach(actor, household, "support.registers")
    if state not in ClaimState.values:
        raise DomainError("请从列表中选择理赔状态。", code="state")
    if not policy.starts_on <= not_future(happened_on, "出险日期") <= policy.ends_on:
        raise DomainError("出险日期不在保险期间内，请核对保单。", code="happened_on")
    if (state == ClaimState.PAID) != (paid is not None and paid_on is not None):
        raise DomainError("已赔付的要填赔付金额和日期，没有赔付的不填。", code="paid")
    if paid is not None and not 0 < paid <= policy.sum_insured:
        raise DomainError("赔付金额应大于零，且不超过保险金额。", code="paid")
    if paid_on is not None and not_future(paid_on, "赔付日期") < happened_on:
        raise DomainError("赔付日期早于出险日期，请核对。", code="paid_on")
    made: InsuranceClaim = _kept(
        actor, household, "登记保险理赔",
        lambda: InsuranceClaim.objects.create(
            policy=policy, household=household, happened_on=happened_on,
            event=text(event, "出险原因", 100, required=True), claimed=money(claimed, "报损金额"),
            paid=paid, paid_on=paid_on, state=state, note=text(note, "备注", 200),
            **_noted(actor, source),
        ),
        "这张保单这一天的这次理赔已经登记。",
    )  # fmt: skip
    return made


def record_subsidy(
    actor: Actor,
    household: Household,
    *,
    item: str,
    year: int,
    amount: Decimal,
    paid_on: date,
    quantity: Decimal | None = None,
    note: str = "",
    source: Source = None,
) -> Subsidy:
    """Note one payment of a subsidy."""
    reach(actor, household, "support.registers")
    if item not in subsidies():
        raise DomainError("没有这个补贴项目，请从列表中选择。", code="item")
    if not 2000 <= year <= clock.today().year:
        raise DomainError("年度不对，请核对。", code="year")
    if quantity is not None and not 0 < quantity < 100_000_000:
        raise DomainError("面积（数量）应大于零，请核对。", code="quantity")
    made: Subsidy = _kept(
        actor, household, f"登记{subsidies()[item]}",
        lambda: Subsidy.objects.create(
            household=household, item=item, year=year, amount=money(amount, "金额"),
            quantity=quantity, paid_on=not_future(paid_on, "发放日期"),
            note=text(note, "备注", 200), **_noted(actor, source),
        ),
        "这一户这一天的这项补贴已经登记。",
    )  # fmt: skip
    return made


def record_care(
    actor: Actor,
    member: Member,
    *,
    disease: str,
    is_managed: bool,
    noted_on: date,
    followed_on: date | None = None,
    doctor: str = "",
    note: str = "",
    source: Source = None,
) -> CareFlag:
    """Note that a member's disease is known and whether it is under care."""
    household = member.household
    reach(actor, household, "support.registers")
    if disease not in diseases():
        raise DomainError("不在“四病”之内，请从列表中选择。", code="disease")
    not_future(noted_on, "建档日期")
    if followed_on is not None and not_future(followed_on, "最近随访") < noted_on:
        raise DomainError("随访日期早于建档日期，请核对。", code="followed_on")
    made: CareFlag = _kept(
        actor, household, "登记四病管理",
        lambda: CareFlag.objects.create(
            household=household, member=member, disease=disease, is_managed=is_managed,
            doctor=text(doctor, "家庭医生", 40), noted_on=noted_on, followed_on=followed_on,
            note=text(note, "备注", 200), **_noted(actor, source),
        ),
        "这名成员的这个病种已经登记。",
    )  # fmt: skip
    return made
