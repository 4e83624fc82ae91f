"""后台任务列表."""

from typing import Any

from .models import Job, JobState
from .tables import Column, MomentColumn, NameColumn, PillColumn, Table

JOB_TONES: dict[str, str] = {
    JobState.QUEUED: "idle",
    JobState.RUNNING: "going",
    JobState.DONE: "done",
    JobState.FAILED: "late",
    JobState.CANCELLED: "idle",
    JobState.INTERRUPTED: "near",
}


class JobTable(Table):
    title = NameColumn(verbose_name="任务")
    state = PillColumn(verbose_name="状态", tones=JOB_TONES)
    message = Column(verbose_name="说明", orderable=False)
    created_at = MomentColumn(verbose_name="发起时间")
    finished_at = MomentColumn(verbose_name="结束时间")

    class Meta(Table.Meta):
        model = Job
        fields = ("title", "state", "message", "created_at", "finished_at")
        order_by = "-created_at"

    unit = "项"
    card_columns = ("title", "state", "created_at")

    def render_message(self, value: Any, record: Job) -> str:
        return record.error or record.message or "—"
