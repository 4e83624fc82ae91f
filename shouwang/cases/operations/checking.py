"""入户核查: start a pre-filled form, save it, submit it; failing answers raise clues."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household
from shouwang.screening.states import Risk

from .. import income
from ..checklists import checklists
from ..models import (
    AssetHit,
    Case,
    CaseRisk,
    ChecklistAnswer,
    HouseholdCheck,
    IncomeItem,
    RegisteredClue,
)
from ..regimes import Regime, regime, regime_on
from ..states import Channel, CheckKind, HitSource
from .clues import register_clue
from .writing import locked, trace

STATES = {
    CheckKind.IDENTIFICATION: ("consent", "checking"),
    CheckKind.RECHECK: ("checking",),
    CheckKind.EXIT: ("exit_check",),
}
FIELDS = (
    "visited_on", "checkers", "size", "education_ok", "medical_ok", "housing_ok", "water_ok",
    "sudden_event", "can_cope", "income_stable", "risks_gone", "new_risk", "risks", "difficulties",
    "wishes", "note",
)  # fmt: skip


def start_check(
    actor: Actor,
    *,
    kind: str,
    case: Case | None = None,
    household: Household | None = None,
) -> HouseholdCheck:
    """A draft with what is known already: size and guarantees from the registry, the clues' risks.

    If a draft of this kind is open for the case it is given back instead.
    """
    subject = case.household if case else household
    if subject is None:
        raise DomainError("请先确定核查哪一户。", code="household")
    require(actor, "cases.verify", subject.village.path)
    with transaction.atomic():
        if case is not None:
            case = locked(actor, case.pk, right="cases.verify")
            allowed = STATES.get(CheckKind(kind))
            if allowed and case.state not in allowed:
                raise Conflict(f"现在是“{case.state_label}”，不能登记{CheckKind(kind).label}。")
            draft = HouseholdCheck.objects.filter(case=case, kind=kind, state="draft").first()
            if draft is not None:
                return draft
        check = HouseholdCheck.objects.create(
            kind=kind,
            household=subject,
            case=case,
            created_at=clock.now(),
            created_by_id=actor.account_id,
            created_by_label=actor.label[:120],
            **_known(subject, case),
        )
        _log(actor, check, "started", f"开始{check.get_kind_display()}")
    return check


def _known(household: Household, case: Case | None) -> dict[str, Any]:
    """From the registry; what it does not say stays unanswered."""
    size = household.members.filter(absent_since=None).count()
    yes_no = {"是": True, "否": False}
    danger = household.danger_house
    return {
        "size": size or None,
        "water_ok": yes_no.get(household.water_ok or ""),
        "housing_ok": {"是": False, "否": True}.get(danger or ""),
        "risks": [{"key": risk.key, "note": risk.note} for risk in case.risks.all()]
        if case
        else [],
    }


def save_check(
    actor: Actor,
    check: HouseholdCheck,
    *,
    version: int,
    income: Mapping[str, Decimal | None] | None = None,
    income_notes: Mapping[str, str] | None = None,
    answers: Mapping[str, Mapping[str, str]] | None = None,
    **fields: Any,
) -> HouseholdCheck:
    """Keep what was filled in so far. `income` is by item key; `answers` by list, then question."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        current = _locked(actor, check, version)
        is_first = current.changed_by_label != actor.label[:120]
        for name, value in fields.items():
            setattr(current, name, value)
        if "risks" in fields:
            current.risks = _risks(fields["risks"], _regime(current))
        if "visited_on" in fields:
            _visited(current)
        if income is not None:
            _keep_income(current, income, income_notes or {})
        _compute(current)
        if answers is not None:
            _keep_answers(current, answers)
        _save(actor, current)
        if is_first:  # a form that saves itself every few seconds must not fill the log
            _log(actor, current, "saved", f"填写{current.get_kind_display()}")
    return current


def _regime(check: HouseholdCheck) -> Regime:
    if check.case is not None:
        return regime(check.case.regime)
    return regime_on(check.visited_on or clock.today())


