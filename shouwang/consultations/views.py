"""征求意见的页面: the list, one consultation with its steps, its comments, and one to decide."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record
from shouwang.cases.querysets import places_with
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.documents.letters import DOCX_TYPE
from shouwang.support.views.posting import form_page, posted

from . import comments, operations, queries, report
from .filters import CommentFilter, ConsultationFilter
from .forms import (
    ConsultationForm,
    DecisionForm,
    LaterForm,
    TakeDownForm,
    UnitAnswerForm,
    initial_of,
)
from .models import Comment, Consultation
from .states import DECISION_TONES, Decision, State
from .tables import CommentTable, ConsultationTable


def _enter(actor: Actor) -> None:
    if not actor.can("consultations.answer"):
        require(actor, "consultations.view")


def consultation_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    _enter(actor)
    actions = [Action("公开页面", reverse("consultations:public"), "speakerphone")]
    empty = Empty("还没有征求意见", "起草的文件要听取公众和单位的意见时，在这里发起。")
    if actor.can("consultations.manage"):
        new_one = Action("发起征求意见", reverse("consultations:new"), "plus", is_main=True)
        actions.insert(0, new_one)
        empty = Empty(empty.title, empty.text, new_one)
    waiting = queries.waiting_for(actor).count()
    return list_page(
        request,
        queryset=queries.consultations_of(actor),
        table=ConsultationTable,
        filterset=ConsultationFilter,
        title="征求意见",
        purpose="文件印发前听取公众和单位的意见，逐条研究，公布采纳情况。",
        template="outreach/list.html",
        actions=actions,
        empty=empty,
        export_right="consultations.export",
        source="征求意见",
        extra={"figures": [Figure("等我办理", waiting, "次")]},
    )


def _places(actor: Actor) -> Any:
    return Division.objects.filter(
        places_with(actor, "consultations.manage", "pk"), level="county", valid_to=None
    ).order_by("code")


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "consultations.manage")

    def save(given: dict[str, Any]) -> Consultation:
        given.pop("version")
        return operations.make_consultation(actor, given.pop("division"), **given)

    form = ConsultationForm(posted(request), request.FILES or None, places=_places(actor))
    return form_page(
        request,
        form,
        save,
        title="发起征求意见",
        purpose="先存为草稿，核对后再发布。",
        submit="存为草稿",
        back_url=reverse("consultations:list"),
        done="已存为草稿，核对后发布。",
    )


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.one_of(actor, pk)
    require(actor, "consultations.manage", found.division.path)

    def save(given: dict[str, Any]) -> Consultation:
        given.pop("division")
        version = given.pop("version") or 0
        if not given["file_name"]:
            given["file_name"] = found.file_name
        return operations.change_draft(actor, found, version=version, **given)

    form = ConsultationForm(
        posted(request), request.FILES or None, places=_places(actor), initial=initial_of(found)
    )
    gone = (
        "" if found.state == State.DRAFT else "已经发布，稿子不能再改；征集期间可以延长截止日期。"
    )
    return form_page(
        request,
        form,
        save,
        title=f"修改：{found.title}",
        purpose="发布以前可以修改。",
        submit="保存",
        back_url=found.get_absolute_url(),
        done="已保存。",
        record=found,
        gone=gone,
    )


def later(request: HttpRequest, pk: int) -> HttpResponse:
    """延长征集: a later last day."""
    actor = actor_of(request)
    found = queries.one_of(actor, pk)
    require(actor, "consultations.manage", found.division.path)
    initial = {"version": found.version, "closes_on": found.closes_on}
    return form_page(
        request,
        LaterForm(posted(request), initial=initial),
        lambda given: operations.change_draft(actor, found, **given),
        title="延长征集",
        purpose=f"现在的截止日期是 {formats.day(found.closes_on)}，只能推迟。",
        submit="延长",
        back_url=found.get_absolute_url(),
        done="已延长。",
        record=found,
        gone="" if found.state == State.OPEN else "只有征求意见期间可以延长。",
    )


def page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    _enter(actor)
    found = queries.one_of(actor, pk)
    return _page(request, actor, found)


def _page(
    request: HttpRequest, actor: Actor, found: Consultation, refused: str = "", status: int = 200
) -> HttpResponse:
    path = found.division.path
    tone, label = found.state_on(clock.today())
    mine = operations.unit_of(actor, found)
    own = Comment.objects.visible_to(actor).filter(consultation=found)
    public_url = ""
    if Consultation.objects.for_the_public().filter(pk=found.pk).exists():
        public_url = request.build_absolute_uri(
            reverse("consultations:public-one", args=[found.token])
        )
    context = {
        "consultation": found, "title": found.title, "tone": tone, "label": label,
        "offers": operations.offers(actor, found), "refused": refused,
        "units": list(found.units.all()), "mine": mine, "public_url": public_url,
        "comments": list(own.select_related("same_as")[:10]), "count": own.count(),
        "tones": DECISION_TONES, "result": queries.result_of(found),
        "may_manage": actor.can_at("consultations.manage", path),
        "may_export": actor.can_at("consultations.export", path),
        "may_take_down": operations.receiving_desk(actor, found) is not None,
        "may_answer": mine is not None and found.state in (State.OPEN, State.SORTING),
        "sees_all": actor.can_at("consultations.view", path),
        "facts": [
            ("起草单位", found.drafter), ("征求谁的意见", found.get_audience_display()),
            ("时间", f"{formats.day(found.opens_on)} 至 {formats.day(found.closes_on)}"),
            ("联系方式", found.contact), ("稿子文件", found.file_name),
            ("发起人", found.made_by_label), ("公布日期", formats.day(found.published_on)),
            ("理由", found.reason),
        ],
    }  # fmt: skip
    return render(request, "consultations/consultation.html", context, status=status)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.one_of(actor, pk)
    raw = request.POST.get("version", "")
    version = int(raw[:9]) if raw.isascii() and raw.isdecimal() else 0
    try:
        done = operations.take_step(
            actor, found, request.POST.get("action", ""), version=version,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _page(request, actor, queries.one_of(actor, pk), error.message, error.status)
    messages.success(request, f"{done.get_state_display()}。")
    return redirect(done)


def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    """登记意见: what came by letter, telephone or in a meeting."""
    actor = actor_of(request)
    found = queries.one_of(actor, pk)
    operations.receives_at(actor, found)
    return form_page(
        request,
        TakeDownForm(posted(request)),
        lambda given: comments.take_down(actor, found, **given),
        title="登记意见",
        purpose=f"{found.title}：把来信、来电、座谈会上的意见登记下来。",
        submit="登记",
        back_url=found.get_absolute_url(),
        done="已登记。",
        gone="" if found.state in (State.OPEN, State.SORTING) else "现在不能登记意见。",
    )


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """单位反馈."""
    actor = actor_of(request)
    require(actor, "consultations.answer")
    found = queries.one_of(actor, pk)
    if operations.unit_of(actor, found) is None:
        raise NotFound("这次没有征求您单位的意见。")
    return form_page(
        request,
        UnitAnswerForm(posted(request)),
        lambda given: comments.answer_for_unit(actor, found, **given),
        title="单位反馈意见",
        purpose=f"{found.title}：一条意见填一次，可以填多次；没有意见也请反馈。",
        submit="反馈",
        back_url=found.get_absolute_url(),
        done="已反馈。",
        gone="" if found.state in (State.OPEN, State.SORTING) else "征集已经结束。",
    )


def comment_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    actor = actor_of(request)
    _enter(actor)
    found = queries.one_of(actor, pk)
    rows = Comment.objects.visible_to(actor).filter(consultation=found).select_related("same_as")
    return list_page(
        request,
        queryset=rows,
        table=CommentTable,
        filterset=CommentFilter,
        title=f"意见：{found.title}",
        purpose="不显示姓名和电话。",
        actions=[Action("返回征求意见", found.get_absolute_url(), "arrow-left")],
        empty=Empty("没有符合条件的意见", "收到的意见出现在这里。"),
        export_right="consultations.export",
        source=f"{found.title}征求意见",
    )


def comment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment: read by who may see it, decided by the county."""
    actor = actor_of(request)
    _enter(actor)
    return _comment(request, actor, queries.comment_of(actor, pk))


