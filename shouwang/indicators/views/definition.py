"""一个指标的页面: chart, league of places, values with their sources, and its definition."""

from typing import Any

from django.contrib import messages
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.audit.queries import HistoryLine, history
from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from .. import operations, queries
from ..book import Book
from ..forms import DefinitionForm
from ..models import Actual, Definition
from ..naming import in_words
from ..operations.actuals import may_check
from ..overview import league
from ..periods import Period
from ..queries import may_report
from ..querysets import keys_of
from ..results import forecast_words
from ..states import ACTUAL_TONES, STANDING_TONES, Comparison, PlaceClass
from .common import crumbs_of, place_of

SHOWN = 60


def definition(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    place = place_of(request, actor)
    if not place.path.startswith(found.division.path):
        place = found.division if actor.covers(found.division.path) else place
    book = Book([found], [place])
    series = book.values(found, place)
    newest = series[-1] if series else None
    period = newest.period if newest else Period.of(found.rhythm, clock.today())
    result = book.assess(found, place, period)
    forecast = book.forecast(found, place, Period.of_year(max(period.year, clock.today().year)))
    values = _values(actor, found, place)
    path = found.division.path
    context = {
        "title": found.name,
        "definition": found,
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "period": period,
        "result": result,
        "newest": newest,
        "tone": STANDING_TONES[result.standing] if result else "idle",
        "forecast": forecast,
        "forecast_result": forecast_words(book, found, place, forecast),
        "chart": _chart(book, found, place, forecast),
        "ranks": [
            (rank, STANDING_TONES[rank.result.standing] if rank.result else "")
            for rank in league(actor, found, place, period)
        ],
        "values": values,
        "facts": _facts(found),
        "sentence": _sentence(found),
        "parts": found.parts.all(),
        "uppers": found.upper_values.select_related("division").order_by("-period_end")[:12],
        "bases": found.bases.filter(division__path__startswith=place.path)
        .select_related("division")[:12],
        "adjustments": queries.adjustments_visible_to(actor).filter(definition=found)[:10],
        "may_manage": actor.can_at("indicators.manage", path),
        "history": _history(found) if actor.can_at("indicators.manage", path) else None,
        "may_report": may_report(actor, found, place),
        "may_export": actor.can("indicators.export"),
    }  # fmt: skip
    return render(request, "indicators/definition.html", context)


def _history(found: Definition) -> list[HistoryLine]:
    """Who changed what of the definition and its targets."""
    labels = {
        field.name: str(field.verbose_name)
        for field in Definition._meta.get_fields()
        if isinstance(field, Field)
    }
    return history("indicators.definition", found.pk, labels=labels, limit=20)


def _values(actor: Actor, found: Definition, place: Division) -> list[dict[str, Any]]:
    """Current values of the place with what they replaced, the newest first."""
    rows = list(
        found.actuals.filter(division=place).select_related("division")
        .order_by("-period_end", "-is_current", "-pk")[:SHOWN]
    )  # fmt: skip
    used = {one.basis["formula"] for one in rows if one.basis.get("figures")}
    spelt = {formula: in_words(formula, found.division.path) for formula in used}
    former: dict[str, list[Actual]] = {}
    for one in rows:
        if not one.is_current:
            former.setdefault(one.period, []).append(one)
    return [
        {
            "actual": one,
            "tone": ACTUAL_TONES[one.state],
            "former": former.get(one.period, []),
            "formula": spelt.get(one.basis.get("formula", ""), ""),
            "may_check": one.state == "submitted"
            and actor.can_at("indicators.check", place.path)
            and may_check(actor, one),
            "may_correct": may_report(actor, found, place)
            and (not found.is_automatic or found.is_history(one.period_end)),
        }
        for one in rows
        if one.is_current
    ]


def _chart(book: Book, found: Definition, place: Division, forecast: Any) -> charts.Chart | None:
    series = [one for one in book.values(found, place) if one.number is not None][-24:]
    if not series or (len(series) < 2 and forecast is None):
        return None  # one number stands above; a plot of it says nothing
    periods = [one.period for one in series]
    if forecast is not None and forecast.period not in periods:
        periods.append(forecast.period)
    known = {one.period: float(one.number or 0) for one in series}
    asked = {period: book.asked(found, place, period).line for period in periods}
    lines: dict[str, list[float | None]] = {"实际值": [known.get(period) for period in periods]}
    if any(line is not None for line in asked.values()):
        label = "上级平均" if "upper" in found.comparison else "目标"
        lines[label] = [None if line is None else float(line) for line in asked.values()]
    if forecast is not None:
        last = len(series) - 1
        lines["推算"] = [
            float(forecast.value) if period == forecast.period else
            known.get(period) if at == last else None
            for at, period in enumerate(periods)
        ]  # fmt: skip
    title = f"{place.name}{found.name}"
    categories = [one.label for one in periods]
    return charts.lines(
        title=title, unit=found.unit, source="指标台账", categories=categories, series=lines
    )


def _facts(found: Definition) -> list[tuple[str, str]]:
    scope = PlaceClass(found.place_class).label if found.place_class else "全部"
    source = (
        f"{found.get_reporter_display()}，{found.get_rhythm_display()}报，"
        f"期末后 {found.due_days} 天内"
    )
    if found.is_automatic:
        source = f"自动计算：{in_words(found.formula, found.division.path)}"
    facts = [
        ("代码", found.code),
        ("属性", found.get_attribute_display() + ("，红线" if found.is_red_line else "")),
        ("要求", found.get_comparison_display()),
        ("适用", f"{scope}{found.get_level_display()}"),
        ("来源", source),
        ("责任部门", found.department.name if found.department else "未定"),
        ("分解方式", found.get_spread_display()),
    ]
    if found.tags:
        facts.append(("专项行动", "、".join(found.tags)))
    if found.base_year:
        rules = dict(Comparison.choices)
        facts.append(
            (
                f"以{found.base_year}年为基期",
                f"低于上级的{rules.get(found.rule_below, '')}；"
                f"不低于的{rules.get(found.rule_above, '')}",
            )
        )
    if found.scope_words:
        facts.append(("适用范围原文", found.scope_words))
    return facts


def _sentence(found: Definition) -> tuple[str, str, str] | None:
    """The words of the paper that this indicator comes from, with a few around them."""
    if found.paper is None or found.span_start is None or found.span_end is None:
        return None
    text, start, end = found.paper.text, found.span_start, found.span_end
    return (
        text[max(0, start - 40) : start].replace("\n", " "), text[start:end].replace("\n", " "),
        text[end : end + 40].replace("\n", " "),
    )  # fmt: skip


def _wholes(root: Division) -> Any:
    return Definition.objects.filter(division=root, parent=None)


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.manage")
    root = queries.home_of(actor, "indicators.manage")
    if root is None:
        raise DomainError("您的岗位没有可以建立指标的区划。", code="division")
    form = DefinitionForm(request.POST or None, wholes=_wholes(root), is_new=True)
    if request.method == "POST" and form.is_valid():
        made = operations.make_definition(actor, division=root, **form.values())
        messages.success(request, "已建立，请接着填写目标。")
        return redirect("indicators:targets", pk=made.pk)
    context = {
        "title": "新建指标", "form": form, "back_url": reverse("indicators:sheet"),
        "figures": _figure_keys(), "indicators": _codes(root),
    }  # fmt: skip
    return render(request, "indicators/edit.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    require_here(actor, "indicators.manage", found.division.path)
    initial = {name: getattr(found, name) for name in DefinitionForm.base_fields}
    form = DefinitionForm(
        request.POST or None, initial=initial | {"parent": found.parent_id},
        wholes=_wholes(found.division).exclude(pk=found.pk), is_new=False,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        operations.edit_definition(actor, found, version=version, **form.values())
        messages.success(request, "已保存。")
        return redirect(found)
    context = {
        "title": f"修改指标：{found.name}", "form": form, "back_url": found.get_absolute_url(),
        "figures": _figure_keys(), "indicators": _codes(found.division, found),
    }  # fmt: skip
    return render(request, "indicators/edit.html", context)


def _figure_keys() -> list[Any]:
    from shouwang.core.figures import all_figures

    return list(all_figures().values())


def _codes(place: Division, but: Definition | None = None) -> list[tuple[str, str, str]]:
    """Indicators that a formula of the place may name: its own and those above it."""
    rows = Definition.objects.on(clock.today()).filter(division__in=keys_of(place.path))
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.order_by("name").values_list("code", "name", "unit"))
