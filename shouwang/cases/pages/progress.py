"""九步 (steps strip): where a case stands, as the common part draws it."""

from shouwang.core.components import Step

from ..dossier import Dossier
from ..queries import Progress, progress


def steps_of(dossier: Dossier) -> list[Step]:
    """The steps with their day, or what is still missing."""
    return [_step(dossier, each) for each in progress(dossier)]


def _step(dossier: Dossier, each: Progress) -> Step:
    kept = dossier.application
    is_owed = dossier.case.is_green and (kept is None or not kept.is_signed)
    if each.part.key == "application" and each.state == "done" and is_owed:
        return Step(each.part.label, "going", "待补")
    return Step(each.part.label, each.state, _detail(each.state, each.detail, each.due_on))


def _detail(state: str, detail: str, due_on: object) -> str:
    if state in {"going", "late"} and due_on:
        return f"{due_on:%-m月%-d日}前"
    return detail if state == "done" else ""
