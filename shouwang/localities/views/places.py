"""村级问题的页面: each register with its list, form and import; the overview by town."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.charts import Chart, bars
from shouwang.core.components import Action, Empty, Figure, Tab
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.support.forms import SheetForm
from shouwang.support.views.posting import form_page, posted
from shouwang.support.views.registers import blank_workbook, kept

from ..models import Disaster, PlaceProblem
from ..operations import draw_sample, record_problem
from ..operations.place_import import import_problems
from ..place_filters import place_filter
from ..place_forms import ProblemForm
from ..place_kinds import Kind, book
from ..place_queries import TownRow, by_town, problems_of
from ..place_sheets import sheet_of
from ..place_tables import place_table_of


def kind_of(key: str) -> Kind:
    found = book().kinds.get(key)
    if found is None:
        raise NotFound
    return found


def enter(actor: Actor) -> None:
    """The places' people by their posts, a department for what it answers for."""
    if not actor.can("localities.own"):
        require(actor, "localities.view")


def tabs(actor: Actor, current: str) -> list[Tab]:
    found = [
        Tab(one.noun, reverse("localities:places", args=[key]), None, key == current)
        for key, one in book().kinds.items()
    ]
    if actor.can("localities.view"):
        more = (("disasters", "灾害事件"), ("medical", "村医和卫生室"), ("overview", "按乡镇"))
        found += [
            Tab(words, reverse(f"localities:{name}"), None, name == current) for name, words in more
        ]
    return found


def place_list(request: HttpRequest, key: str) -> HttpResponseBase:
    actor = actor_of(request)
    enter(actor)
    kind = kind_of(key)
    rows, url = problems_of(actor, key), reverse("localities:places", args=[key])
    sampled = rows.filter(state="signed", sampled_on__isnull=False).count()
    figures = [
        Figure("待我办理", rows.waiting_for(actor).count(), "个", f"{url}?mine=yes"),
        Figure("没有销号", rows.unsettled().count(), "个", f"{url}?state=unsettled"),
        Figure("已超期", rows.late(clock.today()).count(), "个", f"{url}?state=late"),
        Figure("抽中待复查", sampled, "个", f"{url}?state=sampled"),
    ]
    empty = Empty(f"还没有{kind.noun}", "逐个登记，或下载空表填好后导入。")
    return list_page(
        request,
        queryset=rows,
        table=place_table_of(key),
        filterset=place_filter(key),
        title=kind.title,
        purpose=kind.purpose,
        template="localities/places.html",
        actions=_list_actions(actor, kind),
        empty=empty,
        export_right="localities.export",
        extra={"figures": figures, "tabs": tabs(actor, key)},
        source=kind.title,
    )


def _list_actions(actor: Actor, kind: Kind) -> list[Action]:
    found = []
    if actor.can("localities.places"):
        new = reverse("localities:new-place", args=[kind.key])
        bring = reverse("localities:import-places", args=[kind.key])
        found = [Action("登记", new, "plus", is_main=True), Action("导入", bring, "file-import")]
    if actor.can("localities.sign"):
        url = reverse("localities:sample-places", args=[kind.key])
        words = f"从已销号、没抽过的里面抽 {book().sample_percent}%（示例值）到现场复查。"
        found.append(Action("抽查", url, "refresh", method="post", confirm=words))
    return found


def new_place(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.places")
    kind = kind_of(key)
    places = villages_with(actor, "localities.places").filter(valid_to=None).order_by("code")
    events = Disaster.objects.visible_to(actor)
    days = "，".join(f"{one.label} {one.days} 天" for one in kind.subjects.values())
    event = request.GET.get("disaster", "")
    initial = {"division": _asked(request, places)}
    if event.isascii() and event.isdecimal():
        initial["disaster"] = event[:18]

    def save(given: dict[str, Any]) -> PlaceProblem:
        given.pop("version")
        return record_problem(actor, kind, given.pop("division"), **given)

    return form_page(
        request,
        ProblemForm(posted(request), kind=kind, places=places, disasters=events, initial=initial),
        save,
        title=f"登记{kind.noun}",
        purpose=f"照片和材料登记后在问题页上传。完成期限（示例值）：{days}，之后可以改。",
        submit="登记",
        back_url=reverse("localities:places", args=[key]),
        done="已登记，接着登记措施和责任人，上传照片。",
    )


def _asked(request: HttpRequest, places: Any) -> Any:
    code = request.GET.get("village", "").replace("\x00", "")
    return places.filter(code=code).first() if code else None


def import_page(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.places")
    kind = kind_of(key)
    form = SheetForm(posted(request), request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            with kept(form.cleaned_data["file"]) as path:
                outcome = import_problems(actor, kind, path)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not outcome.faults:
                words = f"已导入 {outcome.added} 个，已有 {outcome.unchanged} 个没有变化。"
                messages.success(request, words)
                return redirect("localities:places", key=key)
    sheet = sheet_of(kind)
    context = {
        "form": form, "sheet": sheet, "outcome": outcome,
        "back_url": reverse("localities:places", args=[key]),
        "template_url": reverse("localities:place-template", args=[key]),
        "required": [column.header for column in sheet.columns if column.required],
    }  # fmt: skip
    status = 422 if form.errors or outcome else 200
    return render(request, "support/import.html", context, status=status)


def place_template(request: HttpRequest, key: str) -> HttpResponseBase:
    require(actor_of(request), "localities.places")
    return blank_workbook(sheet_of(kind_of(key)))


@require_POST
def sample_places(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.sign")
    kind = kind_of(key)
    paths = {scope.division_path for scope in actor.scopes_with("localities.sign")}
    drawn = 0
    with transaction.atomic():
        for place in Division.objects.filter(path__in=paths):
            drawn += draw_sample(actor, kind, place)
    messages.success(request, f"抽中 {drawn} 个，请到现场复查后登记结果。")
    return redirect(f"{reverse('localities:places', args=[key])}?state=sampled")


def overview(request: HttpRequest) -> HttpResponse:
    """Every register by town, with what is late."""
    actor = actor_of(request)
    require(actor, "localities.view")
    parts = []
    for key, kind in book().kinds.items():
        rows = by_town(actor, key)
        parts.append((kind, rows, _chart(kind, rows)))
    context = {"parts": parts, "tabs": tabs(actor, "overview")}
    return render(request, "localities/overview.html", context)


def _chart(kind: Kind, rows: list[TownRow]) -> Chart | None:
    if len(rows) < 2 or not any(row.total for row in rows):
        return None
    worst = max(rows, key=lambda row: (row.late, row.open))
    late = sum(row.late for row in rows)
    title = (
        f"{worst.name}{kind.noun}超期最多，{worst.late} 个" if late else f"{kind.noun}没有超期的"
    )
    return bars(
        title=title, unit="个", source=kind.title, head="乡镇", stacked=True,
        categories=[row.name for row in rows],
        series={
            "期限内": [row.open - row.late for row in rows],
            "已超期": [row.late for row in rows],
            "已销号": [row.signed for row in rows],
        },
    )  # fmt: skip
