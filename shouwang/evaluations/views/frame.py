"""What the pages have in common: tabs, numbers out of forms, steps of a table, downloads."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.components import Tab
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division

from ..models import Round

PAGES = (
    ("rounds", "考核结果", ""), ("mine", "我的考核", ""), ("schemes", "考核方案", ""),
    ("surveys", "入户调查", "evaluations.whole"),
)  # fmt: skip


def tabs(actor: Actor, current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"evaluations:{name}"), is_current=name == current)
        for name, label, right in PAGES
        if not right or actor.can(right)
    ]


def round_tabs(round_: Round, current: str) -> list[Tab]:
    pages = (
        ("round", "排名"), ("heat", "热力图"), ("trend", "趋势"), ("compare", "两家比较"),
        ("appeals", "申诉"),
    )  # fmt: skip
    return [
        Tab(label, reverse(f"evaluations:{name}", args=[round_.pk]), is_current=name == current)
        for name, label in pages
    ]


def number(text: str, label: str) -> Decimal | None:
    """A number out of a form; empty is no number."""
    bare = text.strip()
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise DomainError(f"{label}写的是“{bare[:20]}”，应是数字。", code="number") from error
    if not value.is_finite() or value.as_tuple().exponent < -4:  # type: ignore[operator]
        raise DomainError(f"{label}写的是“{bare[:20]}”，最多四位小数。", code="number")
    return value


def points(text: str, label: str) -> Decimal | None:
    """Points out of a form: two places."""
    value = number(text, label)
    if value is not None and value != value.quantize(Decimal("0.01")):
        raise DomainError(f"{label}最多两位小数。", code="points")
    return value


def version_of(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isdecimal() and text.isascii()):
        raise DomainError("页面不完整，请刷新后再试。", code="version")
    return int(text[:9])


def counties(actor: Actor, right: str) -> QuerySet[Division]:
    inside = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        inside |= Q(path__startswith=scope.division_path)
    return Division.objects.on(clock.today()).filter(inside, level="county").order_by("code")


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def stepping(
    table: Any, record: Any, path: str, checks: Any, actor: Actor, url: str
) -> dict[str, Any]:
    """The pill and the step buttons of a record."""
    state = table.state(record.state)
    return {
        "state_tone": state.tone,
        "state_label": state.label,
        "offers": table.offers(actor, record, record.state, path, checks),
        "step_url": url,
        "step_version": record.version,
    }
