"""入户核查表: the national form with its income items, guarantees, risks, possessions and lists.

A draft takes whatever can be read and leaves the rest as it was, so that nothing typed is lost;
only the submission asks for everything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from shouwang.screening.states import Risk

from ..checklists import Checklist, Question
from ..income import Item, items
from ..models import HouseholdCheck
from ..states import CheckKind
from .fields import MOST_RISKS, DayField, WordsField, version_field, yes_no

CHECKER_ROWS = 4
GUARANTEES = {
    "education_ok": ("义务教育有保障", "适龄孩子没有失学辍学。"),
    "medical_ok": ("基本医疗有保障", "全家都参加了基本医疗保险。"),
    "housing_ok": ("住房安全有保障", "唯一住房不是 C、D 级危房。"),
    "water_ok": ("饮水安全有保障", "水量、水质、取水方便程度、保证率达标。"),
}
JUDGED = {
    "sudden_event": ("近一年有突发事件", "灾害、事故、大病等突然发生的事。"),
    "can_cope": ("靠自己能应对", "靠积蓄、亲友和现有帮扶能渡过难关。"),
}
LEAVING = {
    "income_stable": ("收入已经稳定", "不是靠一次性补助临时达到的。"),
    "risks_gone": ("原来的风险已经消除", ""),
    "new_risk": ("出现了新的风险", ""),
}
WORDS = {
    "difficulties": ("存在困难", "用农户自己的话写。"),
    "wishes": ("帮扶需求", "农户希望得到什么帮助，能自己做什么。"),
    "note": ("备注", ""),
}


@dataclass(frozen=True)
class IncomeLine:
    """One line of the income table: amount and note."""

    item: Item
    amount: BoundField
    note: BoundField
    is_first: bool


class CheckForm(forms.Form):
    """入户核查; fields differ by regime, kind of check and the lists in force."""

    visited_on = DayField(label="入户日期", required=False)
    size = forms.IntegerField(
        label="共同生活人口", min_value=1, max_value=30, required=False,
        help_text="按实际一起生活的人数填，可与户籍不同。",
    )  # fmt: skip
    version = version_field()

    def __init__(
        self,
        *args: Any,
        check: HouseholdCheck,
        regime: str,
        checklists: Sequence[Checklist] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        self.regime = regime
        self.checklists = checklists
        self._add_checkers()
        self._add_income()
        self._add_judgements()
        self._add_risks()
        self._add_questions()

    def _add_checkers(self) -> None:
        for number in range(CHECKER_ROWS):
            self.fields[f"checker_{number}"] = WordsField(
                label=f"核查人 {number + 1}", required=False, max_length=40
            )
            self.fields[f"unit_{number}"] = WordsField(
                label="单位职务", required=False, max_length=60
            )

    def _add_income(self) -> None:
        for item in items(self.regime):
            self.fields[f"income_{item.key}"] = forms.DecimalField(
                label=item.label, required=False, max_digits=12, decimal_places=2, min_value=0,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"income_note_{item.key}"] = WordsField(
                label="怎么算的", required=False, max_length=200,
                widget=forms.TextInput(attrs={"placeholder": "怎么算的"}),
            )  # fmt: skip

    def _add_judgements(self) -> None:
        asked = {**GUARANTEES, **JUDGED}
        if self.check.kind in {CheckKind.EXIT, CheckKind.FOLLOW_UP}:
            asked |= LEAVING
        for name, (label, help_text) in asked.items():
            self.fields[name] = yes_no(label, help_text=help_text)
        for name, (label, help_text) in WORDS.items():
            self.fields[name] = WordsField(
                label=label, required=False, max_length=1_000, rows=2, help_text=help_text
            )

    def _add_risks(self) -> None:
        for number in range(MOST_RISKS):
            self.fields[f"risk_{number}"] = forms.ChoiceField(
                label=f"风险 {number + 1}", required=False,
                choices=[("", "没有" if number else "请选择，没有就不选"), *Risk.choices],
            )  # fmt: skip
            self.fields[f"risk_note_{number}"] = WordsField(
                label="说明", required=False, max_length=200
            )

    def _add_questions(self) -> None:
        for checklist in self.checklists:
            for question in checklist.questions:
                self.fields[_name(checklist, question)] = _question(question)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = [found.get(f"risk_{number}") or "" for number in range(MOST_RISKS)]
        for number, key in enumerate(chosen):
            if key and key in chosen[:number]:
                self.add_error(f"risk_{number}", "这一项风险已经选过，请换一项或去掉。")
        return found

    # what the template draws

    def checker_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"checker_{n}"], self[f"unit_{n}"]) for n in range(CHECKER_ROWS)]

    def income_lines(self) -> Iterator[IncomeLine]:
        before = ""
        for item in items(self.regime):
            yield IncomeLine(
                item, self[f"income_{item.key}"], self[f"income_note_{item.key}"],
                item.group != before,
            )  # fmt: skip
            before = item.group

    def guarantees(self) -> list[BoundField]:
        return [self[name] for name in GUARANTEES]

    def judgements(self) -> list[BoundField]:
        return [self[name] for name in (*JUDGED, *LEAVING) if name in self.fields]

    def risk_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"risk_{n}"], self[f"risk_note_{n}"]) for n in range(MOST_RISKS)]

    def words(self) -> list[BoundField]:
        return [self[name] for name in WORDS]

    def lists(self) -> list[tuple[Checklist, list[BoundField]]]:
        return [
            (checklist, [self[_name(checklist, question)] for question in checklist.questions])
            for checklist in self.checklists
        ]

    # what the operations take: only what could be read

    def amounts(self) -> dict[str, Decimal | None]:
        """What is typed for each income item, as far as it can be read."""
        found = getattr(self, "cleaned_data", {})
        return {
            item.key: found[f"income_{item.key}"]
            for item in items(self.regime)
            if f"income_{item.key}" in found
        }

    def values(self) -> dict[str, Any]:
        """The plain columns of the check; a field that could not be read is left as it was."""
        found = self.cleaned_data
        plain = ("visited_on", "size", *GUARANTEES, *JUDGED, *LEAVING, *WORDS)
        values = {name: found[name] for name in plain if name in found}
        if all(f"checker_{n}" in found for n in range(CHECKER_ROWS)):
            values["checkers"] = self._checkers()
        if all(f"risk_{n}" in found for n in range(MOST_RISKS)):
            values["risks"] = self._risks()
        return values

    def _checkers(self) -> list[dict[str, str]]:
        found = self.cleaned_data
        rows = [
            {"name": found[f"checker_{n}"], "unit": found.get(f"unit_{n}", "")}
            for n in range(CHECKER_ROWS)
        ]
        return [row for row in rows if row["name"]]

    def _risks(self) -> list[dict[str, str]]:
        found = self.cleaned_data
        rows = [
            {"key": found[f"risk_{n}"], "note": found.get(f"risk_note_{n}", "")}
            for n in range(MOST_RISKS)
        ]
        return [row for row in rows if row["key"]]

    def income_notes(self) -> dict[str, str]:
        found = self.cleaned_data
        return {key: found.get(f"income_note_{key}", "") for key in self.amounts()}

    def answers(self) -> dict[str, dict[str, str]]:
        """What was answered, by list and question; a list with an unreadable answer is left out."""
        found = self.cleaned_data
        kept = {}
        for checklist in self.checklists:
            names = {each.key: _name(checklist, each) for each in checklist.questions}
            if all(name in found for name in names.values()):
                kept[checklist.key] = {
                    key: "" if found[name] is None else str(found[name])
                    for key, name in names.items()
                }
        return kept


def _name(checklist: Checklist, question: Question) -> str:
    return f"q_{checklist.key}_{question.key}"


def _question(question: Question) -> forms.Field:
    if question.type == "yes_no":
        return forms.ChoiceField(
            label=question.text, required=False, widget=forms.RadioSelect,
            choices=[*[(each, each) for each in question.options], ("", "没有核实")],
        )  # fmt: skip
    if question.type == "choice":
        return forms.ChoiceField(
            label=question.text, required=False,
            choices=[("", "没有核实"), *[(each, each) for each in question.options]],
        )  # fmt: skip
    if question.type == "number":
        return forms.DecimalField(
            label=question.text, required=False, max_digits=10, decimal_places=2
        )
    return WordsField(label=question.text, required=False, max_length=200)


def initial_of(check: HouseholdCheck) -> dict[str, Any]:
    """What the draft holds already."""
    plain = ("visited_on", "size", "version", *WORDS)
    initial: dict[str, Any] = {name: getattr(check, name) for name in plain}
    for name in (*GUARANTEES, *JUDGED, *LEAVING):
        initial[name] = {True: "yes", False: "no", None: ""}[getattr(check, name)]
    for number, each in enumerate(check.checkers[:CHECKER_ROWS]):
        initial[f"checker_{number}"] = each.get("name", "")
        initial[f"unit_{number}"] = each.get("unit", "")
    for number, each in enumerate(check.risks[:MOST_RISKS]):
        initial[f"risk_{number}"] = each["key"]
        initial[f"risk_note_{number}"] = each.get("note", "")
    for item in check.items.all():
        initial[f"income_{item.key}"] = item.amount
        initial[f"income_note_{item.key}"] = item.note
    for answer in check.answers.all():
        initial[f"q_{answer.template}_{answer.item}"] = answer.value
    return initial
