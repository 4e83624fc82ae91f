"""自动计算: formulas are counted for a period and kept with every figure they rest on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.figures import Figure, get_figure
from shouwang.divisions.models import Division

from ..book import Book
from ..formulas import FormulaError, Leaf, Node, evaluate, leaves, read
from ..models import Actual, Definition, FigureValue, Reading
from ..naming import CountyNames, sorted_by_need, wanted_figures
from ..periods import Period
from ..querysets import keys_of
from ..states import ActualState, Source
from .actuals import watch

PLACES = Decimal("0.0001")
MOST = Decimal(10) ** 15
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Computed:
    """What a computing run gave."""

    values: int
    missing: int
    broken: tuple[str, ...]

    @property
    def words(self) -> str:
        words = f"算出 {self.values} 个数值"
        if self.missing:
            words += f"，{self.missing} 个缺数据没有算"
        if self.broken:
            words += f"；公式有误：{'；'.join(self.broken)}"
        return words[:300]


def compute(
    actor: Actor,
    definitions: Sequence[Definition],
    divisions: Sequence[Division],
    period: Period,
    *,
    tell: Tell | None = None,
) -> Computed:
    """Count the automatic indicators of a period anew, and keep what they rest on."""
    for root in {one.division for one in definitions}:
        require_here(actor, "indicators.manage", root.path)
    counting = _Counting(definitions, divisions, period)
    with transaction.atomic():
        counting.freeze()
        done = [
            counting.settle(actor, definition)
            for at, definition in enumerate(counting.order)
            if tell is None or tell(at, len(counting.order), definition.name) is None
        ]
        for root in {one.division for one in definitions}:
            audit(
                actor,
                "indicators.computed",
                target_type="indicators.definition",
                division_path=root.path,
                summary=f"自动计算{period.label}：{len(counting.order)} 个指标，"
                f"{len(divisions)} 个区划",
            )
    values = sum(given for given, _ in done)
    return Computed(values, sum(missed for _, missed in done), tuple(counting.broken))


class _Counting:
    """One run: figures are asked once for all places, indicators in the order of their needs."""

    def __init__(
        self, definitions: Sequence[Definition], divisions: Sequence[Division], period: Period
    ) -> None:
        self.period = period
        self.divisions = list(divisions)
        above = {key for one in divisions for key in keys_of(one.path)}
        self.places = Division.objects.in_bulk(above)
        self.trees: dict[int, Node] = {}
        self.broken: list[str] = []
        names: dict[str, CountyNames] = {}
        for one in definitions:
            if one.source != Source.FORMULA:
                continue
            path = one.division.path
            try:
                self.trees[one.pk] = read(one.formula, names.setdefault(path, CountyNames(path)))
            except FormulaError as error:
                self.broken.append(f"{one.name}：{error}")
        usable = [one for one in definitions if one.pk in self.trees]
        self.order = sorted_by_need(usable, self.trees)
        self.figures: dict[tuple[str, int], dict[int, Decimal]] = {}
        self.counted_on: dict[tuple[str, int], date] = {}
        """Where a value of then is used instead of today's: by figure and place."""
        self.named = self._named()

    def _named(self) -> Mapping[str, Definition]:
        codes = {
            leaf.key
            for tree in self.trees.values()
            for leaf in leaves(tree)
            if leaf.kind == "indicator"
        }
        rows = Definition.objects.filter(code__in=codes, division__in=self.places)
        return {one.code: one for one in rows}

    def freeze(self) -> None:
        """Ask every figure once for all places (and those above), and keep the answers."""
        day = min(self.period.ends, clock.today())
        paths = {one.path: one.pk for one in self.places.values()}
        kept = []
        for leaf in sorted(
            wanted_figures(self.trees.values()), key=lambda one: (one.key, one.back)
        ):
            if (leaf.key, leaf.back) in self.figures:
                continue
            figure = get_figure(leaf.key)
            counted = self._past(figure, leaf.back, paths) if leaf.back else {
                paths[path]: value for path, value in figure.count(list(paths), day).items()
            }  # fmt: skip
            nearer = {} if leaf.back else self._counted_nearer_the_end(figure)
            self.figures[leaf.key, leaf.back] = counted | {
                key: value for key, (value, _) in nearer.items()
            }
            self.counted_on |= {(leaf.key, key): on for key, (_, on) in nearer.items()}
            if not leaf.back:
                kept += [
                    FigureValue(
                        key=leaf.key, division_id=key, period=self.period.key, value=value,
                        counted_at=clock.now(),
                    )
                    for key, value in counted.items()
                    if key not in nearer
                ]  # fmt: skip
        FigureValue.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["key", "division", "period"],
            update_fields=["value", "counted_at"], batch_size=500,
        )  # fmt: skip

    def _counted_nearer_the_end(self, figure: Figure) -> dict[int, tuple[Decimal, date]]:
        """Of a period that is over: values kept from a day nearer its end than today, with the day.

        What only knows the present must not write today's number over that of then.
        """
        today, ends = clock.today(), self.period.ends
        if figure.has_past or today <= ends:
            return {}
        rows = FigureValue.objects.filter(
            key=figure.key, period=self.period.key, division__in=self.places
        ).values_list("division_id", "value", "counted_at")
        found = {key: (value, localtime(at).date()) for key, value, at in rows}
        return {
            key: (value, on)
            for key, (value, on) in found.items()
            if abs((on - ends).days) < (today - ends).days
        }

    def _past(self, figure: Figure, back: int, paths: Mapping[str, int]) -> dict[int, Decimal]:
        """What the figure was years before: kept then, or counted now where it knows the past."""
        period = Period(self.period.year - back, self.period.last_month, self.period.months)
        kept = FigureValue.objects.filter(
            key=figure.key, period=period.key, division__in=self.places
        )
        found = dict(kept.values_list("division_id", "value"))
        if getattr(figure, "has_past", False):
            missing = [path for path, key in paths.items() if key not in found]
            counted = figure.count(missing, period.ends)
            found |= {paths[path]: value for path, value in counted.items()}
        return found

    def settle(self, actor: Actor, definition: Definition) -> tuple[int, int]:
        """Compute one indicator at every place; returns how many values, and how many missing."""
        tree = self.trees[definition.pk]
        needed = [leaf for leaf in leaves(tree) if leaf.kind == "indicator"]
        uses = [self.named[leaf.key] for leaf in needed if leaf.key in self.named]
        book = Book(uses, self.divisions) if uses else None
        made: list[Actual] = []
        missing = 0
        for place in self.divisions:
            if definition.division_id not in keys_of(place.path):
                continue
            values = {leaf: self._leaf(leaf, place, book) for leaf in leaves(tree)}
            value = _kept(evaluate(tree, values.__getitem__))
            if value is None:
                missing += 1
                continue
            made.append(self._actual(actor, definition, place, value, self._basis(
                definition, place, values)))  # fmt: skip
        self._replace(definition, made)
        watch(definition, made)
        return len(made), missing

    def _leaf(self, leaf: Leaf, place: Division, book: Book | None) -> Decimal | None:
        at = self._above(place, leaf.up)
        if at is None:
            return None
        if leaf.kind == "figure":
            return self.figures[leaf.key, leaf.back].get(at.pk)
        used = self.named.get(leaf.key)
        if used is None or book is None:
            return None
        period = Period(self.period.year - leaf.back, self.period.last_month, self.period.months)
        value = book.value(used, at, period)
        if value is None and leaf.up:
            return book.upper(used, place, period)[0]
        return value.number if value else None

    def _above(self, place: Division, up: int) -> Division | None:
        line = keys_of(place.path)
        return self.places[line[-1 - up]] if up < len(line) else None

    def _basis(
        self, definition: Definition, place: Division, values: Mapping[Leaf, Decimal | None]
    ) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        is_over = self.period.ends < clock.today()
        for leaf, value in values.items():
            at = self._above(place, leaf.up)
            period = Period(
                self.period.year - leaf.back, self.period.last_month, self.period.months
            )
            rows.append(
                {
                    "kind": leaf.kind, "key": leaf.key, "title": leaf.title, "unit": leaf.unit,
                    "place": at.name if at else "", "period": period.label,
                    "value": None if value is None else str(value),
                }
            )  # fmt: skip
            if leaf.kind == "figure" and is_over and not get_figure(leaf.key).has_past:
                on = self.counted_on.get((leaf.key, at.pk if at else 0), clock.today())
                rows[-1]["counted_on"] = f"{on:%Y-%m-%d}"
        return {"formula": definition.formula, "figures": rows, "on": f"{clock.today():%Y-%m-%d}"}

    def _actual(
        self, actor: Actor, definition: Definition, place: Division, value: Decimal, basis: Any
    ) -> Actual:
        return Actual(
            definition=definition, division=place, period=self.period.key,
            period_end=self.period.ends, value=value, basis=basis, state=ActualState.COMPUTED,
            reported_at=clock.now(), reported_by_label=f"自动计算（{actor.label}）"[:120],
        )  # fmt: skip

    def _replace(self, definition: Definition, made: list[Actual]) -> None:
        """Newly counted values take the place of counted ones; an unchanged one is left alone,
        and so is what was reported of a time before the indicator was there.
        """
        there = {
            one.division_id: one
            for one in definition.actuals.current().filter(period=self.period.key)
        }
        fresh, over = [], []
        for actual in made:
            former = there.get(actual.division_id)
            if former is not None and (
                former.value == actual.value or former.state != ActualState.COMPUTED
            ):
                actual.pk = former.pk
                continue
            if former is not None:
                over.append(former.pk)
                actual.replaces = former
                actual.correction = "重新计算"
            fresh.append(actual)
        Actual.objects.filter(pk__in=over).update(is_current=False)
        Actual.objects.bulk_create(fresh, batch_size=500)


