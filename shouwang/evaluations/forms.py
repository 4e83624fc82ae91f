"""Forms of the evaluations room."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from shouwang.accounts.models import Account, Department
from shouwang.core import clock
from shouwang.divisions.models import Division

from .measures import plan
from .states import ObjectKind, SchemeKind, examples


def _places(form: forms.Form, divisions: QuerySet[Division]) -> None:
    place = form.fields["division"]
    assert isinstance(place, forms.ModelChoiceField)
    place.queryset, place.initial = divisions, divisions.first()


class SchemeForm(forms.Form):
    """编制方案: from an example, or empty with its parts."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    example = forms.ChoiceField(
        label="从示例开始", required=False, help_text="选了示例，下面几项不用填。"
    )
    title = forms.CharField(label="方案名称", max_length=200, required=False)
    kind = forms.ChoiceField(label="种类", choices=SchemeKind.choices)
    object_kind = forms.ChoiceField(label="考核对象", choices=ObjectKind.choices)
    routine = forms.DecimalField(
        label="平时考核占比（%）", min_value=0, max_value=100, decimal_places=1, initial=40,
        help_text="其余为年终考核。",
    )  # fmt: skip
    source = forms.CharField(label="依据", max_length=300, required=False)

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _places(self, divisions)
        self.fields["year"].initial = clock.today().year
        example = self.fields["example"]
        assert isinstance(example, forms.ChoiceField)
        example.choices = [
            ("", "不用示例"), *((key, data["title"]) for key, data in examples().items()),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("example") and not found.get("title"):
            self.add_error("title", "请写方案名称，或选一份示例。")
        return found


class ItemSheetForm(forms.Form):
    """考核项的表格."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sheet = forms.FileField(label="考核项（xlsx）")


class RoundForm(forms.Form):
    """开展一轮考核."""

    period = forms.CharField(
        label="考核期", max_length=12, help_text="例如 2026、2026-H1、2026-Q3 或 2026-06。"
    )
    title = forms.CharField(label="名称", max_length=200, required=False)
    departments = forms.ModelMultipleChoiceField(
        label="考核的部门", queryset=Department.objects.all(), required=False
    )

    def __init__(self, *args: Any, object_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if object_kind != ObjectKind.DEPARTMENT:
            del self.fields["departments"]


class ReviewerForm(forms.Form):
    """指定评委."""

    account = forms.ModelChoiceField(label="评委账号", queryset=Account.objects.none())

    def __init__(self, *args: Any, accounts: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = accounts


class SurveyForm(forms.Form):
    """抽样."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    title = forms.CharField(label="名称", max_length=200)
    seed = forms.CharField(
        label="抽样种子", max_length=40,
        help_text="一组事先公开的数字或文字；同一种子、同一档案抽出同样的户。",
    )  # fmt: skip

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _places(self, divisions)
        for stratum in plan()["strata"]:
            self.fields[f"size_{stratum['key']}"] = forms.IntegerField(
                label=f"{stratum['name']}（户）", min_value=0, max_value=5000,
                initial=stratum["households"],
            )  # fmt: skip

    @property
    def sizes(self) -> dict[str, int]:
        return {
            stratum["key"]: self.cleaned_data[f"size_{stratum['key']}"]
            for stratum in plan()["strata"]
        }


class AnswersForm(forms.Form):
    """答卷的表格."""

    sheet = forms.FileField(label="填好的样本表（xlsx）")
