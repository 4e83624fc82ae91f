"""数值的办理: reported, corrected, checked by the level above; red lines alarm in that moment."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.formats import number
from shouwang.divisions.models import Division

from ..book import Book
from ..models import Actual, Alarm, Definition
from ..periods import Period
from ..queries import due_day, may_report
from ..states import ActualState, AlarmState, Comparison, Standing

MOST = Decimal(10) ** 15


def report_actual(
    actor: Actor,
    definition: Definition,
    division: Division,
    *,
    period: Period,
    value: Decimal | None = None,
    text: str = "",
    is_reached: bool | None = None,
) -> Actual:
    """Report the value of a period; one that was sent back is replaced."""
    return _report(actor, definition, division, period, value, text, is_reached, None, "")


def correct_actual(
    actor: Actor,
    actual: Actual,
    *,
    reason: str,
    value: Decimal | None = None,
    text: str = "",
    is_reached: bool | None = None,
) -> Actual:
    """Put a better value in place of a reported one; the old one stays in the history."""
    if not actual.is_current:
        raise Conflict("这个数已经更正过，请在最新的数上更正。")
    if not reason.strip():
        raise DomainError("请写明为什么更正。", code="reason")
    return _report(
        actor, actual.definition, actual.division, actual.span, value, text, is_reached, actual,
        reason.strip()[:300],
    )  # fmt: skip


def _report(
    actor: Actor,
    definition: Definition,
    division: Division,
    period: Period,
    value: Decimal | None,
    text: str,
    is_reached: bool | None,
    former: Actual | None,
    reason: str,
) -> Actual:
    require_here(actor, "indicators.report", division.path)
    if not may_report(actor, definition, division):
        raise NotAllowed("这个指标不由您的单位报送。")
    _sound(definition, period, value, text, is_reached)
    there = definition.actuals.current().filter(division=division, period=period.key).first()
    if there is not None and former is None and there.state != ActualState.RETURNED:
        raise Conflict(f"{division.name}{period.label}已经报过，要改请用“更正”并写明理由。")
    due = due_day(definition, period)
    # what was due before the indicator was there cannot be late
    is_late = former is None and not definition.is_history(due) and due < clock.today()
    with transaction.atomic():
        if there is not None:
            changed = Actual.objects.filter(pk=there.pk, is_current=True).update(is_current=False)
            if not changed:
                raise Conflict("这个数刚被别人改过，请刷新页面。")
        try:
            with transaction.atomic():
                made = Actual.objects.create(
                    definition=definition, division=division, period=period.key,
                    period_end=period.ends, value=value, text=text.strip()[:500],
                    is_reached=is_reached, state=ActualState.SUBMITTED, due_on=due,
                    is_late=is_late, replaces=there,
                    correction=reason, reported_at=clock.now(), reported_by_id=actor.account_id,
                    reported_by_label=actor.label[:120],
                )  # fmt: skip
        except IntegrityError as error:
            raise Conflict("这一期刚由别人报送，请刷新页面。") from error
        watch(definition, [made])
        action = "corrected" if former else "reported"
        _audit(actor, made, action, f"{'更正' if former else '报送'}{definition.name}"
               f"{period.label}：{number(value) if value is not None else text[:20]}")  # fmt: skip
    return made


def _sound(
    definition: Definition,
    period: Period,
    value: Decimal | None,
    text: str,
    is_reached: bool | None,
) -> None:
    if definition.is_automatic and not definition.is_history(period.ends):
        raise DomainError(
            "这个指标自动计算，不用报送，数不对请查公式里的来源；"
            "只有指标建立以前的期间可以补报历史数。",
            code="source",
        )
    if period.rhythm != definition.rhythm:
        raise DomainError(
            f"这个指标{definition.get_rhythm_display()}报，期间请写成"
            f"{Period.of(definition.rhythm, clock.today()).key}的样子。",
            code="period",
        )
    if period.begins > clock.today():
        raise DomainError("这一期还没有开始，请核对期间。", code="period")
    if definition.comparison == Comparison.TEXT:
        if is_reached is None or not text.strip():
            raise DomainError("请选择是否达到，并写明完成情况。", code="text")
    elif value is None:
        raise DomainError(f"请填写数值（{definition.unit or '数'}）。", code="value")
    if value is not None and (not value.is_finite() or abs(value) >= MOST):
        raise DomainError("数值太大，请核对单位。", code="value")
    is_share = definition.unit == "%" and definition.value_type == "percent"
    if value is not None and is_share and not -100 <= value <= 1000:
        raise DomainError("百分比请写成 95.5 的样子，不要写成小数或万分比。", code="value")


def check_actual(actor: Actor, actual: Actual, *, accept: bool, note: str = "") -> Actual:
    """Take or send back; by the level above, never by who reported."""
    division = actual.division
    require_here(actor, "indicators.check", division.path)
    if not may_check(actor, actual):
        raise NotAllowed("数值由上一级审核，不能审自己报的。")
    if not accept and not note.strip():
        raise DomainError("退回时请写明哪里不对、要补什么。", code="note")
    state = ActualState.ACCEPTED if accept else ActualState.RETURNED
    with transaction.atomic():
        found = Actual.objects.filter(pk=actual.pk, state=ActualState.SUBMITTED, is_current=True)
        changed = found.update(
            state=state, check_note=note.strip()[:300], checked_at=clock.now(),
            checked_by_label=actor.label[:120],
        )  # fmt: skip
        if not changed:
            raise Conflict("这个数已经审核或更正过，请刷新页面。")
        actual.refresh_from_db()
        if not accept:
            _calm(actual.definition, division, "数值已退回")
        _audit(actor, actual, str(state), f"审核{actual.definition.name}：{state.label}")
    return actual


def accept_actuals(actor: Actor, actuals: Iterable[Actual]) -> tuple[int, list[str]]:
    """Take each of several values by itself: how many were taken, and why the others were not."""
    taken, refused = 0, []
    for actual in actuals:
        try:
            check_actual(actor, actual, accept=True)
        except DomainError as refusal:
            refused.append(f"{actual.division.name}{actual.definition.name}：{refusal.message}")
        else:
            taken += 1
    return taken, refused


def may_check(actor: Actor, actual: Actual) -> bool:
    """A post above the place, or at the county another person than who reported."""
    if actual.reported_by_label == actor.label[:120]:
        return False
    path = actual.division.path
    for scope in actor.scopes_with("indicators.check"):
        is_above = scope.covers(path) and scope.division_path != path
        is_county = scope.division_path == path == actual.definition.division.path
        if is_above or is_county:
            return True
    return False


def watch(definition: Definition, actuals: list[Actual]) -> list[Alarm]:
    """Raise an alarm where a red line is broken, end the open one where it is not any more."""
    if not definition.is_red_line or not actuals:
        return []
    divisions = list(Division.objects.filter(pk__in=[one.division_id for one in actuals]))
    places = {one.pk: one for one in divisions}
    book = Book([definition], divisions)
    raised = []
    for actual in actuals:
        place = places[actual.division_id]
        newest = book.values(definition, place)
        if not newest or newest[-1].actual_id != actual.pk:
            continue
        result = book.assess(definition, place, actual.span)
        if result is None or result.standing in (Standing.UNKNOWN, Standing.NOT_ASKED):
            continue
        if result.is_met:
            _calm(definition, place, result.words)
        else:
            raised.append(_raise(actual, place, result.words))
    return raised


def _raise(actual: Actual, place: Division, words: str) -> Alarm:
    words = f"{place.name}{actual.span.label}{actual.definition.name}：{words}"[:300]
    found, is_new = Alarm.objects.get_or_create(
        definition=actual.definition, division=place, state=AlarmState.OPEN,
        defaults={"actual": actual, "words": words, "raised_at": clock.now()},
    )  # fmt: skip
    if not is_new:
        found.actual, found.words = actual, words
        found.save(update_fields=["actual", "words"])
    return found


def _calm(definition: Definition, place: Division, words: str) -> None:
    open_ones = Alarm.objects.open().filter(definition=definition, division=place)
    open_ones.update(
        state=AlarmState.OVER, handled_at=clock.now(), handled_by_label="系统",
        handling=words[:500],
    )  # fmt: skip


def handle_alarm(actor: Actor, alarm: Alarm, *, handling: str) -> Alarm:
    """Say what is done about a broken red line."""
    require_here(actor, "indicators.approve", alarm.division.path)
    if not handling.strip():
        raise DomainError("请写明采取了什么措施、由谁负责、何时恢复。", code="handling")
    with transaction.atomic():
        changed = Alarm.objects.open().filter(pk=alarm.pk).update(
            state=AlarmState.HANDLED, handled_at=clock.now(), handled_by_label=actor.label[:120],
            handling=handling.strip()[:500],
        )  # fmt: skip
        if not changed:
            raise Conflict("这条预警已经处置过，请刷新页面。")
        _audit(actor, alarm.actual, "alarm_handled", f"处置红线预警：{alarm.words[:80]}")
    alarm.refresh_from_db()
    return alarm


def _audit(actor: Actor, actual: Actual, action: str, summary: str) -> None:
    audit(
        actor,
        f"indicators.actual.{action}",
        target_type="indicators.definition",
        target_id=str(actual.definition_id),
        division_path=actual.division.path,
        summary=summary,
    )
