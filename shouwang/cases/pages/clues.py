"""线索的页面: households offered while searching, what is known of them, one clue's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import Actor
from shouwang.core.components import Event
from shouwang.registry import search
from shouwang.registry.models import Household

from ..forms.clues import CloseClueForm
from ..models import Case, RegisteredClue
from ..operations.revealing import LABELS
from ..states import Channel, ClueConclusion, Emergency
from ..tables import CLUE_TONES
from .timing import timing

MOST_OPTIONS = 8


@dataclass(frozen=True)
class Option:
    """One household offered by the search."""

    household_no: str
    name: str
    detail: str
    mark: str = ""
    tone: str = "near"
    is_picked: bool = False


@dataclass(frozen=True)
class Mention:
    """A clue or case that exists already."""

    label: str
    url: str
    state: str
    tone: str
    note: str = ""


@dataclass(frozen=True)
class Known:
    """What is already known of a household, before somebody registers it twice."""

    clues: Sequence[Mention] = ()
    cases: Sequence[Mention] = ()
    sentence: str = ""


def option(household: Household, detail: str = "", *, is_picked: bool = False) -> Option:
    village = household.village
    place = f"{village.parent.name if village.parent else ''}{village.name}"
    mark = household.monitor_class or ""
    if mark and household.eliminated == "是":
        mark = f"{mark}（风险已消除）"
    return Option(
        household_no=household.household_no,
        name=str(household),
        detail="，".join(filter(None, (place, f"户编号 {household.household_no}", detail))),
        mark=mark,
        tone="done" if household.eliminated == "是" else "near",
        is_picked=is_picked,
    )


def options(actor: Actor, text: str, *, picked: str = "") -> list[Option]:
    """Households that a name, pinyin, number, ID number or phone means; the picked one first."""
    found = search.find(actor, text, limit=MOST_OPTIONS)
    offered: dict[str, Option] = {}
    if picked:
        kept = Household.objects.visible_to(actor).select_related("village__parent")
        for household in kept.filter(household_no=picked.replace("\x00", "")):
            offered[picked] = option(household, is_picked=True)
    members = {
        member.household_id: f"{member.name}（{member.relation or '关系不详'}）"
        for member in reversed(found.members)
        if member.relation != search.HEAD
    }
    keys = {member.household_id: None for member in found.members}
    keys |= {household.pk: None for household in found.households}
    households = Household.objects.select_related("village__parent").in_bulk(list(keys))
    for pk in list(keys)[:MOST_OPTIONS]:
        household = households[pk]
        offered.setdefault(household.household_no, option(household, members.get(pk, "")))
    return list(offered.values())


def known(
    actor: Actor,
    household: Household | None,
    risks: Sequence[str] = (),
    *,
    besides: RegisteredClue | None = None,
) -> Known | None:
    """Open clues and all cases of a household; a sentence says what to do about them."""
    if household is None:
        return None
    clues = RegisteredClue.objects.visible_to(actor).filter(household=household)
    if besides is not None:
        clues = clues.exclude(pk=besides.pk)
    clues = clues.exclude(state="closed").order_by("-received_on")[:10]
    cases = Case.objects.visible_to(actor).filter(household=household).order_by("-round")[:10]
    found = Known([_clue(each) for each in clues], [_case(each) for each in cases])
    is_same = any(set(clue.risks) & set(risks) for clue in clues)
    return Known(found.clues, found.cases, _sentence(found, list(cases), is_same))


def _sentence(found: Known, cases: Sequence[Case], is_same: bool) -> str:
    if any(case.is_open for case in cases):
        return "这一户有在办的个案；同一件事不用再登记，新的困难登记后并入这个个案。"
    if is_same:
        return "同样的线索已经登记过，请先看是不是同一件事。"
    if found.clues:
        return "这一户已有没办结的线索，登记后会合在一起办。"
    return "这一户以前办过个案，如有新的困难会开新的一轮。" if found.cases else ""


def _clue(clue: RegisteredClue) -> Mention:
    risks = "、".join(clue.risk_labels)
    return Mention(
        f"{clue.received_on:%Y-%m-%d} {Channel(clue.channel).label}",
        reverse("cases:clue", args=[clue.uuid]),
        clue.state_label,
        CLUE_TONES.get(clue.state, "idle"),
        risks,
    )


def _case(case: Case) -> Mention:
    return Mention(
        case.number,
        reverse("cases:case", args=[case.number]),
        case.state_label,
        case.state_tone,
        f"第 {case.round} 轮" if case.round > 1 else "",
    )


def due_words(clue: RegisteredClue) -> str:
    """The end of the sentence after a clue was registered."""
    if clue.case_id:
        return "这一户有在办的个案，线索已并入。"
    return f"请在 {clue.due_on:%Y-%m-%d} 前核实。" if clue.due_on else "请尽快核实。"


@dataclass(frozen=True)
class Deeds:
    """What the person may do with a clue now."""

    may_work: bool
    may_open: bool = False
    open_case: Case | None = None
    may_close: bool = False
    may_reopen: bool = False
    must_find: bool = False


def page(actor: Actor, clue: RegisteredClue) -> dict[str, Any]:
    """Everything that the page of one clue shows."""
    may_work = actor.can_at("cases.register", clue.village.path)
    is_waiting = clue.state == "received"
    open_case = (
        Case.objects.visible_to(actor).live().filter(household_id=clue.household_id).first()
        if clue.household_id and is_waiting
        else None
    )
    return {
        "clue": clue,
        "title": str(clue),
        "place": f"{clue.village.parent.name if clue.village.parent else ''}{clue.village.name}",
        "state_tone": CLUE_TONES.get(clue.state, "idle"),
        "due": timing(clue.due_on, clock.today()) if is_waiting else None,
        "facts": _facts(clue),
        "sealed": _sealed(clue, may_work),
        "deeds": Deeds(
            may_work=may_work,
            may_open=may_work and is_waiting and bool(clue.household_id),
            open_case=open_case,
            may_close=may_work and is_waiting,
            may_reopen=may_work and clue.state == "closed" and clue.case_id is None,
            must_find=may_work and is_waiting and not clue.household_id,
        ),
        "close_form": CloseClueForm(initial={"version": clue.version}),
        "known": known(actor, clue.household, clue.risks, besides=clue) if is_waiting else None,
        "events": _events(clue),
        "list_url": reverse("cases:clues"),
    }


def _sealed(clue: RegisteredClue, may_work: bool) -> list[tuple[str, str]]:
    """What is sealed on the clue, with the address that opens it for a reason."""
    kept = {"contact": clue.contact_enc, "reporter": clue.reporter_enc}
    return [
        (LABELS[what], reverse("cases:clue-reveal", args=[clue.uuid, what]) if may_work else "")
        for what, value in kept.items()
        if value is not None
    ]


def _facts(clue: RegisteredClue) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("渠道", Channel(clue.channel).label),
        ("可能的风险", "、".join(clue.risk_labels)),
        ("收到日期", formats.day(clue.received_on)),
        ("应办日期", formats.day(clue.due_on)),
    ]
    if clue.emergency:
        facts.append(("突发事件", Emergency(clue.emergency).label))
    if clue.department or clue.outside_no:
        facts.append(("来源", " ".join(filter(None, (clue.department, clue.outside_no)))))
    if clue.on_behalf:
        facts.append(("代为申报", clue.relation or "是"))
    if clue.times > 1:
        facts.append(("出现次数", f"{clue.times} 次，最近 {clue.last_seen_on}"))
    if clue.conclusion:
        facts.append(("结论", ClueConclusion(clue.conclusion).label))
    return facts


def _events(clue: RegisteredClue) -> list[Event]:
    events = []
    if clue.concluded_at:
        events.append(
            Event(clue.concluded_at, "办结", clue.concluded_by_label, clue.conclusion_note, "done")
        )
    if clue.case:
        events.append(
            Event(
                clue.case.opened_at, "并入个案", detail=clue.case.number, tone="going",
                url=reverse("cases:case", args=[clue.case.number]),
            )
        )  # fmt: skip
    events.append(Event(clue.registered_at, "登记", clue.registered_by_label, tone="near"))
    return events
