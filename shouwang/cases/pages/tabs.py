"""个案页的分栏: what each tab shows, from the dossier that was read once."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from shouwang.core import formats
from shouwang.core.components import Explanation, ExplanationRow
from shouwang.registry.household_page import age_on, fragment
from shouwang.screening.states import risk_label

from ..classing import propose
from ..conditions import conditions
from ..differences import differences
from ..dossier import Dossier
from ..forms.check import GUARANTEES
from ..letter_views import offered_letters
from ..models import AssetHit, ComparisonRequest, HouseholdCheck
from ..regimes import source_words
from ..secrets import masked_number
from ..states import Answer, Channel, NoticeKind
from ..tables import CLUE_TONES, REQUEST_TONES
from .check import sheet_of

TONES = {Answer.MET: "done", Answer.NOT_MET: "late", Answer.UNKNOWN: "near"}
HIT_TONES = {"": "near", "no_effect": "done", "explained": "done", "excludes": "late"}


def overview(dossier: Dossier) -> dict[str, Any]:
    """Class with its reasons, application, clues, people."""
    case = dossier.case
    clues = case.clues.order_by("received_on")
    return {
        "proposal": proposal_card(dossier),
        "departure": case.departure_reason,
        "application": dossier.application,
        "clues": [
            (each, Channel(each.channel).label, CLUE_TONES.get(each.state, "idle"))
            for each in clues
        ],
        "members": [(each, age_on(each.birth, dossier.today)) for each in dossier.members],
        "refusal": case.refusal_reason,
        "risks": dossier.risks,
    }


def proposal_card(dossier: Dossier) -> Explanation | None:
    """Why this class: a sentence, then each side with what was looked at.

    The reasons as they were kept when the class was proposed; before that, what facts say now.
    """
    case, regime = dossier.case, dossier.regime
    if case.proposed_at:
        first, *reasons = case.proposal_reasons or [{}]
        sentence = first.get("sentence", "没有留下理由")
        when = f"生成于 {case.proposed_at:%Y-%m-%d}"
    elif dossier.check is not None:
        found = propose(regime, dossier.facts)
        reasons, sentence = [each.as_json() for each in found.reasons], found.sentence
        when = "按现在的情况试算，还没有生成建议"
    else:
        return None
    if case.decided:
        sentence = f"{sentence}；已认定为{regime.class_label(case.decided)}"
    return Explanation(
        sentence=f"{sentence}。",
        rule=f"{regime.title}类别认定规则",
        rows=list(_reason_rows(reasons)),
        state="已认定" if case.decided else "建议",
        tone="done" if case.decided else "going",
        source=f"规则来源：{source_words(str(regime.data['source']))}",
        dates=when,
    )


def _reason_rows(reasons: Iterable[Mapping[str, Any]]) -> Iterable[ExplanationRow]:
    for reason in reasons:
        for found in reason.get("findings", ()):
            state = Answer(found["state"])
            yield ExplanationRow(
                f"{reason['label']}：{found['text']}", found.get("value") or str(state.label),
                found.get("threshold", ""), found.get("source", ""),
            )  # fmt: skip


def checks(dossier: Dossier) -> dict[str, Any]:
    """All checks of the case, the newest open."""
    found = sorted(dossier.case.checks.all(), key=lambda each: -each.pk)
    return {
        "sheets": [(each, sheet_of(dossier, each) if each.is_submitted else None,
                    check_url(each)) for each in found],
    }  # fmt: skip


def check_url(check: HouseholdCheck) -> str:
    assert check.case is not None
    return reverse("cases:check", args=[check.case.number, check.pk])


def comparison(dossier: Dossier) -> dict[str, Any]:
    """What departments were asked and answered, and what their answers come to."""
    case, actor = dossier.case, dossier.actor
    requests = sorted(case.requests.all(), key=lambda each: (each.stage, each.pk))
    asked = {each.department for each in dossier.requests}
    return {
        "requests": [_request(each) for each in requests],
        "unasked": [name for name in dossier.regime.departments if name not in asked],
        "hits": [_hit(each) for each in case.hits.all()],
        "supporters": [(each, masked_number(each.id_enc)) for each in case.supporters.all()],
        "may_support": actor.can_at("cases.verify", dossier.path)
        and case.state in ("consent", "checking"),
        "may_compare": actor.can_at("cases.compare", dossier.path) and case.is_open,
        "may_explain": actor.can_at("cases.verify", dossier.path) and case.is_open,
    }


def _request(request: ComparisonRequest) -> dict[str, Any]:
    from ..regimes import comparison_item_label

    return {
        "request": request,
        "tone": REQUEST_TONES.get(request.state, "idle"),
        "items": "、".join(comparison_item_label(item) for item in request.items),
        "url": reverse("cases:request", args=[request.pk]),
    }


def _hit(hit: AssetHit) -> dict[str, Any]:
    return {
        "hit": hit,
        "tone": HIT_TONES.get(hit.conclusion, "idle"),
        "label": hit.get_conclusion_display(),
        "url": reverse("cases:hit", args=[hit.case.number, hit.pk]),
    }


def village(dossier: Dossier) -> dict[str, Any]:
    """Meetings, notices with their days, objections."""
    case, actor = dossier.case, dossier.actor
    entries = list(case.notice_entries.select_related("notice").order_by("pk"))
    return {
        "appraisals": sorted(case.appraisals.all(), key=lambda each: -each.pk),
        "entries": [
            (each, each.notice, (each.notice.last_day - dossier.today).days) for each in entries
        ],
        "objections": list(case.objections.all()),
        "may_handle": actor.can_at("cases.review", dossier.path),
        "publicity": NoticeKind.PUBLICITY,
        "today": dossier.today,
    }


def approval(dossier: Dossier) -> dict[str, Any]:
    """What the town and the county said, and what differs between check and registry."""
    case = dossier.case
    return {
        "reviews": list(case.reviews.all()),
        "approvals": list(case.approvals.order_by("pk")),
        "differences": differences(dossier),
        "has_check": dossier.check is not None,
    }


def household_help(dossier: Dossier) -> dict[str, Any]:
    """The room of help above fills this tab: the page loads it from there."""
    return fragment("support:household-help")(dossier.actor, dossier.case.household, dossier.today)


def resolution(dossier: Dossier) -> dict[str, Any]:
    """The conditions one by one, return visits, judgements, what was taken back."""
    case = dossier.case
    is_relevant = case.identified_on is not None
    found = conditions(dossier) if is_relevant and case.state != "resolved" else []
    return {
        "conditions": [(each, TONES[Answer(each.state)]) for each in found],
        "met_count": sum(each.is_met for each in found),
        "is_relevant": is_relevant,
        "follow_ups": list(case.follow_ups.all()),
        "judgements": list(case.judgements.all()),
        "snapshots": [
            (title, words)
            for title, snapshot in (("识别时", case.entry_snapshot), ("消除时", case.exit_snapshot))
            if (words := _snapshot_words(snapshot))
        ],
    }


def _snapshot_words(snapshot: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A frozen snapshot as people read it."""
    if not snapshot:
        return []
    facts: list[tuple[str, Any]] = [
        ("日期", snapshot.get("on")),
        ("类别", snapshot.get("class_label")),
        ("共同生活人口", f"{snapshot['size']} 人" if snapshot.get("size") else None),
        ("人均纯收入", _yuan(snapshot.get("per_person"))),
        ("当年监测范围线", _yuan(snapshot.get("line"))),
        ("合规自付支出", _yuan(snapshot.get("self_paid"))),
        ("风险", "、".join(risk_label(key) for key in snapshot.get("risks", ()))),
    ]
    words = {True: "有保障", False: "没有保障", None: "没有核实"}
    for key, (label, _) in GUARANTEES.items():
        if key in snapshot:
            facts.append((label.removesuffix("有保障"), words[snapshot[key]]))
    return facts


def _yuan(value: str | None) -> str | None:
    return f"{formats.amount(Decimal(value))} 元" if value else None


def files(dossier: Dossier) -> dict[str, Any]:
    """Scans and photos, and the papers that the steps give."""
    return {
        "target_type": "cases.case",
        "target_id": dossier.case.pk,
        "actions": offered_letters(dossier),
    }


def record(dossier: Dossier) -> dict[str, Any]:
    steps = dossier.case.steps.order_by("pk")
    for step in steps:
        step.case = dossier.case  # the labels need its table
    return {"all_steps": list(steps)}
