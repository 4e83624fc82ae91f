"""A tiny room on top of the Job table: a list with filters, sums and mass actions, and a form."""

import django_filters
from django import forms
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_tasks import task

from shouwang.core import jobs
from shouwang.core.components import SearchGroup, SearchHit
from shouwang.core.errors import DomainError
from shouwang.core.models import Job, JobState
from shouwang.core.tables import DateColumn, NameColumn, NumberColumn, PillColumn, Table
from shouwang.core.views import Action, Empty, MassAction, list_page, selected


class SampleTable(Table):
    title = NameColumn(verbose_name="任务")
    state = PillColumn(verbose_name="状态", tones={"done": "done", "failed": "late"})
    done = NumberColumn(verbose_name="行数", unit="行")
    created_at = DateColumn(verbose_name="日期")
    error = NameColumn(verbose_name="原因")

    class Meta(Table.Meta):
        model = Job
        fields = ("title", "state", "done", "created_at", "error")

    default_columns = ("title", "state", "done", "created_at")
    card_columns = ("title", "state", "done")
    sums = ("done",)


class SampleFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label="任务", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label="状态", choices=JobState.choices)
    done = django_filters.NumberFilter(label="行数", lookup_expr="gte")
    created_at = django_filters.DateFromToRangeFilter(label="日期")
    pk = django_filters.NumberFilter(label="编号")
    total = django_filters.RangeFilter(label="总数")

    class Meta:
        model = Job
        fields: list[str] = []


class SampleForm(forms.Form):
    name = forms.CharField(label="名称", help_text="写清楚。")
    on = forms.DateField(label="日期")


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "core/page.html")


def search(request: HttpRequest) -> HttpResponse:
    q = request.POST.get("q", "")
    groups = [SearchGroup("农户", [SearchHit(f"找到 {q}", "/", "上坪村", "home-2")])] if q else []
    return render(request, "core/search_results.html", {"q": q, "groups": groups})


def jobs_list(request: HttpRequest) -> HttpResponseBase:
    return list_page(
        request,
        queryset=Job.objects.all(),
        table=SampleTable,
        filterset=SampleFilter,
        title="样例列表",
        purpose="用来检查列表的每一项功能。",
        actions=[Action("新建", "/", icon="plus", is_main=True)],
        empty=Empty("还没有任务", "先运行一次。"),
        export_right="screening.export",
        mass_actions=[MassAction("批量处理", "/sample/mass/", confirm="处理 {count} 条？")],
        source="样例数据",
    )


def mass(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(selected(request, Job.objects.all(), SampleFilter).count()))


def broken(request: HttpRequest) -> HttpResponse:
    raise DomainError("请先导入农户档案，再运行筛查。", "no_registry")


def busy(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def form(request: HttpRequest) -> HttpResponse:
    return render(request, "core/form.html", {"form": SampleForm(request.POST or None)})


@task()
def count_up(job_id: int, rows: int) -> None:
    with jobs.job_progress(job_id) as progress:
        for done in range(rows):
            progress.step(done + 1, rows, "正在数")
        progress.result("/sample/", f"数了 {rows} 行")


@task()
def refuse(job_id: int) -> None:
    with jobs.job_progress(job_id):
        raise DomainError("文件里没有“户”表，请重新导出后上传。", "no_sheet")


@task()
def fail_with_secret(job_id: int) -> None:
    with jobs.job_progress(job_id):
        raise ValueError("110101199003074477 is not a date")


@task()
def cancel_halfway(job_id: int) -> None:
    from shouwang.core import job_files

    with jobs.job_progress(job_id) as progress:
        job_files.ask_to_cancel(job_id)
        progress.raise_if_cancelled()
        progress.result("/never/")
