"""自动数 (figures) of localities: works tested and late, grids that have a keeper, problems of the
registers of places, medical coverage, alerts that nobody has acknowledged."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Count, Max, Q

from shouwang.core import clock
from shouwang.core.figures import Count as Counting
from shouwang.core.figures import Counted, Figure, once, roll_up, share
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from .models import AlertVillage, Grid, GridMember, PlaceProblem, WaterProblem, WaterWorks
from .place_kinds import Kind, book
from .place_queries import with_coverage
from .queries import late_tests
from .states import SETTLED, SIGNED, GridRole


def _late(paths: Sequence[str], day: date) -> Counted:
    """Works whose test is missing; they stand at the place that runs them."""
    found = WaterWorks.objects.annotate(last_test=Max("tests__tested_on")).filter(late_tests(day))
    return roll_up(((path, 1) for path in found.values_list("division__path", flat=True)), paths)


def _problems(paths: Sequence[str], day: date) -> Counted:
    rows = WaterProblem.objects.unsolved().values_list("works__division__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _kept(paths: Sequence[str], day: date) -> Counted:
    held = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    keepers = GridMember.objects.filter(held, role=GridRole.KEEPER).values("grid")
    rows = Grid.objects.filter(pk__in=keepers, ended_on=None).values_list("village__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _of_kind(kind: str, which: Q, *, is_late: bool = False) -> Counting:
    """Problems of one register under each place."""

    def count(paths: Sequence[str], day: date) -> Counted:
        rows = PlaceProblem.objects.filter(which, kind=kind).exclude(state="mistaken")
        if is_late:
            rows = rows.filter(due_on__lt=day)
        found = rows.values_list("division__path").annotate(Count("pk"))
        return roll_up(found.order_by(), paths)

    return count


def _places(kind: Kind) -> Iterator[Figure]:
    is_open = ~Q(state__in=SETTLED)
    key = f"localities.{kind.key}"
    yield Figure(
        f"{key}_open", f"{kind.noun}没有销号", "个", "按今天。", _of_kind(kind.key, is_open)
    )
    yield Figure(
        f"{key}_late", f"{kind.noun}超期没有销号", "个", "过了完成期限还没有销号的。",
        _of_kind(kind.key, is_open, is_late=True),
    )  # fmt: skip
    yield Figure(
        f"{key}_signed", f"{kind.noun}已销号", "个", "现在已销号的，反弹的不算。",
        _of_kind(kind.key, Q(state__in=SIGNED)),
    )  # fmt: skip


def _coverage() -> list[tuple[str, str]]:
    villages = Division.objects.filter(level=Level.VILLAGE, valid_to=None)
    return list(with_coverage(villages).values_list("path", "coverage"))


def _medical(paths: Sequence[str], day: date) -> Counted:
    """Percent of the villages that were looked at."""
    rows = once("localities.coverage", _coverage)
    seen = roll_up([(path, 1) for path, state in rows if state != "unknown"], paths)
    good = roll_up([(path, 1) for path, state in rows if state in ("covered", "served")], paths)
    return share(good, seen)


def _unseen(paths: Sequence[str], day: date) -> Counted:
    rows = AlertVillage.objects.waiting().filter(alert__end="", alert__valid_to__gte=clock.now())
    return roll_up(rows.values_list("village__path").annotate(Count("pk")).order_by(), paths)


FIGURES = (
    *(figure for kind in book().kinds.values() for figure in _places(kind)),
    Figure(
        "localities.medical_coverage",
        "村级医疗卫生服务覆盖率",
        "%",
        "已覆盖的村占核实过的村的比例；没有核实的不计。",
        _medical,
    ),
    Figure(
        "localities.alerts_unseen", "预警没有签收的村次", "村次", "没结束的预警，按今天。", _unseen
    ),
    Figure("localities.tests_late", "水质超期未检工程", "处", "上一期没有检测的饮水工程。", _late),
    Figure("localities.water_problems", "饮水工程未销号问题", "个", "按今天。", _problems),
    Figure("localities.grids_kept", "有网格员的网格", "个", "当天有网格员的网格。", _kept),
)
