"""问题台账的办理: open, plan, do the steps, apply for sign-off, sign off or send back."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.registry.models import Household, Member
from shouwang.screening.models import Hit
from shouwang.screening.queries import newest_run

from ..kinds import Kind, kinds
from ..models import Dossier, DossierEntry
from ..states import dossier_table


def open_dossier(
    actor: Actor,
    *,
    kind: str,
    household: Household,
    problem: str,
    found_on: date,
    origin: str,
    member: Member | None = None,
) -> Dossier:
    """Open a problem; one household (or person) has one of a kind, solved or not."""
    require(actor, "campaigns.check", household.village.path)
    chosen = _kind(kind)
    if (chosen.about == "person") != (member is not None):
        raise DomainError(f"“{chosen.title}”要写明是哪一位成员。", code="member")
    if member is not None and member.household_id != household.pk:
        raise DomainError("这位成员不在这一户，请重新选择。", code="member")
    if not problem.strip():
        raise DomainError("请写明问题。", code="problem")
    if found_on > clock.today():
        raise DomainError("发现日期在今天以后，请核对。", code="found_on")
    with transaction.atomic():
        known = Dossier.objects.filter(kind=kind, household=household, member=member)
        if same := known.exclude(state="mistaken").first():
            raise Conflict(f"这个问题已经建立（{same.state_label}），请在原问题上办理。")
        return _create(actor, chosen, household, member, problem.strip(), found_on, origin)


def _kind(key: str) -> Kind:
    if key not in kinds():
        raise DomainError("没有这一类问题，请从列表中选择。", code="kind")
    return kinds()[key]


def _create(
    actor: Actor,
    kind: Kind,
    household: Household,
    member: Member | None,
    problem: str,
    found_on: date,
    origin: str,
) -> Dossier:
    made = Dossier.objects.create(
        kind=kind.key,
        household=household,
        member=member,
        village=household.village,
        problem=problem[:500],
        origin=origin[:120],
        found_on=found_on,
        due_on=max(found_on, clock.today()) + timedelta(days=kind.days),
        created_at=clock.now(),
        created_by_label=actor.label[:120],
    )
    _note(actor, made, "建立问题", problem)
    audit(
        actor,
        "campaigns.dossier.opened",
        target_type="registry.household",
        target_id=household.household_no,
        division_path=household.village.path,
        summary=f"建立问题：{kind.title}",
    )
    return made


def _note(
    actor: Actor,
    dossier: Dossier,
    label: str,
    note: str = "",
    step: str = "",
    on: date | None = None,
) -> None:
    DossierEntry.objects.create(
        dossier=dossier,
        step=step,
        label=label,
        done_on=on or clock.today(),
        note=note.strip()[:500],
        at=clock.now(),
        by_label=actor.label[:120],
    )


def pull_dossiers(actor: Actor) -> int:
    """Open the problems that the newest screening found and that are not known; how many."""
    require(actor, "campaigns.manage")
    run = newest_run()
    if run is None:
        return 0
    made = 0
    with transaction.atomic():
        for kind in kinds().values():
            known: set[tuple[Any, Any]] = set(
                Dossier.objects.filter(kind=kind.key)
                .exclude(state__in=("mistaken", "closed"))
                .values_list("household", "member")
            )
            solved = {
                (one.household_id, one.member_id): one
                for one in Dossier.objects.filter(kind=kind.key, state="closed")
            }
            hits = Hit.objects.filter(run=run, rule_id__in=kind.rules, household__isnull=False)
            for hit in hits.select_related("household__village", "member").order_by("pk"):
                member = hit.member if kind.about == "person" else None
                key = (hit.household_id, member.pk if member else None)
                if key in known or (kind.about == "person" and member is None) or key in solved:
                    continue  # a solved problem that comes back is reopened by a person
                known.add(key)
                assert hit.household is not None
                words = f"{run.as_of:%Y-%m-%d} 筛查命中：{_title(hit.rule_id)}"
                _create(actor, kind, hit.household, member, words, run.as_of, "部门数据筛查")
                made += 1
    return made


def _title(rule_id: str) -> str:
    from shouwang.screening.queries import rulebook_in_force

    rule = rulebook_in_force().rules.get(rule_id)
    return rule.title if rule else rule_id


def save_plan(
    actor: Actor,
    dossier: Dossier,
    *,
    plan: str,
    people: Mapping[str, str],
    due_on: date,
    version: int,
) -> Dossier:
    """Write down how the problem is solved, by whom and until when."""
    require(actor, "campaigns.check", dossier.village.path)
    if dossier.state not in ("open", "working"):
        raise Conflict(f"现在是“{dossier.state_label}”，不能修改方案。")
    if due_on < dossier.found_on:
        raise DomainError("解决期限早于发现日期，请核对。", code="due_on")
    duties = kinds()[dossier.kind].people
    given = {duty: people.get(duty, "").strip()[:40] for duty in duties}
    with transaction.atomic():
        _write(dossier, version, plan=plan.strip(), people=given, due_on=due_on)
        _note(actor, dossier, "修改方案", f"期限 {due_on:%Y-%m-%d}")
        _audit(actor, dossier, "planned", "修改解决方案")
    dossier.refresh_from_db()
    return dossier


def record_step(
    actor: Actor,
    dossier: Dossier,
    step: str,
    *,
    done_on: date,
    note: str,
    version: int,
    outcome: str = "",
    funds: Decimal | None = None,
    support: str = "",
    no_other_support: bool = False,
) -> Dossier:
    """Record a step of the kind; steps are done in order, optional ones may be passed over."""
    require(actor, "campaigns.check", dossier.village.path)
    kind = kinds()[dossier.kind]
    chosen = kind.step(step)
    if dossier.state != "working":
        raise Conflict(f"现在是“{dossier.state_label}”，不能登记步骤。")
    if chosen is None:
        raise DomainError("没有这个步骤，请从列表中选择。", code="step")
    if done_on > clock.today() or done_on < dossier.found_on:
        raise DomainError("步骤日期应在发现日期和今天之间，请核对。", code="done_on")
    if waiting := missing_before(kind, dossier, step):
        raise DomainError(f"请先登记“{waiting.label}”。", code="order")
    if not note.strip():
        raise DomainError("请写明这一步做了什么。", code="note")
    if outcome and outcome not in kind.done:
        raise DomainError("解决方式不在列表里，请重新选择。", code="outcome")
    changes: dict[str, Any] = {"support": support.strip(), "no_other_support": no_other_support}
    changes |= {"outcome": outcome} if outcome else {}
    changes |= {"funds": funds} if funds is not None else {}
    with transaction.atomic():
        _write(dossier, version, **changes)
        _note(actor, dossier, chosen.label, note, step, done_on)
        _audit(actor, dossier, "step", f"{kind.title}：{chosen.label}")
    dossier.refresh_from_db()
    return dossier


def missing_before(kind: Kind, dossier: Dossier, step: str) -> Any:
    """The first step before this one that must be done and is not."""
    done = steps_done(dossier)
    for one in kind.steps:
        if one.key == step:
            return None
        if not one.optional and one.key not in done:
            return one
    return None


def steps_done(dossier: Dossier) -> set[str]:
    """Steps recorded since the problem was opened, or came back for the last time."""
    done: set[str] = set()
    for step, label in dossier.entries.values_list("step", "label"):
        if label == _REOPENED:
            done.clear()
        elif step:
            done.add(step)
    return done


_REOPENED = "问题反弹，重新办理"


def _has_plan(dossier: Dossier) -> str | None:
    return None if dossier.plan else "还没有写解决方案。"


def _has_people(dossier: Dossier) -> str | None:
    missing = [duty for duty in kinds()[dossier.kind].people if not dossier.people.get(duty)]
    return f"还没有落实{'、'.join(missing)}。" if missing else None


def _steps_done(dossier: Dossier) -> str | None:
    done = steps_done(dossier)
    missing = [
        one.label for one in kinds()[dossier.kind].steps if not one.optional and one.key not in done
    ]
    return f"还没有登记{'、'.join(missing)}。" if missing else None


def _has_outcome(dossier: Dossier) -> str | None:
    return None if dossier.outcome else "还没有选择解决方式。"


def _no_double(dossier: Dossier) -> str | None:
    if not kinds()[dossier.kind].double_support or dossier.no_other_support:
        return None
    return "还没有核对是否与灾后重建等重复享受。"


def _other_person(dossier: Dossier) -> str | None:
    """Who signs off must not be who applied; the actor is checked when the step is taken."""
    return None if dossier.applied_by_label else "没有销号申请人的记录。"


CHECKS: Mapping[str, Check] = {
    "has_plan": _has_plan,
    "has_people": _has_people,
    "steps_done": _steps_done,
    "has_outcome": _has_outcome,
    "no_double": _no_double,
    "other_person": _other_person,
}


def advance_dossier(
    actor: Actor,
    dossier: Dossier,
    action: str,
    *,
    version: int,
    reason: str = "",
    evidence: str = "",
) -> Dossier:
    """Take a step of the dossier's table."""
    given = {"reason": reason.strip(), "evidence": evidence.strip()}
    row = dossier_table().take(
        actor, dossier, dossier.state, action, dossier.village.path, CHECKS, given
    )
    if action == "approve" and dossier.applied_by_label == actor.label[:120]:
        raise DomainError("销号要由申请人以外的人审核。", code="same_person")
    changes: dict[str, Any] = {"state": row.to}
    if action == "apply":
        changes |= {"evidence": given["evidence"][:300], "applied_by_label": actor.label[:120]}
    if action == "approve":
        changes["closed_on"] = clock.today()
    if action == "reopen":
        changes |= {
            "closed_on": None, "outcome": "", "times": dossier.times + 1,
            "due_on": clock.today() + timedelta(days=kinds()[dossier.kind].days),
        }  # fmt: skip
    with transaction.atomic():
        _write(dossier, version, **changes)
        _note(actor, dossier, row.label, given["reason"] or given["evidence"])
        _audit(actor, dossier, action, row.label)
    dossier.refresh_from_db()
    return dossier


def _write(dossier: Dossier, version: int, **values: Any) -> None:
    found = Dossier.objects.filter(pk=dossier.pk, version=version, state=dossier.state)
    if not found.update(**values, version=version + 1):
        last = DossierEntry.objects.filter(dossier=dossier).last()
        who = f"{last.by_label}（{last.label}）" if last else "别人"
        raise Conflict(f"这个问题刚由{who}办理过，请刷新页面核对。")


def _audit(actor: Actor, dossier: Dossier, action: str, summary: str) -> None:
    audit(
        actor,
        f"campaigns.dossier.{action}",
        target_type="registry.household",
        target_id=dossier.household.household_no,
        division_path=dossier.village.path,
        summary=summary,
    )
