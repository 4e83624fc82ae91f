"""线索表单: registering a clue, ending it, opening a case, drawing from a screening."""

from collections.abc import Sequence
from typing import Any

from django import forms

from shouwang.core import clock
from shouwang.screening.states import Risk

from ..states import Channel, ClueConclusion, Emergency
from .fields import DayField, RisksField, WordsField, version_field

BY_HAND = [
    choice for choice in Channel.choices
    if choice[0] not in {Channel.PLATFORM, Channel.RESCUE_PLATFORM}
]  # fmt: skip
"""The channels that a person enters; the other two come by screening and by file."""


class ClueForm(forms.Form):
    """登记线索: a household of the registry, or a name and a village where it is not found."""

    household = WordsField(required=False, max_length=120, widget=forms.HiddenInput)
    person_name = WordsField(label="姓名", required=False, max_length=60)
    village = forms.ChoiceField(label="行政村", required=False)
    person_phone = WordsField(
        label="联系电话", required=False, max_length=20, help_text="加密保存，不公开。"
    )
    risks = RisksField(label="可能的风险", help_text="可以多选，最多 5 项；说不准的选“其他”。")
    text = WordsField(
        label="反映的情况", rows=4, max_length=2_000,
        help_text="什么时候、谁、发生了什么、现在有什么困难。不要写证件号码。",
    )  # fmt: skip
    emergency = forms.ChoiceField(
        label="突发事件", required=False, choices=Emergency.choices, widget=forms.RadioSelect,
        help_text="灾害、事故、公共卫生事件走绿色通道：先帮扶，限期补手续。",
    )  # fmt: skip
    channel = forms.ChoiceField(label="线索渠道", choices=BY_HAND)
    received_on = DayField(label="收到日期", help_text="办理期限从这一天算起。")
    department = WordsField(
        label="来源部门",
        required=False,
        max_length=60,
        help_text="部门比对、监督和舆情转来的填写。",
    )
    outside_no = WordsField(
        label="来源编号", required=False, max_length=80, help_text="例如 12317、12345 的工单编号。"
    )
    reporter_name = WordsField(
        label="反映人", required=False, max_length=60, help_text="加密保存，可以不填。"
    )
    reporter_phone = WordsField(label="反映人电话", required=False, max_length=20)
    on_behalf = forms.BooleanField(label="反映人是代这一户申报的", required=False)
    relation = WordsField(
        label="与这一户的关系",
        required=False,
        max_length=40,
        help_text="例如：侄子、邻居、村民小组长。",
    )

    def __init__(self, *args: Any, villages: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        village = self.fields["village"]
        assert isinstance(village, forms.ChoiceField)
        village.choices = [("", "请选择"), *villages]
        if len(villages) == 1:
            village.initial = villages[0][0]
        self.fields["received_on"].initial = clock.today()
        self.fields["channel"].initial = Channel.SELF_REPORT

    @property
    def has_stranger(self) -> bool:
        """Whether the part for a household that is not in the registry should stand open."""
        names = ("person_name", "person_phone")
        return any(self[name].value() for name in names) or bool(self["village"].errors)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("household"):
            if not found.get("person_name"):
                self.add_error(None, "请先查找并选中一户；档案里没有的，填写姓名和行政村。")
            elif not found.get("village"):
                self.add_error("village", "档案里没有这一户时，请选择所在的行政村。")
        if found.get("on_behalf") and not found.get("reporter_name"):
            self.add_error("reporter_name", "代为申报的，请填写代报人姓名。")
        return found


class CloseClueForm(forms.Form):
    """办结线索 without a case."""

    conclusion = forms.ChoiceField(
        label="结论",
        choices=[c for c in ClueConclusion.choices if c[0] != ClueConclusion.TO_INCLUDE],
        widget=forms.RadioSelect,
    )
    note = WordsField(
        label="核实情况", rows=3, max_length=500,
        help_text="怎样核实的、为什么是这个结论。结论会反馈给线索来源部门。",
    )  # fmt: skip
    version = version_field()


class FindHouseholdForm(forms.Form):
    """关联农户: the household that a clue without one means."""

    household = WordsField(max_length=120, widget=forms.HiddenInput)
    version = version_field()


class PullForm(forms.Form):
    """提取筛查线索: of which priorities and risks."""

    priorities = forms.MultipleChoiceField(
        label="办理次序", widget=forms.CheckboxSelectMultiple, required=True
    )
    risks = forms.MultipleChoiceField(
        label="风险", choices=Risk.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不选就是全部风险。",
    )  # fmt: skip
