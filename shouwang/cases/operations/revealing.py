"""查看封存的内容: whom a clue or an objection comes from, for who works on it, with a reason."""

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.masking import mask_text

from ..models import ComparisonRequest, Objection, RegisteredClue, Supporter
from ..secrets import CLUE_CONTACT, OBJECTOR, SUPPORTER_ID, opened, reporter
from ..states import RequestState

SHORTEST_REASON = 4
LABELS = {"contact": "联系电话", "reporter": "反映人"}


def reveal_clue(actor: Actor, clue: RegisteredClue, *, what: str, reason: str) -> str:
    """The contact of a clue's subject, or who reported it; the entry is written before it shows."""
    path = clue.village.path
    require(actor, "cases.register", path)
    if what not in LABELS:
        raise NotFound
    words = _reason(reason)
    with transaction.atomic():
        record(
            actor, "cases.clue.revealed", target_type="cases.clue", target_id=str(clue.uuid),
            division_path=path, summary=f"查看{LABELS[what]}，理由：{words}",
        )  # fmt: skip
        value = (
            opened(CLUE_CONTACT, clue.contact_enc)
            if what == "contact"
            else " ".join(reporter(clue.reporter_enc).values())
        )
    if not value:
        raise NotFound(f"这条线索没有登记{LABELS[what]}。")
    return value


def reveal_objector(actor: Actor, objection: Objection, *, reason: str) -> str:
    """Who objected, for the town that handles it."""
    case = objection.case
    require(actor, "cases.review", case.village.path)
    words = _reason(reason)
    with transaction.atomic():
        record(
            actor, "cases.objection.revealed", target_type="cases.case", target_id=case.number,
            division_path=case.village.path, summary=f"查看异议提出人，理由：{words}",
        )  # fmt: skip
        value = opened(OBJECTOR, objection.objector_enc)
    if not value:
        raise NotFound("这件异议是匿名提出的。")
    return value


def reveal_supporter(
    actor: Actor, request: ComparisonRequest, supporter: Supporter, *, reason: str
) -> str:
    """The number of somebody outside the household, for the department that must look for him (or
    the county that asks on its behalf) while the request is open."""
    case = request.case
    own = any(
        scope.covers(case.village.path) and scope.department in (None, request.department)
        for scope in actor.scopes_with("cases.answer")
    )
    if not own:
        require(actor, "cases.compare", case.village.path)
    if supporter.case_id != case.pk:
        raise NotFound
    if request.state != RequestState.OPEN:
        raise Conflict("这项比对已经答复，不再需要证件号码。")
    words = _reason(reason)
    with transaction.atomic():
        record(
            actor, "cases.supporter.revealed", target_type="cases.case", target_id=case.number,
            division_path=case.village.path,
            summary=f"{request.department}查看家庭外赡养抚养人证件号码，理由：{words}",
        )  # fmt: skip
        return opened(SUPPORTER_ID, supporter.id_enc)


def _reason(reason: str) -> str:
    words = " ".join(reason.split())[:200]
    if len(words) < SHORTEST_REASON:
        raise DomainError("请写明查看的理由（至少 4 个字），例如“联系农户核实”。", "reason")
    return mask_text(words)
