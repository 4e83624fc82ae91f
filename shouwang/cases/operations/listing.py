"""清单模板: the county writes its own lists; every change is a new version."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.screening.states import Risk

from ..checklists import TYPES, checklists, question
from ..models import ChecklistTemplate

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_QUESTIONS = 60


def save_checklist(
    actor: Actor,
    *,
    key: str,
    title: str,
    items: Sequence[Mapping[str, Any]],
    purpose: str = "",
    is_active: bool = True,
    version: int | None = None,
) -> ChecklistTemplate:
    """Keep a list as its next version; `version` is the one that was shown. Old answers stay."""
    require(actor, "cases.configure")
    if not _KEY.fullmatch(key) or not title.strip():
        raise DomainError("请填写清单名称。", code="title")
    kept = [_sound(each) for each in items]
    if not kept or len(kept) > MOST_QUESTIONS:
        raise DomainError(f"清单应有 1 到 {MOST_QUESTIONS} 个条目。", code="items")
    if len({each["key"] for each in kept}) != len(kept):
        raise DomainError("条目的标识不能重复。", code="items")
    now = checklists(with_retired=True).get(key)
    newest = now.version if now else 0
    if version is not None and version != newest:
        raise Conflict("这份清单刚被他人修改过，请刷新页面核对。")
    try:
        with transaction.atomic():
            made = ChecklistTemplate.objects.create(
                key=key,
                version=newest + 1,
                title=title.strip()[:80],
                purpose=purpose.strip()[:200],
                items=kept,
                is_active=is_active,
                made_at=clock.now(),
                made_by_label=actor.label[:120],
            )
            record(
                actor, "cases.checklist.saved", target_type="cases.checklist", target_id=key,
                summary=f"修改清单“{made.title}”，第 {made.version} 版",
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这份清单刚被他人修改过，请刷新页面核对。") from None
    return made


def _sound(item: Mapping[str, Any]) -> dict[str, Any]:
    """One question that can be asked: its text, its type, its choices, what fails."""
    found = question({"key": "", "text": "", "type": "", **item})
    if not _KEY.fullmatch(found.key) or not found.text.strip():
        raise DomainError("每个条目都要写明内容。", code="items")
    if found.type not in TYPES:
        raise DomainError(f"“{found.text}”的类型不对，请从列表中选择。", code="items")
    if found.type == "choice" and len(found.choices) < 2:
        raise DomainError(f"“{found.text}”至少要有两个选项。", code="items")
    if found.fails and found.fails not in found.options:
        raise DomainError(f"“{found.text}”的不合格答案不在选项里。", code="items")
    if found.risk and found.risk not in Risk.values:
        raise DomainError(f"“{found.text}”的风险类型不对，请从列表中选择。", code="items")
    return {
        "key": found.key,
        "text": found.text.strip()[:200],
        "type": found.type,
        "choices": list(found.choices),
        "fails": found.fails,
        "risk": found.risk,
        "evidence": found.evidence,
    }