def _risks(given: Sequence[Any], rules: Regime) -> list[dict[str, str]]:
    """One to five, in order, each once; keys alone are taken as well."""
    most = rules.number("check", "most_risks")
    named: dict[str, str] = {}
    for each in given:
        key, note = (each, "") if isinstance(each, str) else (each["key"], each.get("note", ""))
        if key not in Risk.values:
            raise DomainError(f"没有这种风险类型：{key}。", code="risks")
        named.setdefault(str(key), str(note).strip()[:200])
    if len(named) > most:
        raise DomainError(f"最多登记 {most} 项风险，请按轻重排列。", code="risks")
    return [{"key": key, "note": note} for key, note in named.items()]


def _visited(check: HouseholdCheck) -> None:
    """The day sets the 12 full months of the income."""
    if check.visited_on is None:
        check.period_start = check.period_end = None
        return
    if check.visited_on > clock.today():
        raise DomainError("入户日期不能晚于今天。", code="visited_on")
    months = _regime(check).number("check", "months")
    check.period_start, check.period_end = income.period(check.visited_on, months)


def _keep_income(
    check: HouseholdCheck, amounts: Mapping[str, Decimal | None], notes: Mapping[str, str]
) -> None:
    known = {item.key: item for item in income.items(_regime(check).key)}
    for key, amount in amounts.items():
        if key not in known:
            raise DomainError(f"没有这个收入项目：{key}。", code="income")
        if amount is not None and (amount < 0 or amount >= Decimal(10) ** 10):
            raise DomainError(f"{known[key].label}的金额不对，请核对。", code=key)
    IncomeItem.objects.bulk_create(
        [
            IncomeItem(check_form=check, key=key, amount=amount, note=notes.get(key, "")[:200])
            for key, amount in amounts.items()
        ],
        update_conflicts=True,
        unique_fields=["check_form", "key"],
        update_fields=["amount", "note"],
    )


def _compute(check: HouseholdCheck) -> None:
    """The results that lists and proposals read; the one function computes them."""
    amounts = dict(check.items.values_list("key", "amount"))
    result = income.per_person(amounts, check.size, _regime(check).key)
    check.net_income, check.per_person = result.net, result.per_person
    check.claim_income = amounts.get("claim_income")
    check.self_paid = amounts.get("self_paid")


def _keep_answers(check: HouseholdCheck, answers: Mapping[str, Mapping[str, str]]) -> None:
    """The answers of each list as a whole replace those before, with the questions as asked."""
    lists = checklists()
    for key, given in answers.items():
        chosen = lists.get(key)
        if chosen is None:
            raise DomainError("这份清单已停用，请刷新页面。", code="checklist")
        check.answers.filter(template=key).delete()
        ChecklistAnswer.objects.bulk_create(
            ChecklistAnswer(
                check_form=check,
                template=key,
                template_version=chosen.version,
                item=question.key,
                text=question.text[:200],
                value=given.get(question.key, "").strip()[:200],
                is_failing=question.is_failing(given.get(question.key, "").strip()),
            )
            for question in chosen.questions
            if given.get(question.key, "").strip()
        )


def submit_check(actor: Actor, check: HouseholdCheck, *, version: int) -> HouseholdCheck:
    """The form is complete and signed by enough people; from now on it stays as it is.

    The risks become those of the case; each failing answer raises a clue, unless one waits already.
    """
    with transaction.atomic():
        current = _locked(actor, check, version)
        if current.case_id:
            current.case = locked(actor, current.case_id, right="cases.verify")
        _complete(current)
        current.state = HouseholdCheck.State.SUBMITTED
        current.submitted_at = clock.now()
        current.submitted_by_label = actor.label[:120]
        _save(actor, current)
        if current.case and current.kind in (CheckKind.IDENTIFICATION, CheckKind.RECHECK):
            _risks_to_case(current.case, current.risks)
        _raise_clues(actor, current)
        if current.case:
            trace(actor, current.case, "check", f"提交{current.get_kind_display()}",
                  note=f"核查人：{current.checker_names}")  # fmt: skip
        else:
            _log(actor, current, "submitted", f"提交{current.get_kind_display()}")
    return current