def _comment(
    request: HttpRequest, actor: Actor, found: Comment, contact: tuple[str, str] | None = None
) -> HttpResponse:
    consultation = found.consultation
    may_manage = actor.can_at("consultations.manage", consultation.division.path)
    may_decide = may_manage and consultation.state in (State.OPEN, State.SORTING)
    may_decide = may_decide and found.decision != Decision.NOTED
    given = {name: getattr(found, name) for name in ("version", "decision", "reason", "change")}
    form = DecisionForm(
        posted(request) if contact is None and may_decide else None, comment=found,
        initial=given | {"same_as": found.same_as_id},
    )  # fmt: skip
    context: dict[str, Any] = {
        "comment": found, "consultation": consultation, "may_decide": may_decide,
        "tone": DECISION_TONES[found.decision], "contact": contact,
        "may_reveal": may_manage and found.has_contact, "same": list(found.same.all()[:20]),
        "facts": [
            ("受理号", found.receipt), ("针对", found.article), ("单位", found.unit),
            ("来源", found.get_channel_display()), ("收到", formats.moment(found.received_at)),
            ("登记人", found.received_by_label), ("研究人", found.decided_by_label),
        ],
    }  # fmt: skip
    if not may_decide:
        return render(request, "consultations/comment.html", context)
    following = consultation.comments.filter(
        decision=Decision.PENDING, same_as=None, pk__gt=found.pk
    ).first()
    return form_page(
        request,
        form,
        lambda sent: comments.decide(actor, found, **sent),
        title=f"意见 {found.receipt}",
        purpose=consultation.title,
        submit="保存采纳情况",
        back_url=consultation.get_absolute_url(),
        done="已保存。" + ("下面是下一条待研究的意见。" if following else ""),
        done_url=following.get_absolute_url() if following else "",
        template="consultations/comment.html",
        record=found,
        **context,
    )


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and telephone, for asking back; looking leaves a trace."""
    actor = actor_of(request)
    found = queries.comment_of(actor, pk)
    return _comment(request, actor, found, comments.contact_of(actor, found))


def word(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.one_of(actor, pk)
    require(actor, "consultations.export", found.division.path)
    record(
        actor, "export", target_type="consultations.consultation", target_id=str(found.pk),
        division_path=found.division.path, summary=f"导出征求意见情况说明：{found.title}"[:200],
    )  # fmt: skip
    response = HttpResponse(report.write(found), content_type=DOCX_TYPE)
    name = quote(f"{report.title_of(found)}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
