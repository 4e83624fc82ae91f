"""个案页 (case page): head, strip, buttons, one tab, timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Event, Tab
from shouwang.core.lifecycle import State

from ..dossier import Dossier, open_dossier
from ..lifecycles import table_of
from ..models import Case
from . import tabs
from .heads import head_of
from .progress import steps_of
from .timing import timing
from .works import offers_of

TABS: dict[str, str] = {
    "overview": "概况",
    "check": "入户核查",
    "compare": "数据比对",
    "village": "评议公示",
    "approval": "审核审批",
    "help": "帮扶",
    "exit": "风险消除",
    "files": "附件",
    "record": "办理记录",
}
BUILDERS: dict[str, Callable[[Dossier], dict[str, Any]]] = {
    "overview": tabs.overview,
    "check": tabs.checks,
    "compare": tabs.comparison,
    "village": tabs.village,
    "approval": tabs.approval,
    "help": tabs.household_help,
    "exit": tabs.resolution,
    "files": tabs.files,
    "record": tabs.record,
}


@dataclass(frozen=True)
class Round:
    """Another case of the same household."""

    label: str
    url: str
    state: str
    tone: str


def page(actor: Actor, case: Case, tab: str) -> dict[str, Any]:
    """Everything the page of a case shows."""
    tab = tab if tab in TABS else "overview"
    dossier = open_dossier(case, actor)
    steps = list(case.steps.order_by("-pk"))
    return {
        "case": case,
        "head": head_of(case),
        "state": state_of(case),
        "deadline": timing(case.due_on, dossier.today, "本环节"),
        "chain": chain_of(dossier),
        "steps": steps_of(dossier),
        "offers": offers_of(dossier),
        "tabs": _tabs(case, tab, len(steps)),
        "tab": tab,
        "tab_template": f"cases/tabs/{tab}.html",
        "events": [_event(case, step) for step in steps[:40]],
        "others": _rounds(actor, case),
        "list_url": reverse("cases:list"),
        **BUILDERS[tab](dossier),
    }


def state_of(case: Case) -> State:
    return table_of(case.regime).state(case.state)


def chain_of(dossier: Dossier) -> Any:
    """The limit of the whole chain, only where it is near or past: else it is noise."""
    found = timing(dossier.case.deadline_on, dossier.today, "全程")
    return found if found and found.tone in {"late", "near"} else None


def _tabs(case: Case, current: str, step_count: int) -> list[Tab]:
    url = reverse("cases:case", args=[case.number])
    counts = {"record": step_count}
    return [
        Tab(label, f"{url}?tab={key}", counts.get(key), key == current)
        for key, label in TABS.items()
    ]


def _event(case: Case, step: Any) -> Event:
    tone = "late" if step.was_late else "near" if step.is_back else "done"
    detail = "；".join(filter(None, (step.reason, step.note)))
    if step.was_late and step.due_on:
        detail = f"{detail}（应在 {step.due_on:%Y-%m-%d} 前办理，已超期）"
    return Event(step.at, step.label, step.actor_label, detail, tone)


def _rounds(actor: Actor, case: Case) -> list[Round]:
    others = Case.objects.visible_to(actor).filter(household_id=case.household_id)
    return [
        Round(
            f"第 {each.round} 轮 {each.number}", reverse("cases:case", args=[each.number]),
            each.state_label, each.state_tone,
        )
        for each in others.exclude(pk=case.pk).order_by("round")
    ]  # fmt: skip
