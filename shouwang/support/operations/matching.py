"""供需对接的办理: offers noted and ended; needs raised, taken, given, answered or dropped."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.lifecycle import Offer as Step
from shouwang.core.lifecycle import Transition
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..matching import plain
from ..models import HouseholdNeed, NeedStep, SocialOffer
from ..queries.matching import match_of
from ..states import need_kinds, need_table
from .writing import audited, not_future, reach, same_version, save, text

MOST = Decimal("9999999")
LEVELS = ("county", "town", "village")


def record_offer(
    actor: Actor,
    *,
    provider: str,
    kind: str,
    what: str,
    division: Division,
    quantity: Decimal | None = None,
    unit: str = "",
    until: date | None = None,
    contact: str = "",
    note: str = "",
) -> SocialOffer:
    """Note what somebody offers to households of a place."""
    require(actor, "support.registers", division.path)
    if division.level not in LEVELS or division.valid_to is not None:
        raise DomainError("供给范围应是现有的县、乡镇或村。", code="division")
    if until is not None and until < clock.today():
        raise DomainError("有效期早于今天，请核对。", code="until")
    amount, unit = _amount(quantity, unit)
    with transaction.atomic():
        made = SocialOffer.objects.create(
            provider=text(provider, "提供方", 60, required=True), kind=_kind(kind),
            what=text(what, "内容", 60, required=True), quantity=amount, left=amount, unit=unit,
            division=division, until=until, contact=text(contact, "联系人", 40),
            note=text(note, "备注", 200), recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )  # fmt: skip
        _offer_audited(actor, "offer.recorded", made, f"登记社会帮扶供给：{made}")
    return made


def end_offer(actor: Actor, offer: SocialOffer, *, reason: str, version: int) -> SocialOffer:
    """Nothing more is given; what was taken before is still carried out."""
    with transaction.atomic():
        current = _locked_offer(actor, offer.pk)
        require(actor, "support.registers", current.division.path)
        same_version(current, version)
        if current.ended_on is not None:
            raise DomainError("这项供给已经停止。", code="reason")
        current.end_reason = text(reason, "停止理由", 200, required=True)
        current.ended_on = clock.today()
        save(current, "ended_on", "end_reason")
        _offer_audited(actor, "offer.ended", current, f"停止社会帮扶供给：{current}")
    return current


def record_need(
    actor: Actor,
    household: Household,
    *,
    kind: str,
    what: str,
    quantity: Decimal | None = None,
    unit: str = "",
    raised_on: date | None = None,
    source: str = "",
    note: str = "",
) -> HouseholdNeed:
    """Note what a household needs of society; the same open need is not noted twice."""
    reach(actor, household, "support.plan")
    words = text(what, "需求", 60, required=True)
    same = HouseholdNeed.objects.filter(household=household, kind=_kind(kind), what=words)
    if same.filter(state__in=("open", "taken")).exists():
        raise DomainError("这一户同样的需求正在对接，请勿重复登记。", code="what")
    amount, unit = _amount(quantity, unit)
    with transaction.atomic():
        made = HouseholdNeed.objects.create(
            household=household, kind=kind, what=words, quantity=amount, unit=unit,
            raised_on=not_future(raised_on or clock.today(), "提出日期"),
            source=text(source, "来源", 60), note=text(note, "备注", 200),
            recorded_at=clock.now(), recorded_by_label=actor.label[:120],
        )  # fmt: skip
        _trace(actor, made, "登记需求", made.source)
    return made


def need_steps(actor: Actor, need: HouseholdNeed) -> list[Step]:
    """The steps that the actor may take now; taking needs an offer and is offered beside it."""
    path = need.household.village.path
    found = need_table().offers(actor, need, need.state, path, {})
    return [step for step in found if step.transition.action != "take"]


def take_need_step(
    actor: Actor, need: HouseholdNeed, action: str, *, version: int, **given: Any
) -> HouseholdNeed:
    """Take one step of the table: `take` with an offer and how much of it; `give` with the date;
    `thank` with the household's words; `release` and `drop` with a reason."""
    with transaction.atomic():
        current = _locked_need(actor, need.pk)
        same_version(current, version)
        cleaned = {
            key: text(value, "说明", 500) if isinstance(value, str) else value
            for key, value in given.items()
        }
        path = current.household.village.path
        row = need_table().take(actor, current, current.state, action, path, {}, cleaned)
        note = EFFECTS[action](actor, current, cleaned)
        _settle(actor, current, row, note)
    return current


def _settle(actor: Actor, need: HouseholdNeed, row: Transition, note: str) -> None:
    need.state = row.to
    save(need, "state", "offer", "granted", "given_on", "feedback")
    _trace(actor, need, row.label, note)


