"""档案表单 (forms): parse and check input; saving is for the operations."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from shouwang.core.clock import today
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from .querysets import within

ENDINGS = {".xlsx", ".xls", ".xlsm", ".csv"}
EARLIEST = date(2014, 1, 1)
SHORTEST_REASON = 4


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files under one name."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise ValidationError("请选择全国系统导出的工作簿。", code="required")
        return [self._checked(file) for file in files]

    def _checked(self, file: "UploadedFile[Any]") -> "UploadedFile[Any]":
        name = file.name or ""
        if len(name) > 200 or any(mark < " " for mark in name):
            raise ValidationError("有一个文件的名称过长或含有特殊字符，请改名后再上传。")
        if Path(name).suffix.lower() not in ENDINGS:
            raise ValidationError(f"“{name}”不是表格文件，请上传全国系统导出的 xlsx 工作簿。")
        if (file.size or 0) > settings.SHOUWANG_MAX_UPLOAD_MB * 1024 * 1024:
            raise ValidationError(
                f"“{name}”超过 {settings.SHOUWANG_MAX_UPLOAD_MB} MB，请按乡镇分开导出后上传。"
            )
        return file


class ImportForm(forms.Form):
    files = FilesField(  # type: ignore[assignment]
        label="工作簿", help_text="含“人口”和“户”两个工作表；可以按乡镇分成几个。"
    )
    export_date = forms.DateField(
        label="导出日期",
        help_text="在全国系统里导出这批数据的日期，见工作簿的标题行。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期应写成 2026-06-30。"},
    )
    note = forms.CharField(label="备注", max_length=200, required=False)

    def clean_export_date(self) -> date:
        day: date = self.cleaned_data["export_date"]
        if not EARLIEST <= day <= today():
            raise ValidationError("导出日期应在 2014 年以后，且不晚于今天。")
        return day


class DivisionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Divisions one below the other, lower ones moved in."""

    def label_from_instance(self, obj: Any) -> str:
        depth = [Level.COUNTY, Level.TOWN, Level.VILLAGE].index(obj.level)
        return f"{'　' * depth}{obj.name}"


class ExportForm(forms.Form):
    """导出整本档案: which divisions, and whether numbers are shown in full."""

    division = DivisionChoice(label="范围", queryset=Division.objects.none(), empty_label=None)
    full = forms.BooleanField(
        label="含完整证件号码和电话",
        required=False,
        help_text="完整号码才能再导入；不勾选时只显示首尾几位。",
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        required=False,
        help_text="含完整号码时必填，记入审计日志。",
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [Level.COUNTY, Level.TOWN, Level.VILLAGE]
        field: Any = self.fields["division"]
        field.queryset = Division.objects.filter(
            within(actor, "registry.export", ""), level__in=levels
        ).order_by("code")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        reason = " ".join(values.get("reason", "").split())
        if values.get("full") and len(reason) < SHORTEST_REASON:
            self.add_error("reason", "请写明导出完整号码的理由（至少 4 个字）。")
        return values
