"""集体保单的登记、参保名单、理赔和赔款到户: what is divided is what was paid, to the fen."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.divisions.models import Division
from shouwang.registry.models import Household, Member

from ..dividing import parts_of
from ..item_lists import insurances
from ..models import ClaimPayout, CollectiveClaim, CollectivePolicy, Insured
from ..sheets import Column, Fault, Read, Sheet, read
from ..states import ClaimState
from .registers import _noted
from .standing import differences, note_change
from .writing import audited, not_future, own_member, reach, same_version, save, text

MOST = Decimal("99999999999.99")
BY = {"sum": "按保险金额", "quantity": "按数量", "even": "平均"}
PAYOUTS = Sheet("payouts", "赔款到户名单", (
    Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
    Column("name", "姓名"),
    Column("subject", "标的", aliases=("保险标的",)),
    Column("amount", "金额", "money", aliases=("赔款", "赔付金额"), required=True),
))  # fmt: skip


def record_collective(
    actor: Actor, division: Division, *, source: Mapping[str, Any] | None = None, **given: Any
) -> CollectivePolicy:
    """Note a policy; what the three parties pay is together the premium."""
    require(actor, "support.registers", division.path)
    values = checked(given)
    try:
        with transaction.atomic():
            made: CollectivePolicy = CollectivePolicy.objects.create(
                division=division, **values, **_noted(actor, source)
            )
            _audited(actor, "recorded", made, f"登记集体保单 {made}")
    except IntegrityError:
        raise Conflict("这家公司的这个保单号已经登记为集体保单。") from None
    return made


@transaction.atomic
def correct_collective(
    actor: Actor, policy: CollectivePolicy, *, version: int, reason: str, **given: Any
) -> CollectivePolicy:
    standing = _locked(actor, policy)
    same_version(standing, version)
    values = checked(given)
    why = text(reason, "更正理由", 200, required=True)
    found = differences(standing, values)
    if not found:
        raise DomainError("内容没有变化，不用更正。", code="unchanged")
    claims = standing.claims.all()
    if any(not values["starts_on"] <= one.happened_on <= values["ends_on"] for one in claims):
        raise DomainError("有理赔的出险日期不在新的保险期间内，请核对。", code="ends_on")
    same = CollectivePolicy.objects.filter(
        insurer=values["insurer"], policy_no=values["policy_no"]
    ).exclude(pk=standing.pk)
    if same.exists():
        raise DomainError("这家公司的这个保单号已经登记。", code="policy_no")
    for key, value in values.items():
        setattr(standing, key, value)
    save(standing, *values)
    note_change(actor, standing, why, found)
    changes = {label: [old, new] for label, old, new in found}
    _audited(actor, "changed", standing, f"更正集体保单 {standing}", changes=changes)
    return standing


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they may be stored; DomainError under the name of what cannot be."""
    if given["kind"] not in insurances():
        raise DomainError("没有这个险种，请从列表中选择。", code="kind")
    if given["ends_on"] <= given["starts_on"]:
        raise DomainError("到期日期应晚于起保日期。", code="ends_on")
    parties = ("from_state", "from_village", "from_households")
    money = {key: _money(given[key], key) for key in ("sum_insured", "premium", *parties)}
    if money["sum_insured"] == 0:
        raise DomainError("保险金额应大于零，请核对。", code="sum_insured")
    together = sum((money[key] for key in parties), Decimal(0))
    if together != money["premium"]:
        raise DomainError(
            f"三方承担合计 {together:,.2f} 元，与保费 {money['premium']:,.2f} 元不等，请核对。",
            code="premium",
        )
    return {
        "kind": given["kind"], "insurer": text(given["insurer"], "保险公司", 60, required=True),
        "policy_no": text(given["policy_no"], "保单号", 60, required=True),
        "holder": text(given["holder"], "投保单位", 60, required=True), **money,
        "starts_on": given["starts_on"], "ends_on": given["ends_on"],
        "note": text(given.get("note") or "", "备注", 200),
    }  # fmt: skip


