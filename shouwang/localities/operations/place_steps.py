"""村级问题的办理: progress, application, check on the spot, sign-off, sampled re-check."""

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.core.lifecycle import Check, Offer, Transition
from shouwang.divisions.models import Division

from ..models import PlaceProblem
from ..place_kinds import Kind, book
from ..states import place_table
from .places import clean, trace, write
from .water import audited

NOT_OURS = "这个问题由别的部门负责，本部门不能办理。"


def _has_plan(problem: PlaceProblem) -> str | None:
    missing = [
        words
        for words, value in (
            ("措施", problem.measure),
            ("责任部门或责任人", problem.department_id or problem.responsible),
        )
        if not value
    ]
    return f"还没有登记{'、'.join(missing)}。" if missing else None


def _is_sampled(problem: PlaceProblem) -> str | None:
    return None if problem.sampled_on else "没有抽中，不需要登记抽查结果。"


CHECKS: Mapping[str, Check] = {"has_plan": _has_plan, "is_sampled": _is_sampled}


def _same_person(actor: Actor, problem: PlaceProblem, action: str) -> str | None:
    """Who applied does not check, who applied or checked does not sign, who signed does not go and
    look again."""
    before = {
        "check": [("申请人", problem.applied_by_label)],
        "sign": [("申请人", problem.applied_by_label), ("核查人", problem.checked_by_label)],
        "recheck": [("销号人", problem.signed_by_label), ("核查人", problem.checked_by_label)],
    }.get(action, [])
    duty = next((duty for duty, label in before if label and label == actor.label[:120]), "")
    return f"您是这个问题的{duty}，要由别的人办理。" if duty else None


def _is_ours(actor: Actor, problem: PlaceProblem, right: str) -> bool:
    """A department takes steps only for what it answers for."""
    if right != "localities.repair":
        return True
    name = problem.department.name if problem.department else None
    return any(
        scope.covers(problem.division.path) and scope.department in (None, name)
        for scope in actor.scopes_with(right)
    )


def place_offers(actor: Actor, problem: PlaceProblem) -> list[Offer]:
    """The steps of this person, greyed where they are not possible yet."""
    found = place_table().offers(actor, problem, problem.state, problem.division.path, CHECKS)
    rows = [(one.transition, one.reason) for one in found]
    return [
        Offer(row, reason or _same_person(actor, problem, row.action) or "")
        for row, reason in rows
        if _is_ours(actor, problem, row.right) and (row.action != "recheck" or problem.sampled_on)
    ]


def take_place_step(
    actor: Actor, problem: PlaceProblem, action: str, *, version: int, words: str = ""
) -> PlaceProblem:
    """One step of the state table."""
    words = clean(words, 500)
    problem = PlaceProblem.objects.select_related("division", "department").get(pk=problem.pk)
    row = place_table().take(
        actor, problem, problem.state, action, problem.division.path, CHECKS,
        {"reason": words, "evidence": words, "result": words},
    )  # fmt: skip
    if not _is_ours(actor, problem, row.right):
        raise NotAllowed(NOT_OURS)
    reason = _same_person(actor, problem, action)
    if reason:
        raise DomainError(reason, code="same_person")
    return write(actor, problem, version, row.label, words, **_effects(actor, problem, row))


def _effects(actor: Actor, problem: PlaceProblem, row: Transition) -> dict[str, Any]:
    label, found = actor.label[:120], {"state": row.to}
    effects: dict[str, dict[str, Any]] = {
        "apply": {"applied_by_label": label, "progress": 100},
        "check": {"checked_by_label": label},
        "sign": {"signed_by_label": label, "signed_on": clock.today(), "sampled_on": None},
        "reopen": {
            "signed_on": None, "sampled_on": None, "progress": 0,
            "times_reopened": problem.times_reopened + 1,
        },
    }  # fmt: skip
    return found | effects.get(row.action, {})


def report_progress(
    actor: Actor, problem: PlaceProblem, *, version: int, progress: int, words: str
) -> PlaceProblem:
    """How far the work is, with a sentence."""
    require(actor, "localities.repair", problem.division.path)
    if not _is_ours(actor, problem, "localities.repair"):
        raise NotAllowed(NOT_OURS)
    if problem.state != "working":
        raise DomainError("整治中的问题才报进度，请先办理“开始整治”。", code="progress")
    if not 0 <= progress <= 100:
        raise DomainError("进度应在 0 至 100 之间。", code="progress")
    if not clean(words):
        raise DomainError("请写明做到哪一步。", code="words")
    note = f"{progress}%：{clean(words, 500)}"
    return write(actor, problem, version, "报进度", note, progress=progress)


def draw_sample(actor: Actor, kind: Kind, place: Division) -> int:
    """Draw the share that the rulebook gives from what was signed off and never drawn.

    The same day and the same list give the same draw, so that it can be done again for a doubter.
    As long as some of the last draw wait for their re-check, nothing is drawn: a second press does
    not draw a second share.
    """
    require(actor, "localities.sign", place.path)
    today = clock.today()
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=place.pk)
        signed = PlaceProblem.objects.filter(
            kind=kind.key, division__path__startswith=place.path, state="signed"
        ).order_by("pk")
        waiting = signed.exclude(sampled_on=None).count()
        if waiting:
            raise DomainError(f"上次抽中的还有 {waiting} 个没有复查，复查完再抽。", code="sample")
        keys = list(signed.values_list("pk", flat=True))
        return _drawn(actor, kind, place, keys, today)


def _drawn(actor: Actor, kind: Kind, place: Division, keys: list[int], today: date) -> int:
    if not keys:
        raise DomainError("没有可抽的：已销号、还没抽过的才参加抽查。", code="sample")
    count = -(-len(keys) * book().sample_percent // 100)
    drawn = random.Random(f"{kind.key}{today}{keys}").sample(keys, count)  # noqa: S311 - repeatable
    for problem in PlaceProblem.objects.select_related("division").filter(pk__in=drawn):
        PlaceProblem.objects.filter(pk=problem.pk).update(
            sampled_on=today, version=problem.version + 1
        )
        trace(actor, problem, "抽中复查")
    audited(actor, "place.sample", place, f"{kind.noun}抽查：{len(keys)} 个中抽 {count} 个")
    return count
