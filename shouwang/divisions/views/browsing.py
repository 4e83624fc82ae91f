"""看区划: the tree, the list, one division with its history, and the picker's answers."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.audit.queries import history
from shouwang.core import formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Tab
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.rights import all_rights
from shouwang.core.views import list_page

from ..levels import ORDER
from ..models import Division, Succession
from ..queries import ancestors, full_names
from ..querysets import DivisionQuerySet
from ..tables import DivisionFilter, DivisionTable

MOST_MATCHES = 20
HISTORY_LABELS = {
    "name": "名称",
    "code": "代码",
    "valid_to": "失效日期",
    "successor": "并入",
    "parts": "拆分为",
    "codes": "代码",
}


def one(request: HttpRequest, pk: int, right: str = "divisions.view") -> Division:
    """The division, if it is the actor's to see; then the right is asked for."""
    actor = actor_of(request)
    require(actor, "divisions.view")
    found = (
        Division.objects.visible_to(actor)
        .select_related("parent", "successor")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("没有找到这个区划，它可能不存在，或不在您的管辖范围内。")
    require(actor, right, found.path)
    return found


def tree(request: HttpRequest) -> HttpResponse:
    """The actor's subtrees; deeper levels load as they are opened."""
    actor = actor_of(request)
    require(actor, "divisions.view")
    visible = Division.objects.visible_to(actor).current()
    words = request.GET.get("q", "").strip()
    matches = list(visible.matching(words)[:MOST_MATCHES]) if words else []
    names = full_names(matches)
    context = {
        "roots": _opened(with_children_flag(_roots(visible))),
        "count": visible.count(),
        "q": words,
        "matches": [(match, names[match.pk]) for match in matches],
        "actions": _list_actions(actor),
        "tabs": _tabs("tree"),
        "empty": _empty(actor),
    }
    return render(request, "divisions/tree.html", context)


def children(request: HttpRequest, pk: int) -> HttpResponse:
    """The next level of the tree, for htmx."""
    division = one(request, pk)
    nodes = with_children_flag(division.children.current())
    return render(request, "divisions/tree_nodes.html", {"nodes": nodes})


def table(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "divisions.view")
    rows = Division.objects.visible_to(actor).select_related("parent", "successor")
    return list_page(
        request,
        queryset=rows,
        table=DivisionTable,
        filterset=DivisionFilter,
        title="行政区划",
        purpose="管辖范围内的全部区划，含已撤销的。",
        template="divisions/table.html",
        actions=_list_actions(actor),
        empty=_empty(actor),
        export_right="divisions.view",
        extra={"tabs": _tabs("table")},
        source="行政区划表",
    )


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    division = one(request, pk)
    links = Succession.objects.select_related("predecessor", "successor")
    context = {
        "division": division,
        "full_name": full_names([division])[division.pk],
        "above": _visible_above(actor_of(request), division),
        "children": division.children.current(),
        "ended": division.children.filter(valid_to__isnull=False),
        "former_names": division.former_names.all(),
        "went_into": links.filter(predecessor=division),
        "came_from": links.filter(successor=division),
        "facts": _facts(division),
        "actions": _detail_actions(actor_of(request), division),
        "history": history("divisions.division", division.pk, labels=HISTORY_LABELS),
    }
    return render(request, "divisions/detail.html", context)


def picker(request: HttpRequest) -> JsonResponse:
    """The divisions that match what is being typed, nearest to the top first."""
    right = request.GET.get("right", "divisions.view")
    if right not in all_rights():
        right = "divisions.view"
    found = Division.objects.visible_to(actor_of(request), right).current()
    if level := request.GET.get("level"):
        found = found.filter(level=level)
    matches = list(found.matching(request.GET.get("q", ""))[: MOST_MATCHES * 5])
    matches = sorted(matches, key=lambda match: (ORDER[match.level], match.code))[:MOST_MATCHES]
    names = full_names(matches)
    answer = [
        {
            "key": str(match.pk),
            "text": names[match.pk],
            "code": match.code,
            "level": match.get_level_display(),
        }
        for match in matches
    ]
    return JsonResponse({"divisions": answer})


def _roots(visible: DivisionQuerySet) -> DivisionQuerySet:
    """The visible divisions whose parent is not visible."""
    above = visible.filter(pk=OuterRef("parent"))
    return visible.filter(~Exists(above))


def _opened(roots: DivisionQuerySet) -> list[Division]:
    """A single root stands open, since nobody comes to see one line."""
    nodes = list(roots)
    if len(nodes) == 1:
        below = list(with_children_flag(nodes[0].children.current()))
        nodes[0].opened = below  # type: ignore[attr-defined]
    return nodes


def with_children_flag(nodes: DivisionQuerySet) -> DivisionQuerySet:
    below = Division.objects.current().filter(parent=OuterRef("pk"))
    return nodes.annotate(has_children=Exists(below))


def _visible_above(actor: Actor, division: Division) -> list[Division]:
    return [above for above in ancestors(division) if actor.covers(above.path)]


def _facts(division: Division) -> list[tuple[str, object]]:
    return [
        ("区划代码", division.code),
        ("级别", division.get_level_display()),
        ("上级", division.parent.name if division.parent else None),
        ("生效日期", division.valid_from and formats.day(division.valid_from)),
        ("失效日期", division.valid_to and formats.day(division.valid_to)),
        ("并入", division.successor.name if division.successor else None),
        ("拼音首字母", division.initials),
    ]


def _tabs(current: str) -> list[Tab]:
    return [
        Tab("层级", reverse("divisions:list"), is_current=current == "tree"),
        Tab("列表", reverse("divisions:table"), is_current=current == "table"),
    ]


def _list_actions(actor: Actor) -> list[Action]:
    if not actor.can("divisions.manage"):
        return []
    return [
        Action("导入边界", reverse("divisions:boundaries"), icon="map-2"),
        Action("新增区划", reverse("divisions:create"), icon="plus"),
        Action("导入区划表", reverse("divisions:import"), icon="file-import", is_main=True),
    ]


def _empty(actor: Actor) -> Empty:
    if actor.can("divisions.manage"):
        action = Action("导入区划表", reverse("divisions:import"), icon="file-import")
        return Empty("还没有行政区划", "先导入一份区划表，账号和档案都以它为准。", action, "map-2")
    return Empty("还没有行政区划", "请系统管理员先导入区划表。", icon="map-2")


def _detail_actions(actor: Actor, division: Division) -> list[Action]:
    if not actor.can_at("divisions.manage", division.path):
        return []
    ended = "" if division.is_current else "已撤销，不能再变更"
    return [
        Action(label, reverse(f"divisions:{name}", args=[division.pk]), icon=icon, reason=ended)
        for label, name, icon in (
            ("更名", "rename", "pencil"),
            ("并入其他区划", "merge", "arrows-exchange"),
            ("拆分", "split", "git-branch"),
            ("变更代码", "recode", "hash"),
        )
    ]
