"""贷款到期 (loan timing): whether a running loan is overdue or nearly due, for lists and alerts."""

from datetime import date, timedelta

from django.db.models import Q

from .facts import law
from .models import Loan
from .states import LoanState

OVERDUE, DUE, RUNNING, REPAID = "overdue", "due", "running", "repaid"
TIMINGS = [(OVERDUE, "已逾期"), (DUE, "即将到期"), (RUNNING, "未到期"), (REPAID, "已还清")]


def alert_until(today: date) -> date:
    """The last due date that is warned of."""
    return today + timedelta(days=law(today).days("loan_alert_days"))


def loan_timing(loan: Loan, today: date) -> tuple[str, str]:
    """Tone and words."""
    if loan.state == LoanState.REPAID:
        return "done", "已还清"
    if loan.due_on < today:
        return "late", f"逾期 {(today - loan.due_on).days} 天"
    if loan.due_on <= alert_until(today):
        return "near", f"{(loan.due_on - today).days} 天后到期"
    return "going", "未到期"


def in_timing(timing: str, today: date) -> Q:
    running = Q(state=LoanState.RUNNING)
    until = alert_until(today)
    return {
        OVERDUE: running & Q(due_on__lt=today),
        DUE: running & Q(due_on__gte=today, due_on__lte=until),
        RUNNING: running & Q(due_on__gt=until),
        REPAID: Q(state=LoanState.REPAID),
    }[timing]
