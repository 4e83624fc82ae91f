"""家庭外赡养抚养人: name them before departments are asked; who is named is compared too."""

from django.db import IntegrityError, transaction

from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.engine.cleaning.identity import valid_number

from ..models import Case, ComparisonRequest, Supporter
from ..secrets import SUPPORTER_ID
from ..states import RequestState, SupporterRelation
from .writing import locked, trace

OPEN_STATES = ("consent", "checking")


def add_supporter(
    actor: Actor, case: Case, *, name: str, relation: str, id_no: str, place: str = ""
) -> Supporter:
    """Name somebody outside the household; departments that answered already are asked again."""
    with transaction.atomic():
        current = _in_time(actor, case)
        number = _sound(current, name, relation, id_no)
        sealed = crypto.provider()
        try:
            with transaction.atomic():
                made = Supporter.objects.create(
                    case=current, name=name.strip()[:60], relation=relation,
                    id_enc=sealed.encrypt(number, SUPPORTER_ID), id_hash=sealed.digest(number),
                    place=place.strip()[:120], recorded_at=clock.now(),
                    recorded_by_label=actor.label[:120],
                )  # fmt: skip
        except IntegrityError:
            raise Conflict("这个人已经登记过。", code="id_no") from None
        again = _ask_again(current)
        note = f"{made.get_relation_display()}" + (f"，{again} 个部门补充比对" if again else "")
        trace(actor, current, "supporter", "登记家庭外赡养抚养人", note=note)
    return made


def remove_supporter(actor: Actor, case: Case, supporter: Supporter, *, reason: str) -> None:
    """Take a wrong entry out; once departments are asked, nobody is left out any more."""
    if not reason.strip():
        raise DomainError("请写明删去的理由，例如重复登记。", code="reason")
    with transaction.atomic():
        current = _in_time(actor, case)
        if current.requests.filter(stage=current.stage).exists():
            raise Conflict("已经请部门比对，不能再减少比对的人。")
        found = current.supporters.filter(pk=supporter.pk).first()
        if found is None:
            raise NotFound
        found.delete()
        trace(actor, current, "supporter", "删去家庭外赡养抚养人", reason=reason.strip())


def _in_time(actor: Actor, case: Case) -> Case:
    current = locked(actor, case.pk)
    require(actor, "cases.verify", current.village.path)
    if current.state not in OPEN_STATES:
        raise Conflict(f"现在是“{current.state_label}”，赡养抚养人在核查和比对时登记。")
    return current


def _sound(case: Case, name: str, relation: str, id_no: str) -> str:
    """The number as it is compared, if everything is in order."""
    application = getattr(case, "application", None)
    if application is None or not application.covers_supporters:
        raise DomainError(
            "授权书没有包含法定赡养抚养人，请先在“申请和授权”里补签并勾选。", code="consent"
        )
    if not name.strip():
        raise DomainError("请填写姓名。", code="name")
    if relation not in SupporterRelation.values:
        raise DomainError("请从列表中选择与户主的关系。", code="relation")
    number = valid_number(id_no.strip())
    if number is None:
        raise DomainError("证件号码不正确，请核对后再填。", code="id_no")
    digest = crypto.provider().digest(number)
    if case.household.members.filter(id_hash=digest, absent_since=None).exists():
        raise DomainError("这个人是本户成员，已在比对范围内。", code="id_no")
    return number


def _ask_again(case: Case) -> int:
    """Who answered before the new person was named has not looked for him."""
    answered = ComparisonRequest.objects.filter(
        case=case, stage=case.stage, state=RequestState.ANSWERED
    )
    found = list(answered.select_for_update())
    for request in found:
        request.state = RequestState.OPEN
        request.answered_at, request.answered_by_label = None, ""
        request.note = "新登记了家庭外赡养抚养人，请补充比对后重新答复。"
        request.version += 1
        request.save()
    return len(found)
