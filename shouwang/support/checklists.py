"""走访清单 (checklists): the lists of casework as a visit asks them, and what an answer means."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from shouwang.cases.models import ChecklistTemplate

from .catalogue import RULEBOOK

YES_NO = ("是", "否")


@dataclass(frozen=True)
class Checklist:
    """One list in the version that is asked now; version 0 is the one that is shipped."""

    key: str
    title: str
    version: int
    items: tuple[Mapping[str, Any], ...]

    def choices(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """What may be answered; empty where words or a number are asked for."""
        if item["type"] == "yes_no":
            return YES_NO
        return tuple(item.get("choices", ())) if item["type"] == "choice" else ()

    def fails(self, item: Mapping[str, Any], value: str) -> bool:
        return bool(value) and value == str(item.get("fails", ""))


@cache
def _shipped() -> Mapping[str, Checklist]:
    path = RULEBOOK / "checklists" / "visits.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        each["key"]: Checklist(each["key"], each["title"], 0, tuple(each["items"]))
        for each in data["checklists"]
    }


def checklists() -> dict[str, Checklist]:
    """The lists in use: those of the county before those that are shipped."""
    found = dict(_shipped())
    for template in ChecklistTemplate.objects.order_by("key", "version"):
        if template.is_active:
            found[template.key] = Checklist(
                template.key, template.title, template.version, tuple(template.items)
            )
        else:
            found.pop(template.key, None)
    return found
