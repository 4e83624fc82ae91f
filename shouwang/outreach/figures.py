"""自动数 (figures) of outreach: reports by code, leaflets handed out, people reached."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Sum

from shouwang.core.figures import Counted, Figure, roll_up

from .models import Handout, PublicityEvent, SelfReport


def _reports(paths: Sequence[str], day: date) -> Counted:
    found = SelfReport.objects.filter(
        received_at__date__gte=date(day.year, 1, 1), received_at__date__lte=day
    )
    rows = found.values_list("code__village__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


def _handed(paths: Sequence[str], day: date) -> Counted:
    found = Handout.objects.filter(handed_on__gte=date(day.year, 1, 1), handed_on__lte=day)
    rows = found.values_list("household__village__path")
    return roll_up(rows.annotate(Count("household", distinct=True)).order_by(), paths)


def _reached(paths: Sequence[str], day: date) -> Counted:
    found = PublicityEvent.objects.filter(held_on__gte=date(day.year, 1, 1), held_on__lte=day)
    rows = found.values_list("division__path").annotate(Sum("people")).order_by()
    return roll_up(rows, paths)


FIGURES = (
    Figure("outreach.reports", "当年扫码申报", "件", "当年村民扫码申报的件数。", _reports, True),
    Figure("outreach.handed", "当年发放宣传资料户", "户", "当年领到宣传资料的户。", _handed, True),
    Figure(
        "outreach.reached", "当年宣传参加人次", "人次", "当年宣传活动登记的人数。", _reached, True
    ),
)
