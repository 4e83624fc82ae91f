"""Parts that several pages share: tabs, the place that is looked at, versions."""

from django.http import HttpRequest
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.components import Tab
from shouwang.core.errors import DomainError, NotFound
from shouwang.divisions.models import Division

from .. import queries

PAGES = (
    ("sheet", "指标表", "indicators.view"), ("alarms", "红线预警", "indicators.view"),
    ("mine", "我要报的", "indicators.report"), ("income", "收入对比", "indicators.view"),
    ("readings", "文件指标表", "indicators.view"), ("adjustments", "目标调整", "indicators.view"),
    ("classes", "分类名单", "indicators.view"), ("rosters", "长制名册", "indicators.view"),
    ("bodies", "主体名录", "indicators.view"),
    ("land", "撂荒地", "indicators.view"), ("report", "评估报告", "indicators.export"),
)  # fmt: skip


def tabs(actor: Actor, current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"indicators:{name}"), is_current=name == current)
        for name, label, right in PAGES
        if actor.can(right)
    ]


def place_of(request: HttpRequest, actor: Actor) -> Division:
    """The place that the address asks for, else the highest one of the actor."""
    code = request.GET.get("place", "").replace("\x00", "")[:20]
    places = queries.places_visible_to(actor)
    found = places.filter(code=code).first() if code else None
    found = found or queries.home_of(actor)
    if found is None:
        raise NotFound
    return found


def version_of(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    if not given.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(given[:9])


def crumbs_of(actor: Actor, place: Division) -> list[Division]:
    """The places above that the actor sees, down to this one."""
    keys = [int(part) for part in place.path.split("/") if part]
    return list(queries.places_visible_to(actor).filter(pk__in=keys))
