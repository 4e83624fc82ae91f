"""入户调查的页面: draw a sample, take it along, bring answers back, read the measures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import clock, exports
from shouwang.core.actor import require, require_here
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries
from ..forms import AnswersForm, SurveyForm
from ..models import Survey
from ..operations.surveys import measures_of, sheet_rows
from ..tables import SurveyFilter, SurveyTable
from .frame import counties, tabs

PURPOSE = "第三方评估的入户调查：按分层和种子抽样，导入答卷，按公式算漏评率、满意度等。"


def survey_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "evaluations.whole")
    new_survey = Action("抽样", reverse("evaluations:survey-new"), "plus", is_main=True)
    may = actor.can("evaluations.manage")
    return list_page(
        request,
        queryset=Survey.objects.visible_to(actor).select_related("division"),
        table=SurveyTable,
        filterset=SurveyFilter,
        title="入户调查",
        purpose=PURPOSE,
        template="evaluations/list.html",
        actions=[new_survey] if may else [],
        empty=Empty("还没有调查", "写下种子，按分层抽样。", new_survey if may else None),
        export_right="evaluations.export",
        extra={"tabs": tabs(actor, "surveys")},
    )


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "evaluations.manage")
    form = SurveyForm(request.POST or None, divisions=counties(actor, "evaluations.manage"))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = operations.draw(
            actor, division=given["division"], title=given["title"], seed=given["seed"],
            sizes=form.sizes,
        )  # fmt: skip
        messages.success(request, "已抽样，请下载样本表带去入户。")
        return redirect(made)
    context = {
        "title": "抽样", "form": form, "purpose": PURPOSE, "submit": "抽样",
        "back_url": reverse("evaluations:surveys"),
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)


def survey(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.survey_visible_to(actor, pk)
    answered = found.households.exclude(answered_on=None).count()
    context = {
        "survey": found,
        "title": found.title,
        "measures": measures_of(found),
        "many": found.households.count(),
        "answered": answered,
        "form": AnswersForm(),
        "may_manage": actor.can_at("evaluations.manage", found.division.path),
        "may_export": actor.can_at("evaluations.export", found.division.path),
        "facts": [
            ("区划", found.division.name),
            ("抽样种子", found.seed),
            ("抽样", f"{found.drawn_by_label}，{found.drawn_at:%Y-%m-%d}"),
        ],
    }
    return render(request, "evaluations/survey.html", context)


@require_POST
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.survey_visible_to(actor, pk)
    form = AnswersForm(request.POST, request.FILES)
    if form.is_valid():
        many = operations.take_answers(actor, found, form.cleaned_data["sheet"].read())
        messages.success(request, f"已导入 {many} 户的答卷。")
    else:
        messages.error(request, "请选择填好的样本表。")
    return redirect(found)


def table(request: HttpRequest, pk: int) -> HttpResponseBase:
    """样本表."""
    actor = actor_of(request)
    found = queries.survey_visible_to(actor, pk)
    require_here(actor, "evaluations.export", found.division.path)
    audit(
        actor, "evaluations.survey.exported", target_type="evaluations.survey",
        target_id=str(found.pk), division_path=found.division.path,
        summary=f"导出样本表：{found.title}"[:200],
    )  # fmt: skip
    origin = exports.Origin(actor.label, clock.now(), f"{found.title}，种子 {found.seed}")
    return exports.xlsx_response(sheet_rows(found), found.title, origin, title="样本表")
