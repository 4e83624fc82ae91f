"""回头看: draw signed-off problems, record what was seen, reopen what came back."""

import random

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import LookBack, LookBackItem, Problem
from ..states import Verdict
from ..terms import terms
from .steps import advance_problem

SEEDS = 2**31


def draw_look_back(
    actor: Actor, division: Division, *, percent: int | None = None, seed: int | None = None
) -> LookBack:
    """Draw of the signed-off problems that wait for it; at least one of each source."""
    require_here(actor, "inspections.check", division.path)
    percent = percent or terms().number("look_back_percent", "percent", clock.today())
    if percent is None or not 0 < percent <= 100:
        raise DomainError("抽查比例应在 1 到 100 之间。", code="percent")
    waiting = Problem.objects.filter(
        division__path__startswith=division.path, state="signed"
    ).exclude(looked__verdict="")
    pool = list(waiting.order_by("pk").values_list("pk", "batch__source"))
    if not pool:
        raise DomainError("没有已销号、还没有回头看的问题。", code="empty")
    seed = random.SystemRandom().randrange(SEEDS) if seed is None else seed
    with transaction.atomic():
        made = LookBack.objects.create(
            division=division, drawn_at=clock.now(), drawn_by_label=actor.label[:120], seed=seed,
            percent=percent, population=len(pool), pool=[list(one) for one in pool],
        )  # fmt: skip
        keys = drawn(pool, percent, seed)
        LookBackItem.objects.bulk_create([LookBackItem(draw=made, problem_id=key) for key in keys])
        audit(
            actor, "inspections.lookback.drawn", target_type="inspections.lookback",
            target_id=str(made.pk), division_path=division.path,
            summary=f"回头看抽样：{len(pool)} 个已销号问题抽 {len(keys)} 个",
        )  # fmt: skip
    return made


def replayed(draw: LookBack) -> bool | None:
    """Whether the same pool and seed give the same problems; None of a draw that kept no pool."""
    if not draw.pool:
        return None
    keys = drawn([(key, source) for key, source in draw.pool], draw.percent, draw.seed)
    return keys == sorted(draw.items.values_list("problem_id", flat=True))


def drawn(pool: list[tuple[int, str]], percent: int, seed: int) -> list[int]:
    """The share of each source, rounded up; the same pool and seed give the same problems."""
    source = random.Random(seed)  # noqa: S311 - a replayable draw, no secret
    keys: list[int] = []
    for name in sorted({one for _, one in pool}):
        of_source = sorted(key for key, one in pool if one == name)
        keys += source.sample(of_source, -(-len(of_source) * percent // 100))
    return sorted(keys)


def record_look(actor: Actor, item: LookBackItem, *, verdict: str, note: str) -> Problem:
    """Record what was seen; a problem that came back is reopened at once."""
    require_here(actor, "inspections.check", item.draw.division.path)
    if verdict not in (Verdict.HELD, Verdict.CAME_BACK):
        raise DomainError("请选择回头看的结论。", code="verdict")
    if not note.strip():
        raise DomainError("请写明看到的情况。", code="note")
    problem = item.problem
    with transaction.atomic():
        found = LookBackItem.objects.filter(pk=item.pk, verdict="")
        if not found.update(
            verdict=verdict, note=note.strip()[:500], looked_at=clock.now(),
            looked_by_label=actor.label[:120],
        ):  # fmt: skip
            raise Conflict("这个问题刚由别人登记过回头看。")
        action = "look_back" if verdict == Verdict.HELD else "reopen"
        return advance_problem(actor, problem, action, version=problem.version, words=note)
