"""指标账 (book): targets, values, bases, classes and upper averages of many places, read at once.

Everything that a sheet or a league shows is answered from here without further questions to the
database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Max, Sum

from shouwang.core import clock
from shouwang.divisions.levels import ORDER
from shouwang.divisions.models import Division

from .evaluation import Asked, Assessment, assess, shown
from .models import Actual, Base, Classification, Definition, Target, UpperValue
from .parameters import lights_on
from .periods import Period
from .querysets import keys_of
from .states import WITH_UPPER, Comparison, Spread
from .trends import Forecast, forecast

Key = tuple[int, int]
"""Definition and division."""


@dataclass(frozen=True)
class Value:
    """实际值: the number (or words) that counts for a period, and where it is from."""

    number: Decimal | None
    text: str
    is_reached: bool | None
    period: Period
    state: str
    is_late: bool
    by: str
    actual_id: int

    @property
    def words(self) -> str:
        if self.is_reached is not None:
            return "已达到" if self.is_reached else "没有达到"
        return shown(self.number) if self.number is not None else self.text or "—"


def chosen_year(years: Iterable[int], year: int) -> int | None:
    """Which target a year is held against: its own, the next one set, or the last one that was."""
    known = sorted(years)
    later = [one for one in known if one >= year]
    return later[0] if later else known[-1] if known else None


class Book:
    """The account of some definitions at some places as of a day."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        divisions: Sequence[Division],
        *,
        since: int | None = None,
        on: date | None = None,
    ) -> None:
        self.on = on or clock.today()
        self.definitions = list(definitions)
        self.divisions = list(divisions)
        self.lights = lights_on(self.on)
        above = {key for one in self.divisions for key in keys_of(one.path)}
        self.places: dict[int, Division] = Division.objects.in_bulk(above)
        keys = [one.pk for one in self.definitions]
        self._targets: dict[Key, dict[int, Target]] = defaultdict(dict)
        for target in Target.objects.filter(definition__in=keys, division__in=above):
            self._targets[target.definition_id, target.division_id][target.year] = target
        self._bases = {
            (base.definition_id, base.division_id): base
            for base in Base.objects.filter(definition__in=keys, division__in=above)
        }
        self._uppers = {
            (one.definition_id, one.division_id, one.period): one.value
            for one in UpperValue.objects.filter(definition__in=keys)
        }
        self._values = self._read_values(keys, above, since)
        self._sums: dict[Key, list[Value]] = {}
        self._target_sums: dict[Key, dict[int, Decimal | None]] = {}

    def _read_values(
        self, keys: Sequence[int], above: Iterable[int], since: int | None
    ) -> Mapping[Key, list[Value]]:
        rows = Actual.objects.counted().filter(definition__in=keys, division__in=list(above))
        if since is not None:
            rows = rows.filter(period_end__gte=date(since, 1, 1))
        found: dict[Key, list[Value]] = defaultdict(list)
        fields = (
            "definition_id", "division_id", "value", "text", "is_reached", "period", "state",
            "is_late", "reported_by_label", "pk",
        )  # fmt: skip
        for row in rows.order_by("period_end", "pk").values_list(*fields):
            found[row[0], row[1]].append(
                Value(row[2], row[3], row[4], Period.read(row[5]), *row[6:])
            )
        return found

    @cached_property
    def classes(self) -> Mapping[int, frozenset[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        rows = Classification.objects.on(self.on).filter(division__in=self.places)
        for key, place_class in rows.values_list("division_id", "place_class"):
            found[key].add(place_class)
        return {key: frozenset(kinds) for key, kinds in found.items()}

    def values(self, definition: Definition, division: Division) -> list[Value]:
        """All counted values, the oldest first; of amounts the sum of the places below."""
        own = self._values.get((definition.pk, division.pk), [])
        if own or not is_summed(definition, division):
            return own
        key = definition.pk, division.pk
        if key not in self._sums:
            self._sums[key] = _sums(definition, division)
        return self._sums[key]

    def value(self, definition: Definition, division: Division, period: Period) -> Value | None:
        """The value of the period; of a longer period the newest one within it."""
        for value in reversed(self.values(definition, division)):
            if value.period == period or (
                value.period.months < period.months and period.covers(value.period.ends)
            ):
                return value
        return None

    def applies(self, definition: Definition, division: Division) -> bool:
        """Whether the indicator is asked of the place at all."""
        if definition.division_id not in keys_of(division.path):
            return False
        if ORDER[division.level] < ORDER[definition.level]:
            return is_summed(definition, division)
        if not definition.place_class:
            return True
        named = self._at_level(division, definition.level)
        return named is not None and definition.place_class in self.classes.get(
            named.pk, frozenset()
        )

    def _at_level(self, division: Division, level: str) -> Division | None:
        line = [self.places[key] for key in keys_of(division.path)]
        return next((one for one in line if one.level == level), None)

    def target(self, definition: Definition, division: Division, year: int) -> Target | None:
        """The own target; else that of a place above where all have the same, or a sum."""
        line = [division.pk, *reversed(keys_of(division.path)[:-1])]
        for key in line if definition.spread == Spread.SAME else line[:1]:
            known = self._targets.get((definition.pk, key), {})
            chosen = chosen_year(known, year)
            if chosen is not None:
                return known[chosen]
        return self._summed_target(definition, division, year)

    def _summed_target(
        self, definition: Definition, division: Division, year: int
    ) -> Target | None:
        """What the places below are to reach together, where the place has no target itself."""
        if not is_summed(definition, division):
            return None
        key = definition.pk, division.pk
        if key not in self._target_sums:
            self._target_sums[key] = dict(
                definition.targets.filter(
                    division__path__startswith=division.path, division__level=definition.level
                )
                .values_list("year")
                .annotate(total=Sum("value"))
                .order_by()
            )
        sums = self._target_sums[key]
        chosen = chosen_year(sums, year)
        if chosen is None:
            return None
        return Target(definition=definition, division=division, year=chosen, value=sums[chosen])

    def upper(
        self, definition: Definition, division: Division, period: Period
    ) -> tuple[Decimal | None, str]:
        """The average of the level above in the period, entered or counted, and its name."""
        place = self._at_level(division, definition.upper_level)
        if place is None or place.pk == division.pk:
            place = self.places.get(division.parent_id or 0)
        if place is None:
            return None, "上级"
        entered = self._uppers.get((definition.pk, place.pk, period.key))
        if entered is None:
            counted = self.value(definition, place, period)
            entered = counted.number if counted else None
        return entered, place.name

    def asked(self, definition: Definition, division: Division, period: Period) -> Asked:
        """What is asked of the place in the period."""
        base = self._bases.get((definition.pk, division.pk))
        comparison, missing = definition.comparison, ""
        if comparison == Comparison.CONDITIONAL:
            comparison, missing = _by_base(definition, base)
        target = self.target(definition, division, period.year)
        upper, upper_name = None, ""
        if comparison in WITH_UPPER:
            upper, upper_name = self.upper(definition, division, period)
            if upper is None and not missing:
                missing = f"还没有登记{upper_name}{period.label}的平均水平。"
        return Asked(
            comparison=comparison,
            direction=definition.direction,
            unit=definition.unit,
            target=target.value if target else None,
            target2=target.value2 if target else None,
            target_year=target.year if target else None,
            upper=upper,
            upper_name=upper_name,
            base=base.value if base else None,
            base_year=base.year if base else None,
            accumulates=definition.accumulates,
            requirement=definition.requirement,
            missing=missing,
        )

    def assess(
        self, definition: Definition, division: Division, period: Period
    ) -> Assessment | None:
        """How the place stands in the period; nothing where the indicator is not asked of it."""
        if not self.applies(definition, division):
            return None
        value = self.value(definition, division, period)
        return assess(
            self.asked(definition, division, period),
            value=value.number if value else None,
            is_reached=value.is_reached if value else None,
            period=value.period if value else period,
            on=self.on,
            lights=self.lights,
        )

    def forecast(
        self, definition: Definition, division: Division, target: Period
    ) -> Forecast | None:
        """The end of the target's year on the line of the last periods of the same rhythm."""
        known = [
            (value.period, value.number)
            for value in self.values(definition, division)
            if value.number is not None and value.period.rhythm == definition.rhythm
        ]
        return forecast(
            known, target, points=self.lights.points, least=self.lights.least,
            is_share=definition.unit == "%",
        )  # fmt: skip


def is_summed(definition: Definition, division: Division) -> bool:
    """Whether the value of the place is the sum of those below it."""
    return (
        definition.spread == Spread.SUM
        and not definition.place_class
        and ORDER[division.level] < ORDER[definition.level]
    )


def _sums(definition: Definition, division: Division) -> list[Value]:
    """The sum of each period, and of how many places it is one."""
    rows = (
        definition.actuals.counted()
        .filter(
            division__path__startswith=division.path, division__level=definition.level,
            value__isnull=False,
        )
        .values_list("period")
        .annotate(total=Sum("value"), places=Count("pk"), newest=Max("pk"))
        .order_by()
    )  # fmt: skip
    found = [
        Value(
            Decimal(total), f"{places} 个地方合计", None, Period.read(period), "computed", False,
            "各地合计", newest,
        )
        for period, total, places, newest in rows
    ]  # fmt: skip
    return sorted(found, key=lambda value: (value.period.ends, -value.period.months))


def _by_base(definition: Definition, base: Base | None) -> tuple[str, str]:
    """Which rule holds for the place, by where it stood in the base year."""
    if base is None or base.value is None or base.upper is None:
        year = definition.base_year or ""
        return definition.rule_below, f"还没有登记{year}年基期值，不知道适用哪一档。"
    if base.value < base.upper:
        return definition.rule_below, ""
    return definition.rule_above, ""
