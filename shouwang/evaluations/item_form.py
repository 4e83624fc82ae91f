"""考核项的表单: an item with its scoring rule; only the parameters of the chosen rule count."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from shouwang.core.figures import all_figures
from shouwang.indicators.models import Definition

from .models import Item, Scheme
from .scheme_sheet import STEP
from .scoring import KINDS, words
from .states import Missing, Nature, Source

PARAMETERS: dict[str, tuple[str, ...]] = {
    "ratio": ("target", "floor"), "threshold": ("steps", "direction"),
    "deduction": ("each", "limit"), "rank": ("floor", "direction"), "bonus": ("each",),
    "expert": ("top", "drop"), "direct": (),
}  # fmt: skip
"""Which parameters a rule has; the page shows the others not."""
TYPES = (("", "计入 100 分"), ("bonus", "加分项"), ("veto", "颠覆性问题"))
DIRECTIONS = (("higher", "越高越好"), ("lower", "越低越好"))


def _number(label: str, rule: str = "", help_text: str = "") -> forms.DecimalField:
    found = forms.DecimalField(
        label=label, required=False, max_digits=12, decimal_places=4, help_text=help_text
    )
    found.widget.attrs["data-rule"] = rule
    return found


class ItemForm(forms.Form):
    """一项考核内容."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = forms.CharField(label="编号", max_length=20)
    parent = forms.ModelChoiceField(
        label="上级考核项", queryset=Item.objects.none(), required=False, empty_label="没有上级"
    )
    part = forms.ChoiceField(label="组成部分", help_text="有上级的随上级。")
    name = forms.CharField(label="考核内容", max_length=200)
    weight = forms.DecimalField(
        label="分值", min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    type = forms.ChoiceField(label="计分方式", choices=TYPES, required=False)
    veto_cap = forms.DecimalField(
        label="出现后总分不超过", required=False, min_value=0, max_value=100, decimal_places=2,
        max_digits=5, help_text="只用于颠覆性问题。",
    )  # fmt: skip
    nature = forms.ChoiceField(label="性质", choices=Nature.choices)
    source = forms.ChoiceField(
        label="数据来源", choices=(("", "下面再分项，本项不单独评分"), *Source.choices),
        required=False,
    )  # fmt: skip
    figure = forms.ChoiceField(label="自动数", required=False)
    base = forms.ChoiceField(
        label="占哪个数的百分比", required=False, help_text="不选就直接用自动数。"
    )
    indicator = forms.ChoiceField(label="指标", required=False)
    kind = forms.ChoiceField(
        label="评分规则", choices=(("", "不评分"), *KINDS.items()), required=False
    )
    target = _number("目标值", "ratio", "数值 ÷ 目标值 × 分值。")
    floor = _number(
        "起分线或末名得分（%）", "ratio rank", "完成率：低于它得 0 分；排名：末名得多少。"
    )
    steps = forms.CharField(
        label="分档", required=False, max_length=300,
        help_text="写成 95:100 90:85，意思是达到 95 得 100%，达到 90 得 85%。",
    )  # fmt: skip
    each = _number("每件几分", "deduction bonus")
    limit = _number("扣分上限", "deduction", "空着就最多扣完本项。")
    direction = forms.ChoiceField(label="方向", choices=DIRECTIONS, required=False)
    top = _number("打分满分", "expert", "评委按几分制打分，空着是 100。")
    drop = forms.BooleanField(label="3 人以上去掉最高最低", required=False)
    missing = forms.ChoiceField(label="缺数时", choices=Missing.choices)
    evidence = forms.CharField(label="需要的佐证", max_length=200, required=False)

    def __init__(self, *args: Any, scheme: Scheme, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme, self.item = scheme, item
        rows = scheme.items.filter(is_bonus=False, is_veto=False)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = rows.exclude(pk=item.pk) if item else rows
        figures = [(one.key, f"{one.title}（{one.unit}）") for one in all_figures().values()]
        indicators = Definition.objects.filter(division=scheme.division).exclude(comparison="text")
        self._offer("part", [(name, name) for name in scheme.weights])
        self._offer("figure", [("", "请选择"), *figures])
        self._offer("base", [("", "直接用这个数"), *figures])
        named = [(one.code, f"{one.name}（{one.table or '自建'}）") for one in indicators]
        self._offer("indicator", [("", "请选择"), *named])
        for name, kinds in _shown_by().items():
            self.fields[name].widget.attrs["data-rule"] = kinds
        for name, source in (("figure", "figure"), ("base", "figure"), ("indicator", "indicator")):
            self.fields[name].widget.attrs["data-source"] = source
        self.fields["veto_cap"].widget.attrs["data-type"] = "veto"

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_steps(self) -> str:
        text: str = self.cleaned_data["steps"]
        if re.sub(r"[\s,，;；]", "", STEP.sub("", text)):
            raise forms.ValidationError("分档请写成 95:100 90:85 的样子。")
        return text

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("type") == "veto" and found.get("veto_cap") is None:
            self.add_error("veto_cap", "颠覆性问题要写明出现后总分不超过多少。")
        if found.get("source") and not found.get("kind"):
            self.add_error("kind", "选了数据来源，也要选评分规则。")
        if found.get("kind") and not found.get("source"):
            self.add_error("source", "选了评分规则，也要选数据来源。")
        return found

    def values(self) -> dict[str, Any]:
        """As the operation takes them."""
        found = self.cleaned_data
        kind, source = found["type"], found["source"]
        parent: Item | None = found["parent"]
        key = {"figure": "/".join(one for one in (found["figure"], found["base"]) if one),
               "indicator": found["indicator"]}.get(source, "")  # fmt: skip
        return {
            "number": found["number"], "parent": parent,
            "part": parent.part if parent else found["part"], "name": found["name"],
            "weight": found["weight"], "nature": found["nature"], "source": source,
            "source_key": key, "rule": self.rule(), "missing": found["missing"],
            "evidence": found["evidence"], "is_bonus": kind == "bonus", "is_veto": kind == "veto",
            "veto_cap": found["veto_cap"] if kind == "veto" else None,
        }  # fmt: skip

    def rule(self) -> dict[str, Any]:
        """The rule with the parameters that it has, and no others."""
        kind = self.cleaned_data.get("kind", "")
        if not kind:
            return {}
        rule: dict[str, Any] = {"kind": kind}
        for name in PARAMETERS[kind]:
            value = self.cleaned_data.get(name)
            if name == "steps":
                rule["table"] = [
                    {"at": at, "share": share} for at, share in STEP.findall(value or "")
                ]
            elif name == "drop" and value:
                rule["drop"] = True
            elif name == "direction":
                rule |= {"direction": "lower"} if value == "lower" else {}
            elif isinstance(value, Decimal):
                rule[name] = words(value).replace(",", "")
        return rule


def _shown_by() -> dict[str, str]:
    """Which rules a parameter belongs to."""
    found: dict[str, list[str]] = {}
    for kind, names in PARAMETERS.items():
        for name in names:
            found.setdefault(name, []).append(kind)
    return {name: " ".join(kinds) for name, kinds in found.items()}


def initial_of(item: Item) -> dict[str, Any]:
    """An item as the form shows it."""
    rule: dict[str, Any] = item.rule
    key = item.source_key if item.source == Source.FIGURE else ""
    figure, _, base = key.partition("/")
    return {
        "number": item.number, "parent": item.parent_id, "part": item.part, "name": item.name,
        "weight": words(item.weight), "nature": item.nature, "source": item.source,
        "figure": figure, "base": base,
        "indicator": item.source_key if item.source == Source.INDICATOR else "",
        "type": "veto" if item.is_veto else "bonus" if item.is_bonus else "",
        "veto_cap": item.veto_cap, "missing": item.missing, "evidence": item.evidence,
        "kind": rule.get("kind", ""),
        "steps": " ".join(f"{row['at']}:{row['share']}" for row in rule.get("table", ())),
        "direction": rule.get("direction", "higher"), "drop": bool(rule.get("drop")),
        **{name: rule.get(name) for name in ("target", "floor", "each", "limit", "top")},
    }  # fmt: skip


class PartsForm(forms.Form):
    """组成部分的权重."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(scheme.weights)
        for at, (name, weight) in enumerate(scheme.weights.items()):
            self.fields[f"weight_{at}"] = forms.DecimalField(
                label=f"{name}（%）", min_value=0, max_value=100, decimal_places=2, max_digits=5,
                initial=words(weight),
            )  # fmt: skip

    def weights(self) -> dict[str, Decimal]:
        return {
            name: self.cleaned_data[f"weight_{at}"] for at, name in enumerate(self.names)
        }  # fmt: skip
