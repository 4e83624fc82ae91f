"""灾害事件和涉及农户: the event, the households a damage concerns, the clue of the green way."""

from datetime import date

from django.db import IntegrityError, transaction

from shouwang.cases.operations import register_clue
from shouwang.cases.states import Channel, Emergency
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..alert_levels import alert_book
from ..models import AffectedHousehold, Disaster, PlaceProblem
from .places import EARLIEST, clean, trace
from .water import audited


def record_disaster(
    actor: Actor,
    division: Division,
    *,
    kind: str,
    name: str,
    began_on: date,
    ended_on: date | None = None,
    note: str = "",
) -> Disaster:
    require(actor, "localities.places", division.path)
    if kind not in alert_book().disasters:
        raise DomainError("请从列表中选择灾种。", code="kind")
    if not clean(name):
        raise DomainError("请填写事件名称。", code="name")
    if not EARLIEST <= began_on <= clock.today():
        raise DomainError("开始日期不能晚于今天。", code="began_on")
    if ended_on is not None and not began_on <= ended_on <= clock.today():
        raise DomainError("结束日期应在开始日期和今天之间。", code="ended_on")
    try:
        with transaction.atomic():
            made: Disaster = Disaster.objects.create(
                division=division, kind=kind, name=clean(name, 80), began_on=began_on,
                ended_on=ended_on, note=clean(note, 500), recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            audited(actor, "disaster.recorded", division, f"登记灾害事件：{made}")
    except IntegrityError:
        raise Conflict("这里同一天已有同名的灾害事件。") from None
    return made


def change_disaster(
    actor: Actor, disaster: Disaster, *, ended_on: date | None, note: str
) -> Disaster:
    """Say when it ended, and what is known now."""
    require(actor, "localities.places", disaster.division.path)
    if ended_on is not None and not disaster.began_on <= ended_on <= clock.today():
        raise DomainError("结束日期应在开始日期和今天之间。", code="ended_on")
    with transaction.atomic():
        disaster.ended_on, disaster.note = ended_on, clean(note, 500)
        disaster.save(update_fields=["ended_on", "note"])
        audited(actor, "disaster.changed", disaster.division, f"修改灾害事件：{disaster}")
    return disaster


def _noted(actor: Actor, affected: AffectedHousehold, what: str) -> None:
    """Which household stands in the log only: a department sees the steps, not the registry."""
    problem = affected.problem
    summary = f"{problem.number} {what} {affected.household.household_no}"
    audited(actor, "place.household", problem.division, summary)


def link_household(
    actor: Actor, problem: PlaceProblem, household: Household, *, note: str = ""
) -> AffectedHousehold:
    """Say that a household of the village is concerned."""
    require(actor, "localities.places", problem.division.path)
    if not problem.register.has_households:
        raise DomainError("这本台账不登记到户。", code="household")
    if problem.state == "mistaken":
        raise Conflict("这条记录已经作废。")
    seen = Household.objects.visible_to(actor).filter(
        pk=household.pk, village=problem.division, absent_since=None
    )
    if not seen.exists():
        raise NotFound("本村没有找到这一户，请核对户编号。")
    try:
        with transaction.atomic():
            made: AffectedHousehold = AffectedHousehold.objects.create(
                problem=problem, household=household, note=clean(note, 200),
                recorded_at=clock.now(), recorded_by_label=actor.label[:120],
            )  # fmt: skip
            trace(actor, problem, "登记涉及农户")
            _noted(actor, made, "登记涉及农户")
    except IntegrityError:
        raise Conflict("这一户已经登记在内。") from None
    return made


def unlink_household(actor: Actor, affected: AffectedHousehold) -> None:
    """Take out a household entered by mistake; one with a clue stays."""
    problem = affected.problem
    require(actor, "localities.places", problem.division.path)
    with transaction.atomic():
        free = AffectedHousehold.objects.filter(pk=affected.pk, clue=None)
        if not free.delete()[0]:
            raise Conflict("这一户已经登记线索，不能移出；请在线索里办结。")
        trace(actor, problem, "移出农户")
        _noted(actor, affected, "移出农户")


def raise_clue(actor: Actor, affected: AffectedHousehold) -> AffectedHousehold:
    """Register a clue with the mark of a natural disaster, so that help may come first."""
    problem = affected.problem
    subject = problem.register.subjects[problem.subject]
    if not subject.risk:
        raise DomainError(f"“{subject.label}”毁坏不直接登记到户线索。", code="risk")
    event = problem.disaster.name if problem.disaster else ""
    text = f"{event}，{subject.label}受损：{problem.name}。{affected.note}"
    with transaction.atomic():
        held = AffectedHousehold.objects.select_for_update().get(pk=affected.pk)
        if held.clue_id is not None:
            raise Conflict("这一户的线索已由他人登记，请刷新页面查看。")
        clue = register_clue(
            actor, channel=Channel.CADRE_VISIT, village=problem.division,
            received_on=clock.today(), household=affected.household, text=text,
            risks=dict.fromkeys((subject.risk, "natural_disaster")),
            emergency=Emergency.NATURAL_DISASTER, outside_no="",
        )  # fmt: skip
        if not AffectedHousehold.objects.filter(pk=affected.pk, clue=None).update(clue=clue):
            raise Conflict("这一户的线索已由他人登记，请刷新页面查看。")
        trace(actor, problem, "登记线索")
        _noted(actor, affected, "登记线索")
    affected.refresh_from_db()
    return affected