def _money(value: Decimal, key: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= MOST:
        raise DomainError("金额不对，请核对单位是否为元。", code=key)
    if value != value.quantize(Decimal("0.01")):
        raise DomainError("金额最多写到分，请核对。", code=key)
    return value


def add_insured(
    actor: Actor,
    policy: CollectivePolicy,
    household: Household,
    *,
    member: Member | None = None,
    subject: str = "",
    quantity: Decimal | None = None,
    sum_insured: Decimal | None = None,
    own_premium: Decimal | None = None,
    source: Mapping[str, Any] | None = None,
) -> Insured:
    """One of the insured; the household must be the actor's, the policy one that he sees."""
    reach(actor, household, "support.registers")
    if not CollectivePolicy.objects.visible_to(actor).filter(pk=policy.pk).exists():
        raise NotFound("没有找到这张集体保单，它可能不存在，或不在您的辖区内。")
    own_member(household, member)
    for key, value in (("sum_insured", sum_insured), ("own_premium", own_premium)):
        if value is not None:
            _money(value, key)
    if quantity is not None and not (quantity.is_finite() and 0 < quantity < 10**8):
        raise DomainError("数量应大于零，请核对。", code="quantity")
    given = source or {}
    try:
        with transaction.atomic():
            made: Insured = Insured.objects.create(
                policy=policy, household=household, member=member,
                subject=text(subject, "标的", 60), quantity=quantity, sum_insured=sum_insured,
                own_premium=own_premium, file_name=str(given.get("file", ""))[:200],
                file_row=given.get("row"), recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            audited(actor, "insured.added", household, f"列入集体保单 {policy}")
    except IntegrityError:
        raise Conflict("这一户（人、标的）已在这张保单的名单里。") from None
    return made


def record_collective_claim(
    actor: Actor,
    policy: CollectivePolicy,
    *,
    happened_on: date,
    event: str,
    claimed: Decimal,
    note: str = "",
) -> CollectiveClaim:
    """Note a claim; the event lies in the time of the policy."""
    require(actor, "support.registers", policy.division.path)
    if not policy.starts_on <= not_future(happened_on, "出险日期") <= policy.ends_on:
        raise DomainError("出险日期不在保险期间内，请核对保单。", code="happened_on")
    if not _money(claimed, "claimed"):
        raise DomainError("报损金额应大于零，请核对。", code="claimed")
    try:
        with transaction.atomic():
            made: CollectiveClaim = CollectiveClaim.objects.create(
                policy=policy, happened_on=happened_on, claimed=claimed,
                event=text(event, "出险原因", 100, required=True), state=ClaimState.REPORTED,
                note=text(note, "备注", 200), recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            _audited(actor, "claimed", policy, f"登记集体理赔 {event[:40]}")
    except IntegrityError:
        raise Conflict("这张保单这一天的这次理赔已经登记。") from None
    return made


@transaction.atomic
def settle_claim(
    actor: Actor,
    claim: CollectiveClaim,
    *,
    state: str,
    version: int,
    paid: Decimal | None = None,
    paid_on: date | None = None,
) -> CollectiveClaim:
    """How far the insurer is; what was divided to households is not changed any more."""
    standing = _locked_claim(actor, claim)
    same_version(standing, version)
    if standing.divided_at is not None:
        raise DomainError("赔款已经分到户，不能再改；分错的先撤回分配。", code="state")
    if state not in ClaimState.values:
        raise DomainError("请从列表中选择理赔状态。", code="state")
    if (state == ClaimState.PAID) != (paid is not None and paid_on is not None):
        raise DomainError("已赔付的要填赔付金额和日期，没有赔付的不填。", code="paid")
    if paid is not None and not 0 < _money(paid, "paid") <= standing.policy.sum_insured:
        raise DomainError("赔付金额应大于零，且不超过保险金额。", code="paid")
    if paid_on is not None and not_future(paid_on, "赔付日期") < standing.happened_on:
        raise DomainError("赔付日期早于出险日期，请核对。", code="paid_on")
    standing.state, standing.paid, standing.paid_on = state, paid, paid_on
    save(standing, "state", "paid", "paid_on")
    _audited(actor, "settled", standing.policy, f"集体理赔：{standing.get_state_display()}")
    return standing


@transaction.atomic
def divide_claim(
    actor: Actor, claim: CollectiveClaim, *, amounts: Mapping[int, Decimal], version: int
) -> CollectiveClaim:
    """`amounts`: key of an insured → what he gets; together exactly what was paid."""
    standing = _locked_claim(actor, claim)
    same_version(standing, version)
    if standing.paid is None:
        raise DomainError("还没有赔付，不能分到户。", code="state")
    if standing.divided_at is not None:
        raise DomainError("赔款已经分到户；分错的先撤回分配。", code="state")
    homes = dict(standing.policy.insured.values_list("pk", "household_id"))
    if not amounts or not amounts.keys() <= homes.keys():
        raise DomainError("名单里有人不在这张保单的参保名单里，请核对。", code="amount")
    for value in amounts.values():
        if _money(value, "amount") == 0:
            raise DomainError("每户的金额应大于零，没有的不列。", code="amount")
    together = sum(amounts.values(), Decimal(0))
    if together != standing.paid:
        raise DomainError(
            f"到户合计 {together:,.2f} 元，与赔付 {standing.paid:,.2f} 元差 "
            f"{abs(together - standing.paid):,.2f} 元，请核对到分。",
            code="amount",
        )
    rows = [(standing.pk, key, homes[key], value) for key, value in sorted(amounts.items())]
    copy_rows(ClaimPayout, ("claim", "insured", "household", "amount"), rows)
    standing.divided_at, standing.divided_by_label = clock.now(), actor.label[:120]
    save(standing, "divided_at", "divided_by_label")
    _audited(actor, "divided", standing.policy, f"赔款分到 {len(rows)} 户（人）")
    return standing


def divide_by(actor: Actor, claim: CollectiveClaim, *, by: str, version: int) -> CollectiveClaim:
    """Divide over all insured by their sum, their quantity or evenly."""
    rows = list(claim.policy.insured.order_by("pk"))
    if by not in BY or not rows:
        raise DomainError("没有参保名单，或没有选分配办法。", code="by")
    weights = [
        {"sum": one.sum_insured, "quantity": one.quantity, "even": Decimal(1)}[by] for one in rows
    ]
    missing = sum(not weight for weight in weights)
    if missing:
        words = {"sum": "保险金额", "quantity": "数量"}[by]
        raise DomainError(f"有 {missing} 条参保没有填{words}，请补齐或换一种办法。", code="by")
    parts = parts_of(claim.paid or Decimal(0), [weight or Decimal(0) for weight in weights])
    amounts = {one.pk: part for one, part in zip(rows, parts, strict=True) if part}
    return divide_claim(actor, claim, amounts=amounts, version=version)


@transaction.atomic
def take_back_division(
    actor: Actor, claim: CollectiveClaim, *, reason: str, version: int
) -> CollectiveClaim:
    """Undo a division that was wrong, with the reason in the log."""
    standing = _locked_claim(actor, claim)
    same_version(standing, version)
    why = text(reason, "撤回理由", 200, required=True)
    if standing.divided_at is None:
        raise DomainError("赔款还没有分到户。", code="state")
    count = standing.payouts.count()
    standing.payouts.all().delete()
    standing.divided_at, standing.divided_by_label = None, ""
    save(standing, "divided_at", "divided_by_label")
    _audited(actor, "undivided", standing.policy, f"撤回赔款分配 {count} 条：{why}"[:200])
    return standing


def import_payouts(
    actor: Actor, claim: CollectiveClaim, path: Path, *, name: str, version: int
) -> list[Fault]:
    """Divide by a workbook; the faults, or none where it was divided."""
    require(actor, "support.registers", claim.policy.division.path)
    found: Read = read(path, name, PAYOUTS)
    faults, amounts = list(found.faults), dict[int, Decimal]()
    known: dict[tuple[str, str], list[Insured]] = {}
    for one in claim.policy.insured.select_related("household", "member"):
        known.setdefault((one.household.household_no, one.subject), []).append(one)
    for line in found.lines:
        who, subject = line.values["name"], line.values["subject"]
        fitting = [
            one for one in known.get((line.values["household_no"], subject), ())
            if not who or who in ((one.member.name if one.member else ""), one.household.head_name)
        ]  # fmt: skip
        if len(fitting) != 1:
            words = "不在参保名单里" if not fitting else "有几条参保，请填姓名和标的"
            faults.append(Fault(line.row, "户编号", f"这一户（人、标的）{words}，请核对。"))
        elif fitting[0].pk in amounts:
            faults.append(Fault(line.row, "户编号", "与前面的一行重复，请合并。"))
        else:
            amounts[fitting[0].pk] = line.values["amount"]
    if not faults:
        divide_claim(actor, claim, amounts=amounts, version=version)
    return sorted(faults, key=lambda fault: fault.row)


def _locked(actor: Actor, policy: CollectivePolicy) -> CollectivePolicy:
    rows = CollectivePolicy.objects.filter(pk=policy.pk).select_for_update(of=("self",))
    found: CollectivePolicy | None = rows.select_related("division").first()
    if found is None:
        raise NotFound
    require(actor, "support.registers", found.division.path)
    return found


def _locked_claim(actor: Actor, claim: CollectiveClaim) -> CollectiveClaim:
    rows = CollectiveClaim.objects.filter(pk=claim.pk).select_for_update(of=("self",))
    found: CollectiveClaim | None = rows.select_related("policy__division").first()
    if found is None:
        raise NotFound
    require(actor, "support.registers", found.policy.division.path)
    return found


def _audited(
    actor: Actor, action: str, policy: CollectivePolicy, summary: str, **more: Any
) -> None:
    record(
        actor, f"support.collective.{action}", target_type="support.collective",
        target_id=str(policy.pk), division_path=policy.division.path, summary=summary, **more,
    )  # fmt: skip
