"""个案的读操作: lists, one case, its possible steps, its way so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as When_
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.lifecycle import Offer

from ..conditions import months_between
from ..deadlines import months_before, near_day
from ..dossier import Dossier, open_dossier
from ..lifecycles import REGIMES, table_of
from ..models import Case, CaseStep, ComparisonRequest, HouseholdCheck, Judgement, Notice
from ..querysets import CaseQuerySet, CheckQuerySet, ComparisonQuerySet, NoticeQuerySet
from ..regimes import StepPart, regime
from ..requirements import CHECKS
from ..states import CheckKind, RequestState, Stage

RELATED = ("household", "village__parent")


def cases_visible_to(actor: Actor) -> CaseQuerySet:
    """All cases of the actor's places, with household and town at hand."""
    return Case.objects.visible_to(actor).select_related(*RELATED)


def case_visible_to(actor: Actor, number: str) -> Case:
    """One case by its number; 404 outside the scope."""
    require(actor, "cases.view")
    return get_object_or_404(cases_visible_to(actor), number=number)


def with_timing(cases: CaseQuerySet, today: date | None = None) -> CaseQuerySet:
    """Add `timing` (late, near, intime, none) as of today."""
    day = today or clock.today()
    return cases.with_due(day, near_day(day))


def requests_visible_to(actor: Actor) -> ComparisonQuerySet:
    """Comparison requests: of one's places, or those that one's own department must answer."""
    return ComparisonRequest.objects.visible_to(actor).select_related(
        "case__household", "case__village"
    )


def notices_visible_to(actor: Actor) -> NoticeQuerySet:
    return Notice.objects.visible_to(actor).select_related("village__parent")


def checks_visible_to(actor: Actor) -> CheckQuerySet:
    return HouseholdCheck.objects.visible_to(actor).select_related("household__village", "case")


def offers(actor: Actor, case: Case) -> list[Offer]:
    """The steps that the actor's posts allow now, possible or greyed with the reason."""
    return offers_of(open_dossier(case, actor))


def offers_of(dossier: Dossier) -> list[Offer]:
    table = table_of(dossier.case.regime)
    return table.offers(dossier.actor, dossier, dossier.case.state, dossier.path, CHECKS)


def history(case: Case) -> QuerySet[CaseStep]:
    """Everything that was done, newest first; for a case that was read through `visible_to`."""
    return case.steps.select_related("case").order_by("-pk")


def rounds_of(actor: Actor, household_id: int) -> CaseQuerySet:
    """All rounds of a household, newest first."""
    return cases_visible_to(actor).filter(household=household_id).order_by("-round")


@dataclass(frozen=True)
class Progress:
    """One of the nine steps as it stands: done, going, late or idle; since when, what is there."""

    part: StepPart
    state: str
    detail: str = ""
    due_on: date | None = None


def progress(dossier: Dossier) -> list[Progress]:
    """The chain of steps that the case is in, each with its state; check ∥ comparison by fact."""
    case, parts = dossier.case, regime(dossier.case.regime).steps
    if case.stage == Stage.EXIT:
        parts = tuple(
            part for part in parts if any(state.startswith("exit_") for state in part.states)
        )
    order = list(table_of(case.regime).states)
    here = order.index(case.state)
    return [_progress(dossier, part, order, here) for part in parts]


def _progress(dossier: Dossier, part: StepPart, order: Sequence[str], here: int) -> Progress:
    case = dossier.case
    own = [
        state for state in part.states if state.startswith("exit_") == (case.stage == Stage.EXIT)
    ]
    if not own:  # the clue: it was there before the case
        return Progress(part, "done", f"{case.clock_started_on:%Y-%m-%d}")
    if case.state in own:
        done, detail = _fact(dossier, part)
        late = case.due_on is not None and case.due_on < dossier.today
        state = "done" if done else "late" if late else "going"
        return Progress(part, state, detail, case.due_on)
    ended = table_of(case.regime).state(case.state).is_end
    reached = max(order.index(state) for state in own) < here
    if ended:
        taken = {step.from_state for step in case.steps.all() if not step.is_back}
        reached = bool(taken & set(own))
    return Progress(part, "done" if reached else "idle")


def _fact(dossier: Dossier, part: StepPart) -> tuple[bool, str]:
    """Of the two that run together, which one is finished already."""
    if part.key == "check":
        check = dossier.check
        return check is not None, f"{check.visited_on:%Y-%m-%d}" if check else "待核查"
    if part.key == "comparison":
        waiting = [each for each in dossier.requests if each.state == RequestState.OPEN]
        reason = CHECKS["comparison_concluded"](dossier)
        return reason is None, reason or ("待答复" if waiting else "已完成")
    return False, ""


def long_monitored(actor: Actor, months: int, today: date | None = None) -> CaseQuerySet:
    """Monitored for so many months or more and not resolved, longest first."""
    before = months_before(today or clock.today(), months)
    return (
        cases_visible_to(actor)
        .monitored()
        .filter(identified_on__lte=before)
        .order_by("identified_on", "pk")
    )


def with_judgement(
    cases: CaseQuerySet, marks: Sequence[int], today: date | None = None
) -> CaseQuerySet:
    """Adds the last judgement (`judged_on`, `judged_as`) and `is_judged`: whether there was one
    since the household passed its last mark, at a year and again at two."""
    day = today or clock.today()
    last = Judgement.objects.filter(case=OuterRef("pk")).order_by("-judged_on", "-pk")
    passed = When_(
        *(
            When(identified_on__lte=months_before(day, mark), then=Value(mark))
            for mark in sorted(marks, reverse=True)
        ),
        default=Value(min(marks)),
    )
    found: CaseQuerySet = cases.annotate(
        judged_on=Subquery(last.values("judged_on")[:1]),
        judged_as=Subquery(last.values("conclusion")[:1]),
        judged_at=Coalesce(Subquery(last.values("months")[:1]), Value(-1)),
        mark=passed,
    ).annotate(
        is_judged=When_(
            When(judged_at__gte=F("mark"), then=Value(True)),
            default=Value(False), output_field=BooleanField(),
        )
    )  # fmt: skip
    return found


def months_monitored(case: Case, today: date | None = None) -> int | None:
    """Completed months since the identification."""
    if case.identified_on is None:
        return None
    return months_between(case.identified_on, today or clock.today())


def follow_ups_due(actor: Actor, today: date | None = None) -> CaseQuerySet:
    """Resolved households whose next visit is due by today, longest waiting first."""
    day = today or clock.today()
    return (
        cases_visible_to(actor)
        .filter(state="resolved", follow_up_due_on__lte=day)
        .order_by("follow_up_due_on", "pk")
    )


def find_cases(actor: Actor, words: str) -> CaseQuerySet:
    """By number, or by the head of the household."""
    said = words.strip()
    if not said:
        return cases_visible_to(actor).none()
    named = Q(number__startswith=said) | Q(number__endswith=said) if said[0].isdigit() else Q()
    return cases_visible_to(actor).filter(named or Q(household__head_key__startswith=said))


def states_in_order() -> dict[str, str]:
    """Every state of every regime with its label, in the order of the way."""
    found: dict[str, str] = {}
    for key in REGIMES:
        for name, state in table_of(key).states.items():
            found.setdefault(name, state.label)
    return found


def latest_check(case: Case) -> HouseholdCheck | None:
    """The last submitted check of the case that counts."""
    kinds = [CheckKind.IDENTIFICATION, CheckKind.RECHECK, CheckKind.EXIT]
    return (
        case.checks.filter(state="submitted", is_void=False, kind__in=kinds).order_by("pk").last()
    )
