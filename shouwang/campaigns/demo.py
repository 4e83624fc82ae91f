"""演示: one sweep under way, problems in every state, bulletins; all through the operations."""

from datetime import timedelta

from django.conf import settings

from shouwang.cases.checklists import checklists
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division

from .bulletin_kinds import all_kinds
from .kinds import kinds
from .models import Dossier, Sweep
from .operations import (
    advance,
    advance_bulletin,
    advance_dossier,
    draft_bulletin,
    plan_sweep,
    pull_dossiers,
    record_result,
    record_step,
    save_bulletin,
    save_plan,
)

VISITED = 80
"""Households of the sweep whose result is made up."""
PRIORITIES = ("low_income", "income_fall", "high_medical", "new_severe", "monitored_1y", "warned")
PEOPLE = ("第一责任人", "业务责任人", "村级责任人")


def make(actor: Actor) -> int:
    """A special sweep over the priorities, and the problems that screening found."""
    today, county = clock.today(), _county()
    sweep = plan_sweep(
        actor, title=f"{today.year}年下半年重点户排查", kind="special", division=county,
        checklist=checklists()["six_looks_six_checks"],
        chosen=list(PRIORITIES),
        starts_on=today - timedelta(days=20), ends_on=today + timedelta(days=10),
        purpose="重点核实收入、大病支出和住房饮水安全。",
    )  # fmt: skip
    if not sweep.items.exists():
        return 0
    _visit(actor, advance(actor, sweep, "start", version=1))
    pull_dossiers(actor)
    checker = Actor(actor.account_id, f"{actor.label}（复核）", actor.scopes)
    for kind in kinds():
        for place, dossier in enumerate(Dossier.objects.filter(kind=kind).order_by("pk")[:4]):
            _work(actor, checker, dossier, place)
    return int(sweep.items.count())


def make_bulletins(actor: Actor) -> int:
    """Last month's bulletin of casework issued, this month's a draft, the tasks of the quarter."""
    today, county = clock.today(), _county()
    last_month = today.replace(day=1) - timedelta(days=1)
    drafts = [("monitoring", last_month), ("monitoring", today)]
    if "tasks" in all_kinds():
        drafts.append(("tasks", today))
    made = [
        draft_bulletin(actor, division=county, month=month, kind=kind) for kind, month in drafts
    ]
    first = made[0]
    texts = {one["key"]: one["text"] or "本月没有。" for one in first.sections}
    first = save_bulletin(
        actor, first, title=first.title, number=f"示例〔{last_month.year}〕1号",
        distribution="各乡镇，县级各部门", texts=texts, version=first.version,
    )  # fmt: skip
    advance_bulletin(actor, first, "issue", version=first.version)
    return len(made)


def _county() -> Division:
    found = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if found is None:
        raise DomainError("没有找到示例县，请先导入区划。")
    return found


def _visit(actor: Actor, sweep: Sweep) -> None:
    """Most households have nothing new, a few are away, some give a clue."""
    today = clock.today()
    items = sweep.items.select_related("household", "village", "sweep").order_by("-weight", "pk")
    fine = {one.key: one.options[0] for one in sweep.asked if one.options}
    fine |= {one.key: "否" for one in sweep.asked if one.fails == "是"}
    for place, item in enumerate(items[:VISITED]):
        finding, answers = "no_risk", dict(fine)
        if place % 11 == 4:
            finding = "away"
        elif place % 9 == 2:
            finding, answers["look_water"] = "clue", "有问题"
        record_result(
            actor, item, visited_on=today - timedelta(days=place % 15), answers=answers,
            finding=finding, version=item.version,
        )  # fmt: skip


def _work(actor: Actor, checker: Actor, dossier: Dossier, how_far: int) -> None:
    """Bring a problem so far: not begun, planned, waiting for sign-off, signed off."""
    kind = kinds()[dossier.kind]
    if how_far < 1:
        return
    people = dict(zip(kind.people, PEOPLE, strict=False))
    dossier = save_plan(
        actor, dossier, plan="逐项核实原因，落实责任部门和资金，按期解决。", people=people,
        due_on=dossier.due_on, version=dossier.version,
    )  # fmt: skip
    dossier = advance_dossier(actor, dossier, "plan", version=dossier.version)
    for step in kind.steps[: 1 if how_far == 1 else None]:
        dossier = record_step(
            actor, dossier, step.key, done_on=clock.today(), note="已办理并留存记录。",
            outcome=kind.done[0] if how_far > 1 else "", no_other_support=True,
            version=dossier.version,
        )  # fmt: skip
    if how_far > 1:
        dossier = advance_dossier(
            actor, dossier, "apply", version=dossier.version, evidence="现场照片和验收记录"
        )
    if how_far > 2:
        advance_dossier(checker, dossier, "approve", version=dossier.version)
