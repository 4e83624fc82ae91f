"""历史基数的页面: list, one value with its history, a series by year and place, exits compared."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Tab
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.support.forms import SheetForm
from shouwang.support.views.posting import form_page, posted
from shouwang.support.views.registers import blank_workbook, kept

from .lists import CorrectionForm, MissingExitTable, NewValueForm, ValueFilter, ValueTable
from .models import BaselineValue
from .operations import LEVELS, SHEET, Imported, correct_value, import_values, record_value
from .queries import ExitLine, YearLine, by_year, exits_of, parts_of, without_exit
from .series import all_series

MOST_PARTS = 30


def _tabs(current: str) -> list[Tab]:
    return [
        Tab("全部基数", reverse("baselines:list"), None, current == "list"),
        Tab("脱贫年度对照", reverse("baselines:exits"), None, current == "exits"),
        *[
            Tab(one.label, reverse("baselines:series", args=[one.key]), None, current == one.key)
            for one in all_series().values()
        ],
    ]


def _actions(actor: Actor) -> list[Action]:
    if not actor.can("baselines.record"):
        return []
    return [
        Action("登记基数", reverse("baselines:new"), "plus", is_main=True),
        Action("导入", reverse("baselines:import"), "file-import"),
    ]


def value_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "baselines.view")
    return list_page(
        request,
        queryset=BaselineValue.objects.visible_to(actor).select_related("division__parent"),
        table=ValueTable,
        filterset=ValueFilter,
        title="历史基数",
        purpose="历年脱贫人口、收入、低保标准等，按区划和年度登记，写明来源。",
        template="baselines/list.html",
        actions=_actions(actor),
        empty=Empty("还没有历史基数", "逐条登记，或导入工作簿。"),
        export_right="baselines.export",
        extra={"tabs": _tabs("list")},
        source="历史基数",
    )


def _value(actor: Actor, pk: int) -> BaselineValue:
    require(actor, "baselines.view")
    rows = BaselineValue.objects.visible_to(actor).select_related("division__parent")
    found: BaselineValue | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def value_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    one = _value(actor, pk)
    may = actor.can_at("baselines.record", one.division.path)
    events = [
        Event(change.at, change.reason, change.actor_label, "；".join(
            f"{label}：{old or '空'} → {new or '空'}" for label, old, new in change.changes
        ))
        for change in one.changes.all()
    ]  # fmt: skip
    origin = f"{one.file_name} 第 {one.file_row} 行" if one.file_name else ""
    events.append(Event(one.recorded_at, "登记", one.recorded_by_label, origin))
    context = {
        "one": one, "events": events,
        "facts": [
            ("区划", one.division.name), ("年度", f"{one.year}年"),
            ("数值", f"{one.value.normalize():,f} {one.kind.unit}"), ("来源", one.source),
            ("备注", one.note),
        ],
        "actions": [
            *([Action("更正", reverse("baselines:correct", args=[pk]), is_main=True)]
              if may else []),
            Action("历年", reverse("baselines:series", args=[one.series])),
        ],
    }  # fmt: skip
    return render(request, "baselines/value.html", context)


def new_value(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "baselines.record")
    places = Division.objects.visible_to(actor, "baselines.record").current()
    places = places.filter(level__in=LEVELS).select_related("parent").order_by("code")
    return form_page(
        request,
        NewValueForm(posted(request), places=places, initial={"year": clock.today().year}),
        lambda given: record_value(actor, given.pop("division"), **given),
        title="登记历史基数",
        purpose="一个地方、一年、一项登记一次；以后只能更正，原来的数留在记录里。",
        submit="登记",
        back_url=reverse("baselines:list"),
        done="基数已登记。",
    )


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    one = _value(actor, pk)
    require(actor, "baselines.record", one.division.path)
    initial = {key: getattr(one, key) for key in ("value", "source", "note", "version")}
    return form_page(
        request,
        CorrectionForm(posted(request), initial=initial),
        lambda given: correct_value(actor, one, **given),
        title="更正历史基数",
        purpose=f"{one}，单位{one.kind.unit}。原来的数和理由留在记录里。",
        submit="保存更正",
        back_url=one.get_absolute_url(),
        done="更正已保存。",
        record=one,
    )


def import_page(request: HttpRequest) -> HttpResponse:
    """A workbook; what is wrong is told by row and column, and nothing of it is kept."""
    actor = actor_of(request)
    require(actor, "baselines.record")
    form = SheetForm(posted(request), request.FILES or None)
    outcome: Imported | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with kept(upload) as path:
                outcome = import_values(actor, path, name=str(upload.name)[-200:])
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not outcome.faults:
                words = f"已导入 {outcome.added} 行，已有 {outcome.unchanged} 行没有变化。"
                messages.success(request, words)
                return redirect("baselines:list")
    context = {
        "form": form, "sheet": SHEET, "outcome": outcome,
        "back_url": reverse("baselines:list"),
        "template_url": reverse("baselines:import-template"),
        "required": [column.header for column in SHEET.columns if column.required],
    }  # fmt: skip
    status = 422 if form.errors or outcome else 200
    return render(request, "support/import.html", context, status=status)


def import_template(request: HttpRequest) -> HttpResponseBase:
    require(actor_of(request), "baselines.record")
    return blank_workbook(SHEET)


def _places(actor: Actor) -> list[Division]:
    """The counties and towns that have a page of years."""
    rows = Division.objects.visible_to(actor, "baselines.view").current()
    return list(rows.filter(level__in=("county", "town")).order_by("code")) or list(
        rows.filter(level="village").order_by("code")
    )


def _asked(request: HttpRequest, places: list[Division]) -> Division:
    """The place of the address, else the first that the actor may see."""
    code = request.GET.get("place", "")
    found = next((one for one in places if one.code == code), places[0] if places else None)
    if found is None:
        raise NotFound
    return found


def series_page(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "baselines.view")
    kind = all_series().get(key)
    if kind is None:
        raise NotFound
    places = _places(actor)
    place = _asked(request, places)
    parts = parts_of(actor, place)
    lines = by_year(actor, kind, place, parts)
    context = {
        "kind": kind, "place": place, "parts": parts[:MOST_PARTS], "lines": lines,
        "rows": [(line, line.parts[:MOST_PARTS]) for line in lines], "places": places,
        "hidden_parts": max(0, len(parts) - MOST_PARTS), "tabs": _tabs(key),
        "charts": _charts(kind.label, kind.unit, place, parts, lines), "actions": _actions(actor),
    }  # fmt: skip
    return render(request, "baselines/series.html", context)


def _charts(
    label: str, unit: str, place: Division, parts: list[Division], lines: list[YearLine]
) -> list[tuple[str, charts.Chart]]:
    """The place by year, and its parts in the newest year that any of them has."""
    found = []
    own = [line for line in lines if line.own is not None]
    if len(own) > 1:
        found.append(("years", charts.lines(
            title=f"{place.name}历年{label}", unit=unit, source="历史基数", head="年度",
            categories=[str(line.year) for line in lines],
            series={label: [float(line.own.value) if line.own else None for line in lines]},
        )))  # fmt: skip
    newest = next((line for line in reversed(lines) if any(line.parts)), None)
    told = [
        (part.name, one) for part, one in zip(parts, newest.parts, strict=True) if one
    ] if newest else []  # fmt: skip
    if newest and len(told) > 1:
        found.append(("places", charts.bars(
            title=f"{newest.year}年各地{label}", unit=unit, source="历史基数", head="地区",
            categories=[name for name, _ in told[:MOST_PARTS]],
            series={label: [float(one.value) for _, one in told[:MOST_PARTS]]},
        )))  # fmt: skip
    return found


def exit_years(request: HttpRequest) -> HttpResponse:
    """By year: what the papers say beside what the register of households holds."""
    actor = actor_of(request)
    require(actor, "baselines.view")
    require(actor, "support.view")
    places = _places(actor)
    place = _asked(request, places)
    lines = exits_of(actor, place)
    missing = without_exit(actor).filter(village__path__startswith=place.path).count()
    more = {"town": f"&town={place.code}", "village": f"&village={place.code}"}
    context = {
        "place": place, "places": places, "lines": lines, "missing": missing,
        "more": more.get(place.level, ""), "tabs": _tabs("exits"),
        "chart": _exit_chart(place, lines),
        "actions": [
            Action("逐户清单", reverse("support:register", args=["exits"])),
            *_actions(actor),
        ],
    }  # fmt: skip
    return render(request, "baselines/exits.html", context)


def _exit_chart(place: Division, lines: list[ExitLine]) -> charts.Chart | None:
    if len(lines) < 2:
        return None
    return charts.bars(
        title=f"{place.name}历年脱贫户：基数和台账", unit="户",
        source="历史基数、脱贫年度台账",
        categories=[str(line.year) for line in lines], head="年度",
        series={
            "历史基数": [float(one.homes_said.value) if one.homes_said else None for one in lines],
            "脱贫年度台账": [line.homes for line in lines],
        },
    )  # fmt: skip


def exits_missing(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: Any = without_exit(actor).select_related("village__parent").order_by("village__code")
    place = next((one for one in _places(actor) if one.code == request.GET.get("place")), None)
    if place is not None:
        rows = rows.filter(village__path__startswith=place.path)
    return list_page(
        request,
        queryset=rows,
        table=MissingExitTable,
        title="没有脱贫年度的脱贫户",
        purpose="档案里是脱贫户，但没有登记哪一年脱贫；可导入脱贫年度名单补齐。",
        actions=[Action("导入名单", reverse("support:import", args=["exits"]), "file-import")]
        if actor.can("support.registers")
        else [],
        empty=Empty("脱贫户都登记了脱贫年度", "以后新增的会出现在这里。"),
        export_right="support.export",
        source="农户档案、脱贫年度台账",
    )
