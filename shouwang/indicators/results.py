"""一份文件的评价 (results): each row of a paper's tables at a place in a year: what was reached,
how far it is, where it leads, or in plain words what is missing and where to enter it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.formats import number
from shouwang.divisions.models import Division

from .book import Book, Value
from .evaluation import Assessment
from .formulas import FormulaError, Leaf, leaves, read
from .models import Definition, FigureValue, Reading
from .naming import CountyNames
from .periods import Period
from .queries import Below, below, definitions_visible_to, in_order, is_above, places_visible_to
from .states import Comparison, Source, Standing
from .trends import Forecast

FORECAST = (
    Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE_UPPER, Comparison.REACH_UPPER,
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """One thing without which the row cannot be judged, and the page where it is put right."""

    words: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class ResultLine:
    """One row of the tables with all that can be said of it."""

    definition: Definition
    value: Value | None
    result: Assessment | None
    forecast: str
    below: Below | None = None
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        if self.below is not None:
            if not self.below.asked:
                return Standing.NOT_ASKED
            if self.below.known < self.below.asked:
                return Standing.UNKNOWN
            return Standing.MET if self.below.met == self.below.asked else Standing.BEHIND
        return self.result.standing if self.result else Standing.NOT_ASKED

    @property
    def standing_label(self) -> str:
        return Standing(self.standing).label


@dataclass(frozen=True)
class Results:
    place: Division
    period: Period
    years: list[int]
    lines: list[ResultLine] = field(default_factory=list)

    def count(self, standing: str) -> int:
        return sum(line.standing == standing for line in self.lines)


def years_of(reading: Reading) -> list[int]:
    """The years of the targets of a paper, and the present one."""
    years = Definition.objects.filter(paper=reading.paper).values_list("targets__year", flat=True)
    return sorted({year for year in years if year} | {clock.today().year})


def results_of(actor: Actor, reading: Reading, place: Division, year: int) -> Results:
    """All rows of a confirmed paper at one place in one year."""
    period = Period.of_year(year)
    definitions = in_order(
        list(
            definitions_visible_to(actor)
            .filter(paper=reading.paper)
            .select_related("department", "paper", "division")
            .order_by("pk")  # as in the paper
        )
    )
    return Results(
        place, period, years_of(reading), _Lines(actor, definitions, place, period).lines()
    )


class _Lines:
    """The rows of one page, from one book for the place and one for the places below."""

    def __init__(
        self, actor: Actor, definitions: Sequence[Definition], place: Division, period: Period
    ) -> None:
        self.definitions, self.place, self.period = list(definitions), place, period
        self.book = Book(definitions, [place])
        self.may_manage = actor.can_at("indicators.manage", place.path)
        lower = [one for one in definitions if is_above(one, place)]
        levels = {one.level for one in lower}
        found = places_visible_to(actor).filter(path__startswith=place.path, level__in=levels)
        self.below = list(found) if lower else []
        self.lower = Book(lower, self.below) if lower else None
        self.names = CountyNames(place.path)
        kept = FigureValue.objects.filter(division=place, period=period.key)
        self.counted = dict(kept.values_list("key", "value"))

    def lines(self) -> list[ResultLine]:
        return [self.line(one) for one in self.definitions]

    def line(self, one: Definition) -> ResultLine:
        if is_above(one, self.place) and self.lower is not None:
            found = below(self.lower, one, self.below, self.period)
            return ResultLine(one, None, None, "", found, self.lacks_below(one, found))
        value = self.book.value(one, self.place, self.period)
        result = self.book.assess(one, self.place, self.period)
        if result is None:
            return ResultLine(one, value, None, "", None, (self.unlisted(one),))
        missing = [*self.no_value(one, value), *self.no_line(one, result)]
        return ResultLine(
            one, value, result, self.forecast(one, result), None, tuple(missing), self.notes(one)
        )

    def unlisted(self, one: Definition) -> Missing:
        words = f"{self.place.name}不在“{one.get_place_class_display()}”名单里，不考核。"
        return self.told(words, "classes", None, "分类名单")

    def lacks_below(self, one: Definition, found: Below) -> tuple[Missing, ...]:
        if not found.asked:
            words = f"考核到村：名单里没有“{one.get_place_class_display()}”的村。"
            return (self.told(words, "classes", None, "分类名单"),)
        words = f"考核到村：{found.asked} 个村，{found.met} 个达到"
        left = found.asked - found.known
        return (Missing(f"{words}，{left} 个没有数值。" if left else f"{words}。"),)

    def told(self, words: str, name: str, one: Definition | None, label: str) -> Missing:
        if not self.may_manage:
            return Missing(words)
        return Missing(words, reverse(f"indicators:{name}", args=[one.pk] if one else []), label)

    def no_value(self, one: Definition, value: Value | None) -> list[Missing]:
        if value is not None:
            return []
        if one.source == Source.FORMULA:
            return [Missing(self.not_counted(one))]
        if one.department is None:
            words = "要报送，还没有定由哪个部门报送。"
            return [self.told(words, "edit", one, "定部门")]
        words = f"等{one.department.name}报送{self.period.label}的数。"
        return [self.told(words, "report-value", one, "代为报送")]

    def not_counted(self, one: Definition) -> str:
        """Which part of the formula has no number."""
        try:
            parts = list(leaves(read(one.formula, self.names)))
        except FormulaError as error:
            return f"公式算不了：{error}"
        figures = [leaf for leaf in parts if leaf.kind == "figure"]
        if figures and not self.counted:
            return f"还没有自动计算{self.period.label}的数，请点“自动计算”。"
        lacking = [leaf for leaf in parts if not self.has_number(leaf)]
        if lacking:
            titles = "、".join(f"“{leaf.title}”" for leaf in dict.fromkeys(lacking))
            return f"{titles}没有数，先补上再算。"
        zero = next((leaf for leaf in reversed(figures) if not self.counted[leaf.key]), None)
        if zero is not None:
            return f"“{zero.title}”是 0，没法算占比或增速。"
        return "各个数都有了，请点“自动计算”。"

    def has_number(self, leaf: Leaf) -> bool:
        if leaf.kind == "figure":
            return leaf.key in self.counted
        used = next((one for one in self.definitions if one.code == leaf.key), None)
        used = used or Definition.objects.filter(code=leaf.key).first()
        if used is None:
            return False
        book = self.book if used in self.book.definitions else Book([used], [self.place])
        return book.value(used, self.place, self.period) is not None

    def no_line(self, one: Definition, result: Assessment) -> list[Missing]:
        asked = result.asked
        if asked.missing:
            is_base = "基期" in asked.missing
            name, label = ("base", "登记基期值") if is_base else ("upper", "登记上级平均")
            return [self.told(asked.missing, name, one, label)]
        if asked.line is None and asked.comparison not in (Comparison.TEXT, Comparison.NONE):
            return [self.told("还没有目标值。", "targets", one, "定目标")]
        return []

    def forecast(self, one: Definition, result: Assessment) -> str:
        """Where it leads by the end of the target's year, or why nothing is drawn."""
        if one.comparison not in FORECAST and one.comparison != Comparison.CONDITIONAL:
            return "这类要求不推算"
        until = Period.of_year(max(self.period.year, result.asked.target_year or 0))
        if until.ends < clock.today():
            return "目标年已过，按实际评价"
        found = self.book.forecast(one, self.place, until)
        if found is None:
            known = [
                value
                for value in self.book.values(one, self.place)
                if value.number is not None and value.period.rhythm == one.rhythm
            ]
            return f"有 {len(known)} 期数，至少 {self.book.lights.least} 期才推算"
        return forecast_words(self.book, one, self.place, found)

    def notes(self, one: Definition) -> tuple[str, ...]:
        """Figures that know only the present were counted for a year that is over."""
        actual = one.actuals.current().filter(division=self.place, period=self.period.key).first()
        rows = actual.basis.get("figures", []) if actual else []
        days = {row["counted_on"] for row in rows if row.get("counted_on")}
        return tuple(f"按 {day} 的档案计，不是{self.period.label}底的数" for day in sorted(days))


def forecast_words(
    book: Book, found: Definition, place: Division, forecast: Forecast | None
) -> str:
    """到2026年底约 41 %，能达到要求（≥ 40 %）."""
    if forecast is None:
        return ""
    asked = book.asked(found, place, forecast.period)
    words = f"到{forecast.period.label}底约 {number(forecast.value)} {found.unit}"
    if asked.line is None or asked.comparison not in FORECAST:
        return f"{words}。{forecast.words}"
    is_low = asked.comparison == Comparison.AT_MOST
    reached = forecast.value <= asked.line if is_low else forecast.value >= asked.line
    return f"{words}，{'能' if reached else '不能'}达到要求（{asked.words}）。{forecast.words}"
