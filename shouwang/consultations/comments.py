"""意见的收集和研究: sent by the public, answered by units, taken down by officers; then decided."""

import secrets
import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shouwang.accounts.models import Department
from shouwang.audit.operations import record
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division
from shouwang.documents.personal import found_in
from shouwang.outreach.operations.reporting import count_request
from shouwang.outreach.states import RequestKind

from .models import Comment, Consultation, ConsultedUnit
from .operations import clean, receives_at, unit_of
from .secrets import NAME, PHONE
from .states import DECIDED, TAKEN_DOWN, Channel, Decision, State

WORDS, LETTERS = 2000, "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PUBLIC = Actor(None, "公众", ())
NO_OBJECTION = "没有修改意见"


def send_comment(
    found: Consultation,
    *,
    address: str,
    sent: uuid.UUID,
    text: str,
    article: str = "",
    name: str = "",
    phone: str = "",
) -> Comment:
    """A comment of the public page; the same words of one form sent twice are one comment."""
    sent = _once(sent, article, text)
    known = Comment.objects.filter(consultation=found, sent=sent).first()
    if known is not None:
        return known
    if not found.is_taking or not Consultation.objects.for_the_public().filter(pk=found.pk):
        raise Conflict("现在不在征求意见的时间里，意见没有提交。")
    _check(text, article)
    count_request(RequestKind.COMMENT, address, None)
    try:
        with transaction.atomic():
            _hold(found, "现在不在征求意见的时间里，意见没有提交。")
            return _keep(
                PUBLIC, found, Channel.WEB, text, article, sent=sent, name=name, phone=phone
            )
    except IntegrityError:  # the same form came twice at the same moment
        return Comment.objects.get(consultation=found, sent=sent)


def take_down(
    actor: Actor,
    found: Consultation,
    *,
    channel: str,
    text: str,
    article: str = "",
    unit: str = "",
    name: str = "",
    phone: str = "",
    sent: uuid.UUID | None = None,
) -> Comment:
    """What came by letter, by telephone, in a meeting: written down by who received it."""
    place = receives_at(actor, found)
    if channel not in TAKEN_DOWN:
        raise DomainError("请选择意见是怎样收到的。", code="channel")
    _check(text, article, unit)
    with transaction.atomic():
        _hold(found, "征求意见时和整理时才能登记意见。")
        sent = _once(sent, article, text) if sent else uuid.uuid4()
        known = found.comments.filter(sent=sent).first()
        return known or _keep(
            actor, found, Channel(channel), text, article, sent=sent, unit=clean(unit, 80),
            name=name, phone=phone, department=place.department, division=place.division,
        )  # fmt: skip


def answer_for_unit(
    actor: Actor, found: Consultation, *, text: str = "", article: str = "", has_none: bool = False
) -> Comment:
    """反馈意见 of a department or town; that it has none is an answer too."""
    unit = unit_of(actor, found)
    if unit is None:
        raise NotAllowed("这次没有征求您单位的意见。")
    if not has_none:
        _check(text, article)
    elif text.strip():
        raise DomainError("写了意见就不要再选“没有修改意见”。", code="text")
    with transaction.atomic():
        _hold(found, "征集已经结束。")
        said = _said(unit)
        if has_none and said.exists():
            raise Conflict("您单位已经反馈过，请看已反馈的意见。")
        words = (clean(text, WORDS), clean(article, 80))
        if known := said.filter(text=words[0], article=words[1]).first():
            return known
        unit.answered_on = clock.today()
        unit.save(update_fields=["answered_on"])
        return _keep(
            actor, found, Channel.UNIT, NO_OBJECTION if has_none else text, article,
            unit=unit.name, department=unit.department, division=unit.division,
            decision=Decision.NOTED if has_none else Decision.PENDING,
        )  # fmt: skip


def _said(unit: ConsultedUnit) -> "QuerySet[Comment]":
    return unit.consultation.comments.filter(channel=Channel.UNIT, unit=unit.name)


def _once(sent: uuid.UUID, article: str, text: str) -> uuid.UUID:
    """Of one form: the same words are the same comment, other words are another one."""
    return uuid.uuid5(sent, f"{clean(article, 80)}\n{clean(text, WORDS)}")


def _hold(found: Consultation, gone: str) -> None:
    """Nobody publishes or withdraws while a comment is written or decided."""
    now = Consultation.objects.select_for_update().get(pk=found.pk)
    if now.state not in (State.OPEN, State.SORTING):
        raise Conflict(gone)