def _kept(value: Decimal | None) -> Decimal | None:
    try:
        rounded = None if value is None else value.quantize(PLACES)
    except InvalidOperation:
        return None
    return None if rounded is None or abs(rounded) >= MOST else rounded


def compute_current(actor: Actor, root: Division, *, tell: Tell | None = None) -> Computed:
    """Count all automatic indicators of a county and its towns for the period that is going on;
    down to the villages only what is asked of villages.
    """
    require_here(actor, "indicators.manage", root.path)
    today = clock.today()
    rows = Definition.objects.on(today).filter(division=root, source=Source.FORMULA)
    groups: dict[str, list[Definition]] = {}
    for one in rows.select_related("division"):
        groups.setdefault(one.rhythm, []).append(one)
    return together(
        [
            compute_below(actor, definitions, Period.of(rhythm, today), tell=tell)
            for rhythm, definitions in sorted(groups.items())
        ]
    )


def compute_paper(
    actor: Actor, reading: Reading, year: int, *, tell: Tell | None = None
) -> Computed:
    """Count the automatic indicators of one paper for a year, also one that is over."""
    require_here(actor, "indicators.manage", reading.paper.division.path)
    rows = Definition.objects.filter(paper=reading.paper, source=Source.FORMULA)
    return compute_below(
        actor, list(rows.select_related("division")), Period.of_year(year), tell=tell
    )


def compute_below(
    actor: Actor, definitions: Sequence[Definition], period: Period, *, tell: Tell | None = None
) -> Computed:
    """Count indicators at their own place and below: towns, and villages where those are asked."""
    found = []
    for to_villages in (False, True):
        chosen = [one for one in definitions if (one.level == "village") == to_villages]
        for root in {one.division_id: one.division for one in chosen}.values():
            levels = ["county", "town", *(["village"] if to_villages else [])]
            places = Division.objects.on(clock.today()).filter(
                path__startswith=root.path, level__in=levels
            )
            here = [one for one in chosen if one.division_id == root.pk]
            found.append(compute(actor, here, list(places.order_by("code")), period, tell=tell))
    return together(found)


def together(done: Sequence[Computed]) -> Computed:
    """What several runs gave in all."""
    return Computed(
        sum(one.values for one in done),
        sum(one.missing for one in done),
        tuple(dict.fromkeys(words for one in done for words in one.broken)),
    )
