"""登记台账: small loans, student aid, house renovation; each row checked as it stood on its day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.feeds.queries import effective_batches
from shouwang.feeds.queries.contents import database
from shouwang.registry.models import Household, Member

from ..calculators import loans
from ..catalogue import catalogue
from ..facts import POOR, law
from ..models import HouseRenovation, Loan, StudentAid
from ..needs import has_labour
from ..rhythms import months_after
from ..states import AidProgramme, HouseGrade, HouseMethod, LoanState
from .writing import audited, money, not_future, reach, same_version, save, text


def monitored_on(household: Household, day: date) -> bool | None:
    """Whether the household was monitored with an open risk on a day (未取消关注).

    Rounds of casework say it surely; what only the export knows is by the month.
    """
    for case in Case.objects.filter(household=household, identified_on__lte=day):
        if case.resolved_on is None or case.resolved_on > day:
            return True
    begins, ends = household.identified_month, household.eliminated_month
    if not household.monitor_class or begins is None:
        return False if not household.monitor_class else None
    if begins > day:
        return False
    return ends is None or household.eliminated != "是" or ends > day.replace(day=1)


def loan_conditions(
    member: Member,
    *,
    day: date,
    amount: Decimal | None,
    months: int | None,
    for_production: bool | None,
    is_top_up: bool = False,
    without: int | None = None,
) -> Any:
    """What the calculator says of a loan to this member on a day."""
    household = member.household
    others = Loan.objects.filter(household=household, granted_on__lte=day).exclude(pk=without)
    running = [loan.balance for loan in others if loan.repaid_on is None or loan.repaid_on > day]
    asked = loans.Asked(
        day=day,
        birth=member.birth,
        is_poverty_alleviated=household.household_type == POOR
        if household.household_type
        else None,
        is_monitored=monitored_on(household, day),
        amount=amount,
        months=months,
        other_balance=sum(running, Decimal(0)),
        for_production=for_production,
        has_labour=has_labour(member.labour),
        is_top_up=is_top_up,
    )
    return loans.eligibility(asked, law(day))


def record_loan(
    actor: Actor,
    borrower: Member,
    *,
    bank: str,
    amount: Decimal,
    months: int,
    granted_on: date,
    rate: Decimal | None = None,
    interest_aid: Decimal | None = None,
    purpose: str = "",
    for_production: bool | None = True,
    contract_no: str = "",
    due_on: date | None = None,
    balance: Decimal | None = None,
    note: str = "",
    source: Mapping[str, Any] | None = None,
) -> Loan:
    """Note a loan that was given; conditions not met on its day are kept with it, in words."""
    household = borrower.household
    reach(actor, household, "support.registers")
    amount = money(amount, "贷款金额")
    if not 0 < months <= MOST_MONTHS:
        raise DomainError("期限应在 1 至 360 个月之间，请核对。", code="months")
    not_future(granted_on, "放款日期")
    left = amount if balance is None else balance
    if not 0 <= left <= amount:
        raise DomainError("未还余额应在零和贷款金额之间，请核对。", code="balance")
    if rate is not None and not 0 <= rate < 1:
        raise DomainError("年利率应写成小数，例如 0.0345。", code="rate")
    due = due_on or months_after(granted_on, months)
    if due <= granted_on:
        raise DomainError("到期日期应晚于放款日期。", code="date")
    found = loan_conditions(
        borrower, day=granted_on, amount=amount, months=months, for_production=for_production
    )
    try:
        with transaction.atomic():
            made = Loan.objects.create(
                household=household, borrower=borrower, contract_no=text(contract_no, "合同号", 60),
                bank=text(bank, "银行", 60, required=True), amount=amount, months=months, rate=rate,
                interest_aid=interest_aid, purpose=text(purpose, "用途", 100),
                granted_on=granted_on, due_on=due, balance=left,
                state=LoanState.REPAID if left == 0 else LoanState.RUNNING,
                household_state=next(s.value for s in found.steps if s.what == "对象"),
                verdict=found.state,
                checks=[[step.what, step.state, step.sentence] for step in found.steps],
                note=text(note, "备注", 200), **_noted(actor, source),
            )  # fmt: skip
            audited(actor, "loan.recorded", household, f"登记小额信贷 {amount} 元")
    except IntegrityError:
        raise Conflict("同一人同一天在同一银行的贷款已经登记。") from None
    return made


MOST_MONTHS = 360


def _noted(actor: Actor, source: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "file_name": str((source or {}).get("file", ""))[:200],
        "file_row": (source or {}).get("row"),
        "recorded_at": clock.now(),
        "recorded_by_label": actor.label[:120],
    }


def update_loan(
    actor: Actor, loan: Loan, *, balance: Decimal, on: date, version: int, note: str = ""
) -> Loan:
    """Note what is still owed; nothing owed is repaid."""
    reach(actor, loan.household, "support.registers")
    with transaction.atomic():
        current: Loan = Loan.objects.select_for_update().get(pk=loan.pk)
        same_version(current, version)
        if not 0 <= balance <= current.amount:
            raise DomainError("未还余额应在零和贷款金额之间，请核对。", code="balance")
        if not_future(on, "还款日期") < current.granted_on:
            raise DomainError("还款日期不能早于放款日期。", code="date")
        before = current.balance
        current.balance = balance
        current.state = LoanState.REPAID if balance == 0 else LoanState.RUNNING
        current.repaid_on = on if balance == 0 else None
        if note:
            current.note = text(note, "备注", 200)
        save(current, "balance", "state", "repaid_on", "note")
        audited(
            actor, "loan.updated", loan.household, f"小额信贷余额 {balance} 元",
            changes={"balance": [str(before), str(balance)]},
        )  # fmt: skip
    return current


def record_student_aid(
    actor: Actor,
    member: Member,
    *,
    programme: str,
    year: int,
    term: int,
    amount: Decimal,
    student_class: str = "",
    school: str = "",
    stage: str = "",
    boards: bool | None = None,
    paid_on: date | None = None,
    stage_end: date | None = None,
    note: str = "",
    source: Mapping[str, Any] | None = None,
) -> StudentAid:
    """Note one student's aid of one term; once only."""
    household = member.household
    reach(actor, household, "support.registers")
    if programme not in AidProgramme.values:
        raise DomainError("没有这个助学项目，请从列表中选择。", code="programme")
    if student_class and student_class not in catalogue().student_classes:
        raise DomainError("学生类别不在五类里，请从列表中选择。", code="student_class")
    if term not in (1, 2) or not 2000 <= year <= clock.today().year + 1:
        raise DomainError("学年或学期不对，学年写起始年，学期写秋季或春季。", code="year")
    if paid_on is not None:
        not_future(paid_on, "发放日期")
    try:
        with transaction.atomic():
            made = StudentAid.objects.create(
                household=household, member=member, programme=programme, year=year, term=term,
                amount=money(amount, "金额"), student_class=student_class,
                school=text(school, "学校", 80), stage=text(stage, "学段", 30), boards=boards,
                paid_on=paid_on, stage_end=stage_end, note=text(note, "备注", 200),
                **_noted(actor, source),
            )  # fmt: skip
            audited(actor, "student_aid.recorded", household, f"登记{made.get_programme_display()}")
    except IntegrityError:
        raise Conflict("这名学生本学期的这个项目已经登记。") from None
    return made


