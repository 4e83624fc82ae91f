"""政策登记: entered with its sentence, mended, followed by another."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.accounts.models import Department
from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division
from shouwang.documents import personal

from ..frameworks import frameworks
from ..models import Paper, Piece, Policy
from ..states import PolicyStatus

GRANTS = "funding"
"""投入保障: the framework under which granted money is entered; may be mended like the rest."""
FIELDS = (
    "name", "framework", "status", "content", "department", "paper", "valid_from", "valid_to",
    "beneficiary", "amount", "amount_unit", "is_cap", "condition",
)  # fmt: skip


def add_policy(
    actor: Actor,
    *,
    division: Division,
    piece: Piece | None = None,
    sentence: str = "",
    replaces: Policy | None = None,
    **values: Any,
) -> Policy:
    """Enter a policy; one that it replaces ends the day before it begins.

    Its place in the paper is that of the piece, or where the sentence is found.
    """
    require(actor, "workplans.manage", division.path)
    _sound(values)
    paper: Paper | None = values.get("paper")
    start, end = _place(paper, piece, sentence)
    with transaction.atomic():
        made = Policy.objects.create(
            division=division, piece=piece, start=start, end=end, made_at=clock.now(),
            made_by_label=actor.label[:120], **values,
        )  # fmt: skip
        if replaces is not None:
            _replace(actor, replaces, made)
        _audit(actor, made, "added", f"登记政策：{made.name}")
    return made


def policies_of_grants(actor: Actor, paper: Paper, pieces: Iterable[Piece]) -> list[Policy]:
    """Money that a confirmed paper grants goes into the register, with its sentence.

    What the former version of the paper granted to the same goes on or is adjusted.
    """
    before = Policy.objects.filter(
        paper=paper.former_id, replaced_by=None, amount__isnull=False, division=paper.division
    )
    former = {one.beneficiary: one for one in before} if paper.former_id else {}
    today = clock.today()
    made = []
    for piece in pieces:
        for grant in piece.targets:
            values = _grant(paper, piece, grant) | {"valid_from": today}
            old = former.pop(values["beneficiary"], None)
            if old is not None:
                same = (old.amount, old.amount_unit) == (values["amount"], values["amount_unit"])
                values["status"] = PolicyStatus.CONTINUED if same else PolicyStatus.ADJUSTED
                old = old if old.valid_from < today else None
            made.append(
                add_policy(actor, division=paper.division, piece=piece, replaces=old, **values)
            )
    return made


def _grant(paper: Paper, piece: Piece, grant: dict[str, Any]) -> dict[str, Any]:
    """The entry of one grant: who gets how much, under which condition, in whose words."""
    who, amount = str(grant["name"]).strip()[:160], grant["value"]
    names = Department.objects.filter(name__in=[one.removeprefix("县") for one in piece.lead_units])
    return {
        "name": f"{who or '资金'}：{grant['raw']}"[:200], "framework": GRANTS,
        "status": PolicyStatus.NEW, "content": piece.text[:2000], "paper": paper,
        "beneficiary": who, "amount": Decimal(amount) if amount else None,
        "amount_unit": str(grant["unit"])[:40] or ("元" if amount else ""),
        "is_cap": grant.get("comparator") == "le", "condition": piece.condition,
        "department": names.first(),
    }  # fmt: skip


def edit_policy(
    actor: Actor, policy: Policy, *, version: int, sentence: str = "", **values: Any
) -> Policy:
    """Mend an entry; who was faster is told."""
    require(actor, "workplans.manage", policy.division.path)
    if unknown := set(values) - set(FIELDS):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    _sound({name: getattr(policy, name) for name in FIELDS} | values)
    paper = values.get("paper", policy.paper)
    if sentence.strip() or paper != policy.paper:
        values["start"], values["end"] = _place(paper, None, sentence)
        values["piece"] = None
    with transaction.atomic():
        found = Policy.objects.filter(pk=policy.pk, version=version)
        if not found.update(**values, version=version + 1):
            raise Conflict("这项政策刚被别人改过，请刷新页面核对后再改。")
        _audit(actor, policy, "edited", f"修改政策：{policy.name}")
    policy.refresh_from_db()
    return policy


def _replace(actor: Actor, old: Policy, new: Policy) -> None:
    require(actor, "workplans.manage", old.division.path)
    if old.replaced_by_id is not None:
        raise Conflict(f"“{old.name}”已由“{old.replaced_by}”替代。")
    if new.valid_from <= old.valid_from:
        raise DomainError("新政策的执行起始应在被替代政策的起始以后。", code="valid_from")
    last = new.valid_from - timedelta(days=1)
    old.valid_to = min(old.valid_to, last) if old.valid_to else last
    old.replaced_by = new
    old.version += 1
    old.save(update_fields=["valid_to", "replaced_by", "version"])
    _audit(actor, old, "replaced", f"政策“{old.name}”由“{new.name}”替代")


def _sound(values: dict[str, Any]) -> None:
    if not str(values.get("name", "")).strip():
        raise DomainError("请填写政策名称。", code="name")
    if values.get("framework") not in frameworks():
        raise DomainError("请选择衔接方面。", code="framework")
    if values.get("status") not in PolicyStatus.values:
        raise DomainError("请选择衔接方式：延续、优化、调整或新设。", code="status")
    begins, ends = values.get("valid_from"), values.get("valid_to")
    if begins is None:
        raise DomainError("请填写执行起始日期。", code="valid_from")
    if ends is not None and ends < begins:
        raise DomainError("执行截止早于执行起始，请核对。", code="valid_to")
    if values.get("amount") is not None and not str(values.get("amount_unit", "")).strip():
        raise DomainError("写了金额，请同时写金额单位，例如：元/人·年。", code="amount_unit")
    said = (("政策", "name"), ("内容", "content"), ("补给谁", "beneficiary"), ("条件", "condition"))
    personal.refuse([(label, str(values.get(name, ""))) for label, name in said])


def _place(
    paper: Paper | None, piece: Piece | None, sentence: str
) -> tuple[int | None, int | None]:
    if piece is not None and piece.spans:
        return piece.spans[0][0], piece.spans[-1][1]
    words = sentence.strip()
    if paper is None or not words:
        return None, None
    at = paper.text.find(words)
    if at < 0:
        raise DomainError("来源文件里没有找到这句原文，请从文件里复制。", code="sentence")
    return at, at + len(words)


def _audit(actor: Actor, policy: Policy, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.policy.{action}",
        target_type="workplans.policy",
        target_id=str(policy.pk),
        division_path=policy.division.path,
        summary=summary[:200],
    )