def _check(text: str, article: str, unit: str = "") -> None:
    if len(text.strip()) < 2:
        raise DomainError("请写下您的意见。", code="text")
    for key, words in (("text", text), ("article", article), ("unit", unit)):
        if kind := found_in(words):
            raise DomainError(f"这里有{kind}，请不要写个人号码。", code=key)


def _keep(
    actor: Actor, found: Consultation, channel: Channel, text: str, article: str, *,
    sent: uuid.UUID | None = None, unit: str = "", name: str = "", phone: str = "",
    department: Department | None = None, division: Division | None = None,
    decision: Decision = Decision.PENDING,
) -> Comment:  # fmt: skip
    sealed = crypto.provider()
    name, phone = clean(name, 30), clean(phone, 20)
    made = Comment.objects.create(
        consultation=found, receipt=_receipt(), sent=sent or uuid.uuid4(), channel=channel,
        article=clean(article, 80), text=clean(text, WORDS), unit=unit, decision=decision,
        name_enc=sealed.encrypt(name, NAME) if name else None,
        phone_enc=sealed.encrypt(phone, PHONE) if phone else None,
        department=department, division=division,
        received_at=clock.now(), received_by_label=actor.label[:120],
    )  # fmt: skip
    _trace(actor, made, "commented", f"收到意见 {made.receipt}：{found}")
    return made


def _receipt() -> str:
    """The day and eight signs that are not mixed up when read aloud; they cannot be guessed."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{clock.today():%y%m%d}-{signs}"


def decide(
    actor: Actor,
    comment: Comment,
    *,
    version: int,
    decision: str,
    reason: str = "",
    change: str = "",
    same_as: Comment | None = None,
) -> Comment:
    """采纳, 部分采纳 or 不采纳; whatever is not wholly taken needs a reason.

    `same_as`: the comment says what another one says, and gets what that one gets.
    """
    found = comment.consultation
    require(actor, "consultations.manage", found.division.path)
    reason, change = clean(reason, 500), clean(change, 1000)
    if same_as is None and decision not in DECIDED:
        raise DomainError("请选择采纳、部分采纳或不采纳。", code="decision")
    if decision in (Decision.PARTLY, Decision.REFUSED) and not reason and same_as is None:
        raise DomainError("部分采纳和不采纳要写明理由，理由会公布。", code="reason")
    for key, words in (("reason", reason), ("change", change)):
        if kind := found_in(words):
            raise DomainError(f"这里有{kind}，公布的内容不能有个人号码。", code=key)
    with transaction.atomic():
        _hold(found, "现在不能研究意见，可能已经公布，请刷新页面核对。")
        if not Comment.objects.filter(pk=comment.pk, version=version).update(version=version + 1):
            raise Conflict("这条意见有人先研究了，请刷新页面核对后再办理。")
        comment.refresh_from_db()
        comment.same_as = _leader(comment, same_as)
        told = comment.same_as
        comment.decision = told.decision if told else decision
        comment.reason = told.reason if told else reason
        comment.change = told.change if told else change
        comment.decided_at, comment.decided_by_label = clock.now(), actor.label[:120]
        comment.save()
        comment.same.update(
            decision=comment.decision, reason=comment.reason, change=comment.change,
            decided_at=comment.decided_at, decided_by_label=comment.decided_by_label,
        )  # fmt: skip
        label = comment.get_decision_display()
        _trace(actor, comment, "decided", f"意见 {comment.receipt}：{label}")
    return comment


def _leader(comment: Comment, same_as: Comment | None) -> Comment | None:
    if same_as is None:
        return None
    same_as.refresh_from_db()
    if same_as.consultation_id != comment.consultation_id or same_as.pk == comment.pk:
        raise DomainError("请选择同一次征求意见里的另一条意见。", code="same_as")
    if same_as.same_as_id is not None or comment.same.exists():
        raise DomainError("被并入的意见不能再并入别的意见，请选那一条。", code="same_as")
    return same_as


def contact_of(actor: Actor, comment: Comment) -> tuple[str, str]:
    """Name and telephone of who commented; looking at them leaves a trace."""
    require(actor, "consultations.manage", comment.consultation.division.path)
    sealed = crypto.provider()
    _trace(actor, comment, "revealed", f"查看意见 {comment.receipt} 的联系方式")
    return (
        sealed.decrypt(bytes(comment.name_enc), NAME) if comment.name_enc else "",
        sealed.decrypt(bytes(comment.phone_enc), PHONE) if comment.phone_enc else "",
    )


def _trace(actor: Actor, comment: Comment, action: str, summary: str) -> None:
    record(
        actor, f"consultations.{action}", target_type="consultations.comment",
        target_id=comment.receipt, division_path=comment.consultation.division.path,
        summary=summary[:200],
    )  # fmt: skip
