"""线索导出: the hits of the newest complete run of every date, as one CSV for scripts and judges.

Lists on pages export themselves; this is the whole of the county, straight from the hit files.
"""

from pathlib import Path

from shouwang.audit.operations import record
from shouwang.core.actor import WHOLE_TREE, Actor, require

from .models import Run
from .operations import hit_files
from .operations.replaying import hits_path


def export_clues(actor: Actor, out: Path) -> int:
    """Write one line per rule, subject and date; returns the number of lines.

    The files are not cut by scope, so only who reaches the whole tree may have them.
    """
    require(actor, "screening.export", WHOLE_TREE)
    runs = list(Run.objects.valid().order_by("as_of"))
    lines = hit_files.export_clues([hits_path(run) for run in runs], out)
    record(
        actor,
        "screening.clues.exported",
        target_type="screening.run",
        summary=f"导出 {len(runs)} 期的命中 {lines} 行",
    )
    return lines
