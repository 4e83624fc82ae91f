"""数据比对的表单: whom to ask, what a department answers, what a hit comes to."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ..models import ComparisonRequest
from ..operations import Finding
from ..regimes import Regime
from ..states import HitConclusion, SupporterRelation
from .fields import WordsField, version_field

FINDING_ROWS = 6
OUTSIDE = "outside-"


class AskForm(forms.Form):
    """发起比对: the departments that must be asked are ticked."""

    departments = forms.MultipleChoiceField(
        label="请这些部门比对", widget=forms.CheckboxSelectMultiple,
        help_text="必须比对的部门已经勾选；比对项目按制度自动带出。",
    )  # fmt: skip

    def __init__(self, *args: Any, regime: Regime, asked: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys(item.department for item in regime.items)
        field = self.fields["departments"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (name, f"{name}（{'、'.join(item.label for item in regime.items_of(name))}）")
            for name in names
            if name not in asked
        ]
        field.initial = [name for name in regime.departments if name not in asked]


class AnswerForm(forms.Form):
    """部门答复: nothing found, or who has what."""

    outcome = forms.ChoiceField(
        label="比对结果", widget=forms.RadioSelect,
        choices=[("none", "全部没有记录"), ("found", "有记录，逐条填写")],
    )  # fmt: skip
    note = WordsField(label="说明", required=False, max_length=500, rows=2)
    version = version_field()

    def __init__(
        self, *args: Any, request: ComparisonRequest, regime: Regime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        members = request.case.household.members.filter(absent_since=None).order_by("pk")
        outside = [(f"{OUTSIDE}{each.pk}", str(each)) for each in request.case.supporters.all()]
        people = [("", "请选择"), *[(str(each.pk), each.name) for each in members], *outside]
        items = [(item.key, item.label) for item in regime.items_of(request.department)]
        for number in range(FINDING_ROWS):
            self.fields[f"member_{number}"] = forms.ChoiceField(
                label="谁", choices=people, required=False
            )
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label="项目", choices=items, required=False
            )
            self.fields[f"detail_{number}"] = WordsField(
                label="情况", required=False, max_length=300
            )

    def rows(self) -> list[Sequence[forms.BoundField]]:
        names = ("member", "item", "detail")
        return [[self[f"{name}_{n}"] for name in names] for n in range(FINDING_ROWS)]

    @property
    def shown_rows(self) -> int:
        """The rows that hold something, and two for the next ones."""
        filled = [n for n in range(FINDING_ROWS) if self[f"member_{n}"].value()]
        return max([2, *[n + 2 for n in filled]])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        filled = [n for n in range(FINDING_ROWS) if found.get(f"member_{n}")]
        if found.get("outcome") == "found" and not filled:
            self.add_error("member_0", "选了有记录，请至少填写一条。")
        if found.get("outcome") == "none" and filled:
            self.add_error("outcome", "下面填了记录，请选“有记录”，或清空记录。")
        for n in filled:
            if not found.get(f"detail_{n}"):
                self.add_error(f"detail_{n}", "请写明情况，例如车牌类型、登记时间、面积。")
        return found

    def findings(self) -> list[Finding]:
        found = self.cleaned_data
        return [
            _finding(found[f"member_{n}"], found[f"item_{n}"], found[f"detail_{n}"])
            for n in range(FINDING_ROWS)
            if found.get(f"member_{n}")
        ]


def _finding(who: str, item: str, detail: str) -> Finding:
    """Of a member, or of somebody outside the household."""
    if who.startswith(OUTSIDE):
        return Finding(None, item, detail, supporter_id=int(who.removeprefix(OUTSIDE)))
    return Finding(int(who), item, detail)


class SupporterForm(forms.Form):
    """登记家庭外赡养抚养人; the number is sealed when it is stored and not shown here again."""

    name = WordsField(label="姓名", max_length=60)
    relation = forms.ChoiceField(label="与户主关系", choices=SupporterRelation.choices)
    id_no = WordsField(
        label="证件号码", max_length=18,
        help_text="只用于请部门比对，登记后封存，只有被请求的部门可以查看。",
    )  # fmt: skip
    place = WordsField(label="居住地", max_length=120, required=False)


class RemoveSupporterForm(forms.Form):
    reason = WordsField(label="删去的理由", max_length=200, rows=2)


class WaiveForm(forms.Form):
    reason = WordsField(
        label="免于比对的理由", rows=2, max_length=500, help_text="例如：低保户已由民政核对过。"
    )
    version = version_field()


class JudgeForm(forms.Form):
    """核定资产线索: what the household says, and what it comes to."""

    explanation = WordsField(
        label="农户说明", rows=3, max_length=500, help_text="资产怎么来的、作什么用、值多少。"
    )
    conclusion = forms.ChoiceField(
        label="核定结论", choices=[c for c in HitConclusion.choices if c[0]],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = WordsField(
        label="核定理由",
        rows=2,
        max_length=500,
        required=False,
        help_text="核定为不纳入时必须写明。",
    )
    version = version_field()


class AssetForm(forms.Form):
    """登记入户看到的资产."""

    member = forms.ChoiceField(label="谁的", required=False)
    item = forms.ChoiceField(label="项目")
    detail = WordsField(
        label="情况", max_length=300, help_text="看到什么、什么牌子、什么时候买的。"
    )
    explanation = WordsField(label="农户说明", required=False, rows=2, max_length=500)

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]], regime: Regime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        member, item = self.fields["member"], self.fields["item"]
        assert isinstance(member, forms.ChoiceField)
        assert isinstance(item, forms.ChoiceField)
        member.choices = [("", "全户"), *people]
        item.choices = [(each.key, each.label) for each in regime.items]


class AnswerFileForm(forms.Form):
    """答复文件: the list of requests filled in and sent back."""

    file = forms.FileField(label="填好的比对表")
