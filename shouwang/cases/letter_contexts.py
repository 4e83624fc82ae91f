"""文书的内容 (letter contexts): what a case has to say in each of its papers.

Every value comes from the records of the case; what nobody noted yet stays blank, so that the paper
can be filled by hand. Numbers of people never stand in a letter: they are written in by themselves.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from shouwang.core import clock, formats
from shouwang.core.errors import DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.divisions.offices import office_of
from shouwang.divisions.queries import ancestors
from shouwang.documents.letters import words
from shouwang.documents.models import Attachment
from shouwang.documents.queries import attachments_of
from shouwang.registry.models import Household, Member

from . import income
from .dossier import Dossier
from .models import Approval, Case, HouseholdCheck, Notice
from .notice_content import FIELDS
from .regimes import regime
from .states import HitConclusion, NoticeKind, RequestState, Stage

Context = dict[str, Any]
_GUARANTEES: Final = (
    ("education_ok", "义务教育有保障"), ("medical_ok", "基本医疗有保障"),
    ("housing_ok", "住房安全有保障"), ("water_ok", "饮水安全有保障"),
)  # fmt: skip
_MATTERS: Final = {Stage.IDENTIFICATION: "识别", Stage.EXIT: "风险消除"}


class NothingToPrint(DomainError):
    """The step that gives this paper was not done yet."""

    default_code = "nothing_to_print"


def place_of(village: Division) -> dict[str, str]:
    """County, town and village by name."""
    names = {one.level: one.name for one in ancestors(village)}
    return {
        "county": names.get(Level.COUNTY, ""),
        "town": names.get(Level.TOWN, ""),
        "village": village.name,
    }


def county_of(village: Division) -> Division | None:
    """The county whose templates are used."""
    return next((one for one in ancestors(village) if one.level == Level.COUNTY), None)


def _household(dossier: Dossier) -> Context:
    case, household, check = dossier.case, dossier.household, dossier.check
    size = check.size if check and check.size else household.household_size
    return {
        "case_number": case.number,
        **place_of(case.village),
        "group": household.group_name or "",
        "head_name": household.head_name or "",
        "size": "" if size is None else str(int(size)),
        "object_name": dossier.regime.object_name,
    }


def _decided(dossier: Dossier) -> Context:
    case = dossier.case
    return {
        "class_label": dossier.regime.class_label(case.decided or case.proposed),
        "risks": "、".join(risk.label for risk in dossier.risks),
    }


def _members(dossier: Dossier) -> list[dict[str, str]]:
    return [_member(member) for member in dossier.members]


def _member(member: Member) -> dict[str, str]:
    birth = member.birth
    return {
        "name": member.name,
        "relation": member.relation or "",
        "sex": member.sex or "",
        "born": f"{birth.year}年{birth.month}月" if birth else "",
        "health": member.health or "",
        "labour": member.labour or "",
        "school": member.school_status or "",
    }


def _money(value: Decimal | None) -> str:
    return "" if value is None else formats.amount(value)


def _application(dossier: Dossier) -> Context:
    given = dossier.application
    return {
        **_household(dossier),
        "applicant": given.applicant_name if given else dossier.household.head_name or "",
        "reasons": given.note if given else "",
        "applied_on": given.applied_on if given else None,
        "mark": given.get_mark_display() if given else "",
        "writer_name": given.writer_name if given else "",
        "writer_relation": given.writer_relation if given else "",
        "supporters": bool(given and given.covers_supporters),
        "members": _members(dossier),
    }


def _check(dossier: Dossier) -> Context:
    """The submitted check, else the draft, else an empty form to take along."""
    drafts = [each for each in dossier.case.checks.all() if not each.is_void]
    check = dossier.check or (drafts[-1] if drafts else None)
    return {
        **_household(dossier),
        "kind": check.get_kind_display() if check else "",
        "members": _members(dossier),
        "period": _period(check),
        "income": _income(dossier, check),
        "net_income": _money(check.net_income if check else None),
        "per_person": _money(check.per_person if check else None),
        "claim_income": _money(check.claim_income if check else None),
        "self_paid": _money(check.self_paid if check else None),
        "guarantees": [
            {"label": label, "answer": words(getattr(check, name, None)) or "□是　□否"}
            for name, label in _GUARANTEES
        ],
        "risks": "　".join(f"{at}.{risk.label}" for at, risk in enumerate(dossier.risks, 1)),
        "difficulties": check.difficulties if check else "",
        "wishes": check.wishes if check else "",
        "checkers": check.checker_names if check else "",
        "visited_on": check.visited_on if check else None,
    }


def _period(check: HouseholdCheck | None) -> str:
    if check is None or check.period_start is None or check.period_end is None:
        return ""
    start, end = check.period_start, check.period_end
    return f"{start.year}年{start.month}月至{end.year}年{end.month}月"


def _income(dossier: Dossier, check: HouseholdCheck | None) -> list[dict[str, str]]:
    """Every line of the national form in its order; the two that stand beside are left out."""
    amounts = {item.key: item.amount for item in check.items.all()} if check else {}
    return [
        {"group": item.group_label, "label": item.label, "amount": _money(amounts.get(item.key))}
        for item in income.items(dossier.case.regime)
        if item.sign in "+-"
    ]


def _minutes(dossier: Dossier) -> Context:
    meeting = dossier.appraisal
    if meeting is None:
        raise NothingToPrint("还没有登记民主评议，登记后可以打印会议记录。")
    return {
        **_household(dossier),
        **_decided(dossier),
        "matter": _MATTERS[Stage(meeting.stage)],
        "held_on": meeting.held_on,
        "meeting": meeting.get_meeting_display(),
        "place": meeting.place,
        "host": meeting.host,
        "recorder": meeting.recorder,
        "entitled": str(meeting.entitled),
        "present": str(meeting.present),
        "participants": "、".join(str(name) for name in meeting.participants),
        "votes_for": str(meeting.votes_for),
        "votes_against": str(meeting.votes_against),
        "abstained": str(meeting.abstained),
        "result": "通过" if meeting.passed else "未通过",
        "minutes": meeting.minutes,
    }


def _review(dossier: Dossier) -> Context:
    """The form can be printed for the signature before the opinion is noted."""
    review, check, entry = dossier.review, dossier.check, dossier.publicity
    return {
        **_household(dossier),
        **_decided(dossier),
        "matter": _MATTERS[Stage(dossier.stage)],
        "per_person": _money(check.per_person if check else None),
        "visited_on": check.visited_on if check else None,
        "checkers": check.checker_names if check else "",
        "comparison": _comparison(dossier),
        "appraisal": _appraisal(dossier),
        "publicity": _published(dossier, entry.notice if entry else None),
        "opinion": review.opinion if review else "",
        "result": ("同意" if review.passed else "不同意") if review else "",
        "reviewed_on": review.on if review else None,
        "reviewer": review.by_label if review else "",
    }


def _comparison(dossier: Dossier) -> str:
    asked = dossier.requests
    if not asked:
        return ""
    answered = sum(1 for each in asked if each.state != RequestState.OPEN)
    told = f"{len(asked)} 个部门，已答复 {answered} 个"
    hits = dossier.hits
    if not hits:
        return f"{told}，没有发现资产"
    labels = dict(HitConclusion.choices)
    judged = "、".join(dict.fromkeys(str(labels[hit.conclusion]) for hit in hits))
    return f"{told}，发现资产 {len(hits)} 项，核定：{judged}"


def _appraisal(dossier: Dossier) -> str:
    meeting = dossier.appraisal
    if meeting is None:
        return ""
    result = "通过" if meeting.passed else "未通过"
    return (
        f"{words(meeting.held_on)}评议，实到 {meeting.present} 人，"
        f"同意 {meeting.votes_for} 票，{result}"
    )


def _published(dossier: Dossier, notice: Notice | None) -> str:
    if notice is None:
        return ""
    days = f"{words(notice.published_on)}至{words(notice.last_day)}"
    count = len(dossier.objections)
    return f"{days}，{f'收到异议 {count} 件' if count else '无异议'}"


def _approval(dossier: Dossier) -> Context:
    """The list of the same batch in the same town; a single approval is a list of one."""
    case = dossier.case
    own = case.approvals.filter(stage=dossier.stage).order_by("pk").last()
    own = own or case.approvals.order_by("pk").last()
    if own is None:
        raise NothingToPrint("县级还没有审定，审定后可以打印批复。")
    rows = [own]
    if own.batch:
        town = case.village.parent_id
        rows = list(
            Approval.objects.filter(batch=own.batch, stage=own.stage)
            .filter(case__in=Case.objects.visible_to(dossier.actor), case__village__parent=town)
            .select_related("case__household", "case__village")
            .prefetch_related("case__checks")
            .order_by("case__village__code", "case__number")
        )
    cases = [_approved(at, each) for at, each in enumerate(rows, 1)]
    place = place_of(case.village)
    return {
        "county": place["county"],
        "town": place["town"],
        "town_office": office_of(place["town"]),
        "object_name": dossier.regime.object_name,
        "matter": _MATTERS[Stage(own.stage)],
        "cases": cases,
        "households": str(len(cases)),
        "people": str(sum(int(each["size"] or 0) for each in cases)),
        "approved_on": own.on,
        "approver": own.by_label,
    }


def _approved(order: int, approval: Approval) -> dict[str, str]:
    case = approval.case
    size = _size(case, case.household)
    opinion = "同意" if approval.passed else "不同意"
    return {
        "order": str(order),
        "case_number": case.number,
        "village": case.village.name,
        "head_name": case.household.head_name or "",
        "size": size,
        "class": regime(case.regime).class_label(approval.decided or case.decided),
        "opinion": opinion,
    }


def _size(case: Case, household: Household) -> str:
    checks = [each for each in case.checks.all() if each.is_submitted and not each.is_void]
    size = checks[-1].size if checks else household.household_size
    return "" if size is None else str(int(size))


def _cover(dossier: Dossier) -> Context:
    case = dossier.case
    return {
        **_household(dossier),
        **_decided(dossier),
        "round": str(case.round),
        "state": case.state_label,
        "identified_on": case.identified_on,
        "resolved_on": case.resolved_on,
        "materials": _materials(dossier),
        "made_on": clock.today(),
    }


def _materials(dossier: Dossier) -> list[dict[str, str]]:
    """What lies in the file: the papers of the steps that were done, then the evidence."""
    case = dossier.case
    lines: list[tuple[str, date | None, int]] = []
    if dossier.application:
        lines.append(("申请及承诺授权书", dossier.application.applied_on, 1))
    lines += [(f"信息采集表（{each.get_kind_display()}）", each.visited_on, 1)
              for each in dossier.checks]  # fmt: skip
    lines += [("民主评议会议记录", each.held_on, 1)
              for each in case.appraisals.all() if not each.is_void]  # fmt: skip
    lines += [(str(each.notice.get_kind_display()), each.notice.published_on, 1)
              for each in case.notice_entries.all() if not each.is_withdrawn]  # fmt: skip
    lines += [("乡镇审核表", each.on, 1) for each in case.reviews.all()]
    lines += [("县级审定批复", each.on, 1) for each in case.approvals.all()]
    lines.sort(key=lambda line: line[1] or date.max)
    lines += _evidence(dossier)
    return [
        {"order": str(at), "title": title, "date": words(day), "count": str(count)}
        for at, (title, day, count) in enumerate(lines, 1)
    ]


def _evidence(dossier: Dossier) -> list[tuple[str, date | None, int]]:
    if not dossier.actor.can("documents.view"):
        return []
    found = attachments_of(dossier.actor, "cases.case", str(dossier.case.pk)).in_force()
    kinds = [one.kind for one in found]
    labels = dict(Attachment.Kind.choices)
    return [(str(labels[kind]), None, kinds.count(kind)) for kind in dict.fromkeys(kinds)]


def notice_context(notice: Notice) -> Context:
    """A notice as it was published: its frozen words, never read from the records again."""
    content: Mapping[str, Any] = notice.content
    keys = {label: key for key, (label, _) in FIELDS.items()}
    blank = dict.fromkeys(("head_name", "group", "size", "class", "risks"), "")
    named = [keys.get(label, "") for label in content["columns"]]
    entries = [
        {"order": str(at), **blank,
         **{key: str(value) for key, value in zip(named, row, strict=True) if key in blank}}
        for at, row in enumerate(content["rows"], 1)
    ]  # fmt: skip
    first = notice.entries.select_related("case").first()
    return {
        "notice_number": notice.number,
        "title": content["title"],
        **place_of(notice.village),
        "object_name": regime(first.case.regime).object_name if first else "",
        "households": str(len(entries)),
        "sentences": [{"text": str(text)} for text in content["paragraphs"]],
        "entries": entries,
        "first_day": date.fromisoformat(content["first_day"]),
        "last_day": date.fromisoformat(content["last_day"]),
        "place": notice.place,
        "hotlines": "、".join(content["hotlines"]),
        "signature": content["signature"],
    }


def notice_letter(notice: Notice) -> str:
    """Which letter a notice is."""
    exit_ = "exit_" if notice.stage == Stage.EXIT else ""
    return f"{exit_}{'publicity' if notice.kind == NoticeKind.PUBLICITY else 'announcement'}"


def _named(kind: str) -> Callable[[Dossier], Context]:
    """The last notice of this kind on which the case is named."""

    def context(dossier: Dossier) -> Context:
        return notice_context(notice_of(dossier, kind))

    return context


def notice_of(dossier: Dossier, key: str) -> Notice:
    """The notice behind a letter of the case; says what to do where it was not hung yet."""
    for entry in reversed(list(dossier.case.notice_entries.all())):
        if not entry.is_withdrawn and notice_letter(entry.notice) == key:
            found: Notice = entry.notice
            return found
    raise NothingToPrint("还没有张贴，登记张贴后可以打印。")


CONTEXTS: Final[Mapping[str, Callable[[Dossier], Context]]] = {
    "application": _application,
    "check": _check,
    "minutes": _minutes,
    "publicity": _named("publicity"),
    "review": _review,
    "approval": _approval,
    "announcement": _named("announcement"),
    "exit_publicity": _named("exit_publicity"),
    "exit_announcement": _named("exit_announcement"),
    "cover": _cover,
}
