"""显示完整号码 (reveal): one number, once, for a reason that is written down."""

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.masking import mask_text
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import HEAD_ID, HOUSEHOLD_PHONE, ID_NO, MEMBER_PHONE, reveal

SHORTEST_REASON = 4
_FIELDS = {
    ("member", "id_no"): ("id_enc", ID_NO, "证件号码"),
    ("member", "phone"): ("phone_enc", MEMBER_PHONE, "联系电话"),
    ("household", "head_id"): ("head_id_enc", HEAD_ID, "户主证件号码"),
    ("household", "phone"): ("phone_enc", HOUSEHOLD_PHONE, "户联系电话"),
}


def reveal_value(actor: Actor, level: str, key: int, column: str, *, reason: str) -> str:
    """The full number of a person or household; the entry is written before it is shown."""
    record_of = _member if level == "member" else _household
    household, target, sealed_by = record_of(actor, key)
    try:
        field, context, label = _FIELDS[level, column]
    except KeyError:
        raise NotFound from None
    reason = " ".join(reason.split())[:200]
    if len(reason) < SHORTEST_REASON:
        raise DomainError("请写明查看完整号码的理由（至少 4 个字），例如“入户核实电话”。")
    with transaction.atomic():
        record(
            actor,
            "registry.revealed",
            target_type=level,
            target_id=target,
            division_path=household.village.path,
            summary=f"查看完整{label}，理由：{mask_text(reason)}",
        )
        value = reveal(context, getattr(sealed_by, field))
    if value is None:
        raise NotFound(f"这里没有登记{label}。")
    return value


def _member(actor: Actor, key: int) -> tuple[Household, str, Member]:
    member = (
        Member.objects.visible_to(actor).select_related("household__village").filter(pk=key).first()
    )
    if member is None:
        require(actor, "registry.view")
        raise NotFound
    require(actor, "registry.reveal", member.household.village.path)
    return member.household, member.person_no, member


def _household(actor: Actor, key: int) -> tuple[Household, str, Household]:
    household = Household.objects.visible_to(actor).select_related("village").filter(pk=key).first()
    if household is None:
        require(actor, "registry.view")
        raise NotFound
    require(actor, "registry.reveal", household.village.path)
    return household, household.household_no, household
