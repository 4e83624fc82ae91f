"""Forms of the divisions room: they parse and check input and save nothing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shouwang.core.actor import Actor
from shouwang.core.clock import today

from .fields import DivisionField, use
from .levels import Level, full_code, level_of
from .rows import DivisionRow


def _day_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期应写成 2026-06-30。", "required": "请填写日期。"},
    )


class ChangeForm(forms.Form):
    """What every change asks: the day it takes effect and the document."""

    on = _day_field("生效日期", "变更在这一天生效；登记须在当天或之后。")
    document = forms.CharField(
        label="依据文件", max_length=200, required=False, help_text="例如 批复的名称和文号。"
    )
    field_order: list[str] | None = None

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > today():
            raise ValidationError("生效日期还没有到，请在当天或之后登记。")
        return on


class RenameForm(ChangeForm):
    name = forms.CharField(label="新名称", max_length=80)
    field_order = ["name", "on", "document"]


class RecodeForm(ChangeForm):
    code = forms.CharField(label="新代码", max_length=15)
    field_order = ["code", "on", "document"]

    def clean_code(self) -> str:
        return _code(self.cleaned_data["code"])


class MergeForm(ChangeForm):
    successor = DivisionField(label="并入", help_text="须与被撤区划同级。")
    field_order = ["successor", "on", "document"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use(self, "successor", actor, "divisions.manage")


class SplitForm(ChangeForm):
    parts = forms.CharField(
        label="拆分为",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="每行一个：代码 空格 名称，例如 999901101203 新桥村。",
    )
    keeps = forms.BooleanField(label="原区划保留（只分出一部分）", required=False)
    field_order = ["parts", "keeps", "on", "document"]

    def clean_parts(self) -> list[DivisionRow]:
        rows = []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), start=1):
            if not line.strip():
                continue
            code, _, name = line.strip().partition(" ")
            if not name.strip():
                raise ValidationError(f"第 {number} 行须写成“代码 空格 名称”。")
            level = level_of(code)
            if level is None:
                raise ValidationError(f"第 {number} 行的“{code}”不是区划代码。")
            rows.append(DivisionRow(full_code(code), name.strip()[:80], level))
        return rows


class CreateForm(forms.Form):
    parent = DivisionField(label="上级", required=False, help_text="省级没有上级，空着。")
    code = forms.CharField(label="区划代码", max_length=15, help_text="12 位；村民小组 15 位。")
    name = forms.CharField(label="名称", max_length=80)
    level = forms.ChoiceField(
        label="级别", choices=[("", "按代码判断"), *Level.choices], required=False
    )
    valid_from = forms.DateField(
        label="生效日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use(self, "parent", actor, "divisions.manage")

    def clean_code(self) -> str:
        return _code(self.cleaned_data["code"])

    def row(self) -> DivisionRow:
        data = self.cleaned_data
        level = Level(data["level"]) if data["level"] else level_of(data["code"])
        assert level is not None, "clean_code lets only division codes pass"
        parent = data["parent"].code if data["parent"] else None
        return DivisionRow(data["code"], data["name"].strip(), level, parent, data["valid_from"])


def _code(text: str) -> str:
    code = text.strip()
    if level_of(code) is None:
        raise ValidationError("区划代码须为 2、4、6、9、12 位数字，村民小组为 15 位。")
    return full_code(code)
