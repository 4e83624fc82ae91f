"""扫码申报: what somebody without an account reports, within limits, and what he may learn of it.

Nothing of any household is read here: the report becomes a clue that the village finds a household
for. Who asks with receipt and phone learns the stage and nothing else.
"""

import re
import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.cases.models import RegisteredClue
from shouwang.cases.operations import register_clue
from shouwang.cases.states import Channel
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, Scope
from shouwang.core.errors import DomainError
from shouwang.documents.personal import found_in

from ..difficulties import offer
from ..models import PublicRequest, ReportCode, SelfReport
from ..states import RequestKind

KEPT = timedelta(days=3)
PHONE = re.compile(r"(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})")
STAGES = {
    "received": ("已收到", "村里还没有开始核实，请保持电话畅通。"),
    "checking": ("正在核实", "工作人员会上门了解情况，请配合。"),
    "answered": ("已答复", "核实已有结果。想知道详细结果，请问村委会。"),
}


class TooMany(DomainError):
    """Somebody asks more often than a person does."""

    default_code = "too_many"
    status = 429


def public_actor(code: ReportCode) -> Actor:
    """Who reports by a code: may register a clue in its village and nothing else."""
    scope = Scope(code.village.path, "self_report", frozenset({"cases.register"}))
    return Actor(None, "村民扫码申报", (scope,))


def count_request(kind: str, address: str, code: ReportCode | None) -> None:
    """Count one request; refuse it where a limit is full. What is old is forgotten."""
    moment = clock.now()
    hashed = crypto.provider().digest(f"public:{address}")
    PublicRequest.objects.filter(at__lt=moment - KEPT).delete()
    for limit in offer().limits:
        if limit.kind != kind:
            continue
        since = PublicRequest.objects.filter(
            kind=kind, at__gt=moment - timedelta(minutes=limit.minutes)
        )
        same = (
            since.filter(address_hash=hashed) if limit.by == "address" else since.filter(code=code)
        )
        if same.count() >= limit.count:
            raise TooMany("提交得太频繁了，请过一会儿再试，或直接打电话、找村委会。")
    PublicRequest.objects.create(kind=kind, code=code, address_hash=hashed, at=moment)


def report_difficulty(
    code: ReportCode,
    *,
    address: str,
    sent: uuid.UUID,
    subject_name: str,
    phone: str,
    difficulties: list[str],
    text: str,
    consents: bool,
    on_behalf: bool = False,
    reporter_name: str = "",
    relation: str = "",
) -> SelfReport:
    """Register what a villager reports; the same form sent twice is one report."""
    known: SelfReport | None = SelfReport.objects.filter(sent=sent, code=code).first()
    if known is not None:
        return known
    if code.withdrawn_at is not None:
        raise DomainError("这个二维码已经停用，请到村委会申报。", code="withdrawn")
    phone = _sound(subject_name, phone, reporter_name, relation)
    if not consents:
        raise DomainError("请勾选同意，我们才能核实。", code="consents")
    kinds = [offer().difficulties[key] for key in difficulties if key in offer().difficulties]
    if not kinds or len(kinds) != len(difficulties):
        raise DomainError("请选择遇到的困难。", code="difficulties")
    if on_behalf and not reporter_name.strip():
        raise DomainError("替别人申报，请填写您的姓名。", code="reporter_name")
    # counted by itself, so that what is refused or fails afterwards has still been counted
    count_request(RequestKind.REPORT, address, code)
    reporter = {"name": reporter_name, "phone": phone} if on_behalf else None
    words = "、".join(kind.label for kind in kinds)
    given = {
        "subject_name": subject_name, "contact": phone, "risks": [kind.risk for kind in kinds],
        "text": f"{words}。{text.strip()}", "reporter": reporter, "on_behalf": on_behalf,
        "relation": relation,
    }  # fmt: skip
    try:
        with transaction.atomic():
            return _kept(code, sent, phone, given)
    except IntegrityError:  # the same form came twice at the same moment
        return SelfReport.objects.get(sent=sent, code=code)


def _kept(code: ReportCode, sent: uuid.UUID, phone: str, given: dict[str, Any]) -> SelfReport:
    receipt = _receipt()
    clue = register_clue(
        public_actor(code), channel=Channel.SELF_REPORT, village=code.village,
        received_on=clock.today(), outside_no=receipt, **given,
    )  # fmt: skip
    made: SelfReport = SelfReport.objects.create(
        receipt=receipt, code=code, clue=clue, sent=sent,
        phone_hash=crypto.provider().digest(phone), consent=offer().consent,
        received_at=clock.now(),
    )  # fmt: skip
    return made


def _sound(subject_name: str, phone: str, reporter_name: str, relation: str) -> str:
    plain = re.sub(r"[\s-]", "", phone)
    if not PHONE.fullmatch(plain):
        raise DomainError("请填写能打通的电话号码。", code="phone")
    if not subject_name.strip():
        raise DomainError("请填写有困难的人的姓名。", code="subject_name")
    for key, words in (
        ("subject_name", subject_name), ("reporter_name", reporter_name), ("relation", relation)
    ):  # fmt: skip
        if found_in(words):
            raise DomainError("这里不要填写身份证号、电话号码或银行卡号。", code=key)
    return plain


def _receipt() -> str:
    """The day and five digits: short enough to be read over the telephone."""
    while True:
        made = f"{clock.today():%y%m%d}-{secrets.randbelow(100_000):05d}"
        if not SelfReport.objects.filter(receipt=made).exists():
            return made


def ask_stage(*, receipt: str, phone: str, address: str) -> str:
    """The stage of a report: a key of STAGES. A wrong receipt and a wrong phone answer alike."""
    count_request(RequestKind.ASK, address, None)
    plain = re.sub(r"[\s-]", "", phone)
    number = re.sub(r"[^\d]", "", receipt)
    found = (
        SelfReport.objects.select_related("clue__case")
        .filter(receipt=f"{number[:6]}-{number[6:]}", phone_hash=crypto.provider().digest(plain))
        .first()
    )
    if found is None:
        raise DomainError(
            "没有找到这个受理号，或电话与申报时填写的不一致，请核对。", code="receipt"
        )
    return _stage(found.clue)


def _stage(clue: RegisteredClue) -> str:
    if clue.state == "received":
        return "received"
    if clue.state == "closed":
        return "answered"
    case = clue.case
    done = case is None or not case.is_open or case.identified_on is not None
    return "answered" if done else "checking"
