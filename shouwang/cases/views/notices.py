"""公示公告: the list, one notice as it hangs, a new one seen before it is hung."""

from datetime import date

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations
from ..filters import NoticeFilter
from ..forms.village import NoticeForm
from ..models import Case, Notice, NoticeEntry
from ..operations.noticing import WHEN
from ..pages import notices as pages
from ..states import NoticeKind, Stage
from ..tables import NoticeTable
from .access import notice_of
from .forms import tried


@require_safe
def notice_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "cases.view")
    rows = (
        Notice.objects.visible_to(actor)
        .select_related("village__parent")
        .annotate(
            household_count=Count("entries", filter=Q(entries__is_withdrawn=False), distinct=True),
            objection_count=Count("entries__objections", distinct=True),
        )
    )
    actions = [
        Action(f"张贴{kind.label}", f"{reverse('cases:notice-new')}?kind={kind.value}",
               icon="speakerphone", is_main=kind == NoticeKind.PUBLICITY)
        for kind in (NoticeKind.ANNOUNCEMENT, NoticeKind.PUBLICITY)
    ] if actor.can("cases.appraise") else []  # fmt: skip
    return list_page(
        request,
        queryset=rows,
        table=NoticeTable,
        filterset=NoticeFilter,
        title="公示公告",
        purpose="村里张贴过的公示和公告；内容按规定的项目生成，不含证件号码、电话、账号和健康情况。",
        actions=actions,
        empty=Empty("还没有公示公告", "民主评议通过后，在这里张贴公示。"),
        export_right="cases.export",
        source="公示公告",
    )


def _ready(actor: Actor, kind: str) -> QuerySet[Case]:
    """Cases of the actor's villages that may be named on a notice of this kind now."""
    entering, leaving = WHEN[NoticeKind(kind)]
    hung = NoticeEntry.objects.filter(case=OuterRef("pk"), kind=kind, is_withdrawn=False)
    waiting = Q(state=entering) & Q(~Exists(hung.filter(stage=Stage.IDENTIFICATION)))
    waiting |= Q(state=leaving) & Q(~Exists(hung.filter(stage=Stage.EXIT)))
    cases = Case.objects.visible_to(actor, "cases.appraise").filter(waiting)
    return cases.select_related("village__parent", "household")


@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    """Choose the households of one village, see the notice as it will hang, hang it."""
    actor = actor_of(request)
    require(actor, "cases.appraise")
    kind = request.POST.get("kind") or request.GET.get("kind", NoticeKind.PUBLICITY)
    if kind not in NoticeKind.values:
        raise NotFound
    groups = pages.groups(list(_ready(actor, kind).order_by("village__code", "pk")))
    chosen = _chosen(request, groups)
    form = NoticeForm(request.POST or None)
    problem, preview = "", None
    if chosen:
        day = form.cleaned_data["published_on"] if form.is_bound and form.is_valid() else None
        preview, problem = _preview(chosen, kind, day or clock.today())
    if request.POST.get("go") == "publish" and form.is_valid() and chosen:
        made: list[Notice] = []
        if tried(form, lambda: made.append(_publish(actor, chosen, kind, form))):
            messages.success(request, f"已登记{made[0].get_kind_display()} {made[0].number}，"
                             "请打印后在村里张贴。")  # fmt: skip
            return redirect("cases:notice", pk=made[0].pk)
    context = {
        "kind": kind,
        "kind_label": NoticeKind(kind).label,
        "groups": groups,
        "chosen": {case.number for case in chosen},
        "form": form,
        "preview": preview,
        "problem": problem,
        "list_url": reverse("cases:notices"),
        "empty": Empty(
            f"现在没有要张贴{NoticeKind(kind).label}的户",
            "评议通过的户进入“村内公示”，审定同意的户进入“待公告”，到时会列在这里。",
        ),
    }
    is_refused = form.is_bound and bool(form.errors) and request.POST.get("go") == "publish"
    return render(request, "cases/notice_new.html", context, status=400 if is_refused else 200)


def _chosen(request: HttpRequest, groups: list[pages.Group]) -> list[Case]:
    """The ticked ones; coming from a case, that case and those ready beside it."""
    asked = set(request.POST.getlist("cases"))
    given = request.GET.get("case", "")
    for group in groups:
        numbers = {case.number for case in group.cases}
        if asked & numbers:
            return [case for case in group.cases if case.number in asked]
        if request.method == "GET" and given in numbers:
            return group.cases
    return []


def _preview(cases: list[Case], kind: str, day: date) -> tuple[dict[str, object] | None, str]:
    try:
        return pages.preview(cases, kind, day), ""
    except DomainError as refusal:
        return None, refusal.message


def _publish(actor: Actor, cases: list[Case], kind: str, form: NoticeForm) -> Notice:
    given = form.cleaned_data
    return operations.publish_notice(
        actor, cases, kind=kind, published_on=given["published_on"], place=given["place"]
    )


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = notice_of(actor, pk)
    entries = found.entries.select_related("case__household").order_by("pk")
    left = (found.last_day - clock.today()).days
    context = {
        "notice": found,
        "content": found.content,
        "entries": entries,
        "left": left,
        "is_publicity": found.kind == NoticeKind.PUBLICITY,
        "may_withdraw": actor.can_at("cases.review", found.village.path),
        "files": [
            Action("打印张贴件", reverse("cases:notice-poster", args=[pk]), icon="printer"),
            Action("看文书", reverse("cases:notice-paper", args=[pk]), icon="file-text"),
            Action(
                "下载 Word",
                f"{reverse('cases:notice-paper', args=[pk])}?download=1",
                icon="download",
            ),
        ],
        "list_url": reverse("cases:notices"),
    }
    return render(request, "cases/notice.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Take one household off a notice that was hung wrongly."""
    actor = actor_of(request)
    found = notice_of(actor, pk)
    require(actor, "cases.review", found.village.path)
    entry = found.entries.filter(pk=entry_pk).first()
    if entry is None:
        raise NotFound
    reason = request.POST.get("reason", "").replace("\x00", "")
    operations.withdraw_notice(actor, entry, reason=reason)
    messages.success(request, "已撤下，请重新张贴，公示天数重新计算。")
    return redirect("cases:notice", pk=found.pk)
