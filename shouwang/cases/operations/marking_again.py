"""风险再标注 (marked again): a household that was resolved here and that the national system has
identified anew becomes a new round; the old one stays as it ended.
"""

from typing import Any

from django.db import IntegrityError, transaction

from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import RecordChange

from ..models import Case
from ..queries.referrals import left_on
from .adopting import adopted_round, class_known
from .writing import locked, same_version, trace

COLUMNS = ("monitor_class", "identified_month", "eliminated", "eliminated_month")


def adopt_again(actor: Actor, case: Case, *, reason: str, version: int) -> Case:
    """The round that follows `case`, as the national system has it; returns the new case."""
    words = reason.strip()
    if not words:
        raise DomainError("请写明核对过什么、为什么接续为新的一轮。", code="reason")
    try:
        with transaction.atomic():
            old = locked(actor, case.pk)
            require(actor, "cases.approve", old.village.path)
            same_version(old, version)
            if refusal := why_not_again(old):
                raise DomainError(refusal, code="again")
            return _begin(actor, old, words)
    except IntegrityError:
        raise Conflict("这户的新一轮刚由别人建立，请刷新页面核对。") from None


def why_not_again(case: Case) -> str:
    """Why the national mark begins no new round after this one; empty where it does."""
    household = case.household
    if case.is_open or case.identified_on is None:
        return "这一轮还没有消除或终止，不能接续为新的一轮。"
    if Case.objects.filter(household=household, round__gt=case.round).exists():
        return "这户已经有后面的一轮，请到那一轮办理。"
    if household.absent_since is not None:
        return "最近一次全国系统导出里没有这户，请先核对档案。"
    if not class_known(household) or household.identified_month is None:
        return "全国系统没有把这户标注为监测对象。"
    if household.eliminated == "是":
        return "全国系统里这户的风险已经消除，不用接续。"
    if household.identified_month <= left_on(case):
        return (
            f"全国系统的识别时间是 {household.identified_month:%Y-%m}，不晚于这里的消除，"
            "不是新的一轮。消除有误的请办“回退”，否则请在全国系统更正。"
        )
    return ""


def source_of(case: Case) -> dict[str, Any]:
    """File and row of the export that brought the mark: its latest change, or the first import."""
    household = case.household
    changes = RecordChange.objects.filter(household=household, member=None, column__in=COLUMNS)
    last = changes.select_related("source_file").order_by("-changed_at", "-pk").first()
    found: Any = last if last is not None and last.source_file else household
    return {"file": found.source_file.name, "row": found.source_row}


def _begin(actor: Actor, old: Case, reason: str) -> Case:
    source = source_of(old)
    made = adopted_round(actor, old.household, old.round + 1)
    made.entry_snapshot = {**made.entry_snapshot, **source, "after": old.number}
    made.save(update_fields=["entry_snapshot"])
    note = (
        f"{old.household.monitor_class}，接在第 {old.round} 轮 {old.number} 之后；"
        f"来源：{source['file']} 第 {source['row']} 行"
    )
    trace(
        actor, made, "adopted", "接续国家系统再次标注", from_state="", note=note, reason=reason,
        changes={"round": [old.round, made.round], "source": source},
    )  # fmt: skip
    return made
