"""给任务室的话 (plan_links): indicators of a plan period, and those that a key project serves."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import Actor
from shouwang.workplans.models import PlanPeriod
from shouwang.workplans.neighbours import Goal, InitiativeGoals, PeriodMember, ProjectGoals

from .models import Definition, Target
from .overview import compile_sheet
from .queries import assess_of, for_place, home_of, value_of
from .querysets import DefinitionQuerySet
from .states import Standing

MOST = 500


def _seen(actor: Actor) -> DefinitionQuerySet:
    if not actor.can("indicators.view"):
        return Definition.objects.none()
    return Definition.objects.visible_to(actor)


def _count(actor: Actor, period: PlanPeriod) -> int:
    """Those of the period's papers, and those without a paper that have a target in its years."""
    years = Target.objects.filter(year__range=(period.first_year, period.last_year))
    of_paper = Q(paper__plan_period=period)
    typed = Q(paper=None, pk__in=years.values("definition"))
    own = Q(division__path__startswith=period.division.path)
    return _seen(actor).filter(of_paper | (own & typed)).distinct().count()


def _url(period: PlanPeriod) -> str:
    return reverse("indicators:sheet")


def _choices(actor: Actor) -> list[tuple[str, str]]:
    """By name; where two have the same name their unit and code tell them apart."""
    rows = _seen(actor).on(clock.today()).values_list("code", "name", "unit")
    known = {code: (name, unit) for code, name, unit in rows.order_by("name", "code")[:MOST]}
    times = Counter(name for name, _ in known.values())
    return [
        (code, f"{name}（{unit + '，' if unit else ''}{code}）" if times[name] > 1 else name)
        for code, (name, unit) in known.items()
    ]


def _describe(actor: Actor, codes: Sequence[str]) -> list[Goal]:
    """How each goal stands this year, at the place that set it."""
    year = str(clock.today().year)
    found = []
    for one in _seen(actor).filter(code__in=list(codes)).select_related("division"):
        target = one.targets.filter(year=int(year), division=one.division).first()
        value = value_of(one, one.division, year)
        assessed = assess_of(one, one.division, year)
        share = assessed.attainment if assessed else None
        words = f"{formats.number(target.value)} {one.unit}" if target else "—"
        found.append(
            Goal(
                one.code, one.name, words.strip(),
                f"{value.words} {one.unit if value.number is not None else ''}".strip()
                if value else "—",
                f"{share:.1f}%" if share is not None else "—",
                reverse("indicators:definition", args=[one.pk]),
            )
        )  # fmt: skip
    return found


def _by_initiative(actor: Actor) -> dict[str, InitiativeGoals]:
    """Indicators by the initiatives that they carry, as they stand at the actor's own place."""
    place = home_of(actor) if actor.can("indicators.view") else None
    if place is None:
        return {}
    tagged = [one for one in for_place(actor, place) if one.tags]
    standing: dict[str, Counter[str]] = {}
    for line in compile_sheet(actor, place, definitions=tagged).lines if tagged else ():
        for name in line.definition.tags:
            standing.setdefault(name, Counter())[line.standing] += 1
    return {
        name: InitiativeGoals(
            counts.total(), counts[Standing.MET], counts[Standing.BEHIND] + counts[Standing.MISSED],
            f"{reverse('indicators:sheet')}?{urlencode({'place': place.code, 'tag': name})}",
        )
        for name, counts in standing.items()
    }  # fmt: skip


INITIATIVE_GOALS = (_by_initiative,)
PERIOD_MEMBERS = (PeriodMember("指标", "项", _count, _url),)
PROJECT_GOALS = (ProjectGoals(_choices, _describe),)
"""Read by the room of work plans."""