def _complete(check: HouseholdCheck) -> None:
    """Everything that the next steps rest on is there."""
    rules = _regime(check)
    names = {str(each.get("name", "")).strip() for each in check.checkers} - {""}
    least = rules.number("check", "checkers")
    if len(names) < least:
        raise DomainError(f"入户核查须由至少 {least} 人进行，请填写核查人。", code="checkers")
    if check.visited_on is None:
        raise DomainError("请填写入户日期。", code="visited_on")
    if check.case and check.visited_on < check.case.clock_started_on:
        raise DomainError("入户日期不能早于线索日期。", code="visited_on")
    if check.kind == CheckKind.FOLLOW_UP or check.kind == CheckKind.SWEEP:
        return
    if check.per_person is None:
        amounts = dict(check.items.values_list("key", "amount"))
        found = income.per_person(amounts, check.size, rules.key)
        raise DomainError(f"收入没有填完：{found.sentence}。没有的项目请填 0。", code="income")
    for name, label in (
        ("education_ok", "义务教育"), ("medical_ok", "基本医疗"), ("housing_ok", "住房安全"),
        ("water_ok", "饮水安全"),
    ):  # fmt: skip
        if getattr(check, name) is None:
            raise DomainError(f"请写明{label}有没有保障。", code=name)


def _risks_to_case(case: Case, risks: Sequence[Mapping[str, str]]) -> None:
    case.risks.all().delete()
    CaseRisk.objects.bulk_create(
        CaseRisk(case=case, position=place, key=each["key"], note=each.get("note", ""))
        for place, each in enumerate(risks, 1)
    )


def _raise_clues(actor: Actor, check: HouseholdCheck) -> None:
    """A failing answer is a clue of its own, unless the case at hand or a clue names the risk."""
    known = {each["key"] for each in check.risks} if check.case_id else set()
    waiting = RegisteredClue.objects.filter(household=check.household, state="received")
    known |= {key for clue in waiting for key in clue.risks}
    lists = checklists(with_retired=True)
    for answer in check.answers.filter(is_failing=True):
        chosen = lists.get(answer.template)
        asked = chosen.question(answer.item) if chosen else None
        risk = asked.risk if asked else ""
        if risk in known or not actor.can_at("cases.register", check.household.village.path):
            continue
        answer.clue = register_clue(
            actor,
            channel=Channel.CADRE_VISIT,
            village=check.household.village,
            household=check.household,
            risks=[risk] if risk else [],
            text=f"{answer.text}：{answer.value}",
            received_on=check.visited_on or clock.today(),
        )
        answer.save(update_fields=["clue"])
        known.add(risk)


def add_asset(
    actor: Actor,
    case: Case,
    *,
    item: str,
    member_id: int | None = None,
    person_label: str = "",
    detail: str = "",
    explanation: str = "",
    check: HouseholdCheck | None = None,
    found_on: date | None = None,
) -> AssetHit:
    """Note what was seen at home; it is explained and judged like an answer of a department."""
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.verify", current.village.path)
        if not current.is_open:
            raise Conflict("这个个案已经办结，不能再登记资产情况。")
        member = current.household.members.filter(pk=member_id).first() if member_id else None
        if item not in {each.key for each in regime(current.regime).items}:
            raise DomainError("请从列表中选择资产项目。", code="item")
        hit = AssetHit.objects.create(
            case=current,
            stage=current.stage,
            member=member,
            person_label=(member.name if member else person_label)[:80],
            item=item,
            source=HitSource.CHECK,
            check_form=check,
            found_on=found_on or clock.today(),
            detail=detail.strip()[:300],
            explanation=explanation.strip()[:500],
        )
        trace(actor, current, "asset", f"登记资产情况：{hit.item_label}")
    return hit


def _locked(actor: Actor, check: HouseholdCheck, version: int) -> HouseholdCheck:
    current = (
        HouseholdCheck.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("household__village", "case")
        .filter(pk=check.pk)
        .first()
    )
    if current is None:
        raise NotFound
    require(actor, "cases.verify", current.household.village.path)
    if current.is_submitted:
        raise Conflict(f"这份核查已由{current.submitted_by_label}提交，不能再改。")
    if current.version != version:
        who = current.changed_by_label or current.created_by_label
        raise Conflict(f"{who}刚保存过这份核查，您的修改没有保存，请刷新页面核对。")
    return current


def _save(actor: Actor, check: HouseholdCheck) -> None:
    check.version += 1
    check.changed_at = clock.now()
    check.changed_by_label = actor.label[:120]
    check.save()


def _log(actor: Actor, check: HouseholdCheck, verb: str, summary: str) -> None:
    record(
        actor,
        f"cases.check.{verb}",
        target_type="cases.case" if check.case else "registry.household",
        target_id=check.case.number if check.case else check.household.household_no,
        division_path=check.household.village.path,
        summary=summary,
    )
