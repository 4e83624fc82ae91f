"""佐证 (proof): files that come with a report, and whether a task has the evidence it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.documents import storage
from shouwang.documents.models import Attachment
from shouwang.documents.operations import attach
from shouwang.documents.queries import counts_of

from ..models import Progress, Task
from ..states import ReportState

TASK_FILES, REPORT_FILES = "workplans.task", "workplans.progress"
MOST_FILES = 10


@dataclass(frozen=True)
class ReportFile:
    """One file of a report, as it lies on the disk for the moment."""

    source: Path
    name: str
    kind: str = Attachment.Kind.OTHER


def keep_files(actor: Actor, report: Progress, files: Sequence[ReportFile]) -> None:
    """All files of a report or none: it is written anew when one of them is refused."""
    if len(files) > MOST_FILES:
        raise DomainError(f"一次报送最多附 {MOST_FILES} 份材料，请合并后再报。", code="files")
    kept: list[Attachment] = []
    try:
        for file in files:
            kept.append(
                attach(
                    actor, file.source, file.name, target_type=REPORT_FILES,
                    target_id=str(report.pk), kind=file.kind,
                )
            )  # fmt: skip
    except BaseException as refusal:
        for one in kept:
            storage.forget(one.uuid)
        if isinstance(refusal, DomainError) and refusal.status == 400:
            raise DomainError(refusal.message, code="files") from refusal
        raise


def has_evidence(task: Task) -> bool:
    """Whether the task itself or one of its reports that counts has a file in force."""
    if counts_of(TASK_FILES, str(task.pk)):
        return True
    reports = task.reports.exclude(state=ReportState.RETURNED).values_list("pk", flat=True)
    keys = [str(pk) for pk in reports]
    found = Attachment.objects.filter(target_type=REPORT_FILES, target_id__in=keys)
    return found.in_force().exists()


def lacks_evidence(task: Task) -> str | None:
    """Why a task cannot be reported or ended as done; parts answer for themselves."""
    if not task.evidence_needed or has_evidence(task):
        return None
    if task.parts.exclude(state="cancelled").exclude(is_within=True).exists():
        return None
    return f"还没有需要的佐证（{task.evidence_needed}），请随报送上传，或先传到任务的佐证材料里。"


def check_final(task: Task, is_final: bool, files: Sequence[ReportFile]) -> None:
    """A report of full completion comes with what the task asks for."""
    if is_final and not files and (lack := lacks_evidence(task)):
        raise DomainError(lack, code="files")


def files_of(actor: Actor, reports: Iterable[Progress]) -> dict[int, list[Attachment]]:
    """Files of reports by report, for who sees the task and its place."""
    found: dict[int, list[Attachment]] = {report.pk: [] for report in reports}
    if not found or not actor.can("documents.view"):
        return found
    rows = Attachment.objects.visible_to(actor).in_force().order_by("pk")
    keys = [str(pk) for pk in found]
    for one in rows.filter(target_type=REPORT_FILES, target_id__in=keys):
        found[int(one.target_id)].append(one)
    return found
