"""集中排查的页面: the sweeps, one sweep's progress, its households, one visit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.cases.checklists import checklists
from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure, MassAction, Tab
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page, selected
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .. import operations, queries, reporting
from ..filters import ItemFilter, SweepFilter
from ..forms import AssignForm, PlanForm, RecheckForm, ResultForm, SheetForm
from ..models import Sweep, SweepItem
from ..operations.sweeps import CHECKS
from ..priorities import households_of, priorities
from ..sheets import read_sheet, write_sheet
from ..states import FINDING_TONES, Finding, sweep_table
from ..tables import ItemTable, SweepTable

PURPOSE = "每年两次全面排查和随时的专项排查：谁先查、谁去查、查了什么、抽查对不对。"


def sweep_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "campaigns.view")
    plan = Action("布置排查", reverse("campaigns:plan"), "plus", is_main=True)
    may = actor.can("campaigns.manage")
    return list_page(
        request,
        queryset=queries.sweeps_visible_to(actor).select_related("division"),
        table=SweepTable,
        filterset=SweepFilter,
        title="集中排查",
        purpose=PURPOSE,
        actions=[plan] if may else [],
        empty=Empty("还没有集中排查", "县里布置后会出现在这里。", plan if may else None),
        export_right="campaigns.export",
    )


def plan(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "campaigns.manage")
    homes = Household.objects.visible_to(actor, "campaigns.manage").filter(absent_since=None)
    counted = [
        (one, households_of(one, homes, clock.today()).count()) for one in priorities().values()
    ]
    form = PlanForm(
        request.POST or None,
        divisions=queries.divisions_to_plan(actor),
        checklists=checklists(),
        priorities=counted,
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["checklist"] = checklists()[values["checklist"]]
        made = operations.plan_sweep(actor, **values)
        messages.success(request, f"已布置，名单 {made.items.count():,} 户。核对后按“开始排查”。")
        return redirect("campaigns:sweep", pk=made.pk)
    context = {"title": "布置集中排查", "form": form, "back_url": reverse("campaigns:sweeps")}
    return render(request, "campaigns/plan.html", context)


def _tabs(sweep: Sweep, current: str) -> list[Tab]:
    names = (("sweep", "进度"), ("items", "排查名单"), ("report", "排查报告"))
    return [
        Tab(label, reverse(f"campaigns:{name}", args=[sweep.pk]), is_current=name == current)
        for name, label in names
    ]


def _frame(actor: Actor, sweep: Sweep, current: str) -> dict[str, Any]:
    state = sweep_table().state(sweep.state)
    left = (sweep.ends_on - clock.today()).days
    return {
        "sweep": sweep,
        "title": sweep.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "tabs": _tabs(sweep, current),
        "days_left": left,
        "is_late": left < 0 and not state.is_end,
        "is_over": state.is_end,
        "offers": sweep_table().offers(actor, sweep, sweep.state, sweep.division.path, CHECKS),
    }


def sweep(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress by village, the least done first."""
    actor = actor_of(request)
    found = queries.sweep_visible_to(actor, pk)
    items = queries.items_of(actor, found)
    counts = reporting.totals(items)
    places = reporting.by_village(items)
    url = reverse("campaigns:items", args=[pk])
    figures = [
        Figure("排查名单", counts["total"], "户", url),
        Figure("已排查", counts["done"], "户", f"{url}?state=done"),
        Figure("重点户已排查", counts["first_done"], "户", f"{url}?first=yes&state=done",
               f"共 {counts['first']:,} 户"),
        Figure("发现线索", counts["clues"], "户", f"{url}?finding=clue"),
        Figure("未见到人", counts["away"], "户", f"{url}?finding=away"),
        Figure("抽查不实", counts["differs"], "户", f"{url}?sampled=differs",
               f"抽中 {counts['sampled']:,} 户"),
    ]  # fmt: skip
    context = _frame(actor, found, "sweep") | {
        "figures": figures,
        "places": places,
        "chart": _chart(places),
        "may_take": actor.can("campaigns.assign") and found.state == "running",
        "may_bring": actor.can("campaigns.check") and found.state == "running",
        "sheet_form": SheetForm(),
    }
    return render(request, "campaigns/sweep.html", context)


