"""对接表单 (forms): parse and check input; saving is for the operations."""

from datetime import date
from typing import Any

from django import forms

from shouwang.core.clock import today
from shouwang.registry.forms import SHORTEST_REASON, FilesField

from .contract import contract


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期应写成 2026-06-30。"},
        **more,
    )


class ExportUploadForm(forms.Form):
    """Workbooks of the national system."""

    files = FilesField(  # type: ignore[assignment]
        label="工作簿", help_text="国家系统导出的监测对象基础信息；可以按乡镇分成几个一起上传。"
    )
    export_date = _day("导出日期", help_text="在国家系统里导出的日期。")
    note = forms.CharField(label="备注", max_length=200, required=False)

    def clean_export_date(self) -> date:
        day: date = self.cleaned_data["export_date"]
        if day > today():
            raise forms.ValidationError("导出日期不能晚于今天。")
        return day


class WorkbookForm(forms.Form):
    """Which workbook to upload, for which days, with or without full numbers."""

    kind = forms.ChoiceField(label="内容")
    start = _day("起始日期")
    end = _day("截止日期")
    missing_only = forms.BooleanField(label="只要最近一次比对中国家系统没有的户", required=False)
    full = forms.BooleanField(label="含完整证件号码和电话", required=False)
    reason = forms.CharField(
        label="理由", max_length=200, required=False,
        help_text="勾选完整号码时必填，例如“录入国家系统”。每次导出都留痕。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = contract().exports.values()
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.key, f"{one.title}（按{one.dated}）") for one in kinds
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if start and end and start > end:
            self.add_error("end", "截止日期不能早于起始日期。")
        if found.get("full") and len(found.get("reason", "").strip()) < SHORTEST_REASON:
            self.add_error("reason", "导出完整号码须写明理由（至少 4 个字）。")
        return found
