"""演示里的户: whom the stories happen to, always the same in the same county."""

from collections.abc import Iterator

from django.db.models import Case as When_
from django.db.models import Exists, OuterRef, Q, Value, When

from shouwang.divisions.models import Division
from shouwang.registry.columns import MEASURES
from shouwang.registry.models import Household, Member

from ..facts import SOME_LABOUR
from ..models import Case
from .people import Cast
from .stories import Story


class Subjects:
    """Households in the order of their keys, each given out once."""

    def __init__(self, cast: Cast) -> None:
        self._used: set[int] = set()
        self._places = list(_villages(cast.home))
        labour = Member.objects.filter(household=OuterRef("pk"), absent_since=None)
        able, unknown = labour.filter(labour__in=SOME_LABOUR), labour.filter(labour=None)
        self._able = Exists(able) & ~Exists(unknown)

    def household(self, story: Story) -> Household | None:
        """One that has no case and whose people's labour is known."""
        found = (
            Household.objects.filter(self._able, village=self._place(story.away))
            .filter(Q(monitor_class=None) | Q(monitor_class=""), absent_since=None, cases=None)
            .filter(head_name__isnull=False)
            .exclude(pk__in=self._used)
        )
        if story.poor is not None:
            poor = Q(household_type="脱贫户")
            found = found.filter(poor if story.poor else ~poor & Q(household_type__isnull=False))
        first = found.select_related("village__parent").order_by("pk").first()
        return self._take(first)

    def monitored(self) -> Case | None:
        """A case that was taken over from the national system and is not resolved."""
        helped = Q()
        for name in MEASURES:
            helped |= Q(**{f"{name}__isnull": False})
        found = (
            Case.objects.filter(state="monitored", origin="adopted")
            .filter(household__in=Household.objects.filter(self._able & helped))
            .exclude(household__in=self._used)
            .annotate(distance=self._distance())
        )
        near = found.select_related("household", "village__parent").order_by("distance", "pk")
        first = near.first()
        self._take(first.household if first else None)
        return first

    def _place(self, away: int) -> Division | None:
        return self._places[min(away, len(self._places) - 1)] if self._places else None

    def _distance(self) -> When_:
        """The home village first, then its town, then the rest of the county."""
        home = self._places[0] if self._places else None
        return When_(
            When(village=home, then=Value(0)),
            When(village__parent=home.parent if home else None, then=Value(1)),
            default=Value(2),
        )

    def _take(self, household: Household | None) -> Household | None:
        if household is not None:
            self._used.add(household.pk)
        return household


def _villages(home: Division | None) -> Iterator[Division]:
    """The home village first, then one village of each other town."""
    if home is None:
        return
    yield home
    others = Division.objects.filter(level="town", valid_to=None).order_by("code")
    for each in others.exclude(children=home):
        village = each.children.filter(level="village", valid_to=None).order_by("code").first()
        if village is not None:
            yield village