def _take(actor: Actor, need: HouseholdNeed, given: Mapping[str, Any]) -> str:
    """So much of the offer is set aside; what it cannot cover stays an open need of its own."""
    offer = _locked_offer(actor, given["offer"].pk)
    suits = match_of(need, offer, clock.today())
    if suits is None or not suits.fits:
        why = "、".join(suits.reasons) if suits else "类别不同"
        raise DomainError(f"这项供给不合适：{why}。请换一项。", code="offer")
    granted = given.get("quantity")
    if granted is None:
        known = [one for one in (offer.left, need.quantity) if one is not None]
        granted = min(known, default=None)
    if granted is not None:
        granted, _ = _amount(granted, offer.unit or need.unit)
    if offer.left is not None:
        if granted is None or granted > offer.left:
            raise DomainError(
                f"这项供给只剩 {plain(offer.left)} {offer.unit}，请改小数量。", code="quantity"
            )
        offer.left -= granted
        save(offer, "left")
    need.offer, need.granted = offer, granted
    _keep_rest(actor, need, offer, granted)
    amount = "" if granted is None else f"，{plain(granted)} {offer.unit or need.unit}"
    return f"{offer}{amount}"


def _keep_rest(
    actor: Actor, need: HouseholdNeed, offer: SocialOffer, granted: Decimal | None
) -> None:
    if need.quantity is None or granted is None or offer.unit not in ("", need.unit):
        return
    rest = need.quantity - granted
    if rest <= 0:
        return
    need.quantity = granted
    need.save(update_fields=["quantity"])
    made = HouseholdNeed.objects.create(
        household=need.household, kind=need.kind, what=need.what, quantity=rest, unit=need.unit,
        raised_on=need.raised_on, source="部分满足后的余量", recorded_at=clock.now(),
        recorded_by_label=actor.label[:120],
    )  # fmt: skip
    _trace(actor, made, "登记需求", f"{offer.provider}满足 {plain(granted)} {need.unit}以后的余量")


def _release(actor: Actor, need: HouseholdNeed, given: Mapping[str, Any]) -> str:
    offer = _give_back(actor, need)
    need.offer = need.granted = None
    return f"{offer}：{given['reason']}"


def _give_back(actor: Actor, need: HouseholdNeed) -> SocialOffer:
    assert need.offer_id is not None
    offer = _locked_offer(actor, need.offer_id)
    if offer.left is not None and need.granted is not None:
        offer.left += need.granted
        save(offer, "left")
    return offer


def _given(actor: Actor, need: HouseholdNeed, given: Mapping[str, Any]) -> str:
    day = not_future(given["date"], "送达日期")
    if day < need.raised_on:
        raise DomainError("送达日期早于提出日期，请核对。", code="date")
    need.given_on = day
    return f"{day:%Y-%m-%d} 送达"


def _thank(actor: Actor, need: HouseholdNeed, given: Mapping[str, Any]) -> str:
    need.feedback = given["result"]
    return need.feedback


def _drop(actor: Actor, need: HouseholdNeed, given: Mapping[str, Any]) -> str:
    return str(given["reason"])


EFFECTS = {"take": _take, "release": _release, "give": _given, "thank": _thank, "drop": _drop}


def _kind(kind: str) -> str:
    if kind not in need_kinds():
        raise DomainError("没有这个类别，请从列表中选择。", code="kind")
    return kind


def _amount(quantity: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    unit = text(unit, "计量单位", 10)
    if quantity is None:
        return None, unit
    if not quantity.is_finite() or not 0 < quantity <= MOST:
        raise DomainError("数量应大于零，请核对。", code="quantity")
    if quantity != quantity.quantize(Decimal("0.01")):
        raise DomainError("数量最多两位小数，请核对。", code="quantity")
    if not unit:
        raise DomainError("写了数量，也要写计量单位。", code="unit")
    return quantity, unit


def _locked_offer(actor: Actor, pk: int) -> SocialOffer:
    rows = SocialOffer.objects.visible_to(actor).select_for_update(of=("self",))
    found: SocialOffer | None = rows.select_related("division").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这项供给，它可能不存在，或不供给您的辖区。")
    return found


def _locked_need(actor: Actor, pk: int) -> HouseholdNeed:
    rows = HouseholdNeed.objects.visible_to(actor).select_for_update(of=("self",))
    found: HouseholdNeed | None = rows.select_related("household__village").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这项需求，它可能不存在，或不在您的辖区内。")
    return found


def _trace(actor: Actor, need: HouseholdNeed, label: str, note: str) -> None:
    NeedStep.objects.create(
        need=need, label=label, to_state=need.state, at=clock.now(),
        actor_label=actor.label[:120], note=note[:500],
    )  # fmt: skip
    audited(actor, "need.step", need.household, f"{label}：{need.what}")


def _offer_audited(actor: Actor, action: str, offer: SocialOffer, summary: str) -> None:
    record(
        actor, f"support.{action}", target_type="support.offer", target_id=str(offer.pk),
        division_path=offer.division.path, summary=summary,
    )  # fmt: skip
