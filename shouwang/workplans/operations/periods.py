"""规划期的办理: registered, papers and tasks put into it or taken out."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import Paper, PlanPeriod, Task

FIRST, LAST, LONGEST = 2000, 2100, 30


def add_period(
    actor: Actor, *, name: str, division: Division, first_year: int, last_year: int
) -> PlanPeriod:
    """A period of years of one place."""
    require(actor, "workplans.manage", division.path)
    if not name.strip():
        raise DomainError("请填写规划期的名称。", code="name")
    if not FIRST <= first_year <= last_year <= LAST or last_year - first_year >= LONGEST:
        raise DomainError("结束年应在起始年以后，写四位年份。", code="last_year")
    try:
        with transaction.atomic():
            made = PlanPeriod.objects.create(
                name=name.strip(), division=division, first_year=first_year, last_year=last_year,
                made_at=clock.now(), made_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, made, "added", f"登记规划期：{made}")
    except IntegrityError as clash:
        raise Conflict("这个规划期已经登记过。") from clash
    return made


def put_papers(actor: Actor, period: PlanPeriod, papers: Sequence[Paper]) -> int:
    """Exactly these papers belong to the period, with the tasks that came from them."""
    require(actor, "workplans.manage", period.division.path)
    for paper in papers:
        require(actor, "workplans.manage", paper.division.path)
    keys = [paper.pk for paper in papers]
    with transaction.atomic():
        out = Paper.objects.filter(plan_period=period).exclude(pk__in=keys)
        Task.objects.filter(plan_period=period, paper__in=out.values("pk")).update(plan_period=None)
        out.update(plan_period=None)
        Paper.objects.filter(pk__in=keys).update(plan_period=period)
        count = Task.objects.filter(paper__in=keys).update(plan_period=period)
        _audit(actor, period, "papers", f"{period}：{len(keys)} 份文件，{count} 项任务")
    return count


def gather_tasks(actor: Actor, period: PlanPeriod) -> int:
    """Tasks without a paper that are due within the period, and belong to none yet, join it."""
    require(actor, "workplans.manage", period.division.path)
    own = Task.objects.filter(division__path__startswith=period.division.path, paper=None)
    first, last = date(period.first_year, 1, 1), date(period.last_year, 12, 31)
    with transaction.atomic():
        found = own.filter(plan_period=None, ends_on__range=(first, last))
        count = found.update(plan_period=period)
        _audit(actor, period, "tasks", f"{period}：归入 {count} 项没有文件来源的任务")
    return count


def _audit(actor: Actor, period: PlanPeriod, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.period.{action}",
        target_type="workplans.period",
        target_id=str(period.pk),
        division_path=period.division.path,
        summary=summary[:200],
    )
