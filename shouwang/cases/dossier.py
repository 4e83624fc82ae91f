"""卷宗 (dossier): a case with everything that its requirements look at, read in a dozen queries
for one case or for five hundred."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.module_loading import import_string

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.registry.models import Household, IncomeStatement, Member

from . import income
from .deadlines import county_of
from .facts import FULL_LABOUR, SOME_LABOUR, Facts, either, labour_of
from .models import (
    Appraisal,
    AssetHit,
    Case,
    CaseRisk,
    ComparisonRequest,
    HouseholdCheck,
    NoticeEntry,
    Objection,
    Review,
)
from .regimes import Regime, regime
from .states import CheckKind, NoticeKind, Stage

OF_IDENTIFICATION = (CheckKind.IDENTIFICATION, CheckKind.RECHECK)


@dataclass
class Dossier:
    """One case as it stands now, for one person on one day."""

    case: Case
    actor: Actor
    today: date = field(default_factory=lambda: clock.today())

    @property
    def household(self) -> Household:
        return self.case.household

    @property
    def path(self) -> str:
        return str(self.case.village.path)

    @property
    def county(self) -> str:
        return county_of(self.case.village.code)

    @cached_property
    def regime(self) -> Regime:
        return regime(self.case.regime)

    @property
    def stage(self) -> str:
        return self.case.stage

    @cached_property
    def members(self) -> list[Member]:
        return list(self.household.present_members)  # type: ignore[attr-defined]

    @cached_property
    def risks(self) -> list[CaseRisk]:
        return list(self.case.risks.all())

    @property
    def application(self) -> Any:
        return getattr(self.case, "application", None)

    @cached_property
    def checks(self) -> list[HouseholdCheck]:
        """Submitted and not void, oldest first."""
        return [each for each in self.case.checks.all() if each.is_submitted and not each.is_void]

    @property
    def identification_check(self) -> HouseholdCheck | None:
        found = [each for each in self.checks if each.kind in OF_IDENTIFICATION]
        return found[-1] if found else None

    @property
    def exit_check(self) -> HouseholdCheck | None:
        found = [each for each in self.checks if each.kind == CheckKind.EXIT]
        return found[-1] if found else None

    @property
    def check(self) -> HouseholdCheck | None:
        """The check of the present chain of steps."""
        return self.exit_check if self.stage == Stage.EXIT else self.identification_check

    @cached_property
    def requests(self) -> list[ComparisonRequest]:
        return [each for each in self.case.requests.all() if each.stage == self.stage]

    @cached_property
    def hits(self) -> list[AssetHit]:
        return [each for each in self.case.hits.all() if each.stage == self.stage]

    @cached_property
    def appraisal(self) -> Appraisal | None:
        """The last meeting of this chain that still counts."""
        found = [
            each
            for each in self.case.appraisals.all()
            if each.stage == self.stage and not each.is_void
        ]
        return found[-1] if found else None

    def entry(self, kind: str) -> NoticeEntry | None:
        """Where the case stands on a notice that hangs or hung, in this chain."""
        for each in self.case.notice_entries.all():
            if each.stage == self.stage and each.kind == kind and not each.is_withdrawn:
                return each
        return None

    @property
    def publicity(self) -> NoticeEntry | None:
        return self.entry(NoticeKind.PUBLICITY)

    @property
    def objections(self) -> list[Objection]:
        """Those to the notice that counts."""
        entry = self.publicity
        if entry is None:
            return []
        return [each for each in self.case.objections.all() if each.entry_id == entry.pk]

    @cached_property
    def review(self) -> Review | None:
        found = [each for each in self.case.reviews.all() if each.stage == self.stage]
        return found[-1] if found else None

    @cached_property
    def labour(self) -> tuple[bool | None, bool | None]:
        """Whether somebody has full labour, and whether somebody has any."""
        codes = [member.labour for member in self.members]
        return labour_of(codes, FULL_LABOUR), labour_of(codes, SOME_LABOUR)

    @cached_property
    def was_poor(self) -> bool | None:
        kind = self.household.household_type
        return None if kind is None else kind in self.regime.data["facts"]["poor_types"]

    @property
    def before(self) -> IncomeStatement | None:
        """The newest yearly statement of the register."""
        found = list(self.household.yearly_statements)  # type: ignore[attr-defined]
        return found[-1] if found else None

    @cached_property
    def provided(self) -> dict[str, Any]:
        """What the rooms above know (measures and the like), by SHOUWANG_CASE_FACTS."""
        known: dict[str, Any] = {}
        for provider in providers():
            known.update(provider(self.household))
        return known

    @cached_property
    def facts(self) -> Facts:
        """What the class is proposed from."""
        return facts_of(self)


def providers() -> list[Callable[[Household], dict[str, Any]]]:
    return [import_string(name) for name in getattr(settings, "SHOUWANG_CASE_FACTS", ())]


def open_dossiers(cases: Sequence[Case], actor: Actor, today: date | None = None) -> list[Dossier]:
    """Dossiers of cases that were read (and may be seen) already."""
    prefetch_related_objects(
        cases,
        "village",
        "application",
        "risks",
        "checks__items",
        "requests",
        "hits",
        "appraisals",
        Prefetch("notice_entries", NoticeEntry.objects.select_related("notice").order_by("pk")),
        "objections",
        "reviews",
        "household__village",
        Prefetch(
            "household__members",
            Member.objects.filter(absent_since=None).order_by("pk"),
            to_attr="present_members",
        ),
        Prefetch(
            "household__statements",
            IncomeStatement.objects.filter(kind="annual").order_by("year"),
            to_attr="yearly_statements",
        ),
    )
    for case in cases:
        case._prefetched_objects_cache["checks"] = sorted(  # type: ignore[attr-defined]
            case.checks.all(), key=lambda each: each.pk
        )
    day = today or clock.today()
    return [Dossier(case, actor, day) for case in cases]


def forget(case: Case) -> Case:
    """Let go of what a dossier read along: it is older than what was just written."""
    vars(case).pop("_prefetched_objects_cache", None)
    return case


def open_dossier(case: Case, actor: Actor, today: date | None = None) -> Dossier:
    return open_dossiers([case], actor, today)[0]


def facts_of(dossier: Dossier) -> Facts:
    """From the check of the present chain, the register and the parameters of the day."""
    check = dossier.check
    names = dossier.regime.data["facts"]
    day = check.visited_on if check and check.visited_on else dossier.today
    line = income.line_on(day, dossier.county, names["line"])
    rigid = income.parameter_on(day, dossier.county, names["rigid"])
    fall = income.parameter_on(day, dossier.county, names["fall"])
    full, some = dossier.labour
    before = dossier.before
    return Facts(
        risks=None if check is None else tuple(each["key"] for each in check.risks),
        was_poor=dossier.was_poor,
        size=check.size if check else None,
        net=check.net_income if check else None,
        per_person=check.per_person if check else None,
        self_paid=check.self_paid if check else None,
        before=before.per_capita if before else None,
        line=line.amount if line else None,
        line_source=line.source if line else "",
        rigid_share=rigid[0] if rigid else None,
        rigid_source=rigid[1] if rigid else "",
        fall_share=fall[0] if fall else None,
        fall_source=fall[1] if fall else "",
        event=_event(dossier, check, names["sudden_risks"]),
        full_labour=full,
        some_labour=some,
    )


def _event(
    dossier: Dossier, check: HouseholdCheck | None, sudden_risks: Iterable[str]
) -> bool | None:
    """An emergency clue, the word of the checkers, or a risk that is an event."""
    if dossier.case.emergency:
        return True
    if check is None:
        return None
    named = {each["key"] for each in check.risks} & set(sudden_risks)
    return either([bool(named), check.sudden_event])
