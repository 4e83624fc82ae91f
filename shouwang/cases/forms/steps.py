"""办理一步的表单: what a row of the state table asks for, as fields."""

from collections.abc import Sequence
from typing import Any

from django import forms

from shouwang.core import clock
from shouwang.core.lifecycle import Transition

from ..regimes import Regime
from ..states import REFUSALS, ClueConclusion, ResolutionWay
from .fields import DayField, WordsField, version_field

REASON_HELP = {
    True: "退回后要重做哪些、缺什么，写清楚，对方照着补。",
    False: "写明事实和理由，会反馈给下级和线索来源。",
}


class StepForm(forms.Form):
    """One step of a case: exactly the fields that its row asks for, and an opinion."""

    version = version_field()

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transition = transition
        for name in transition.asks:
            self.fields[name] = self._field(name)
        if "note" not in transition.asks and "reason" not in transition.asks:
            self.fields["note"] = WordsField(
                label="意见", required=False, rows=2, max_length=1_000, help_text="可以不填。"
            )

    def _field(self, name: str) -> forms.Field:
        if name == "date":
            field = DayField(label="日期")
            field.initial = clock.today()
            return field
        if name == "result":
            label, choices = self._results()
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        if name == "evidence":
            return WordsField(
                label="佐证材料",
                max_length=200,
                help_text="例如：死亡证明编号、迁出证明；原件拍照上传到“附件”。",
            )
        label = "理由" if name == "reason" else "说明"
        limit = 500 if name == "reason" else 1_000
        return WordsField(
            label=label, rows=3, max_length=limit, help_text=REASON_HELP[self.transition.is_back]
        )

    def _results(self) -> tuple[str, list[tuple[str, str]]]:
        if self.transition.action == "start_resolution":
            return "消除方式", [c for c in ResolutionWay.choices if c[0]]
        return "不纳入的原因", [(key, str(ClueConclusion(key).label)) for key in REFUSALS]

    def given(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class ClassForm(forms.Form):
    """认定类别: one value of every dimension; a departure from the proposal needs a reason."""

    reason = WordsField(
        label="与建议不一致的理由", required=False, rows=3, max_length=500,
        help_text="和系统建议一致时不用填。",
    )  # fmt: skip
    version = version_field()

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regime = regime
        for dimension in regime.dimensions:
            self.fields[dimension.key] = forms.ChoiceField(
                label=dimension.label,
                choices=[(value.key, value.label) for value in dimension.values],
                widget=forms.RadioSelect,
            )

    def decided(self) -> dict[str, str]:
        return {each.key: self.cleaned_data[each.key] for each in self.regime.dimensions}

    def rows(self) -> Sequence[Sequence[str]]:
        return [*([each.key] for each in self.regime.dimensions), ["reason"]]