def _chart(places: list[reporting.Place]) -> charts.Chart | None:
    towns: dict[str, list[int]] = {}
    for place in places:
        done, total = towns.setdefault(place.town, [0, 0])
        towns[place.town] = [done + place.counts["done"], total + place.counts["total"]]
    if len(towns) < 2:
        return None
    ordered = sorted(towns.items(), key=lambda town: town[1][0] / max(town[1][1], 1))
    slowest = ordered[0][0]
    shares = [round(100 * done / total, 1) if total else None for _, (done, total) in ordered]
    return charts.bars(
        title=f"{slowest}排查进度最慢",
        unit="%",
        source="本次排查登记",
        categories=[name for name, _ in ordered],
        series={"已排查": shares},
        head="乡镇",
    )


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.sweep_visible_to(actor, pk)
    version = request.POST.get("version", "")
    if not version.isdigit():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    operations.advance(
        actor,
        found,
        request.POST.get("action", ""),
        version=int(version),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"现在是“{sweep_table().state(found.state).label}”。")
    return redirect("campaigns:sweep", pk=pk)


def item_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    actor = actor_of(request)
    found = queries.sweep_visible_to(actor, pk)
    mass = []
    if actor.can("campaigns.assign") and found.state in ("planned", "running"):
        mass = [MassAction("分派核查人", reverse("campaigns:assign", args=[pk]), icon="user-check")]
    return list_page(
        request,
        queryset=queries.items_of(actor, found).select_related("household", "village__parent"),
        table=ItemTable,
        filterset=ItemFilter,
        title=found.title,
        purpose="重点户排在前面；点开一户登记排查结果。",
        template="campaigns/items.html",
        empty=Empty("没有符合条件的农户", "换一组筛选条件再看。"),
        export_right="campaigns.export",
        mass_actions=mass,
        extra=_frame(actor, found, "items"),
        source=f"{found.title}，{found.starts_on:%Y-%m-%d} 起",
    )


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "campaigns.assign")
    found = queries.sweep_visible_to(actor, pk)
    items = selected(request, queries.items_of(actor, found), ItemFilter)
    form = AssignForm(
        request.POST if "checker" in request.POST else None,
        checkers=queries.checkers_for(actor),
    )
    if form.is_bound and form.is_valid():
        count = operations.assign(actor, items, checker=form.cleaned_data["checker"])
        messages.success(request, f"已分派 {count:,} 户（已排查的不改）。")
        return redirect("campaigns:items", pk=pk)
    context = {
        "title": f"分派 {items.count():,} 户",
        "form": form,
        "carried": [
            (name, value)
            for name in ("ids", "all", "query")
            for value in request.POST.getlist(name)
        ],
        "back_url": reverse("campaigns:items", args=[pk]),
    }
    return render(request, "campaigns/assign.html", context)


