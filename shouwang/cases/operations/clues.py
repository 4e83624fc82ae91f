"""登记线索: register, find the household, attach, close, open again."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.masking import mask_text
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.screening.states import Risk

from ..deadlines import county_of, due
from ..lifecycles import clue_table
from ..models import Case, RegisteredClue
from ..queries.clues import similar_clues
from ..regimes import regime_on
from ..requirements import CLUE_CHECKS
from ..secrets import CLUE_CONTACT, CLUE_REPORTER
from ..states import Channel, ClueConclusion, Emergency
from .writing import trace


def register_clue(
    actor: Actor,
    *,
    channel: str,
    village: Division,
    received_on: date,
    household: Household | None = None,
    subject_name: str = "",
    contact: str = "",
    risks: Iterable[str] = (),
    text: str = "",
    department: str = "",
    outside_no: str = "",
    reporter: Mapping[str, str] | None = None,
    on_behalf: bool = False,
    relation: str = "",
    emergency: str = "",
    **more: Any,
) -> RegisteredClue:
    """Register what came in; the clock of the limits starts with `received_on`.

    Names and numbers of reporters are sealed; numbers inside the text are masked. A waiting clue of
    the same household with the same risk is noted as what this one repeats.
    """
    place = household.village if household else village
    require(actor, "cases.register", place.path)
    named = tuple(dict.fromkeys(risks))
    _sound(channel, emergency, named, received_on, household, subject_name)
    sealed = crypto.provider()
    contact = contact.strip()
    clue = RegisteredClue(
        channel=channel,
        village=place,
        household=household,
        subject_name=subject_name.strip()[:60],
        contact_enc=sealed.encrypt(contact, CLUE_CONTACT) if contact else None,
        contact_hash=sealed.digest(contact) if contact else None,
        risks=list(named),
        text=mask_text(text.strip()),
        department=department[:60],
        outside_no=outside_no.strip()[:80],
        reporter_enc=_sealed_reporter(reporter),
        on_behalf=on_behalf,
        relation=relation.strip()[:40],
        received_on=received_on,
        last_seen_on=received_on,
        emergency=emergency,
        state=clue_table().initial,
        due_on=due(regime_on(received_on).key, "clue", received_on, county_of(place.code)),
        registered_at=clock.now(),
        registered_by_id=actor.account_id,
        registered_by_label=actor.label[:120],
        **more,
    )
    repeated = similar_clues(clue).filter(state="received").order_by("pk").first()
    clue.duplicate_of = repeated if repeated and _overlap(repeated, named) else None
    return _kept(actor, clue)


def _kept(actor: Actor, clue: RegisteredClue) -> RegisteredClue:
    """Store it; the number of another office is registered once."""
    try:
        with transaction.atomic():
            clue.save(force_insert=True)
            _log(actor, clue, "registered", f"登记线索：{clue.get_channel_display()}")
    except IntegrityError:
        raise Conflict(f"来源编号 {clue.outside_no} 已经登记过。", "outside_no") from None
    return clue


def _sound(
    channel: str,
    emergency: str,
    risks: tuple[str, ...],
    received_on: date,
    household: Household | None,
    subject_name: str,
) -> None:
    if channel not in Channel.values:
        raise DomainError("请选择线索渠道。", code="channel")
    if emergency not in Emergency.values:
        raise DomainError("请从列表中选择突发事件的类型。", code="emergency")
    if unknown := [key for key in risks if key not in Risk.values]:
        raise DomainError(f"没有这种风险类型：{unknown[0]}。", code="risks")
    if received_on > clock.today():
        raise DomainError("收到日期不能晚于今天。", code="received_on")
    if household is None and not subject_name.strip():
        raise DomainError("还不知道是哪一户时，请填写姓名。", code="subject_name")


def _sealed_reporter(reporter: Mapping[str, str] | None) -> bytes | None:
    given = {key: value.strip() for key, value in (reporter or {}).items() if value.strip()}
    if not given:
        return None
    return crypto.provider().encrypt(json.dumps(given, ensure_ascii=False), CLUE_REPORTER)


def _overlap(clue: RegisteredClue, risks: Iterable[str]) -> bool:
    ours = set(risks)
    return not ours or not clue.risks or bool(ours & set(clue.risks))


def find_household(
    actor: Actor, clue: RegisteredClue, *, household: Household, version: int
) -> RegisteredClue:
    """Say which household a clue is about; the village follows the household."""
    with transaction.atomic():
        current = _locked(actor, clue, version)
        require(actor, "cases.register", current.village.path)
        if (
            not Household.objects.visible_to(actor, "cases.register")
            .filter(pk=household.pk)
            .exists()
        ):
            raise NotFound
        if current.state != "received":
            raise Conflict("这条线索已经办理，不能再改农户。")
        before = current.household.household_no if current.household else ""
        current.household, current.village = household, household.village
        _save(current, "household", "village")
        _log(
            actor, current, "found", "确定农户",
            changes={"household": [before, household.household_no]},
        )  # fmt: skip
    return current


def attach_clue(actor: Actor, clue: RegisteredClue, *, case: Case, version: int) -> RegisteredClue:
    """Lay a clue into the open case of the same household."""
    with transaction.atomic():
        current = _locked(actor, clue, version)
        row = clue_table().take(
            actor, current, current.state, "attach", current.village.path, CLUE_CHECKS
        )
        target = Case.objects.visible_to(actor).live().filter(pk=case.pk).first()
        if target is None:
            raise Conflict("这个个案已经办结，请为这户新建个案。")
        if target.household_id != current.household_id:
            raise DomainError("线索和个案不是同一户，请核对。", code="household")
        current.case, current.state, current.due_on = target, row.to, None
        if target.identified_on is not None:
            _answer(actor, current, ClueConclusion.ALREADY_MONITORED, "已并入在册个案")
        _save(current, "case", "state", "due_on", *CONCLUDED)
        _log(actor, current, "attached", f"并入个案 {target.number}")
        trace(actor, target, "clue", "并入线索", note=current.get_channel_display())
    return current


CONCLUDED = ("conclusion", "conclusion_note", "concluded_at", "concluded_by_label")


def _answer(actor: Actor, clue: RegisteredClue, conclusion: str, note: str) -> None:
    clue.conclusion, clue.conclusion_note = conclusion, note[:500]
    clue.concluded_at, clue.concluded_by_label = clock.now(), actor.label[:120]


def close_clue(
    actor: Actor, clue: RegisteredClue, *, conclusion: str, note: str, version: int
) -> RegisteredClue:
    """Close a clue that leads to no case, with the conclusion that goes back to its source."""
    if conclusion not in ClueConclusion.values or conclusion == ClueConclusion.TO_INCLUDE:
        raise DomainError("请选择办结结论；拟纳入的请建立个案。", code="conclusion")
    with transaction.atomic():
        current = _locked(actor, clue, version)
        row = clue_table().take(
            actor, current, current.state, "close", current.village.path, CLUE_CHECKS,
            {"result": conclusion, "reason": note.strip()},
        )  # fmt: skip
        current.state, current.due_on = row.to, None
        _answer(actor, current, conclusion, mask_text(note.strip()))
        _save(current, "state", "due_on", *CONCLUDED)
        _log(actor, current, "closed", f"线索办结：{current.get_conclusion_display()}")
    return current


def reopen_clue(actor: Actor, clue: RegisteredClue, *, reason: str, version: int) -> RegisteredClue:
    """Verify a closed clue once more; its limit begins again."""
    with transaction.atomic():
        current = _locked(actor, clue, version)
        row = clue_table().take(
            actor, current, current.state, "reopen", current.village.path, CLUE_CHECKS,
            {"reason": reason.strip()},
        )  # fmt: skip
        today = clock.today()
        current.state, current.case = row.to, None
        current.due_on = due(regime_on(today).key, "clue", today, county_of(current.village.code))
        current.conclusion, current.conclusion_note = "", ""
        current.concluded_at, current.concluded_by_label = None, ""
        _save(current, "state", "case", "due_on", *CONCLUDED)
        _log(actor, current, "reopened", f"重新核实：{mask_text(reason.strip())}")
    return current


def _locked(actor: Actor, clue: RegisteredClue, version: int) -> RegisteredClue:
    current = (
        RegisteredClue.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("household", "village")
        .filter(pk=clue.pk)
        .first()
    )
    if current is None:
        raise NotFound
    if current.version != version:
        who = current.concluded_by_label or "他人"
        raise Conflict(f"这条线索刚由{who}办理过，请刷新页面核对。")
    return current


def _save(clue: RegisteredClue, *fields: str) -> None:
    clue.version += 1
    clue.save(update_fields=[*fields, "version"])


def _log(
    actor: Actor,
    clue: RegisteredClue,
    verb: str,
    summary: str,
    changes: dict[str, Any] | None = None,
) -> None:
    record(
        actor,
        f"cases.clue.{verb}",
        target_type="cases.clue",
        target_id=str(clue.uuid),
        division_path=clue.village.path,
        summary=summary,
        changes=changes,
    )
