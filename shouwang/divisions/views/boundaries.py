"""导入边界: upload a GeoJSON file; it is checked and taken in one step."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.core.actor import require
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from ..geometry import CODES, MOST_BYTES
from ..models import Boundary, Division
from ..operations.boundaries import import_boundaries

SHOWN = 50


class BoundaryForm(forms.Form):
    file = forms.FileField(label="边界文件", error_messages={"required": "请选择边界文件。"})


def upload(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "divisions.manage")
    form = BoundaryForm(request.POST or None, request.FILES or None)
    done = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given.size > MOST_BYTES:
                raise DomainError("文件太大，请先简化边界。", "file")
            done = import_boundaries(actor, given.read(), name=str(given.name))
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, f"已导入 {done.taken} 个区划的边界。")
    seen = Division.objects.visible_to(actor).current()
    context = {
        "form": form,
        "done": done,
        "unknown": done.unknown[:SHOWN] if done else [],
        "count": Boundary.objects.filter(division__in=seen).count(),
        "codes": CODES,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "divisions/boundaries.html", context, status=status)
