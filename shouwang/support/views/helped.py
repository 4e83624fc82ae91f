"""帮扶户和责任覆盖: who is helped, who has no contact, who was not visited, who stands for whom."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.cases.models import CaseRisk
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.charts import Chart, bars
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.choices import villages_asked
from shouwang.divisions.models import Division

from ..filters import HelpedFilter, PairingFilter, VisitFilter
from ..forms import DutyForm
from ..models import Duty, Pairing, Visit
from ..operations import end_duty, set_duty
from ..queries.coverage import coverage
from ..queries.helped import TownCounts, helped, town_counts, with_help
from ..tables import CoverageTable, HelpedTable, PairingTable, VisitTable
from .access import division_of, one
from .posting import form_page, posted


def helped_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows = with_help(helped(actor)).select_related("household", "village__parent")
    return list_page(
        request,
        queryset=rows.prefetch_related(Prefetch("risks", CaseRisk.objects.order_by("position"))),
        table=HelpedTable,
        filterset=HelpedFilter,
        title="帮扶户",
        purpose="在帮扶的每一户：谁联系、什么时候走访过、有没有开发式帮扶。",
        template="support/helped.html",
        actions=_actions(actor),
        empty=Empty("还没有在帮扶的农户", "个案认定以后，或开了绿色通道，这里就会出现。"),
        export_right="support.export",
        extra=_overview(request, actor),
        source="个案和帮扶记录",
    )


def _actions(actor: Actor) -> list[Action]:
    found = [
        Action("社会帮扶供需", reverse("support:needs"), "arrows-exchange"),
        Action("四个全覆盖", reverse("support:coverage"), "list-check"),
        Action("风险消除户走访", reverse("support:resolved"), "home-check"),
    ]
    if actor.can("support.pair"):
        url = reverse("support:import", args=["pairings"])
        found.append(Action("导入结对名单", url, "file-import"))
    return found


def _overview(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Figures and a chart, only where the whole page is drawn."""
    htmx: Any = getattr(request, "htmx", None)
    if (htmx and htmx.target in {"list", "list-results"}) or request.GET.get("export"):
        return {}
    counts = town_counts(actor, clock.today())
    return {"figures": _figures(counts), "chart": missing_chart(counts)}


def _figures(counts: list[TownCounts]) -> list[Figure]:
    url = reverse("support:index")
    return [
        Figure("在帮扶", sum(one.households for one in counts), "户", url),
        Figure("没有联系人", sum(one.unpaired for one in counts), "户", f"{url}?contact=none"),
        Figure("超期未走访", sum(one.unvisited for one in counts), "户", f"{url}?visit=late"),
        Figure(
            "有劳动力但没有开发式帮扶", sum(one.undeveloped for one in counts), "户",
            f"{url}?development=lacking",
        ),
    ]  # fmt: skip


def missing_chart(counts: list[TownCounts]) -> Chart | None:
    """The towns with most gaps; its title says which town is behind most."""
    worst = [one for one in counts if one.unpaired or one.unvisited or one.undeveloped]
    worst.sort(key=lambda one: -(one.unvisited + one.unpaired + one.undeveloped))
    worst = worst[:12]
    if len(counts) < 2 or not worst:
        return None
    late = max(worst, key=lambda one: one.unvisited)
    title = (
        f"{late.town}超期未走访最多，{late.unvisited} 户"
        if late.unvisited
        else "走访都在期限内，还有结对和措施的缺口"
    )
    return bars(
        title=title,
        unit="户",
        source=f"帮扶记录，{clock.today():%Y-%m-%d}",
        categories=[one.town for one in worst],
        series={
            "超期未走访": [one.unvisited for one in worst],
            "没有联系人": [one.unpaired for one in worst],
            "没有开发式帮扶": [one.undeveloped for one in worst],
        },
        head="乡镇",
    )


