"""公示公告: hang a notice, take one down, note and handle objections."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.masking import mask_text

from ..deadlines import county_of, due, last_notice_day
from ..models import Case, Notice, NoticeEntry, Objection
from ..notice_content import content
from ..secrets import OBJECTOR
from ..states import NoticeKind, ObjectionState
from .writing import locked, next_numbers, trace

WHEN = {
    NoticeKind.PUBLICITY: ("notice", "exit_notice"),
    NoticeKind.ANNOUNCEMENT: ("announcement", "exit_announcement"),
}
SIGNS = {NoticeKind.PUBLICITY: "GS", NoticeKind.ANNOUNCEMENT: "GG"}


def publish_notice(
    actor: Actor,
    cases: Sequence[Case],
    *,
    kind: str,
    published_on: date | None = None,
    place: str = "",
) -> Notice:
    """Hang one notice for cases of one village; a case is named once a chain of steps.

    The days begin after the day on which it was really hung: a day before the cases came to this
    step, or one that is still to come, is refused.
    """
    if kind not in NoticeKind.values:
        raise DomainError("请选择公示或公告。", code="kind")
    day = published_on or clock.today()
    with transaction.atomic():
        chosen = _chosen(actor, cases, NoticeKind(kind))
        if not max(case.entered_on for case in chosen) <= day <= clock.today():
            raise DomainError("张贴日期应在评议或审定之后，不能晚于今天。", code="published_on")
        notice = _hang(actor, chosen, NoticeKind(kind), day, place)
        for case in chosen:
            _name(notice, case)
            trace(actor, case, "noticed", f"张贴{notice.get_kind_display()}", note=notice.number)
    return notice


def _chosen(actor: Actor, cases: Sequence[Case], kind: NoticeKind) -> list[Case]:
    """Locked, of one village, one regime and one stage, and in the state in which one is hung."""
    found = list(
        Case.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("household", "village__parent")
        .prefetch_related("risks", "checks")
        .filter(pk__in=[case.pk for case in cases])
        .order_by("pk")
    )
    if not found or len(found) != len({case.pk for case in cases}):
        raise NotFound
    require(actor, "cases.appraise", found[0].village.path)
    if len({(case.village_id, case.regime, case.stage) for case in found}) > 1:
        raise DomainError("一张公示只登同一个村、同一环节的户，请分别张贴。", code="village")
    for case in found:
        if case.state not in WHEN[kind]:
            raise Conflict(f"{case.number} 现在是“{case.state_label}”，不能张贴{kind.label}。")
    return found


def _hang(actor: Actor, cases: list[Case], kind: NoticeKind, day: date, place: str) -> Notice:
    first = cases[0]
    village, county = first.village, county_of(first.village.code)
    last = last_notice_day(first.regime, day, county) if kind == NoticeKind.PUBLICITY else day
    (serial,) = next_numbers(f"{SIGNS[kind]}-{county}-{day.year}-")
    return Notice.objects.create(
        number=f"{county}-{SIGNS[kind]}-{day.year}-{serial:06d}",
        kind=kind,
        stage=first.stage,
        village=village,
        content=content(
            cases,
            kind=kind,
            stage=first.stage,
            village=village,
            town=village.parent.name if village.parent else "",
            first_day=day,
            last_day=last,
        ),
        published_on=day,
        last_day=last,
        place=place.strip()[:80] or "村务公开栏",
        published_at=clock.now(),
        published_by_label=actor.label[:120],
    )


def _name(notice: Notice, case: Case) -> None:
    try:
        with transaction.atomic():
            NoticeEntry.objects.create(
                notice=notice, case=case, kind=notice.kind, stage=notice.stage
            )
    except IntegrityError:
        raise Conflict(f"{case.number} 已经{notice.get_kind_display()}过，不能重复张贴。") from None


def withdraw_notice(actor: Actor, entry: NoticeEntry, *, reason: str) -> NoticeEntry:
    """Take a case off a notice that was hung wrongly; it is hung anew, and the days begin again."""
    if not reason.strip():
        raise DomainError("请写明撤下公示的原因。", code="reason")
    with transaction.atomic():
        current = (
            NoticeEntry.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("case__village", "notice")
            .filter(pk=entry.pk)
            .first()
        )
        if current is None:
            raise NotFound
        require(actor, "cases.review", current.case.village.path)
        if current.is_withdrawn or current.case.state not in WHEN[NoticeKind(current.kind)]:
            raise Conflict("这份公示已经撤下，或个案已进入下一环节。")
        current.is_withdrawn, current.withdrawn_reason = True, reason.strip()[:300]
        current.save(update_fields=["is_withdrawn", "withdrawn_reason"])
        label = f"撤下{current.notice.get_kind_display()}"
        trace(actor, current.case, "unhung", label, reason=reason.strip())
    return current


def file_objection(
    actor: Actor,
    case: Case,
    *,
    filed_on: date,
    text: str,
    way: str = "",
    objector: str = "",
    is_anonymous: bool = False,
) -> Objection:
    """Note an objection to a case on a notice; the next step waits until it is handled."""
    if not text.strip():
        raise DomainError("请写明异议内容。", code="text")
    if not is_anonymous and not objector.strip():
        raise DomainError("请填写提出人，或选择匿名。", code="objector")
    with transaction.atomic():
        current = _in_notice(actor, case)
        entry = (
            current.notice_entries.filter(
                kind=NoticeKind.PUBLICITY, stage=current.stage, is_withdrawn=False
            )
            .select_related("notice")
            .first()
        )
        if entry is None:
            raise Conflict("这户没有正在张贴的公示。")
        if not entry.notice.published_on <= filed_on <= clock.today():
            raise DomainError("提出日期应在张贴之后、今天之前。", code="filed_on")
        sealed = None if is_anonymous else crypto.provider().encrypt(objector.strip(), OBJECTOR)
        county = county_of(current.village.code)
        made = Objection.objects.create(
            case=current,
            entry=entry,
            filed_on=filed_on,
            way=way.strip()[:40],
            objector_enc=sealed,
            is_anonymous=is_anonymous,
            text=mask_text(text.strip()),
            due_on=due(current.regime, "objection", filed_on, county),
            filed_at=clock.now(),
            filed_by_label=actor.label[:120],
        )
        trace(actor, current, "objected", "登记异议")
    return made


def _in_notice(actor: Actor, case: Case) -> Case:

    current = locked(actor, case.pk)
    require(actor, "cases.appraise", current.village.path)
    if current.state not in WHEN[NoticeKind.PUBLICITY]:
        raise Conflict(f"现在是“{current.state_label}”，公示期外的反映请登记为线索。")
    return current


def handle_objection(
    actor: Actor, objection: Objection, *, upheld: bool, answer: str, version: int
) -> Objection:
    """Say what the inquiry found; one that holds sends the case back to be checked again."""
    if not answer.strip():
        raise DomainError("请写明调查处理情况。", code="answer")
    with transaction.atomic():
        current = (
            Objection.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("case__village")
            .filter(pk=objection.pk)
            .first()
        )
        if current is None:
            raise NotFound
        require(actor, "cases.review", current.case.village.path)
        if current.version != version or current.state != ObjectionState.OPEN:
            raise Conflict(
                f"这件异议已由{current.handled_by_label or '他人'}处理，请刷新页面核对。"
            )
        current.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
        current.answer = mask_text(answer.strip())[:1000]
        current.handled_on, current.handled_by_label = clock.today(), actor.label[:120]
        current.version += 1
        current.save()
        label = f"处理异议：{current.get_state_display()}"
        trace(actor, current.case, "objection_handled", label, note=current.answer)
    return current
