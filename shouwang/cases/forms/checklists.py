"""清单模板的表单: a list by name with its questions, one row each."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from shouwang.screening.states import Risk

from ..checklists import TYPES, Checklist
from .fields import WordsField

ROWS = 40
EMPTY_ROWS = 6


class ChecklistForm(forms.Form):
    """清单: rows without a text are left out; their order is the order of the list."""

    title = WordsField(label="名称", max_length=80)
    purpose = WordsField(label="用途", max_length=200, required=False)
    is_active = forms.BooleanField(label="启用", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, checklist: Checklist | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(checklist)
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        count = len(checklist.questions) if checklist else 0
        typed = [n for n in range(ROWS) if self.data.get(f"text_{n}")]
        self.row_count = min(ROWS, max([count + EMPTY_ROWS, *[n + 1 for n in typed]]))
        for number in range(self.row_count):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        self.fields[f"key_{number}"] = WordsField(
            required=False, max_length=40, widget=forms.HiddenInput
        )
        self.fields[f"text_{number}"] = WordsField(
            label=f"条目 {number + 1}", required=False, max_length=200
        )
        self.fields[f"type_{number}"] = forms.ChoiceField(
            label="回答方式", choices=list(TYPES.items()), required=False
        )
        self.fields[f"choices_{number}"] = WordsField(label="选项", required=False, max_length=200)
        self.fields[f"fails_{number}"] = WordsField(
            label="不合格的回答", required=False, max_length=40
        )
        self.fields[f"risk_{number}"] = forms.ChoiceField(
            label="登记为哪种风险", required=False, choices=[("", "不登记"), *Risk.choices]
        )
        self.fields[f"evidence_{number}"] = forms.BooleanField(label="要拍照", required=False)

    def rows(self) -> list[Sequence[forms.BoundField]]:
        names = ("text", "type", "choices", "fails", "risk", "evidence")
        return [[self[f"{name}_{n}"] for name in names] for n in range(self.row_count)]

    def keys(self) -> list[forms.BoundField]:
        return [self[f"key_{n}"] for n in range(self.row_count)]

    def items(self) -> list[dict[str, Any]]:
        """The questions as the operation takes them; a new one gets a key of its own."""
        found = self.cleaned_data
        used = {found.get(f"key_{n}") for n in range(self.row_count)}
        items = []
        for n in range(self.row_count):
            if not found.get(f"text_{n}"):
                continue
            key = found.get(f"key_{n}") or _free("item", used)
            used.add(key)
            items.append(
                {
                    "key": key,
                    "text": found[f"text_{n}"],
                    "type": found.get(f"type_{n}") or "yes_no",
                    "choices": _split(found.get(f"choices_{n}", "")),
                    "fails": found.get(f"fails_{n}", ""),
                    "risk": found.get(f"risk_{n}", ""),
                    "evidence": bool(found.get(f"evidence_{n}")),
                }
            )
        return items


def _free(stem: str, used: set[str | None]) -> str:
    return next(f"{stem}_{n}" for n in range(1, 1_000) if f"{stem}_{n}" not in used)


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；/]", text) if part.strip()]


def _initial(checklist: Checklist | None) -> dict[str, Any]:
    if checklist is None:
        return {"is_active": True, "version": 0}
    initial: dict[str, Any] = {
        "title": checklist.title,
        "purpose": checklist.purpose,
        "is_active": checklist.is_active,
        "version": checklist.version,
    }
    for number, each in enumerate(checklist.questions[:ROWS]):
        initial |= {
            f"key_{number}": each.key,
            f"text_{number}": each.text,
            f"type_{number}": each.type,
            f"choices_{number}": "、".join(each.choices),
            f"fails_{number}": each.fails,
            f"risk_{number}": each.risk,
            f"evidence_{number}": each.evidence,
        }
    return initial
