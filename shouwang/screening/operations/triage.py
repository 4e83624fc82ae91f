"""研判: the note of county or town on a clue before anybody visits."""

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..models import Clue
from ..states import Triage


def triage(actor: Actor, clue: Clue, *, state: str, note: str = "", version: int) -> Clue:
    """Note that a clue's circumstances are known, to be watched, or open again."""
    require(actor, "screening.triage", clue.village.path)
    if state not in Triage.values:
        raise DomainError("没有这种研判结果，请从列表中选择。", code="triage_unknown")
    note = note.strip()
    if state == Triage.KNOWN and not note:
        raise DomainError("标为“情况已知”时，请写明已知的情况。", code="triage_note_missing")
    with transaction.atomic():
        changed = Clue.objects.filter(pk=clue.pk, version=version).update(
            triage=state,
            triage_note=note,
            triaged_by_label=actor.label,
            triaged_at=clock.now(),
            version=version + 1,
        )
        if not changed:
            raise Conflict("这条线索刚被别人修改过，请刷新页面后再保存。")
        record(
            actor,
            "screening.clue.triaged",
            target_type="screening.clue",
            target_id=str(clue.pk),
            division_path=clue.village.path,
            summary=f"线索研判：{Triage(state).label}",
            changes={"triage": [clue.triage, state], "note": [clue.triage_note, note]},
        )
    clue.refresh_from_db()
    return clue
