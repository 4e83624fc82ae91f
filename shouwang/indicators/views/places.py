"""分类名单、长制名册、撂荒地和收入对比的页面."""

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import charts, clock
from shouwang.core.actor import require
from shouwang.core.components import Empty, Figure
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..forms import ClassForm, FarmForm, HolderForm, LandForm, SheetForm
from ..incomes import incomes_of
from ..models import AbandonedLand, Classification, DutyHolder
from ..sheets import read_classes
from ..states import DutyKind
from .common import crumbs_of, place_of, tabs

MOST = 500


def classes(request: HttpRequest) -> HttpResponse:
    """Which county, town or village is named for what, since when."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    may_manage = actor.can("indicators.manage")
    places = queries.places_visible_to(actor, "indicators.manage")
    form = ClassForm(request.POST or None, places=places) if may_manage else None
    if request.method == "POST":
        require(actor, "indicators.manage")
        if form is not None and form.is_valid():
            values = form.cleaned_data
            operations.classify(actor, values.pop("division"), **values)
            messages.success(request, "已登记。")
            return redirect("indicators:classes")
    seen = Classification.objects.visible_to(actor).select_related("division__parent")
    today = clock.today()
    context = {
        "title": "分类名单",
        "purpose": "县、乡镇、村列为重点帮扶、示范创建或一般；按类别的指标只考核名单里的。",
        "tabs": tabs(actor, "classes"),
        "rows": [
            (one, one.valid_from <= today and (one.valid_to is None or one.valid_to >= today))
            for one in seen[:MOST]
        ],
        "form": form,
        "may_manage": may_manage,
        "empty": Empty("还没有分类名单", "可以逐个登记，或从表格导入。"),
    }
    return render(request, "indicators/classes.html", context)


def import_classes(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.manage")
    form = SheetForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        taken = read_classes(actor, form.cleaned_data["sheet"].read())
    context = {
        "title": "导入分类名单", "form": form, "taken": taken,
        "back_url": reverse("indicators:classes"),
        "purpose": "表头认“区划、类别、名单级别、起始日期、依据文件”；同名的村前面写上乡镇。",
    }  # fmt: skip
    return render(request, "indicators/import.html", context)


def rosters(request: HttpRequest) -> HttpResponse:
    """Who answers for fields, waters and woods; places without anybody are seen."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    kind = request.GET.get("kind", "")
    kind = kind if kind in DutyKind.values else DutyKind.FIELD.value
    may_manage = actor.can("indicators.manage")
    places = queries.places_visible_to(actor, "indicators.manage")
    form = (
        HolderForm(request.POST or None, places=places, initial={"kind": kind})
        if may_manage
        else None
    )
    if request.method == "POST":
        require(actor, "indicators.manage")
        if form is not None and form.is_valid():
            values = form.cleaned_data
            made = operations.appoint(actor, values.pop("division"), **values)
            messages.success(request, "已登记，前任从前一天起卸任。")
            return redirect(f"{reverse('indicators:rosters')}?kind={made.kind}")
    seen = DutyHolder.objects.visible_to(actor).filter(kind=kind).select_related("division__parent")
    today = clock.today()
    held = set(seen.on(today).values_list("division", flat=True))
    asked = queries.places_visible_to(actor).filter(level__in=("county", "town", "village"))
    missing = list(asked.exclude(pk__in=held).select_related("parent"))
    context = {
        "title": "长制名册",
        "purpose": "田长、河湖长、林长、路长：哪里、谁、什么职责、何时起；没有人的地方列在下面。",
        "tabs": tabs(actor, "rosters"),
        "kinds": [(value, label, value == kind) for value, label in DutyKind.choices],
        "kind_label": DutyKind(kind).label,
        "rows": [(one, one.holds_on(today)) for one in seen[:MOST]],
        "missing": missing[:100],
        "missing_count": len(missing),
        "form": form,
        "empty": Empty(f"还没有登记{DutyKind(kind).label}", "由县级业务员登记。"),
    }
    return render(request, "indicators/rosters.html", context)


def land(request: HttpRequest) -> HttpResponse:
    """Plots that lie idle and those that were farmed again."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    may_report = actor.can("indicators.report") and any(
        scope.department is None for scope in actor.scopes_with("indicators.report")
    )
    villages = queries.places_visible_to(actor, "indicators.report").filter(level="village")
    form = LandForm(request.POST or None, places=villages) if may_report else None
    if request.method == "POST":
        require(actor, "indicators.report")
        if form is not None and form.is_valid():
            values = form.cleaned_data
            operations.report_land(actor, values.pop("division"), **values)
            messages.success(request, "已登记。")
            return redirect("indicators:land")
    seen = AbandonedLand.objects.visible_to(actor)
    area = seen.aggregate(total=Sum("area"))["total"]
    left = seen.filter(done_on=None)
    context = {
        "title": "撂荒地",
        "purpose": "撂荒地块的面积、承包人、治理方式和复耕日期；没有复耕的在前面。",
        "tabs": tabs(actor, "land"),
        "figures": [
            Figure("登记面积", area or 0, "亩"),
            Figure("没有复耕", left.aggregate(total=Sum("area"))["total"] or 0, "亩"),
            Figure("没有复耕的地块", left.count(), "块"),
        ],
        "rows": seen.select_related("village__parent").order_by("done_on", "found_on")[:MOST],
        "form": form,
        "farm": FarmForm(initial={"done_on": clock.today()}) if may_report else None,
        "empty": Empty("没有登记撂荒地", "村和乡镇发现撂荒地时在这里登记。"),
    }
    return render(request, "indicators/land.html", context)


@require_POST
def farm(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = AbandonedLand.objects.visible_to(actor).select_related("village")
    found = get_object_or_404(seen, pk=pk)
    form = FarmForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, "；".join(str(one) for one in errors))
        return redirect("indicators:land")
    operations.farm_land(actor, found, **form.cleaned_data)
    messages.success(request, "已登记复耕。")
    return redirect("indicators:land")


def income(request: HttpRequest) -> HttpResponse:
    """The income of each group beside that of all rural people, by place."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    place = place_of(request, actor)
    today = clock.today()
    whole, *parts = incomes_of([place, *queries.children(actor, place)], today)
    shown = [group for group in whole.groups if group.growth is not None]
    chart = (
        charts.bars(
            title=f"{place.name}各类人员收入增速", unit="%", source="农户档案",
            categories=[group.title for group in shown],
            series={"收入增速": [float(group.growth or 0) for group in shown]},
        )
        if shown
        else None
    )  # fmt: skip
    context = {
        "title": f"{place.name}收入对比",
        "purpose": "脱贫人口、监测对象的收入增速要高出农村居民规定的百分点，低于的标红。",
        "tabs": tabs(actor, "income"),
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "whole": whole,
        "may_manage": actor.can_at("indicators.manage", place.path),
        "parts": [one for one in parts if any(group.now is not None for group in one.groups)],
        "chart": chart,
        "source": "农户档案",
    }
    return render(request, "indicators/income.html", context)
