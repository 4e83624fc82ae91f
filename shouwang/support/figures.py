"""自动数 (figures) of support: measures, visits, money, insurance and subsidies under a place."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.db.models import Count, Model, Q, Sum

from shouwang.core.figures import Counted, Figure, roll_up

from .models import (
    ClaimPayout,
    Industry,
    InsuranceClaim,
    Measure,
    Pairing,
    Payment,
    Subsidy,
    Visit,
)
from .queries.insured import insured_homes
from .states import ACTIVE

PLACE = "household__village__path"


def _january(day: date) -> date:
    return date(day.year, 1, 1)


def _year(field: str, day: date) -> Q:
    return Q(**{f"{field}__gte": _january(day), f"{field}__lte": day})


def _counted(model: type[Model], where: Q, what: str, paths: Sequence[str]) -> Counted:
    rows = model._default_manager.filter(where).values_list(PLACE)
    return roll_up(rows.annotate(Count(what, distinct=what != "pk")).order_by(), paths)


def _in_year(model: type[Model], field: str, what: str, paths: Sequence[str], day: date) -> Counted:
    return _counted(model, _year(field, day), what, paths)


def _summed(
    model: type[Model], field: str, amount: str, paths: Sequence[str], day: date
) -> Counted:
    """Money of the year; what was cancelled counts for nothing."""
    where = _year(field, day)
    if model is Payment:
        where &= Q(cancelled_at=None)
    rows = model._default_manager.filter(where).values_list(PLACE)
    found = rows.annotate(Sum(amount)).order_by()
    return roll_up(((path, total or Decimal(0)) for path, total in found), paths)


def _done(paths: Sequence[str], day: date) -> Counted:
    return _counted(Measure, Q(state="done") & _year("ended_on", day), "pk", paths)


def _running(paths: Sequence[str], day: date) -> Counted:
    return _counted(Measure, Q(state__in=ACTIVE), "pk", paths)


def _late(paths: Sequence[str], day: date) -> Counted:
    rows = Measure.objects.late(day).values_list(PLACE)
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _paired(paths: Sequence[str], day: date) -> Counted:
    held = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    return _counted(Pairing, held, "household", paths)


def _insured(paths: Sequence[str], day: date) -> Counted:
    """Households that any policy insures on the day, own or collective, each once."""
    homes = insured_homes(
        Q(starts_on__lte=day, ends_on__gte=day),
        Q(policy__starts_on__lte=day, policy__ends_on__gte=day),
    )
    rows = homes.order_by().values_list("village__path").annotate(Count("pk"))
    return roll_up(rows, paths)


def _claims_paid(paths: Sequence[str], day: date) -> Counted:
    """What insurers paid in the year, to households themselves and through collective policies."""
    own = _summed(InsuranceClaim, "paid_on", "paid", paths, day)
    shared = _summed(ClaimPayout, "claim__paid_on", "amount", paths, day)
    return {path: total + shared[path] for path, total in own.items()}


def _industry_homes(paths: Sequence[str], day: date) -> Counted:
    return _counted(Industry, Q(year=day.year), "household", paths)


def _industry_output(paths: Sequence[str], day: date) -> Counted:
    rows = Industry.objects.filter(year=day.year).values_list(PLACE)
    found = rows.annotate(Sum("output")).order_by()
    return roll_up(((path, total or Decimal(0)) for path, total in found), paths)


FIGURES = (
    Figure("support.done", "当年落实的措施", "项", "当年办结的帮扶措施。", _done, True),
    Figure("support.running", "在办的措施", "项", "已交办、接收和落实中的，按今天。", _running),
    Figure("support.late", "超期的措施", "项", "答复、落实或合同期限已过的措施，按今天。", _late),
    Figure(
        "support.visits", "当年走访", "次", "当年登记的入户和电话走访。",
        partial(_in_year, Visit, "visited_on", "pk"), True,
    ),
    Figure(
        "support.visited", "当年走访户", "户", "当年至少走访过一次的户。",
        partial(_in_year, Visit, "visited_on", "household"), True,
    ),
    Figure("support.paired", "有联系人的户", "户", "当天有帮扶联系人的户。", _paired, True),
    Figure(
        "support.paid", "当年发放帮扶资金", "元", "当年登记的措施发放和救助基金，作废的不计。",
        partial(_summed, Payment, "paid_on", "amount"), True,
    ),
    Figure(
        "support.subsidies", "当年到户补贴", "元", "补贴台账当年发放的金额。",
        partial(_summed, Subsidy, "paid_on", "amount"), True,
    ),
    Figure("support.insured", "在保户", "户", "当天至少有一张有效保单的户。", _insured, True),
    Figure(
        "support.claims_paid", "当年保险赔付", "元", "理赔台账和集体保单到户的当年赔付。",
        _claims_paid, True,
    ),
    Figure(
        "support.industry_homes", "有产业的户", "户", "产业台账里当年至少登记一项产业的户。",
        _industry_homes, True,
    ),
    Figure(
        "support.industry_output", "家庭产业产值", "元", "产业台账里当年登记的产值，没填的不计。",
        _industry_output, True,
    ),
)  # fmt: skip
