"""Forms of the workplans room."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from shouwang.core import clock
from shouwang.divisions.models import Division
from shouwang.documents.models import Attachment
from shouwang.documents.recognising import ACCEPTED

from .models import Initiative, Paper, Piece
from .operations.splitting import Part
from .states import ListKind, Rhythm

DAY = {"type": "date"}
SEPARATORS = "、，,；;\n"


def names(text: str) -> list[str]:
    """Units in one text, separated as people separate them."""
    for mark in SEPARATORS:
        text = text.replace(mark, "\n")
    return list(dict.fromkeys(word.strip() for word in text.split("\n") if word.strip()))


class UploadForm(forms.Form):
    """上传政策文件."""

    file = forms.FileField(label="政策文件（docx、pdf、html、txt、doc）")
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    former = forms.ModelChoiceField(
        label="是哪一份的修订版",
        queryset=Paper.objects.none(),
        required=False,
        empty_label="不是修订版",
        help_text="选了旧版，会标出新增、改动和去掉的任务。",
    )

    def __init__(
        self, *args: Any, divisions: QuerySet[Division], papers: QuerySet[Paper], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        place, former = self.fields["division"], self.fields["former"]
        assert isinstance(place, forms.ModelChoiceField)
        assert isinstance(former, forms.ModelChoiceField)
        place.queryset, place.initial = divisions, divisions.first()
        former.queryset = papers


class PieceForm(forms.Form):
    """改正一条: its words, units, amounts and limit."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label="任务内容", widget=forms.Textarea(attrs={"rows": 4}))
    lead_units = forms.CharField(label="牵头单位", required=False, help_text="几个单位用顿号隔开。")
    responsible_units = forms.CharField(
        label="责任单位", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    targets = forms.CharField(
        label="目标",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个：名称 | 数量 | 单位，例如：粮食播种面积 | 830000 | 亩。",
    )
    deadline = forms.DateField(label="完成时限", required=False, widget=forms.DateInput(attrs=DAY))
    rhythm = forms.ChoiceField(label="频次", choices=Rhythm.choices, required=False)
    condition = forms.CharField(
        label="条件", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="谁、满足什么才能领；确认后写进政策登记册。",
    )  # fmt: skip
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, is_fund: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("responsible_units", "deadline", "rhythm") if is_fund else ("condition",):
            del self.fields[name]
        if is_fund:
            self.fields["text"].label, self.fields["lead_units"].label = "原文", "资金来源"
            self.fields["targets"].label = "金额"
            self.fields[
                "targets"
            ].help_text = "每行一个：补给谁 | 金额 | 单位，例如：脱贫户 | 500 | 元/户。"

    def clean_targets(self) -> list[dict[str, Any]]:
        return list(self._targets(str(self.cleaned_data["targets"])))

    def _targets(self, text: str) -> Iterator[dict[str, Any]]:
        for line, row in enumerate(filter(str.strip, text.splitlines()), 1):
            cells = [cell.strip() for cell in row.replace("｜", "|").split("|")]
            if len(cells) != 3:
                raise ValidationError(f"目标第 {line} 行应写成“名称 | 数量 | 单位”。")
            try:
                value = Decimal(cells[1].replace(",", "").replace("，", ""))
            except InvalidOperation as error:
                raise ValidationError(f"目标第 {line} 行的数量“{cells[1]}”不是数字。") from error
            if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
                raise ValidationError(f"目标第 {line} 行的数量太大，请核对单位。")
            yield {
                "name": cells[0], "comparator": "ge", "value": str(value), "value2": None,
                "unit": cells[2], "raw": row.strip(), "span": None,
            }  # fmt: skip

    def changes(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values.pop("version")
        values["lead_units"] = names(values["lead_units"])
        if "responsible_units" in values:
            values["responsible_units"] = names(values["responsible_units"])
        return values


def piece_initial(piece: Piece) -> dict[str, Any]:
    lines = [
        f"{one['name']} | {one['value']} | {one['unit']}" for one in piece.targets if one["value"]
    ]
    return {
        "version": piece.version,
        "text": piece.text,
        "lead_units": "、".join(piece.lead_units),
        "responsible_units": "、".join(piece.responsible_units),
        "targets": "\n".join(lines),
        "deadline": piece.deadline,
        "rhythm": piece.rhythm,
        "note": piece.note,
        "condition": piece.condition,
    }


class TaskForm(forms.Form):
    """细化任务: quantity, place and person."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="任务", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    target_name = forms.CharField(label="目标名称", max_length=120, required=False)
    quantity = forms.DecimalField(
        label="数量", max_digits=20, decimal_places=4, min_value=0, required=False
    )
    unit = forms.CharField(label="计量单位", max_length=20, required=False)
    place = forms.CharField(label="地点", max_length=120, required=False)
    person = forms.CharField(label="责任人", max_length=60, required=False)
    leader = forms.CharField(
        label="责任领导", max_length=60, required=False, help_text="超期后提请督办时写他的名字。"
    )
    begins_on = forms.DateField(label="开始日期", required=False, widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label="完成时限", required=False, widget=forms.DateInput(attrs=DAY))
    rhythm = forms.ChoiceField(label="频次", choices=Rhythm.choices, required=False)
    evidence_needed = forms.CharField(label="需要的佐证", max_length=200, required=False)
    list_kind = forms.ChoiceField(label="清单", choices=ListKind.choices, required=False)
    tags = forms.CharField(
        label="专项行动", max_length=200, required=False, help_text="几个用顿号隔开。"
    )
    lead = forms.CharField(label="牵头单位", required=False)
    responsible = forms.CharField(
        label="责任单位", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_tags(self) -> list[str]:
        given = names(str(self.cleaned_data["tags"]))
        known = set(Initiative.objects.filter(name__in=given).values_list("name", flat=True))
        if unknown := [name for name in given if name not in known]:
            raise ValidationError(f"还没有登记“{'、'.join(unknown)}”，请先在“专项行动”里登记名称。")
        return given

    def values(self) -> dict[str, Any]:
        """The fields of the task itself."""
        left_out = ("version", "lead", "responsible")
        return {key: value for key, value in self.cleaned_data.items() if key not in left_out}


class SplitForm(forms.Form):
    """分解: lines as they are pasted from a spreadsheet."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lines = forms.CharField(
        label="分到各单位",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每行一个单位，可以从表格里复制粘贴：单位、数量、责任人、完成时限，后两项可以不写。",
    )

    def clean_lines(self) -> list[Part]:
        return list(_parts(str(self.cleaned_data["lines"])))


def _parts(text: str) -> Iterator[Part]:
    for line, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        cells = [cell.strip() for cell in row.replace("，", ",").split("\t")]
        if len(cells) == 1:
            cells = row.replace("，", " ").split()
        cells += [""] * (4 - len(cells))
        yield Part(cells[0], _number(cells[1], line), cells[2], _day(cells[3], line))


def _number(text: str, line: int) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValidationError(f"第 {line} 行的数量“{text[:20]}”不是数字。") from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise ValidationError(f"第 {line} 行的数量“{text[:20]}”太大，请核对。")
    return value


def _day(text: str, line: int) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError as error:
        raise ValidationError(
            f"第 {line} 行的时限“{text[:20]}”请写成 2026-06-30 的样子。"
        ) from error


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files under one name; what is in them is looked at when they are kept."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


class ReportForm(forms.Form):
    """报送进展."""

    as_of = forms.DateField(label="截至日期", widget=forms.DateInput(attrs=DAY))
    value = forms.DecimalField(
        label="完成数", max_digits=20, decimal_places=4, min_value=0, required=False
    )
    percent = forms.DecimalField(
        label="完成比例（%）", min_value=0, max_value=100, max_digits=6, decimal_places=2,
        required=False,
    )  # fmt: skip
    text = forms.CharField(
        label="进展情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    files = FilesField(  # type: ignore[assignment]
        label="佐证材料", required=False, max_length=200,
        widget=FilesInput(attrs={"accept": ACCEPTED}),
        help_text="照片、PDF、Word、Excel、OFD，可以多选，随这次报送一起审看。",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="材料类别", choices=Attachment.Kind.choices, initial=Attachment.Kind.CERTIFICATE,
        required=False,
    )  # fmt: skip

    def __init__(
        self, *args: Any, has_amount: bool, unit: str, evidence: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if evidence:
            words = f"这个任务需要：{evidence}。报送完成时必须附上，可以多选。"
            self.fields["files"].help_text = words
        del self.fields["percent" if has_amount else "value"]
        if has_amount:
            self.fields["value"].label = f"完成数（{unit}）" if unit else "完成数"
        self.fields["as_of"].initial = clock.today()


class SheetForm(forms.Form):
    """任务清单的表格."""

    sheet = forms.FileField(label="任务清单（xlsx）")
