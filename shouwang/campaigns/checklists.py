"""排查清单: the county's visit checklists as the sweep asks them, and which answers fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shouwang.cases.models import ChecklistTemplate

FOLDER = Path(__file__).resolve().parents[1] / "rulebook" / "checklists"
YES_NO = ("是", "否")


@dataclass(frozen=True)
class Checklist:
    """清单: its questions as a county wrote them last, else as the rulebook ships them."""

    key: str
    title: str
    items: tuple[Mapping[str, Any], ...]


def checklists() -> dict[str, Checklist]:
    """Active lists by key: the rulebook's, with the county's newest version in place."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["checklists"]:
            found[item["key"]] = Checklist(item["key"], item["title"], tuple(item["items"]))
    seen = set()
    for own in ChecklistTemplate.objects.order_by("key", "-version"):
        if own.key in seen:
            continue
        seen.add(own.key)
        found[own.key] = Checklist(own.key, own.title, tuple(own.items))
        if not own.is_active:
            del found[own.key]
    return found


def choices_of(question: Mapping[str, Any]) -> Sequence[str]:
    """The answers to choose from; nothing for a free text."""
    if question["type"] == "yes_no":
        return YES_NO
    return tuple(question.get("choices", ())) if question["type"] == "choice" else ()


def failing(
    questions: Sequence[Mapping[str, Any]], answers: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """The questions whose answer is the one that fails."""
    return [one for one in questions if "fails" in one and answers.get(one["key"]) == one["fails"]]


def risks_of(failed: Sequence[Mapping[str, Any]]) -> list[str]:
    """The risks that failing questions point to, each once."""
    return list(dict.fromkeys(one["risk"] for one in failed if one.get("risk")))