def record_renovation(
    actor: Actor,
    household: Household,
    *,
    grade: str,
    method: str,
    programme_year: int,
    amount: Decimal,
    self_raised: Decimal | None = None,
    disaster_amount: Decimal | None = None,
    is_again: bool = False,
    started_on: date | None = None,
    finished_on: date | None = None,
    accepted_on: date | None = None,
    paid_on: date | None = None,
    doubled_answer: str = "",
    note: str = "",
    source: Mapping[str, Any] | None = None,
) -> HouseRenovation:
    """Note one house; where the same house may be paid for twice an explanation is asked for."""
    reach(actor, household, "support.registers")
    if grade not in HouseGrade.values or method not in HouseMethod.values:
        raise DomainError("等级或方式不对，请从列表中选择。", code="grade")
    if not 2000 <= programme_year <= clock.today().year + 1:
        raise DomainError("计划年度不对，请核对。", code="year")
    days = [day for day in (started_on, finished_on, accepted_on) if day is not None]
    if days != sorted(days):
        raise DomainError("开工、竣工、验收的日期次序不对，请核对。", code="date")
    doubled = doubled_support(household, programme_year, disaster_amount, is_again=is_again)
    answer = text(doubled_answer, "疑点说明", 300)
    if doubled and not answer:
        raise DomainError(f"{doubled}。请核实后填写疑点说明再登记。", code="doubled")
    try:
        with transaction.atomic():
            made = HouseRenovation.objects.create(
                household=household, grade=grade, method=method, programme_year=programme_year,
                amount=money(amount, "补助金额"), self_raised=self_raised,
                disaster_amount=disaster_amount, is_again=is_again, started_on=started_on,
                finished_on=finished_on, accepted_on=accepted_on, paid_on=paid_on,
                doubled=doubled, doubled_answer=answer, note=text(note, "备注", 200),
                **_noted(actor, source),
            )  # fmt: skip
            audited(actor, "renovation.recorded", household, f"登记住房改造 {programme_year}")
    except IntegrityError:
        raise Conflict("这一户本年度的住房改造已经登记。") from None
    return made


def doubled_support(
    household: Household, year: int, disaster_amount: Decimal | None, *, is_again: bool
) -> str:
    """Why the support may be double, or nothing.

    A house that became dangerous again may be supported again, but not beside rebuilding money.
    """
    reasons = []
    if disaster_amount:
        reasons.append(f"同时有灾后重建资金 {disaster_amount:,} 元")
    earlier = HouseRenovation.objects.filter(household=household).exclude(programme_year=year)
    if earlier.exists() and not is_again:
        years = "、".join(str(one.programme_year) for one in earlier)
        reasons.append(f"{years} 年已享受住房改造，没有注明再次成为危房")
    elif disaster_amount is None and _house_hit_by_disaster(household, year):
        reasons.append("应急部门报有房屋受灾，灾后重建资金未填写")
    return "；".join(reasons)[:200]


def _house_hit_by_disaster(household: Household, year: int) -> bool:
    """Whether a disaster list of the year names a member with damage to the house."""
    batches = [
        batch for batch in effective_batches()
        if batch.feed == "disaster" and batch.period_end.year >= year
    ]  # fmt: skip
    if not batches:
        return False
    members = list(household.members.values_list("pk", flat=True))
    with database() as engine:
        row = engine.execute(
            "SELECT count(*) FROM read_parquet(?) WHERE list_contains(?, person_id) "
            "AND house_damage IS NOT NULL AND house_damage <> 'none' AND year(event_date) = ?",
            [[str(batch.path / "rows.parquet") for batch in batches], members, year],
        ).fetchone()
    return bool(row and row[0])
