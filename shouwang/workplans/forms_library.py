"""Forms of initiatives, examples, key projects and decisions of a meeting."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from shouwang.core import clock
from shouwang.divisions.models import Division

from .forms import names
from .models import Paper
from .states import ExampleField, ExampleKind, InitiativeLevel, VisitKind

DAY = {"type": "date"}


class InitiativeForm(forms.Form):
    """登记专项行动."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如：千万工程。")
    level = forms.ChoiceField(label="层级", choices=InitiativeLevel.choices)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, required=False)
    framework = forms.CharField(
        label="归类", max_length=60, required=False, help_text="例如：一个底线、两个关键。"
    )
    paper = forms.ModelChoiceField(
        label="来源文件", queryset=Paper.objects.none(), required=False, empty_label="没有"
    )

    def __init__(self, *args: Any, papers: QuerySet[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = self.fields["paper"]
        assert isinstance(paper, forms.ModelChoiceField)
        paper.queryset = papers


class PlacedForm(forms.Form):
    """A form that asks for the place first."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset, place.initial = divisions, divisions.first()


class ExampleForm(PlacedForm):
    """登记示范点或经验做法."""

    title = forms.CharField(label="名称", max_length=160)
    kind = forms.ChoiceField(label="种类", choices=ExampleKind.choices)
    field = forms.ChoiceField(label="领域", choices=ExampleField.choices)
    body = forms.CharField(label="牵头单位", max_length=120, required=False)
    begun_on = forms.DateField(label="开始日期", required=False, widget=forms.DateInput(attrs=DAY))
    text = forms.CharField(
        label="做法和成效", max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="不写农户的姓名、身份证号和电话。",
    )  # fmt: skip


class ProjectForm(PlacedForm):
    """登记重点项目."""

    name = forms.CharField(label="项目", max_length=200)
    investment = forms.DecimalField(
        label="总投资（万元）", max_digits=14, decimal_places=2, min_value=0, required=False
    )
    body = forms.CharField(label="牵头单位", max_length=120)
    person = forms.CharField(label="责任人", max_length=60)
    begins_on = forms.DateField(label="开工日期", required=False, widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label="完工日期", required=False, widget=forms.DateInput(attrs=DAY))


class VisitForm(forms.Form):
    """登记调度或现场观摩."""

    kind = forms.ChoiceField(label="方式", choices=VisitKind.choices)
    visited_on = forms.DateField(label="日期", widget=forms.DateInput(attrs=DAY))
    percent = forms.DecimalField(
        label="形象进度（%）", max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    text = forms.CharField(
        label="情况和问题", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = clock.today()


class DecisionsForm(forms.Form):
    """会议决定: one task a line."""

    lines = forms.CharField(
        label="每行一条决定：任务 | 牵头单位 | 责任人 | 完成时限",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="例如：修复水毁渠道 | 县水利局 | 张三 | 2026-09-30。后面几项可以以后再补。",
    )

    def clean_lines(self) -> list[dict[str, Any]]:
        return list(self._decisions(str(self.cleaned_data["lines"])))

    def _decisions(self, text: str) -> Iterator[dict[str, Any]]:
        for line, row in enumerate(text.splitlines(), 1):
            if not row.strip():
                continue
            cells = [cell.strip() for cell in row.replace("｜", "|").replace("\t", "|").split("|")]
            cells += [""] * (4 - len(cells))
            try:
                ends = date.fromisoformat(cells[3]) if cells[3] else None
            except ValueError as error:
                raise ValidationError(
                    f"第 {line} 行的时限“{cells[3][:20]}”请写成 2026-06-30 的样子。"
                ) from error
            yield {
                "title": cells[0][:500], "lead": names(cells[1]), "person": cells[2][:60],
                "ends_on": ends,
            }  # fmt: skip
