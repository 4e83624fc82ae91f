"""九步 (steps strip): where a case stands, as the common part draws it."""

from shouwang.core.components import Step

from ..dossier import Dossier
from ..queries import progress


def steps_of(dossier: Dossier) -> list[Step]:
    """The steps with their day, or what is still missing."""
    return [
        Step(each.part.label, each.state, _detail(each.state, each.detail, each.due_on))
        for each in progress(dossier)
    ]


def _detail(state: str, detail: str, due_on: object) -> str:
    if state in {"going", "late"} and due_on:
        return f"{due_on:%-m月%-d日}前"
    return detail if state == "done" else ""
