"""清单 (checklists): lists by name, as the rulebook ships them or as the county changed them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from .models import ChecklistTemplate
from .regimes import FOLDER

TYPES = {"yes_no": "是否", "choice": "选择", "text": "文字", "number": "数字"}
YES, NO = "是", "否"


@dataclass(frozen=True)
class Question:
    """One line of a list; `fails` is the answer that raises a clue of `risk`."""

    key: str
    text: str
    type: str
    choices: tuple[str, ...] = ()
    fails: str = ""
    risk: str = ""
    evidence: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        return (YES, NO) if self.type == "yes_no" else self.choices

    def is_failing(self, value: str) -> bool:
        return bool(self.fails) and value == self.fails


@dataclass(frozen=True)
class Checklist:
    """A list in the version that is in use; version 0 is the rulebook's own."""

    key: str
    title: str
    purpose: str
    version: int
    questions: tuple[Question, ...]
    is_active: bool = True

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)


def question(item: Mapping[str, Any]) -> Question:
    return Question(
        str(item["key"]),
        str(item["text"]),
        str(item["type"]),
        tuple(item.get("choices", ())),
        str(item.get("fails", "")),
        str(item.get("risk", "")),
        bool(item.get("evidence", False)),
    )


@cache
def packaged() -> dict[str, Checklist]:
    """What the rulebook ships."""
    data = yaml.safe_load((FOLDER / "checklists" / "visits.yaml").read_text(encoding="utf-8"))
    return {
        each["key"]: Checklist(
            each["key"], each["title"], each["purpose"], 0, tuple(map(question, each["items"]))
        )
        for each in data["checklists"]
    }


def checklists(*, with_retired: bool = False) -> dict[str, Checklist]:
    """Every list by key, in the county's newest version where there is one."""
    found = dict(packaged())
    for row in ChecklistTemplate.objects.order_by("version"):
        found[row.key] = Checklist(
            row.key,
            row.title,
            row.purpose,
            row.version,
            tuple(map(question, row.items)),
            row.is_active,
        )
    return {key: each for key, each in found.items() if with_retired or each.is_active}
