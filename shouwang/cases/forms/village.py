"""村级表单: application and consent, appraisal, notice, objection."""

from typing import Any

from django import forms

from shouwang.core import clock

from ..states import Emergency, Mark, Meeting, ObjectionState
from .fields import DayField, WordsField, version_field


class ApplicationForm(forms.Form):
    """申请及承诺授权: who applied, who signed, and how."""

    applied_on = DayField(label="申请日期")
    applicant_name = WordsField(label="申请人", max_length=60)
    signed_on = DayField(
        label="授权书签署日期", required=False, help_text="还没有签的先空着，签好后再补。"
    )
    mark = forms.ChoiceField(
        label="签署方式", choices=Mark.choices, widget=forms.RadioSelect, initial=Mark.SIGNED
    )
    writer_name = WordsField(label="代书人", required=False, max_length=60)
    writer_relation = WordsField(
        label="代书人身份",
        required=False,
        max_length=40,
        help_text="村干部、村民小组长、网格员或近亲属。",
    )
    read_aloud = forms.BooleanField(
        label="已向申请人宣读全部内容", required=False, help_text="代书的必须宣读。"
    )
    covers_supporters = forms.BooleanField(
        label="授权包含法定赡养、抚养、扶养义务人", required=False
    )
    note = WordsField(label="备注", required=False, max_length=500, rows=2)
    version = version_field()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        signed, applied = found.get("signed_on"), found.get("applied_on")
        if signed and applied and signed < applied:
            self.add_error("signed_on", "签署日期不能早于申请日期。")
        if found.get("mark") == Mark.FINGERPRINT:
            if not found.get("writer_name"):
                self.add_error("writer_name", "代书的请填写代书人姓名。")
            if signed and not found.get("read_aloud"):
                self.add_error("read_aloud", "代书的必须先向申请人宣读，宣读后请勾选。")
        return found


class GreenForm(forms.Form):
    """启用绿色通道: which event, and what it did."""

    emergency = forms.ChoiceField(
        label="突发事件", choices=[c for c in Emergency.choices if c[0]], widget=forms.RadioSelect
    )
    reason = WordsField(
        label="事件和影响", rows=3, max_length=500, help_text="什么时候、什么事件、造成什么困难。"
    )
    version = version_field()


class AppraisalForm(forms.Form):
    """民主评议记录: the meeting, who came, how they voted."""

    held_on = DayField(label="评议日期")
    meeting = forms.ChoiceField(
        label="评议形式", choices=Meeting.choices, widget=forms.RadioSelect,
        initial=Meeting.REPRESENTATIVES,
    )  # fmt: skip
    place = WordsField(label="地点", required=False, max_length=80)
    host = WordsField(label="主持人", max_length=60)
    recorder = WordsField(label="记录人", max_length=60)
    participants = WordsField(
        label="参会人员", rows=3, max_length=2_000,
        help_text="姓名之间用顿号或换行隔开，如第一书记、驻村工作队员、村民代表。",
    )  # fmt: skip
    entitled = forms.IntegerField(label="应到人数", min_value=1, max_value=2_000)
    present = forms.IntegerField(label="实到人数", min_value=1, max_value=2_000)
    votes_for = forms.IntegerField(label="同意", min_value=0, max_value=2_000)
    votes_against = forms.IntegerField(label="不同意", min_value=0, max_value=2_000, initial=0)
    abstained = forms.IntegerField(label="弃权", min_value=0, max_value=2_000, initial=0)
    minutes = WordsField(
        label="评议记录", rows=5, max_length=5_000, required=False,
        help_text="主要意见和评议结果；反对意见也要写。",
    )  # fmt: skip
    version = version_field()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        counts = [found.get(name) for name in ("entitled", "present")]
        votes = [found.get(name) for name in ("votes_for", "votes_against", "abstained")]
        if None not in counts and counts[1] > counts[0]:  # type: ignore[operator]
            self.add_error("present", "实到人数不能多于应到人数。")
        if None not in [*votes, counts[1]]:
            total = sum(each for each in votes if each is not None)
            if total != counts[1]:
                self.add_error(
                    "votes_for",
                    f"三项票数合计 {total}，与实到人数 {counts[1]} 不一致，请核对。",
                )
        return found

    def people(self) -> list[str]:
        """The participants, one name each."""
        text = self.cleaned_data["participants"]
        for mark in ("\r", "\n", "，", ",", "；", ";"):
            text = text.replace(mark, "、")
        return [name for name in (part.strip() for part in text.split("、")) if name]


class NoticeForm(forms.Form):
    """张贴公示: from which day, and where."""

    published_on = DayField(label="张贴日期")
    place = WordsField(label="张贴地点", max_length=80, initial="村务公开栏")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["published_on"].initial = clock.today()


class ObjectionForm(forms.Form):
    """登记异议."""

    filed_on = DayField(label="提出日期")
    way = forms.ChoiceField(
        label="提出方式",
        choices=[(each, each) for each in ("当面", "电话", "书面", "12317", "其他")],
    )
    is_anonymous = forms.BooleanField(label="匿名提出", required=False)
    objector = WordsField(
        label="提出人",
        required=False,
        max_length=60,
        help_text="加密保存，不会出现在公示和列表里。",
    )
    text = WordsField(label="异议内容", rows=4, max_length=2_000)
    version = version_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filed_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("is_anonymous") and not found.get("objector"):
            self.add_error("objector", "请填写提出人；不愿留名的勾选“匿名提出”。")
        return found


class HandleObjectionForm(forms.Form):
    """处理异议: upheld or not, with what was found."""

    state = forms.ChoiceField(
        label="处理结果",
        choices=[c for c in ObjectionState.choices if c[0] != ObjectionState.OPEN],
        widget=forms.RadioSelect,
    )
    answer = WordsField(
        label="调查处理情况",
        rows=4,
        max_length=1_000,
        help_text="怎样调查的、找谁核实、结论是什么。",
    )
    version = version_field()
