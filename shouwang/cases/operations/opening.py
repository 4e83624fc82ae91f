"""建立个案: from clues to a case, its green way, and the application with the consent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household

from ..deadlines import county_of, due, state_due
from ..lifecycles import clue_table, table_of
from ..models import Application, Case, CaseRisk, RegisteredClue
from ..regimes import regime_on
from ..states import Emergency, Mark
from .writing import locked, next_numbers, same_version, save_case, trace

MOST_RISKS = 5


def open_case(
    actor: Actor,
    *,
    clues: Sequence[RegisteredClue] = (),
    household: Household | None = None,
    emergency: str = "",
    on: date | None = None,
) -> Case:
    """Open a case of the household with all its waiting clues; the clock began with the first.

    `on` is when the household's need became known where there is no clue.
    """
    chosen = household or _one_household(clues)
    require(actor, "cases.register", chosen.village.path)
    if not Household.objects.visible_to(actor, "cases.register").filter(pk=chosen.pk).exists():
        raise NotFound
    try:
        with transaction.atomic():
            return _open(actor, chosen, emergency, on)
    except IntegrityError:
        raise _already_open(chosen) from None


def _one_household(clues: Sequence[RegisteredClue]) -> Household:
    found = {clue.household_id for clue in clues}
    if not found or None in found:
        raise DomainError("请先确定线索说的是哪一户，再建立个案。", code="household_known")
    if len(found) > 1:
        raise DomainError("选中的线索不是同一户，请分别建立个案。", code="household")
    household = clues[0].household
    assert household is not None
    return household


def _already_open(household: Household) -> Conflict:
    case = Case.objects.live().filter(household=household).first()
    number = case.number if case else ""
    return Conflict(f"这户已有在办个案 {number}，请把线索并入这个个案。")


def _open(actor: Actor, household: Household, emergency: str, on: date | None) -> Case:
    today, county = clock.today(), county_of(household.village.code)
    if Case.objects.live().filter(household=household).exists():
        raise _already_open(household)
    waiting = list(
        RegisteredClue.objects.select_for_update()
        .filter(household=household, state="received")
        .order_by("received_on", "pk")
    )
    started = min([clue.received_on for clue in waiting] + ([on] if on else []), default=today)
    if started > today:
        raise DomainError("线索日期不能晚于今天。", code="on")
    kind = emergency or next((clue.emergency for clue in waiting if clue.emergency), "")
    if kind not in Emergency.values:
        raise DomainError("请从列表中选择突发事件的类型。", code="emergency")
    regime = regime_on(started, county)
    state = table_of(regime.key).initial
    (serial,) = next_numbers(f"{county}-{today.year}-")
    papers = due(regime.key, "papers", today, county) if kind else None
    case = Case.objects.create(
        number=f"{county}-{today.year}-{serial:06d}",
        household=household,
        village=household.village,
        regime=regime.key,
        round=Case.objects.filter(household=household).count() + 1,
        state=state,
        entered_on=today,
        due_on=state_due(regime.key, state, today, county),
        clock_started_on=started,
        deadline_on=papers or due(regime.key, "chain", started, county),
        emergency=kind,
        is_green=bool(kind),
        papers_due_on=papers,
        opened_at=clock.now(),
        opened_by_id=actor.account_id,
        opened_by_label=actor.label[:120],
    )
    _risks_of_clues(case, waiting)
    attach = clue_table().row("received", "attach")
    assert attach is not None
    RegisteredClue.objects.filter(pk__in=[clue.pk for clue in waiting]).update(
        case=case, state=attach.to, due_on=None
    )
    trace(actor, case, "opened", "建立个案", from_state="", note=f"并入 {len(waiting)} 条线索")
    return case


def _risks_of_clues(case: Case, clues: Sequence[RegisteredClue]) -> None:
    """What the clues say is at risk, until the check says it better."""
    named = list(dict.fromkeys(key for clue in clues for key in clue.risks))[:MOST_RISKS]
    CaseRisk.objects.bulk_create(
        CaseRisk(case=case, position=place, key=key) for place, key in enumerate(named, 1)
    )


def mark_green(actor: Actor, case: Case, *, emergency: str, reason: str, version: int) -> Case:
    """Open the green way: help first; the papers have a limit of their own."""
    if emergency not in Emergency.values or not emergency:
        raise DomainError("请选择突发事件的类型。", code="emergency")
    if not reason.strip():
        raise DomainError("请写明是什么事件、造成什么影响。", code="reason")
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.verify", current.village.path)
        same_version(current, version)
        if not current.is_open or current.identified_on is not None:
            raise Conflict("只有正在识别的个案可以走绿色通道。")
        county, today = county_of(current.village.code), clock.today()
        current.emergency, current.is_green = emergency, True
        current.papers_due_on = due(current.regime, "papers", today, county)
        current.deadline_on = current.papers_due_on
        save_case(current, "emergency", "is_green", "papers_due_on", "deadline_on")
        trace(actor, current, "green", "启用绿色通道", reason=reason.strip())
    return current


def record_application(
    actor: Actor,
    case: Case,
    *,
    applied_on: date,
    applicant_name: str,
    signed_on: date | None = None,
    mark: str = Mark.SIGNED,
    writer_name: str = "",
    writer_relation: str = "",
    read_aloud: bool = False,
    covers_supporters: bool = False,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Note the application and the consent; `version` is that of the application, if there is one.

    Who cannot write has it written, read aloud and fingerprints.
    """
    values: dict[str, Any] = {
        "applied_on": applied_on,
        "applicant_name": applicant_name.strip()[:60],
        "signed_on": signed_on,
        "mark": mark,
        "writer_name": writer_name.strip()[:60],
        "writer_relation": writer_relation.strip()[:40],
        "read_aloud": read_aloud,
        "covers_supporters": covers_supporters,
        "note": note.strip()[:500],
    }
    _application_complete(values)
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.verify", current.village.path)
        if not current.is_open or current.identified_on is not None:
            raise Conflict("这个个案已经过了申请和授权的环节。")
        found = Application.objects.select_for_update().filter(case=current).first()
        if found is not None and found.version != version:
            raise Conflict(f"{found.recorded_by_label}刚登记过这份申请书，请刷新页面核对。")
        trail = {"recorded_at": clock.now(), "recorded_by_label": actor.label[:120]}
        following = found.version + 1 if found else 1
        made, _ = Application.objects.update_or_create(
            case=current, defaults={**values, **trail, "version": following}
        )
        trace(actor, current, "application", "登记申请及授权")
    return made


def _application_complete(values: dict[str, Any]) -> None:
    if not values["applicant_name"]:
        raise DomainError("请填写申请人。", code="applicant_name")
    for name in ("applied_on", "signed_on"):
        if values[name] and values[name] > clock.today():
            raise DomainError("日期不能晚于今天。", code=name)
    if values["mark"] not in Mark.values:
        raise DomainError("请选择签署方式。", code="mark")
    if values["mark"] == Mark.FINGERPRINT and not values["writer_name"]:
        raise DomainError("他人代书的，请填写代书人。", code="writer_name")
    if values["mark"] == Mark.FINGERPRINT and not values["read_aloud"]:
        raise DomainError("他人代书的，须向申请人宣读内容后捺印。", code="read_aloud")