def visit_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: QuerySet[Visit] = Visit.objects.visible_to(actor)
    return list_page(
        request,
        queryset=rows.select_related("household__village__parent"),
        table=VisitTable,
        filterset=VisitFilter,
        title="走访记录",
        purpose="每次走访见到了谁、发现什么；不合格的项已登记为线索。",
        actions=[Action("未走访的户", f"{reverse('support:index')}?visit=late", "alert-triangle")],
        empty=Empty("还没有走访记录", "在帮扶户的页面上登记走访。"),
        export_right="support.export",
        source="走访记录",
    )


def pairing_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: QuerySet[Pairing] = Pairing.objects.visible_to(actor)
    return list_page(
        request,
        queryset=rows.select_related("household__village__parent"),
        table=PairingTable,
        filterset=PairingFilter,
        title="结对台账",
        purpose="每一条结对从哪天到哪天；变更的留作历史。",
        actions=_actions(actor),
        empty=Empty("还没有结对", "逐户登记，或导入结对名单。"),
        export_right="support.export",
        source="结对台账",
    )


def coverage_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows = coverage(actor, villages_asked(request, "support.view"))
    whole = sum(one.is_whole for one in rows)
    return list_page(
        request,
        queryset=rows,
        table=CoverageTable,
        title="四个全覆盖",
        purpose="联点县领导、帮扶单位、驻村工作队、结对责任人："
        f"{len(rows)} 个村中 {whole} 个全覆盖。",
        empty=Empty("没有在帮扶的村", "有在帮扶的农户以后，这里按村列出。"),
        export_right="support.export",
        source="责任链和结对台账",
    )


def duties(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of one division, with the form for who may change it."""
    actor = actor_of(request)
    division = division_of(actor, pk)
    rows = Duty.objects.filter(division=division).order_by("kind", "-valid_from", "-pk")
    extra: dict[str, Any] = {
        "division": division,
        "standing": [one for one in rows if one.valid_to is None],
        "former": [one for one in rows if one.valid_to is not None],
        "may_pair": actor.can_at("support.pair", division.path),
    }
    title, purpose = f"{division.name}责任链", "谁联点、哪个单位帮扶、谁驻村；变更的留作历史。"
    back = reverse("support:coverage")
    here = reverse("support:duties", args=[division.pk])
    if request.method == "POST":
        require(actor, "support.pair", division.path)
    form = DutyForm(posted(request))
    return form_page(
        request,
        form,
        lambda given: set_duty(actor, division, **given),
        title=title,
        purpose=purpose,
        submit="登记责任",
        back_url=back,
        done="责任已登记。",
        done_url=here,
        template="support/duties.html",
        **extra,
    )


@require_POST
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: QuerySet[Duty] = Duty.objects.visible_to(actor)
    duty: Duty = one(rows.select_related("division"), pk=pk)
    end_duty(actor, duty)
    messages.success(request, "责任已结束，留作历史。")
    return redirect("support:duties", pk=duty.division_id)


def catalogue_list(request: HttpRequest) -> HttpResponseBase:
    """The catalogue as it holds today: what a policy gives, to whom, on what basis."""
    from ..catalogue import catalogue
    from ..tables import CatalogueTable

    if not actor_of(request).can("support.answer"):
        require(actor_of(request), "support.view")
    return list_page(
        request,
        queryset=catalogue().on(clock.today()),
        table=CatalogueTable,
        title="帮扶措施目录",
        purpose="九类措施：给谁、给多少、给多久、什么条件、依据哪份文件。",
        source="规则库帮扶措施目录",
    )


def choose_village(request: HttpRequest) -> HttpResponse:
    """Whose chain to write down, where a village has no household under help yet."""
    actor = actor_of(request)
    require(actor, "support.pair")
    own = Division.objects.visible_to(actor, "support.pair").current()
    places = own.filter(level__in=("county", "town")).order_by("code")
    return render(request, "support/choose_village.html", {"places": places})
