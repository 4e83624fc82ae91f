"""Forms of the consultations room."""

import uuid
from typing import Any

from django import forms

from shouwang.accounts.models import Department
from shouwang.divisions.models import Division
from shouwang.policydocs import PaperRejected, read_source

from .models import Comment, Consultation
from .states import DECIDED, TAKEN_DOWN, Audience, Decision

DAY = {"type": "date"}
MOST_BYTES = 20 * 1024 * 1024
NO_NUMBERS = "不要写身份证号、手机号和银行卡号。"


def _words(label: str, rows: int, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class ConsultationForm(forms.Form):
    """征求意见稿: the text typed, or read from a file."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    title = forms.CharField(label="标题", max_length=120)
    drafter = forms.CharField(label="起草单位", max_length=80)
    explanation = _words("起草说明", 4, 4000, required=False, help_text="为什么起草、主要内容。")
    file = forms.FileField(
        label="稿子文件（docx、pdf、txt）", required=False,
        help_text="从文件读出文字；也可以直接粘贴在下面。",
    )  # fmt: skip
    text = _words("征求意见稿", 12, 200_000, required=False)
    audience = forms.ChoiceField(
        label="征求谁的意见", choices=Audience.choices, initial=Audience.PUBLIC
    )
    departments = forms.ModelMultipleChoiceField(
        label="征求这些部门", queryset=Department.objects.order_by("code"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    towns = forms.ModelMultipleChoiceField(
        label="征求这些乡镇", queryset=Division.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    opens_on = forms.DateField(label="开始日期", widget=forms.DateInput(attrs=DAY))
    closes_on = forms.DateField(label="截止日期", widget=forms.DateInput(attrs=DAY))
    contact = forms.CharField(
        label="联系方式", max_length=200, help_text="单位、办公电话、通信地址，会公开。"
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("division", places), ("towns", towns_of(places))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        if len(places[:2]) == 1:
            self.fields["division"].initial = places[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file = given.pop("file", None)
        given["file_name"] = ""
        if file is not None:
            self._read(file, given)
        if not self.errors and not given.get("text", "").strip():
            self.add_error("text", "请上传稿子文件，或者粘贴稿子的文字。")
        return given

    def _read(self, file: Any, given: dict[str, Any]) -> None:
        if file.size > MOST_BYTES:
            self.add_error("file", "文件超过 20 MB，请只上传稿子正文。")
            return
        try:
            given["text"] = read_source(file.name, content=file.read()).text
        except PaperRejected as refusal:
            self.add_error("file", str(refusal))
        given["file_name"] = file.name[:120]


def towns_of(places: Any) -> Any:
    return Division.objects.filter(
        parent__in=places.values("pk"), level="town", valid_to=None
    ).order_by("code")


class LaterForm(forms.Form):
    """延长征集."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    closes_on = forms.DateField(label="新的截止日期", widget=forms.DateInput(attrs=DAY))


class PublicCommentForm(forms.Form):
    """提意见: for somebody without an account; name and telephone are up to him."""

    sent = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    article = forms.CharField(
        label="针对哪一条（可以不填）", max_length=80, required=False, help_text="例如：第三条。"
    )
    text = _words("您的意见和理由", 6, 2000, help_text=NO_NUMBERS)
    name = forms.CharField(label="您的姓名（可以不填）", max_length=30, required=False)
    phone = forms.CharField(
        label="联系电话（可以不填）", max_length=20, required=False,
        help_text="只有经办人员能看到，用来向您核对意见。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    homepage = forms.CharField(required=False, max_length=200)
    """Drawn where no person sees it: whoever fills it in is a program."""

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("请不要填写这一栏。")
        return ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given.pop("homepage", None)
        return given

    @property
    def open_fields(self) -> list[Any]:
        return [bound for bound in self if bound.name not in ("sent", "homepage")]


class AskForm(forms.Form):
    """查采纳情况."""

    receipt = forms.CharField(label="受理号", max_length=20)


class TakeDownForm(forms.Form):
    """登记意见."""

    sent = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    channel = forms.ChoiceField(
        label="怎样收到的", choices=[(one.value, one.label) for one in TAKEN_DOWN]
    )
    unit = forms.CharField(label="单位或会议", max_length=80, required=False)
    article = forms.CharField(label="针对哪一条", max_length=80, required=False)
    text = _words("意见", 5, 2000, help_text=NO_NUMBERS)
    name = forms.CharField(label="提意见人的姓名", max_length=30, required=False)
    phone = forms.CharField(label="联系电话", max_length=20, required=False)


class UnitAnswerForm(forms.Form):
    """单位反馈."""

    has_none = forms.BooleanField(label="没有修改意见", required=False)
    article = forms.CharField(label="针对哪一条", max_length=80, required=False)
    text = _words("意见和理由", 5, 2000, required=False, help_text=NO_NUMBERS)


class DecisionForm(forms.Form):
    """采纳情况."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="采纳情况", required=False,
        choices=[("", "请选择"), *((one.value, one.label) for one in DECIDED)],
    )  # fmt: skip
    reason = _words("理由", 3, 500, required=False, help_text="部分采纳、不采纳必须写，会公布。")
    change = _words("稿子怎样修改", 3, 1000, required=False)
    same_as = forms.ModelChoiceField(
        label="与哪一条意见相同", queryset=Comment.objects.none(), required=False,
        empty_label="不是相同的意见", help_text="选了就按那一条的采纳情况和理由。",
    )  # fmt: skip

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["same_as"]
        assert isinstance(field, forms.ModelChoiceField)
        others = comment.consultation.comments.exclude(pk=comment.pk)
        field.queryset = others.filter(same_as=None).exclude(decision=Decision.NOTED)


def initial_of(found: Consultation) -> dict[str, Any]:
    """The form of a draft as it stands."""
    names = ("title", "drafter", "explanation", "text", "audience", "opens_on", "closes_on")
    given = {name: getattr(found, name) for name in (*names, "contact", "version")}
    units = list(found.units.all())
    return given | {
        "division": found.division_id,
        "departments": [one.department_id for one in units if one.department_id],
        "towns": [one.division_id for one in units if one.division_id],
    }
