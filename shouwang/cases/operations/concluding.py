"""线索随个案办结: what the case came to is the answer to every clue that led to it."""

from shouwang.core import clock
from shouwang.core.actor import Actor

from ..lifecycles import clue_table
from ..models import Case, RegisteredClue


def conclude_clues(actor: Actor, case: Case, conclusion: str, note: str) -> int:
    """Close the attached clues of a case; the case's own entry in the log tells of it."""
    row = clue_table().row("attached", "conclude")
    assert row is not None
    return RegisteredClue.objects.filter(case=case, state="attached").update(
        state=row.to,
        due_on=None,
        conclusion=conclusion,
        conclusion_note=note[:500],
        concluded_at=clock.now(),
        concluded_by_label=actor.label[:120],
    )
