"""Reads of the screening room: runs, clues, their evidence and their counts, in one's own scope."""

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

import yaml
from django.db.models import Count, QuerySet, Sum
from django.shortcuts import get_object_or_404

from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division
from shouwang.engine import Rulebook
from shouwang.feeds.queries import effective_batches

from .models import Clue, ClueEvidence, Run, RunTally
from .operations.freezing import kept_rulebook
from .querysets import ClueQuerySet, villages_of


def run_visible_to(actor: Actor, uuid: UUID) -> Run:
    require(actor, "screening.view")
    return get_object_or_404(Run.objects.visible_to(actor), uuid=uuid)


def clue_visible_to(actor: Actor, pk: int) -> Clue:
    """The clue with its household and village; 404 outside the scope."""
    require(actor, "screening.view")
    clues = Clue.objects.visible_to(actor).select_related("household", "village__parent")
    return get_object_or_404(clues.with_state(newest_date()), pk=pk)


def clues_of_household(actor: Actor, household_no: str) -> QuerySet[Clue]:
    require(actor, "screening.view")
    clues = Clue.objects.visible_to(actor).filter(household__household_no=household_no)
    return (
        clues.with_state(newest_date())
        .select_related("household", "village")
        .order_by("-last_seen", "priority")
    )


def newest_run() -> Run | None:
    return Run.objects.newest()


def newest_date() -> date | None:
    """The newest screened date: what “now” means on the pages of clues."""
    return Run.objects.valid().order_by("-as_of").values_list("as_of", flat=True).first()


def screened_dates() -> list[date]:
    return list(Run.objects.valid().order_by("-as_of").values_list("as_of", flat=True))


def valid_runs() -> dict[int, Run]:
    """The valid runs by key, with what a sentence needs of them."""
    return Run.objects.valid().only("as_of", "rulebook_version").in_bulk()


def previous_run(run: Run) -> Run | None:
    """The valid run of the date before."""
    return Run.objects.valid().filter(as_of__lt=run.as_of).order_by("-as_of").first()


@lru_cache(maxsize=4)
def rulebook_of(version: str) -> Rulebook:
    """The rulebook a run was made with; a version never changes, so it is read once."""
    return kept_rulebook(version)


@lru_cache(maxsize=1)
def rulebook_in_force() -> Rulebook:
    """The rulebook of this installation; it changes only with a new release, so with a restart."""
    return Rulebook.load()


def _tallies(actor: Actor) -> QuerySet[RunTally]:
    villages = Division.objects.filter(villages_of(actor, "screening.view"))
    return RunTally.objects.filter(village__in=villages.values("pk"))


def counts_by_risk(actor: Actor, run: Run) -> list[tuple[str, int, int]]:
    """Risk, clues and hits of a run, most clues first."""
    rows = _tallies(actor).filter(run=run, rule_id="").values("risk")
    counted = rows.annotate(clues=Sum("clues"), hits=Sum("hits")).order_by("-clues", "risk")
    return [(row["risk"], row["clues"], row["hits"]) for row in counted]


def counts_by_rule(actor: Actor, run: Run) -> dict[str, tuple[int, int]]:
    """Rule to clues and hits of a run."""
    rows = _tallies(actor).filter(run=run).exclude(rule_id="").values("rule_id")
    counted = rows.annotate(clues=Sum("clues"), hits=Sum("hits"))
    return {row["rule_id"]: (row["clues"], row["hits"]) for row in counted}


@dataclass(frozen=True)
class TownCount:
    """One town (or village, for who sees only one town) with its clues of a run."""

    code: str
    name: str
    clues: int
    by_risk: Counter[str]


def counts_by_town(actor: Actor, run: Run) -> list[TownCount]:
    """Towns of the actor's scope with their clues, most first; villages if there is one town."""
    rows = list(
        _tallies(actor)
        .filter(run=run, rule_id="")
        .values_list(
            "village__parent__code", "village__parent__name", "village__code", "village__name",
            "risk", "clues",
        )
    )  # fmt: skip
    several = len({row[0] for row in rows}) > 1
    found: dict[tuple[str, str], Counter[str]] = {}
    for town_code, town, village_code, village, risk, clues in rows:
        key = (town_code, town) if several else (village_code, village)
        found.setdefault(key, Counter())[risk] += clues
    counted = [TownCount(code, name, risks.total(), risks) for (code, name), risks in found.items()]
    return sorted(counted, key=lambda each: (-each.clues, each.code))


def counts_by_month(actor: Actor, rule_id: str = "") -> list[tuple[date, int, int]]:
    """Date, clues and hits of every valid run, for all rules or for one."""
    rows = _tallies(actor).filter(run__state=Run.State.VALID, rule_id=rule_id)
    counted = rows.values("run__as_of").annotate(clues=Sum("clues"), hits=Sum("hits"))
    found = {row["run__as_of"]: (row["clues"], row["hits"]) for row in counted}
    return [(day, *found.get(day, (0, 0))) for day in sorted(screened_dates())]


def clues_compared(actor: Actor, run: Run, change: str) -> ClueQuerySet:
    """Clues that only this run found (new), only the one before (gone), or both (continuing)."""
    before = previous_run(run)
    clues = Clue.objects.visible_to(actor)
    if before is None:
        return clues.found_by(run.pk) if change == "new" else clues.none()
    if change == "new":
        return clues.found_by(run.pk).not_found_by(before.pk)
    if change == "gone":
        return clues.found_by(before.pk).not_found_by(run.pk)
    return clues.found_by(run.pk).found_by(before.pk)


def comparison(actor: Actor, run: Run) -> dict[str, Counter[str]]:
    """Per change (new, continuing, gone) the number of clues by risk."""
    found = {}
    for change in ("new", "continuing", "gone"):
        rows = clues_compared(actor, run, change).order_by().values("risk")
        found[change] = Counter({row["risk"]: row["n"] for row in rows.annotate(n=Count("pk"))})
    return found


def evidence_of(clues: Sequence[Clue]) -> QuerySet[ClueEvidence]:
    """The evidence of clues that were already read through `visible_to`, newest first."""
    return (
        ClueEvidence.objects.filter(clue__in=[clue.pk for clue in clues])
        .select_related("run", "member", "household", "village")
        .order_by("-run__as_of", "-severity", "rule_id", "id")
    )


def date_choices() -> list[tuple[date, Run | None]]:
    """Dates that may be screened, each with its valid run: the rulebook's dates, and the month
    ends that later batches have reached since."""
    named = set(as_of_dates(rulebook_in_force()))
    last = max(named, default=date.min)
    named |= {
        month_end(batch.period_end) for batch in effective_batches() if batch.period_end > last
    }
    valid = {run.as_of: run for run in Run.objects.valid()}
    return [(day, valid.get(day)) for day in sorted(named | set(valid))]


def as_of_dates(rulebook: Rulebook) -> list[date]:
    """The dates that the rulebook says are screened (`--all-dates`)."""
    file = rulebook.path / "screening.yaml"
    named = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    dates = named.get("as_of_dates", [])
    if not all(isinstance(day, date) for day in dates):
        raise DomainError("规则库 screening.yaml 的 as_of_dates 应当是日期，如 2026-06-30。")
    return sorted(dates)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
