"""自动数 (figures) of the workplans room: tasks, those done, late, and done on time."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Coalesce

from shouwang.core.figures import Count as CountPlaces
from shouwang.core.figures import Counted, Figure, roll_up, share

from .models import KeyProject, Plan, Task
from .querysets import OPEN

Choose = Callable[[QuerySet[Task], date], QuerySet[Task]]


def _counted(paths: Sequence[str], tasks: QuerySet[Task]) -> Counted:
    """Tasks by the place that leads them, else by their own; each counted once a place."""
    placed = tasks.annotate(
        at=Coalesce(Max("units__division__path"), F("division__path"))
    ).values_list("pk", "at")
    return roll_up(((path, 1) for _, path in placed.order_by().iterator()), paths)


def _leaves() -> QuerySet[Task]:
    return Task.objects.exclude(state="cancelled").filter(parts=None)


def _figure(choose: Choose) -> CountPlaces:
    def count(paths: Sequence[str], day: date) -> Counted:
        return _counted(paths, choose(_leaves(), day))

    return count


def _all(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    return tasks.filter(made_at__date__lte=day)


def _done(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    return tasks.filter(state="done", reported_on__lte=day)


def _late(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    return tasks.filter(state__in=OPEN, ends_on__lt=day)


def _due(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    return tasks.filter(ends_on__lte=day)


def _on_time(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    """Due by the day, done, and last reported not after the deadline."""
    return _due(tasks, day).filter(state="done", reported_on__lte=F("ends_on"))


def _share_on_time(paths: Sequence[str], day: date) -> Counted:
    return share(_figure(_on_time)(paths, day), _figure(_due)(paths, day))


def _plans(paths: Sequence[str], day: date) -> Counted:
    rows = Plan.objects.filter(state="filed", filed_on__lte=day).values_list("division__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _projects(paths: Sequence[str], day: date) -> Counted:
    rows = KeyProject.objects.filter(made_at__date__lte=day).values_list("division__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _project_progress(paths: Sequence[str], day: date) -> Counted:
    """The mean of the newest visits; a project that nobody has looked at counts as nothing done."""
    rows = KeyProject.objects.filter(made_at__date__lte=day).values_list("division__path", "share")
    done = roll_up([(path, progress or Decimal(0)) for path, progress in rows.order_by()], paths)
    return share(done, _projects(paths, day))


FIGURES = (
    Figure("workplans.tasks", "任务数", "项", "没有取消、落到单位的任务。", _figure(_all)),
    Figure("workplans.done", "办结任务", "项", "已同意办结的任务。", _figure(_done)),
    Figure("workplans.late", "超期任务", "项", "过了完成时限还没有办结的任务。", _figure(_late)),
    Figure(
        "workplans.on_time", "任务按时办结率", "%",
        "到期的任务里，在时限前报送完成并已办结的占多少。", _share_on_time,
    ),
    Figure("workplans.projects", "重点项目", "个", "登记的重点项目。", _projects),
    Figure(
        "workplans.project_progress", "重点项目平均进度", "%",
        "重点项目最近一次察看的形象进度的平均，没有察看过的按零算。", _project_progress,
    ),
    Figure("workplans.plans", "备案方案", "份", "已备案的一镇一策、一村一方案。", _plans),
)  # fmt: skip
