"""部门数据的表单: what a sender confirms about a file, and why a batch is withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from shouwang.engine.contracts import FeedContract

from .models import LIVE, FeedBatch, FeedFile
from .operations.receiving import VERSION_LIMIT, title_of
from .periods import Period
from .queries.corrections import Target


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ConfirmForm(forms.Form):
    """One uploaded file: what it is, for which period, in which version."""

    feed = forms.ChoiceField(label="数据种类")
    period_start = forms.DateField(label="期间起", widget=DayInput())
    period_end = forms.DateField(label="期间止", widget=DayInput())
    version = forms.IntegerField(
        label="版本",
        min_value=1,
        max_value=VERSION_LIMIT,
        help_text="首次报送为1；更正重报时加1，新版整体取代旧版。",
    )
    note = forms.CharField(label="说明", required=False, max_length=500)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        file: FeedFile,
        contracts: Sequence[FeedContract],
    ) -> None:
        super().__init__(data, initial=initial_for(file, contracts), prefix=str(file.uuid))
        self.file = file
        self.fields["feed"].choices = choices_of(contracts)  # type: ignore[attr-defined]
        self.fields["feed"].error_messages["required"] = "请选择这份文件是哪一种数据。"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("period_start"), found.get("period_end")
        if start and end and start > end:
            self.add_error("period_end", "期间止不能早于期间起。")
        return found


class CorrectionForm(forms.Form):
    """One uploaded workbook of rejected rows, corrected: the system knows where it belongs."""

    correct = forms.BooleanField(widget=forms.HiddenInput(), initial=True)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, file: FeedFile, target: Target
    ) -> None:
        super().__init__(data, prefix=str(file.uuid))
        self.file = file
        self.target = target
        present = target.present
        if present is not None:
            period = Period(present.period_start, present.period_end)
            self.belongs = f"{title_of(present.feed)} {period.label}"

    def clean(self) -> dict[str, Any]:
        if self.target.problem:
            self.add_error(None, self.target.problem)
        return super().clean() or {}


class PendingForm(forms.Form):
    """One large upload that is still being recognised: there is nothing to confirm yet."""

    def __init__(self, *, file: FeedFile) -> None:
        super().__init__(None, prefix=str(file.uuid))
        self.file = file


class CorrectedFile(forms.Form):
    """The corrected workbook of one batch."""

    file = forms.FileField(
        label="改好的退回工作簿",
        error_messages={
            "required": "请选择改好的退回工作簿。",
            "empty": "文件是空的，请重新选择。",
        },
    )


def choices_of(contracts: Sequence[FeedContract]) -> list[tuple[str, Any]]:
    """Feeds by department, as the select shows them."""
    departments = list(dict.fromkeys(contract.department for contract in contracts))
    grouped: list[tuple[str, Any]] = [
        (
            department,
            [(one.key, one.title) for one in contracts if one.department == department],
        )
        for department in departments
    ]
    return [("", "请选择"), *grouped]


def initial_for(file: FeedFile, contracts: Sequence[FeedContract]) -> dict[str, Any]:
    """The proposal; where a version of that period is there already, the next one."""
    offered = {contract.key for contract in contracts}
    likely = [key for key in file.proposal.get("feeds", []) if key in offered]
    feed = likely[0] if likely else (next(iter(offered)) if len(offered) == 1 else "")
    start, end = file.proposal.get("period_start"), file.proposal.get("period_end")
    return {
        "feed": feed,
        "period_start": start,
        "period_end": end,
        "version": next_version(file, feed, start, end),
    }


def next_version(file: FeedFile, feed: str, start: str | None, end: str | None) -> int:
    if not (feed and start and end):
        return 1
    versions = FeedBatch.objects.filter(
        division_id=file.division_id,
        feed=feed,
        period_start=start,
        period_end=end,
        state__in=LIVE,
    ).values_list("version", flat=True)
    return max(versions, default=0) + 1


class WithdrawForm(forms.Form):
    """Why a batch should not count any more."""

    reason = forms.CharField(
        label="撤回理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明错在哪里，例如“报成了5月的文件”。理由会保存在批次和审计日志中。",
        error_messages={"required": "请写明撤回理由，例如“报成了5月的文件”。"},
    )