def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One household: what is known, the questions, the result; then the second look."""
    actor = actor_of(request)
    found = queries.sweep_visible_to(actor, pk)
    line = queries.item_visible_to(actor, found, item_pk)
    path = line.village.path
    may_check = found.state == "running" and actor.can_at("campaigns.check", path)
    may_recheck = (
        found.state == "rechecking" and line.is_sampled and actor.can_at("campaigns.recheck", path)
    )
    form = ResultForm(
        request.POST if request.method == "POST" and "finding" in request.POST else None,
        questions=found.asked,
        initial=_initial(line),
    )
    second = RecheckForm(
        request.POST if request.method == "POST" and "result" in request.POST else None,
        initial={"version": line.version},
    )
    if form.is_bound and form.is_valid():
        return _save_result(request, actor, line, form)
    if second.is_bound and second.is_valid():
        operations.recheck_item(actor, line, **second.cleaned_data)
        messages.success(request, "抽查结论已保存。")
        return redirect("campaigns:items", pk=pk)
    context = {
        "sweep": found,
        "item": line,
        "title": f"{line.household} · {found.title}",
        "tone": FINDING_TONES[line.finding],
        "label": Finding(line.finding).label,
        "form": form if may_check else None,
        "second": second if may_recheck else None,
        "facts": _facts(line.household),
        "answers": [
            (one.text, line.answers[one.key], one.is_failing(line.answers[one.key]))
            for one in found.asked
            if one.key in line.answers
        ],
        "may_see_registry": actor.can_at("registry.view", path),
        "may_see_clue": line.clue_id is not None and actor.can_at("cases.view", path),
    }
    return render(request, "campaigns/item.html", context)


def _initial(line: SweepItem) -> dict[str, Any]:
    """What was recorded before, so that a correction starts from it."""
    known: dict[str, Any] = {"version": line.version, "note": line.note}
    if line.visited_on:
        known |= {"visited_on": line.visited_on, "finding": line.finding}
    return known | {f"q_{key}": value for key, value in line.answers.items()}


def _save_result(
    request: HttpRequest, actor: Actor, line: SweepItem, form: ResultForm
) -> HttpResponse:
    values = form.cleaned_data
    operations.record_result(
        actor,
        line,
        visited_on=values["visited_on"],
        answers=form.answers(),
        finding=values["finding"],
        note=values["note"],
        version=values["version"],
    )
    messages.success(request, f"已登记：{Finding(line.finding).label}。")
    following = (
        queries.items_of(actor, line.sweep)
        .waiting()
        .filter(village=line.village, checker=actor.account_id)
        .first()
    )
    if following is not None:
        return redirect("campaigns:item", pk=line.sweep_id, item_pk=following.pk)
    return redirect("campaigns:items", pk=line.sweep_id)


def _facts(home: Household) -> list[tuple[str, str]]:
    """What the registry knows, so that nobody asks for it again."""
    return [
        ("户编号", home.household_no),
        ("家庭人口", f"{home.household_size:g} 人" if home.household_size else "—"),
        ("户类型", home.household_type or "—"),
        ("监测对象类别", home.monitor_class or "未纳入监测"),
        ("登记的风险", "、".join(home.risks) or "—"),
        ("是否危房户", home.danger_house or "—"),
        ("安全饮用水", home.water_ok or "—"),
        ("帮扶联系人", home.contact_cadre or "—"),
    ]


def sheet(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One village's lines as a workbook to take along."""
    actor = actor_of(request)
    require(actor, "campaigns.assign")
    found = queries.sweep_visible_to(actor, pk)
    items = queries.items_of(actor, found).filter(village__code=code).waiting()
    lines = list(items.select_related("household")[:5_000])
    village = get_object_or_404(
        Division, code=code, pk__in=queries.items_of(actor, found).values("village")
    )
    title = f"{found.title}排查表（{village.name}）"
    audit(
        actor,
        "campaigns.sheet.exported",
        target_type="campaigns.sweep",
        target_id=str(found.pk),
        division_path=village.path,
        summary=f"下载排查表：{village.name} {len(lines)} 户",
    )
    response = HttpResponse(
        write_sheet(found, lines, title),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Content-Disposition"] = _attachment(f"{title}.xlsx")
    return response


def _attachment(name: str) -> str:
    from urllib.parse import quote

    return f"attachment; filename*=UTF-8''{quote(name)}"


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filled rows of a sheet; rows that cannot be taken are listed with the reason."""
    actor = actor_of(request)
    require(actor, "campaigns.check")
    found = queries.sweep_visible_to(actor, pk)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        raise DomainError("请选择填好的排查表（xlsx）再上传。", code="sheet")
    taken = read_sheet(
        actor, found, form.cleaned_data["sheet"].read(), queries.items_of(actor, found)
    )
    context = {
        "title": "排查表登记结果",
        "sweep": found,
        "taken": taken,
        "back_url": reverse("campaigns:sweep", args=[pk]),
    }
    return render(request, "campaigns/uploaded.html", context)


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The closing report: running figures, or those frozen when the sweep was closed."""
    actor = actor_of(request)
    found = queries.sweep_visible_to(actor, pk)
    whole = actor.can_at("campaigns.view", found.division.path)
    frozen = bool(found.report) and whole
    if frozen:
        figures = found.report
    else:
        items = queries.items_of(actor, found)
        figures = {
            "totals": reporting.totals(items),
            "villages": [
                {"town": one.town, "village": one.name, **one.counts}
                for one in reporting.by_village(items)
            ],
            "reasons": {},
        }
    context = _frame(actor, found, "report") | {
        "figures": figures,
        "frozen": frozen,
        "made_on": clock.today(),
    }
    return render(request, "campaigns/report.html", context)
